//! One connection: HTTP/1.1 within limits, from the first byte to a polite end.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Body, Bytes, Incoming},
    header::{self, HeaderMap, HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpStream,
    sync::watch,
    time::{sleep, timeout},
};
use zeroize::Zeroizing;

use super::{
    Shared,
    exchange::Exchange,
    mask::Mask,
    respond::{Answer, Asked, BodyProblem, respond},
};

/// The most that a form may have, in bytes.
const MAX_FORM: usize = 1024 * 1024;
/// How much of a larger one is read and thrown away, so that the client has
/// ears for the refusal instead of a broken connection.
const MAX_DISCARDED: usize = 16 * 1024 * 1024;
/// The most that the headers may have, in bytes.
const MAX_HEADERS: usize = 64 * 1024;

/// Serves a connection until its client, its time or the server ends.
pub(super) async fn serve(
    shared: Arc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
    mut ending: watch::Receiver<()>,
) {
    // Answers are small and written whole: waiting for more only costs time.
    let _ = stream.set_nodelay(true);
    let limits = shared.limits;
    let service = service_fn(|request| handle(Arc::clone(&shared), peer, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_buf_size(MAX_HEADERS)
        // A client may close its sending side and still wait for the answer.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        result = connection.as_mut() => Some(result),
        _ = ending.changed() => None,
        () = sleep(limits.connection) => None,
    };
    let result = if let Some(result) = ended {
        result
    } else {
        connection.as_mut().graceful_shutdown();
        timeout(limits.grace, connection).await.unwrap_or(Ok(()))
    };
    if let Err(error) = result
        && error.is_parse()
    {
        (shared.on_request)(&not_read(peer, &error));
    }
}

/// What is said of bytes that were never a request. The client was answered already.
fn not_read(peer: SocketAddr, error: &hyper::Error) -> Exchange {
    let (status, note) = if error.is_parse_too_large() {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        (status, "address and headers are too large")
    } else {
        let note = "that was no HTTP request; if the address begins with https, use http here";
        (StatusCode::BAD_REQUEST, note)
    };
    Exchange {
        peer,
        method: "?".into(),
        path: String::new(),
        user_agent: None,
        form: Vec::new(),
        signed_in_as: None,
        status: status.as_u16(),
        file: None,
        notes: vec![note.into()],
        milliseconds: 0,
    }
}

/// Answers one request, and tells of it.
async fn handle(
    shared: Arc<Shared>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let start = Instant::now();
    let (head, body) = request.into_parts();
    let body = if head.method == Method::POST {
        read_body(&head.headers, body, shared.limits.body).await
    } else {
        Ok(Zeroizing::default())
    };
    let text = |name: HeaderName| {
        let value = head.headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let authorization = head.headers.get(header::AUTHORIZATION);
    let asked = Asked {
        method: head.method.clone(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        host: text(header::HOST),
        content_type: text(header::CONTENT_TYPE),
        content_encoding: text(header::CONTENT_ENCODING),
        authorization: authorization.map(|value| Zeroizing::new(value.as_bytes().to_vec())),
        body,
    };
    // Files may lie on a slow disk, and the other connections should not wait.
    let worker = Arc::clone(&shared);
    let answer = tokio::task::spawn_blocking(move || respond(&worker, &asked)).await;
    let answer = answer.unwrap_or_else(|_| Answer::lost());
    let mask = Mask::new(&shared.user, &answer.form);
    let path = percent_encoding::percent_decode_str(head.uri.path()).decode_utf8_lossy();
    let named = answer.signed_in.then(|| shared.user.username.clone());
    let exchange = Exchange {
        peer,
        method: mask.text(head.method.as_str()),
        path: mask.text(&path),
        user_agent: text(header::USER_AGENT).map(|agent| mask.text(&agent)),
        form: mask.form(&answer.form),
        signed_in_as: named,
        status: answer.status.as_u16(),
        file: answer.file.as_deref().map(|file| mask.text(file)),
        notes: answer.notes.iter().map(|note| mask.text(note)).collect(),
        milliseconds: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    (shared.on_request)(&exchange);
    Ok(response(answer))
}

/// The whole body, if it is there in time and not larger than a form is.
async fn read_body(
    headers: &HeaderMap,
    body: Incoming,
    time: Duration,
) -> Result<Zeroizing<Vec<u8>>, BodyProblem> {
    let declared = body.size_hint().lower();
    let waits = headers.contains_key(header::EXPECT);
    if declared > MAX_DISCARDED as u64 || (waits && declared > MAX_FORM as u64) {
        return Err(BodyProblem::TooLarge);
    }
    timeout(time, collect(body))
        .await
        .unwrap_or(Err(BodyProblem::TimedOut))
}

/// Reads the frames of a body.
async fn collect(mut body: Incoming) -> Result<Zeroizing<Vec<u8>>, BodyProblem> {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut total = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyProblem::Broken)?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        total += data.len();
        if total <= MAX_FORM {
            bytes.extend_from_slice(data);
        } else if total > MAX_DISCARDED {
            break;
        }
    }
    if total > MAX_FORM {
        return Err(BodyProblem::TooLarge);
    }
    Ok(bytes)
}

/// The answer as it goes out. Where the request was not read to its end, the
/// connection closes behind it without more being said here.
fn response(answer: Answer) -> Response<Full<Bytes>> {
    let length = answer.body.len();
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(header::CONTENT_TYPE, answer.content_type);
    set(header::CACHE_CONTROL, "no-store");
    // A browser must not take a template for a page.
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if answer.challenge {
        let challenge = "Basic realm=\"Provisioning sample\", charset=\"UTF-8\"";
        set(header::WWW_AUTHENTICATE, challenge);
    }
    if answer.status == StatusCode::METHOD_NOT_ALLOWED {
        set(header::ALLOW, "GET, HEAD, POST");
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}
