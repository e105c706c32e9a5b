//! The sample server as its clients see it: raw requests over loopback.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};

use provisioning_settings::sample_server::{
    Auth, Config, Content, Exchange, NEXT, PROVISIONING, bind, read_user,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};

const CANARY: &str = "canary-8831";
/// `printf jane:canary-8831 | base64`
const BASIC: &str = "Authorization: Basic amFuZTpjYW5hcnktODgzMQ==\r\n";
const FORM: &str = "application/x-www-form-urlencoded";

/// A server that runs until it is dropped, and what it said.
struct Running {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Exchange>>>,
    _stop: oneshot::Sender<()>,
}

/// An answer in parts.
struct Got {
    status: u16,
    head: String,
    body: String,
}

impl Running {
    async fn start(content: Content, auth: Auth) -> Self {
        let server = bind(Config {
            content,
            auth,
            user: read_user(&format!("jane:{CANARY}")).unwrap(),
            ..Config::default()
        })
        .await
        .unwrap();
        let address = server.address();
        let log = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&log);
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(server.run(
            move |exchange| seen.lock().unwrap().push(exchange.clone()),
            async {
                let _ = stopped.await;
            },
        ));
        Self {
            address,
            log,
            _stop: stop,
        }
    }

    async fn files(dir: &Path, files: &[(&str, &str)]) -> Self {
        for (name, text) in files {
            fs::write(dir.join(name), text).unwrap();
        }
        Self::start(Content::Dir(dir.to_owned()), Auth::None).await
    }

    /// Sends bytes as they are and reads to the end of the connection.
    async fn raw(&self, request: &[u8]) -> Got {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        Got::read(&bytes)
    }

    async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Got {
        let length = body.len();
        let agent = if headers.contains("User-Agent") {
            ""
        } else {
            "User-Agent: Jitsi/2.10.5550\r\n"
        };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{agent}{headers}\r\n"
        );
        self.raw(&[head.as_bytes(), body.as_bytes()].concat()).await
    }

    async fn post(&self, path: &str, form: &str) -> Got {
        let kind = format!("Content-Type: {FORM}\r\n");
        self.send("POST", path, &kind, form).await
    }

    /// All that was said so far.
    fn log(&self) -> Vec<Exchange> {
        self.log.lock().unwrap().clone()
    }

    fn last(&self) -> Exchange {
        self.log().pop().unwrap()
    }
}

impl Got {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Self {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        java_properties::PropertiesIter::new(self.body.as_bytes())
            .read_into(|key, _| keys.push(key))
            .unwrap();
        keys
    }
}

#[path = "sample_server/answers.rs"]
mod answers;
#[path = "sample_server/files.rs"]
mod files;
#[path = "sample_server/secrets.rs"]
mod secrets;
#[path = "sample_server/sign_in.rs"]
mod sign_in;
