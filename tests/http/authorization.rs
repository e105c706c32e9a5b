//! Basic (RFC 7617) and Digest (RFC 7616) as they go out.

use std::{collections::HashMap, fmt::Write};

use md5::{Digest, Md5};
use provisioning_settings::{
    provisioning::{
        credentials::Credentials,
        exchange::{Authorization, Verb},
        failure::{AnswerProblem, Failure},
    },
    system::http::Http,
};
use sha2::Sha256;

use crate::{CANARY, answer, direct, jane, post, raw_server::RawServer};

type Hash = fn(&str) -> String;

fn hex<D: Digest>(text: &str) -> String {
    let mut hex = String::new();
    for byte in D::digest(text.as_bytes()) {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}

const MD5: Hash = hex::<Md5>;
const SHA256: Hash = hex::<Sha256>;

/// RFC 7616 section 3.4, by hand; `a2` is method, colon, request-target.
fn response(hash: Hash, a1: &str, a2: &str, nonce: &str, counted: Option<&str>) -> String {
    let (a1, a2) = (hash(a1), hash(a2));
    match counted {
        Some(cnonce) => hash(&format!("{a1}:{nonce}:00000001:{cnonce}:auth:{a2}")),
        None => hash(&format!("{a1}:{nonce}:{a2}")),
    }
}

#[test]
fn the_computation_by_hand_gives_the_published_values() {
    let a1 = "Mufasa:http-auth@example.org:Circle of Life";
    let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    for (hash, published) in [
        (MD5, "8ca523f5e9506fed4657c9700eebdbec"),
        (
            SHA256,
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
    ] {
        let ours = response(hash, a1, "GET:/dir/index.html", nonce, Some(cnonce));
        assert_eq!(ours, published);
    }
}

/// The `Authorization` header that goes out to `path`.
async fn sent(authorization: Authorization, verb: Verb, path: &str) -> String {
    let server = RawServer::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut request = post(server.url(path));
    request.verb = verb;
    request.authorization = Some(authorization);
    answer(&direct(), &request).await;
    let sent = server.requests().remove(0);
    let header = sent
        .lines()
        .find_map(|line| line.strip_prefix("Authorization: "));
    header.unwrap().to_owned()
}

async fn digest(challenge: &str, verb: Verb, path: &str) -> HashMap<String, String> {
    let mufasa = Credentials {
        username: "Mufasa".into(),
        password: "Circle of Life".into(),
    };
    let authorization = Authorization::Digest {
        challenge: challenge.to_owned(),
        credentials: mufasa,
    };
    let header = sent(authorization, verb, path).await;
    let params = header.strip_prefix("Digest ").unwrap();
    params
        .split(", ")
        .map(|param| param.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
        .collect()
}

const RFC7616: &str = r#"realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#;
const A1: &str = "Mufasa:http-auth@example.org:Circle of Life";
const NONCE: &str = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";

#[tokio::test]
async fn digest_is_answered_with_md5_and_sha_256() {
    for (name, hash) in [("MD5", MD5), ("SHA-256", SHA256), ("sha-256", SHA256)] {
        let challenge = format!("Digest {RFC7616}, algorithm={name}");
        let params = digest(&challenge, Verb::Get, "/dir/index.html").await;
        let expected = response(
            hash,
            A1,
            "GET:/dir/index.html",
            NONCE,
            Some(&params["cnonce"]),
        );
        assert_eq!(params["response"], expected);
        assert_eq!(params["algorithm"], name.to_uppercase());
        assert_eq!(params["username"], "Mufasa");
        assert_eq!(params["realm"], "http-auth@example.org");
        assert_eq!(params["uri"], "/dir/index.html");
        assert_eq!(params["qop"], "auth");
        assert_eq!(params["nc"], "00000001");
        assert_eq!(params["nonce"], NONCE);
        assert_eq!(
            params["opaque"],
            "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
        );
    }
}

#[tokio::test]
async fn digest_covers_the_verb_and_the_target_as_it_is_sent() {
    let challenge = format!("Digest {RFC7616}");
    let params = digest(&challenge, Verb::Post, "/a%20b/%C3%BC?x=1&y").await;
    assert_eq!(params["uri"], "/a%20b/%C3%BC?x=1&y");
    let a2 = "POST:/a%20b/%C3%BC?x=1&y";
    let expected = response(MD5, A1, a2, NONCE, Some(&params["cnonce"]));
    assert_eq!(params["response"], expected);
}

#[tokio::test]
async fn digest_without_qop_is_answered_the_old_way() {
    let old = format!(r#"Digest realm="http-auth@example.org", nonce="{NONCE}""#);
    let params = digest(&old, Verb::Post, "/").await;
    assert_eq!(params["response"], response(MD5, A1, "POST:/", NONCE, None));
    for absent in ["qop", "nc", "cnonce", "opaque"] {
        assert!(!params.contains_key(absent), "{absent}");
    }
    let params = digest(&format!("{old}, algorithm=SHA-256"), Verb::Post, "/").await;
    assert_eq!(
        params["response"],
        response(SHA256, A1, "POST:/", NONCE, None)
    );
    assert_eq!(params["algorithm"], "SHA-256");
}

#[tokio::test]
async fn basic_is_sent_in_utf_8() {
    // RFC 7617 section 2.1 and section 2.
    for (username, password, expected) in [
        ("test", "123\u{a3}", "Basic dGVzdDoxMjPCow=="),
        (
            "Aladdin",
            "open sesame",
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
    ] {
        let credentials = Credentials {
            username: username.into(),
            password: password.into(),
        };
        let header = sent(Authorization::Basic(credentials), Verb::Post, "/").await;
        assert_eq!(header, expected);
    }
}

#[tokio::test]
async fn a_challenge_that_cannot_be_answered_is_damaged_and_nothing_is_sent() {
    let server = RawServer::answering("");
    for challenge in [
        "Digest realm=\"x\"",
        "Basic realm=x",
        "Digest realm=x, nonce=y, algorithm=Z",
    ] {
        let mut request = post(server.url("/"));
        request.authorization = Some(Authorization::Digest {
            challenge: challenge.to_owned(),
            credentials: jane(),
        });
        let failure = direct().exchange(&request).await.unwrap_err();
        assert!(
            matches!(&failure, Failure::Answer(AnswerProblem::Damaged { .. })),
            "{failure:?}"
        );
        assert!(!format!("{failure:?} {failure}").contains(CANARY));
    }
    assert!(server.requests().is_empty());
}
