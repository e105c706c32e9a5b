//! The built-in sample provisioning server, behind `serve` and `demo`.
//!
//! For people who try the program, and for administrators who test an answer
//! before a thousand desktops get it. It speaks plain HTTP/1.1, asks for
//! credentials the way provisioning servers do (contract section 4), fills
//! what was posted into `.properties` templates and says what it was asked,
//! with every secret masked.

mod connection;
mod error;
mod exchange;
mod folder;
mod form;
mod host;
mod mask;
mod respond;
mod sample;
mod sign_in;
mod template;

use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    pin::pin,
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    task::{JoinSet, spawn_blocking},
    time::{sleep, timeout},
};

pub use self::{
    error::ServeError,
    exchange::Exchange,
    sample::{NEXT, PROVISIONING},
};
use crate::provisioning::{credentials::Credentials, secret::Secret};

/// The file that `/` serves, and its name in a provisioning URI.
const ENTRY: &str = "provisioning";

/// How many connections the system holds while all places are taken.
const QUEUE: u32 = 1024;

/// Where the answers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// `.properties` templates in a folder, read anew for each request.
    Dir(PathBuf),
    /// The samples in the program: `/provisioning`, and `/next` as its second version.
    BuiltIn,
}

/// How the server finds out who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// It does not.
    None,
    /// `401` with a Basic challenge (RFC 7617).
    Basic,
    /// User name and password among the parameters; else a bare `401`, as
    /// most provisioning scripts send it. Basic is accepted too.
    Form,
}

/// What to serve, where and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where the answers come from.
    pub content: Content,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How the server finds out who asks.
    pub auth: Auth,
    /// The one user that there is. Not used with [`Auth::None`].
    pub user: Credentials,
}

impl Default for Config {
    /// The built-in samples on a free port of 127.0.0.1, open to everybody;
    /// with [`Auth`] switched on, for `demo` with the password `demo`.
    fn default() -> Self {
        Self {
            content: Content::BuiltIn,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            auth: Auth::None,
            user: Credentials {
                username: "demo".into(),
                password: Secret::from("demo"),
            },
        }
    }
}

/// Reads `NAME:PASSWORD`, split at the first colon.
///
/// # Errors
/// [`ServeError::User`] if there is no colon, or no name before it.
pub fn read_user(text: &str) -> Result<Credentials, ServeError> {
    match text.split_once(':') {
        Some((name, password)) if !name.is_empty() => Ok(Credentials {
            username: name.to_owned(),
            password: Secret::from(password),
        }),
        _ => Err(ServeError::User),
    }
}

/// What bounds a client's claim on the server.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Connections at a time; more wait in the system's queue.
    connections: usize,
    /// For a request's headers, and for the wait between two requests.
    header: Duration,
    /// For a request's body.
    body: Duration,
    /// For a connection in all, so that a slow reader does not keep its place.
    connection: Duration,
    /// For requests that are under way when the server or a connection ends.
    grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 64,
            header: Duration::from_secs(10),
            body: Duration::from_secs(10),
            connection: Duration::from_mins(1),
            grace: Duration::from_secs(3),
        }
    }
}

/// What all connections share.
struct Shared {
    content: Content,
    auth: Auth,
    user: Credentials,
    /// Whether requests for other host names are refused.
    own_names_only: bool,
    limits: Limits,
    on_request: Box<dyn Fn(&Exchange) + Send + Sync>,
}

/// A server that listens. Requests wait until [`Server::run`].
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    config: Config,
    limits: Limits,
}

/// Checks what is to be served and starts to listen.
///
/// # Errors
/// A folder that cannot be served, a user name that cannot sign in, or an
/// address that cannot be listened on.
pub async fn bind(config: Config) -> Result<Server, ServeError> {
    if let Content::Dir(dir) = config.content.clone() {
        // On a thread of its own, as a folder may lie on a slow disk.
        let checked = spawn_blocking({
            let dir = dir.clone();
            move || folder::check(&dir)
        });
        let lost = |source| Err(ServeError::folder(dir, io::Error::other(source)));
        checked.await.unwrap_or_else(lost)?;
    }
    let name = &config.user.username;
    if config.auth != Auth::None && (name.is_empty() || name.contains(':')) {
        return Err(ServeError::User);
    }
    let failed = |source| ServeError::listen(config.listen, source);
    let listener = listen(config.listen).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(Server {
        listener,
        address,
        config,
        limits: Limits::default(),
    })
}

/// Listens, with room for a whole office that starts its desktops at once.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // Elsewhere it would let two servers share the port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(QUEUE)
}

impl Server {
    /// The address that it listens on, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether other machines can reach it: it speaks plain http, so whoever
    /// started it should know.
    pub fn is_public(&self) -> bool {
        !self.address.ip().to_canonical().is_loopback()
    }

    /// A provisioning URI for this server, with the tokens that fit how it
    /// asks for credentials. Its host is this machine if the server listens
    /// on all addresses.
    pub fn uri(&self) -> String {
        self.uri_of(&folder::entry(&self.config.content).unwrap_or_default())
    }

    /// As [`Server::uri`], for a file by its name without `.properties`, for
    /// example `next`.
    pub fn uri_of(&self, name: &str) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        // Rebuilt without the scope of a link-local address, which no URI can carry.
        let host = SocketAddr::new(ip, self.address.port());
        let credentials = match self.config.auth {
            Auth::Form => "user=${username}&password=${password}&",
            Auth::None | Auth::Basic => "",
        };
        let path = folder::path_of(name);
        format!("http://{host}{path}?{credentials}uuid=${{uuid}}&os=${{osname}}")
    }

    /// Serves until `shutdown` is ready, then lets requests that are under way
    /// end. `on_request` is told of each request as it is answered.
    pub async fn run(
        self,
        on_request: impl Fn(&Exchange) + Send + Sync + 'static,
        shutdown: impl Future<Output = ()>,
    ) {
        // Whoever lets others in, or asks who they are, may use any name.
        let own_names_only = self.config.auth == Auth::None && !self.is_public();
        let Self {
            listener,
            config,
            limits,
            ..
        } = self;
        let shared = Arc::new(Shared {
            content: config.content,
            auth: config.auth,
            user: config.user,
            own_names_only,
            limits,
            on_request: Box::new(on_request),
        });
        let (end, ending) = watch::channel(());
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                Some(_) = connections.join_next() => {}
                stream = accept(&listener), if connections.len() < limits.connections => {
                    if let Some((stream, peer)) = stream {
                        let shared = Arc::clone(&shared);
                        connections.spawn(connection::serve(shared, stream, peer, ending.clone()));
                    }
                }
            }
        }
        drop(listener);
        drop(end);
        // A connection ends within the grace, plus a moment for its last words.
        let all = async { while connections.join_next().await.is_some() {} };
        let _ = timeout(limits.grace * 2, all).await;
    }
}

/// The next connection. A failure is not for ever (too many open files, a
/// client that has gone), so it costs a moment and nothing else.
async fn accept(listener: &TcpListener) -> Option<(TcpStream, SocketAddr)> {
    let accepted = listener.accept().await.ok();
    if accepted.is_none() {
        sleep(Duration::from_millis(50)).await;
    }
    accepted
}

#[cfg(test)]
mod tests;
