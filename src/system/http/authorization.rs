//! The `Authorization` header: Basic (RFC 7617) and Digest (RFC 7616).

use http_auth::{PasswordParams, digest::Algorithm};
use reqwest::header::HeaderValue;
use url::Position;
use zeroize::Zeroizing;

use crate::provisioning::{
    challenge::digest_client,
    credentials::Credentials,
    exchange::{Authorization, Outgoing, Verb},
};

/// The header's value, marked so that nobody prints it, or why there is none.
pub(super) fn header(
    authorization: &Authorization,
    outgoing: &Outgoing,
) -> Result<HeaderValue, &'static str> {
    let text = match authorization {
        Authorization::Basic(Credentials { username, password }) => Zeroizing::new(
            http_auth::basic::encode_credentials(username, password.reveal()),
        ),
        Authorization::Digest {
            challenge,
            credentials,
        } => digest(challenge, credentials, outgoing)?,
    };
    let mut value = HeaderValue::from_str(&text).map_err(|_| "it holds what no header may hold")?;
    value.set_sensitive(true);
    Ok(value)
}

fn digest(
    challenge: &str,
    credentials: &Credentials,
    outgoing: &Outgoing,
) -> Result<Zeroizing<String>, &'static str> {
    let mut client = digest_client(challenge).ok_or("it is not a Digest challenge we know")?;
    let params = PasswordParams {
        username: &credentials.username,
        password: credentials.password.reveal(),
        uri: &outgoing.url[Position::BeforePath..Position::AfterQuery],
        method: match outgoing.verb {
            Verb::Post => "POST",
            Verb::Get => "GET",
        },
        // With a body http-auth would choose auth-int.
        body: None,
    };
    let answer = client.respond(&params);
    let mut answer = Zeroizing::new(answer.map_err(|_| "it holds what no answer may hold")?);
    // Without qop http-auth writes no algorithm, which then means MD5.
    match (client.rfc2069_compat(), client.algorithm()) {
        (true, Algorithm::Sha256) => answer.push_str(", algorithm=SHA-256"),
        (true, Algorithm::Sha512Trunc256) => answer.push_str(", algorithm=SHA-512-256"),
        _ => {}
    }
    Ok(answer)
}
