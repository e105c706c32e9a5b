//! A server on the loopback that says exactly what a test lets it say, byte
//! by byte, and records what it is sent.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use url::Url;

/// Listens until the test program ends; each connection has its own thread.
pub(crate) struct RawServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
    ended: mpsc::Receiver<()>,
}

impl RawServer {
    /// Reads a whole request, then leaves the connection to `script`, and
    /// closes it when that returns.
    pub(crate) fn new(script: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&requests);
        Self::connections(requests, move |stream| {
            let request = read_request(stream);
            record.lock().unwrap().push(request);
            script(stream);
        })
    }

    /// Reads a whole request and answers `bytes`.
    pub(crate) fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        // The client may have hung up, and that may be what is tested.
        Self::new(move |stream| drop(stream.write_all(&bytes)))
    }

    /// Leaves the connection to `script` with nothing read.
    pub(crate) fn silent(script: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::connections(Arc::default(), script)
    }

    fn connections(
        requests: Arc<Mutex<Vec<Vec<u8>>>>,
        script: impl Fn(&mut TcpStream) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = mpsc::channel();
        let script = Arc::new(script);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (script, end) = (Arc::clone(&script), end.clone());
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    stream.set_nodelay(true).unwrap();
                    script(&mut stream);
                    drop(stream);
                    let _ = end.send(());
                });
            }
        });
        Self {
            address,
            requests,
            ended,
        }
    }

    /// The URL of `path` at this server.
    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far, as they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
        requests.iter().map(text).collect()
    }

    /// Whether a connection ends within `time`.
    pub(crate) fn ends_within(&self, time: Duration) -> bool {
        self.ended.recv_timeout(time).is_ok()
    }
}

/// Headers, and as much of a body as they announce.
fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while !is_whole(&request) {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(read) => request.extend_from_slice(&piece[..read]),
        }
    }
    request
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .map_or(0, |length| length.parse().unwrap());
    request.len() >= head.len() + 4 + length
}

/// Waits until the other side hangs up.
pub(crate) fn wait_for_end(stream: &mut TcpStream) {
    while matches!(stream.read(&mut [0; 4096]), Ok(read) if read > 0) {}
}
