//! A request as reqwest takes it and an answer as the run takes it.

use hyper::body::Bytes;
use reqwest::{
    Request, Response, StatusCode,
    header::{self, HeaderMap, HeaderValue},
};

use crate::provisioning::{
    exchange::{Answer, MAX_HEADERS, Outgoing, Verb},
    failure::Failure,
};

use super::{HEADER_LIMIT, authorization, cause::Asked};

/// The request as it goes out; see contract section 3 for each byte.
pub(super) fn compose(outgoing: &Outgoing, asked: &Asked) -> Result<Request, Failure> {
    let mut url = outgoing.url.clone();
    // There should be none; if there were, a proxy would see it.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    let method = match outgoing.verb {
        Verb::Post => reqwest::Method::POST,
        Verb::Get => reqwest::Method::GET,
    };
    let mut request = Request::new(method, url);
    if let Some(authorization) = &outgoing.authorization {
        let value = authorization::header(authorization, outgoing)
            .map_err(|what| asked.damaged(format!("its challenge cannot be answered ({what})")))?;
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    let headers = request.headers_mut();
    headers.insert(header::USER_AGENT, user_agent(&outgoing.user_agent));
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("gzip, deflate"),
    );
    if outgoing.verb == Verb::Post {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        if outgoing.body.is_empty() {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        // Wiped when hyper has sent it.
        let body = Bytes::from_owner(outgoing.body.clone());
        *request.body_mut() = Some(body.into());
    }
    Ok(request)
}

/// A site may set any text; what a header cannot hold is left out.
fn user_agent(text: &str) -> HeaderValue {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    HeaderValue::from_bytes(text.as_bytes()).unwrap_or(HeaderValue::from_static(""))
}

/// The answer without its body.
pub(super) fn head(response: &Response, asked: &Asked) -> Result<Answer, Failure> {
    let headers = response.headers();
    let size: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if size > MAX_HEADERS {
        return Err(asked.too_large(HEADER_LIMIT));
    }
    // What was asked for is decoded by now, and the header taken away.
    if let Some(coding) = first(headers, header::CONTENT_ENCODING)
        && !coding.trim().eq_ignore_ascii_case("identity")
        && response.status() == StatusCode::OK
    {
        return Err(asked.damaged("it is encoded in a way that nobody asked for"));
    }
    Ok(Answer {
        status: response.status().as_u16(),
        challenges: headers
            .get_all(header::WWW_AUTHENTICATE)
            .iter()
            .map(text)
            .collect(),
        location: first(headers, header::LOCATION),
        content_type: first(headers, header::CONTENT_TYPE),
        ..Answer::default()
    })
}

fn first(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).map(text)
}

/// Servers put umlauts into headers in whatever encoding they have.
fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}
