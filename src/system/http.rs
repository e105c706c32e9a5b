//! One HTTP exchange (contract sections 3 and 4, security rules 5, 6 and 12):
//! a request goes out once, an [`Answer`] or a [`Failure`] comes back. It
//! follows no redirect, answers no challenge by itself and keeps nothing
//! between two exchanges: what comes next is for the run to decide.

use std::{
    future::Future,
    net::SocketAddr,
    pin::{Pin, pin},
    time::{Duration, Instant},
};

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{Client, Request, Response};
use rustls::pki_types::CertificateDer;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use zeroize::Zeroizing;

use crate::provisioning::{
    exchange::{Answer, MAX_BODY, Outgoing},
    failure::{AddressProblem, Failure},
    origin::Origin,
};

mod apart;
mod authorization;
mod body;
mod cause;
mod certificate;
mod connected;
mod message;

use apart::apart;
use body::Body;
use cause::Asked;
use connected::Connected;

const BODY_LIMIT: &str = "16 MiB";
/// hyper takes 100 header lines; a higher number makes each answer dearer.
const HEADER_LIMIT: &str = "64 KiB or 100 lines of headers";
const LINE_LIMIT: &str = "1,000,000 lines";

/// An exchange under way. Dropping it ends it at once.
pub type Exchange<'a> = Pin<Box<dyn Future<Output = Result<Answer, Failure>> + Send + 'a>>;

/// Something that can carry out an exchange.
pub trait Http: Send + Sync {
    /// Sends `request` and reads the whole answer, whatever its status. Fails
    /// if the server is not reached, its certificate is not trusted, or the
    /// answer is damaged or over a limit.
    fn exchange<'a>(&'a self, request: &'a Outgoing) -> Exchange<'a>;
}

/// How long to wait (contract section 3, security rule 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For the connection: name look-up, proxy and TLS handshake included.
    pub connect: Duration,
    /// For the headers after that, and then for each further byte.
    pub silence: Duration,
    /// For all of it.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(10),
            total: Duration::from_secs(30),
        }
    }
}

/// Which proxy requests go through.
#[derive(Clone, Default)]
pub enum Proxy {
    /// What the environment or the system's settings say.
    #[default]
    System,
    /// None.
    Direct,
    /// The one at this URL; user-info in it is sent to the proxy.
    Fixed(String),
}

/// The network itself. A client is made for each exchange: it costs less than
/// a millisecond, it sees changed proxy settings and newly trusted issuers, and
/// it shares no connection.
#[derive(Clone)]
pub struct Network {
    limits: Limits,
    proxy: Proxy,
    roots: Vec<CertificateDer<'static>>,
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

impl Network {
    /// With the limits of the contract, the system's proxy and the platform's
    /// certificate store, which is loaded when the first certificate comes.
    pub fn new() -> Self {
        Self {
            limits: Limits::default(),
            proxy: Proxy::System,
            roots: Vec::new(),
        }
    }

    /// With other time limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// With another proxy than the system's.
    #[must_use]
    pub fn with_proxy(self, proxy: Proxy) -> Self {
        Self { proxy, ..self }
    }

    /// With further trusted issuers, for tests. Nothing that a user or a site
    /// can set leads here (security rule 5).
    #[must_use]
    pub fn with_roots(self, roots: Vec<CertificateDer<'static>>) -> Self {
        Self { roots, ..self }
    }

    fn client(
        &self,
        request: &Outgoing,
        connected: &Connected,
        asked: &Asked,
    ) -> Result<Client, Failure> {
        let tls = certificate::tls(self.roots.clone()).map_err(|error| asked.tls(&error))?;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .connector_layer(connected.clone())
            .connect_timeout(self.limits.connect)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .pool_max_idle_per_host(0)
            .http1_only()
            .http1_title_case_headers();
        if let Some(host) = request.url.host_str().filter(|_| is_pinned(request)) {
            builder = builder.resolve_to_addrs(host, &pinned(request));
        }
        let proxied = match &self.proxy {
            _ if !asked.is_proxied => Ok(builder.no_proxy()),
            Proxy::Fixed(url) => reqwest::Proxy::all(url).map(|proxy| builder.proxy(proxy)),
            Proxy::System | Proxy::Direct => Ok(builder),
        };
        proxied
            .and_then(reqwest::ClientBuilder::build)
            .map_err(|error| cause::failure(error, asked))
    }

    /// Whether a request goes through a proxy: reqwest does not tell, and its
    /// errors then are about the proxy.
    fn is_proxied(&self, request: &Outgoing) -> bool {
        let is_loopback = Origin::serialized(&request.url).is_loopback();
        let matcher = match &self.proxy {
            // Only this link knows the name and these addresses.
            _ if is_pinned(request) => return false,
            // Security rule 4 lets a password go to this machine; so it stays here.
            _ if is_loopback => return false,
            Proxy::System => Matcher::from_system(),
            Proxy::Direct => return false,
            Proxy::Fixed(_) => return true,
        };
        let target = request.url.as_str().parse();
        target.is_ok_and(|target| matcher.intercept(&target).is_some())
    }

    async fn whole(&self, request: &Outgoing, asked: &Asked) -> Result<Answer, Failure> {
        let start = Instant::now();
        let is_proxied = self.is_proxied(request);
        let asked = &asked.clone().through_proxy(is_proxied);
        let composed = message::compose(request, asked)?;
        let connected = Connected::default();
        let client = self.client(request, &connected, asked)?;
        let response = self.head(&client, composed, &connected.0, asked).await?;
        let mut answer = message::head(&response, asked)?;
        answer.body = self.body(response, asked).await?;
        answer.milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(origin = %asked.origin, status = answer.status, bytes = answer.body.len(), "answered");
        Ok(answer)
    }

    /// Two waits one after the other: a slow network may take its 10 s before
    /// the server gets its own.
    async fn head(
        &self,
        client: &Client,
        request: Request,
        connected: &Notify,
        asked: &Asked,
    ) -> Result<Response, Failure> {
        let mut sending = pin!(client.execute(request));
        let early = tokio::select! {
            biased;
            response = &mut sending => Some(response),
            () = connected.notified() => None,
            () = sleep(self.limits.connect) => {
                return Err(asked.late("no connection", self.limits.connect));
            }
        };
        match early {
            Some(response) => response,
            None => timeout(self.limits.silence, sending)
                .await
                .map_err(|_| asked.late("no answer", self.limits.silence))?,
        }
        .map_err(|error| cause::failure(error, asked))
    }

    async fn body(
        &self,
        mut response: Response,
        asked: &Asked,
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let announced = response.content_length().unwrap_or(0);
        if announced > MAX_BODY as u64 {
            return Err(asked.too_large(BODY_LIMIT));
        }
        let mut body = Body::default();
        loop {
            let chunk = timeout(self.limits.silence, response.chunk())
                .await
                .map_err(|_| asked.late("no further byte", self.limits.silence))?
                .map_err(|error| cause::failure(error, asked))?;
            match chunk {
                Some(chunk) => body.add(&chunk).map_err(|limit| asked.too_large(limit))?,
                None => return Ok(body.into_bytes()),
            }
        }
    }
}

fn is_pinned(request: &Outgoing) -> bool {
    !request.addresses.is_empty()
}

/// Where a request with known addresses goes: to the port of its URL, also
/// after a redirect to another one.
fn pinned(request: &Outgoing) -> Vec<SocketAddr> {
    let port = request.url.port_or_known_default().unwrap_or_default();
    let addresses = request.addresses.iter().copied();
    addresses
        .map(|mut address| {
            address.set_port(port);
            address
        })
        .collect()
}

impl Http for Network {
    fn exchange<'a>(&'a self, request: &'a Outgoing) -> Exchange<'a> {
        Box::pin(async move {
            let Some(origin) = request.origin() else {
                let what = "it is neither http nor https".to_owned();
                return Err(AddressProblem::Invalid(what).into());
            };
            let asked = Asked::new(origin, &request.url);
            let (network, request, there) = (self.clone(), request.clone(), asked.clone());
            let whole = apart(move || async move { network.whole(&request, &there).await });
            match timeout(self.limits.total, whole).await {
                Ok(Ok(result)) => result,
                Ok(Err(error)) => Err(asked.not_asked(&error)),
                Err(_) => Err(asked.late("no complete answer", self.limits.total)),
            }
        })
    }
}
