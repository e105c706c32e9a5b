//! Certificates and handshakes on the loopback (security rule 5).

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use provisioning_settings::{
    provisioning::failure::{Decision, Failure, NetworkFault},
    system::http::{Network, Proxy},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
    version::{TLS12, TLS13},
};
use rustls_platform_verifier::Verifier;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::sleep,
};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::{
    answer, direct, failure, fault, hasty, needs, post,
    raw_server::{RawServer, wait_for_end},
};

mod platform_store;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// An issuer of certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

impl Authority {
    fn new() -> Self {
        Self::named("Test Authority")
    }

    fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let issuer = Issuer::new(params, key);
        Self {
            issuer,
            certificate,
        }
    }

    fn root(&self) -> CertificateDer<'static> {
        self.certificate.der().clone()
    }

    fn issue(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity::new(&certificate, &key)
    }
}

/// What a server shows.
struct Identity(CertificateDer<'static>, PrivateKeyDer<'static>);

impl Identity {
    fn new(certificate: &rcgen::Certificate, key: &KeyPair) -> Self {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        Self(certificate.der().clone(), key)
    }
}

fn for_name(name: &str) -> CertificateParams {
    CertificateParams::new(vec![name.to_owned()]).unwrap()
}

fn config(identity: Identity) -> ServerConfig {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.0], identity.1)
        .unwrap()
}

/// Answers over TLS, then closes as politely as `says_goodbye` tells.
async fn serve(config: ServerConfig, response: &'static [u8], says_goodbye: bool) -> SocketAddr {
    serve_late(config, response, says_goodbye, Duration::ZERO).await
}

/// The same, and waits before the handshake and before the answer.
async fn serve_late(
    config: ServerConfig,
    response: &'static [u8],
    says_goodbye: bool,
    wait: Duration,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            sleep(wait).await;
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut request = [0; 4096];
            if matches!(stream.read(&mut request).await, Ok(1..)) {
                sleep(wait).await;
                drop(stream.write_all(response).await);
                drop(stream.flush().await);
            }
            if says_goodbye {
                drop(stream.shutdown().await);
            }
        }
    });
    address
}

fn https(host: &str, address: SocketAddr) -> Url {
    Url::parse(&format!("https://{host}:{}/", address.port())).unwrap()
}

/// `network` with one more issuer.
fn trusting(network: Network, authority: &Authority) -> Option<Network> {
    let provider = Arc::new(ring::default_provider());
    if cfg!(windows) && Verifier::new_with_extra_roots([authority.root()], provider).is_err() {
        needs::skip("this Wine knows no issuers but the system's");
        return None;
    }
    Some(network.with_roots(vec![authority.root()]))
}

/// Why the certificate of `identity` is not trusted for `localhost`.
async fn refusal(network: &Network, identity: Identity) -> String {
    let address = serve(config(identity), OK, true).await;
    let url = https("localhost", address);
    match failure(network, &url).await {
        Failure::Decision(Decision::Certificate { origin, why }) => {
            assert_eq!(origin.as_str(), url.as_str().trim_end_matches('/'));
            why
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_certificate_of_a_trusted_issuer_is_accepted_for_its_name() {
    let authority = Authority::new();
    let Some(network) = trusting(direct(), &authority) else {
        return;
    };
    for (name, versions) in [("localhost", [&TLS12]), ("127.0.0.1", [&TLS13])] {
        let identity = authority.issue(&for_name(name));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![identity.0], identity.1)
            .unwrap();
        let address = serve(config, OK, true).await;
        let answer = answer(&network, &post(https(name, address))).await;
        assert_eq!(answer.body.as_slice(), b"ok");
    }
}

#[tokio::test]
async fn each_untrusted_certificate_is_a_decision_with_its_reason() {
    let authority = Authority::new();
    let Some(network) = trusting(direct(), &authority) else {
        return;
    };
    let mut expired = for_name("localhost");
    expired.not_before = date_time_ymd(2019, 1, 1);
    expired.not_after = date_time_ymd(2020, 2, 3);
    assert_eq!(
        refusal(&network, authority.issue(&expired)).await,
        "it expired on 2020-02-03"
    );
    let mut early = for_name("localhost");
    early.not_before = date_time_ymd(2098, 1, 2);
    early.not_after = date_time_ymd(2099, 1, 1);
    let why = refusal(&network, authority.issue(&early)).await;
    assert!(
        why.starts_with("it is not valid before 2098-01-02, and this computer's clock says 20"),
        "{why}"
    );
    assert_eq!(
        refusal(&network, authority.issue(&for_name("other.example"))).await,
        "it is for another name than localhost"
    );
    let impostor = Authority::new().issue(&for_name("localhost"));
    assert_eq!(refusal(&network, impostor).await, "its signature is wrong");
    let stranger = Authority::named("Another").issue(&for_name("localhost"));
    assert_eq!(
        refusal(&network, stranger).await,
        "its issuer is not known on this computer"
    );
}

#[tokio::test]
async fn a_self_signed_certificate_is_called_so_whatever_it_may_sign() {
    let Some(network) = trusting(direct(), &Authority::new()) else {
        return;
    };
    for is_ca in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
        let mut params = for_name("localhost");
        params.is_ca = is_ca;
        let key = KeyPair::generate().unwrap();
        let identity = Identity::new(&params.self_signed(&key).unwrap(), &key);
        assert_eq!(refusal(&network, identity).await, "it is self-signed");
    }
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_from_us_is_a_tls_fault() {
    let authority = Authority::new();
    let Some(network) = trusting(direct(), &authority) else {
        return;
    };
    for version in [&TLS12, &TLS13] {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(authority.root()).unwrap();
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .build()
                .unwrap();
        let identity = authority.issue(&for_name("localhost"));
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_client_cert_verifier(clients)
            .with_single_cert(vec![identity.0], identity.1)
            .unwrap();
        let address = serve(config, OK, true).await;
        let fault = fault(&network, &https("localhost", address)).await;
        assert_eq!(fault, NetworkFault::Tls, "{version:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_a_tls_fault() {
    let plain = RawServer::silent(|stream| {
        std::io::Write::write_all(stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        wait_for_end(stream);
    });
    let hangs_up = RawServer::silent(|stream| drop(stream.peek(&mut [0])));
    let polite = RawServer::silent(|stream| {
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        wait_for_end(stream);
    });
    for (name, server, expected) in [
        ("plain", plain, NetworkFault::Tls),
        ("resets", hangs_up, NetworkFault::Broken),
        ("closes", polite, NetworkFault::Tls),
    ] {
        if name == "resets" && needs::is_wine() {
            needs::skip("Wine closes every connection politely");
            continue;
        }
        let url = https("127.0.0.1", server.address());
        assert_eq!(fault(&direct(), &url).await, expected, "{name}");
    }
}

#[tokio::test]
async fn an_answer_cut_off_inside_tls_is_broken() {
    let authority = Authority::new();
    let Some(network) = trusting(direct(), &authority) else {
        return;
    };
    for response in [
        &b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"[..],
        // Without a length only the goodbye tells the end from a cut.
        b"HTTP/1.1 200 OK\r\n\r\nok",
    ] {
        let identity = authority.issue(&for_name("localhost"));
        let address = serve(config(identity), response, false).await;
        let fault = fault(&network, &https("localhost", address)).await;
        assert_eq!(fault, NetworkFault::Broken);
    }
}

#[tokio::test]
async fn an_untrusted_proxy_is_not_taken_for_the_server() {
    let identity = Authority::new().issue(&for_name("localhost"));
    let address = serve(config(identity), OK, true).await;
    let proxy = Proxy::Fixed(https("localhost", address).into());
    let network = Network::new().with_proxy(proxy);
    let url = Url::parse("http://prov.invalid/").unwrap();
    assert_eq!(fault(&network, &url).await, NetworkFault::Proxy);
}

#[tokio::test]
async fn a_handshake_that_hangs_is_given_up() {
    let server = RawServer::silent(wait_for_end);
    let start = Instant::now();
    let fault = fault(&hasty(), &https("127.0.0.1", server.address())).await;
    assert_eq!(fault, NetworkFault::Timeout);
    assert!((300..1200).contains(&start.elapsed().as_millis()));
}

#[tokio::test]
async fn a_slow_connection_does_not_use_up_the_time_for_the_answer() {
    let authority = Authority::new();
    let Some(network) = trusting(hasty(), &authority) else {
        return;
    };
    let identity = authority.issue(&for_name("localhost"));
    let wait = Duration::from_millis(200);
    let address = serve_late(config(identity), OK, true, wait).await;
    let answer = answer(&network, &post(https("localhost", address))).await;
    assert!((400..900).contains(&answer.milliseconds), "{answer:?}");
}
