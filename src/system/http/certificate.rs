//! TLS 1.2 and later with the platform's certificate store (security rule 5).
//! Nothing in here turns a check off.

use std::{fmt, sync::Arc, sync::OnceLock};

use jiff::Timestamp;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use rustls_platform_verifier::Verifier;

/// The platform's verdict on certificates. The store is loaded when the first
/// certificate comes, as a request over plain http should not pay for it.
#[derive(Debug)]
struct PlatformTrust {
    provider: Arc<CryptoProvider>,
    extra: Vec<CertificateDer<'static>>,
    loaded: OnceLock<Verifier>,
}

impl PlatformTrust {
    fn verifier(&self) -> Result<&Verifier, Error> {
        if let Some(verifier) = self.loaded.get() {
            return Ok(verifier);
        }
        let provider = Arc::clone(&self.provider);
        let verifier = if self.extra.is_empty() {
            // On Windows it is not the same as with no issuers in addition: a
            // certificate that is refused would be looked at twice.
            Verifier::new(provider)?
        } else {
            Verifier::new_with_extra_roots(self.extra.iter().cloned(), provider)?
        };
        Ok(self.loaded.get_or_init(|| verifier))
    }
}

/// The configuration for a client: HTTP/1.1 over TLS 1.2 or 1.3, and trust in
/// the platform's store and the issuers in `extra`.
pub(super) fn tls(extra: Vec<CertificateDer<'static>>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = PlatformTrust {
        provider: Arc::clone(&provider),
        extra,
        loaded: OnceLock::new(),
    };
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}

impl ServerCertVerifier for PlatformTrust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verifier()?
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| match error {
                // The platforms say of a self-signed certificate that its
                // issuer is unknown, or that an issuer is no server.
                Error::InvalidCertificate(
                    CertificateError::UnknownIssuer | CertificateError::Other(_),
                ) if is_self_signed(end_entity) => {
                    let reason = OtherError(Arc::new(SelfSigned));
                    Error::InvalidCertificate(CertificateError::Other(reason))
                }
                error => error,
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Refused, and its own issuer.
#[derive(Debug)]
struct SelfSigned;

impl fmt::Display for SelfSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the certificate is self-signed")
    }
}

impl std::error::Error for SelfSigned {}

/// What is wrong with a certificate, to follow "is not trusted: ".
pub(super) fn words(error: &CertificateError, host: &str) -> String {
    match error {
        CertificateError::Expired => "it has expired".into(),
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("it expired on {}", day(*not_after))
        }
        CertificateError::NotValidYet => "it is not valid yet".into(),
        CertificateError::NotValidYetContext { not_before, .. } => format!(
            "it is not valid before {}, and this computer's clock says {}",
            day(*not_before),
            day(UnixTime::now())
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("it is for another name than {host}")
        }
        CertificateError::UnknownIssuer => "its issuer is not known on this computer".into(),
        CertificateError::Revoked => "it was revoked".into(),
        CertificateError::BadSignature => "its signature is wrong".into(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not meant for a server".into()
        }
        CertificateError::Other(OtherError(reason)) if reason.is::<SelfSigned>() => {
            "it is self-signed".into()
        }
        _ => "it is damaged or not meant for a server".into(),
    }
}

fn day(time: UnixTime) -> String {
    i64::try_from(time.as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map_or_else(
            || "an unknown day".into(),
            |at| at.strftime("%Y-%m-%d").to_string(),
        )
}

/// Whether issuer and subject (RFC 5280 section 4.1.2) are the same. Only for
/// words: no decision depends on it.
fn is_self_signed(certificate: &[u8]) -> bool {
    issuer_and_subject(certificate).is_some_and(|(issuer, subject)| issuer == subject)
}

fn issuer_and_subject(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = der(certificate)?;
    let (_, to_be_signed, _) = der(certificate)?;
    let (tag, _, after_version) = der(to_be_signed)?;
    let rest = if tag == VERSION {
        after_version
    } else {
        to_be_signed
    };
    let (_serial_number, _, rest) = der(rest)?;
    let (_signature, _, rest) = der(rest)?;
    let (_, issuer, rest) = der(rest)?;
    let (_validity, _, rest) = der(rest)?;
    let (_, subject, _) = der(rest)?;
    Some((issuer, subject))
}

/// Tag, contents and what follows the DER element at the start of `input`.
fn der(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = if short < 0x80 {
        (usize::from(short), rest)
    } else {
        let (long, rest) = rest.split_at_checked(usize::from(short & 0x7f).min(4))?;
        let length = long
            .iter()
            .fold(0, |sum, &byte| sum << 8 | usize::from(byte));
        (length, rest)
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, DnType, Issuer, KeyPair};

    use super::*;

    #[test]
    fn a_self_signed_certificate_is_told_from_an_issued_one() {
        let (ours, theirs) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut params = CertificateParams::new(vec!["a.example".into()]).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "x".repeat(300));
        assert!(is_self_signed(params.self_signed(&ours).unwrap().der()));
        let issuer = Issuer::new(CertificateParams::default(), theirs);
        assert!(!is_self_signed(
            params.signed_by(&ours, &issuer).unwrap().der()
        ));
    }

    #[test]
    fn the_words_say_what_is_wrong() {
        let (time, day) = (UnixTime::now(), |seconds| {
            UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds))
        });
        let expired = CertificateError::ExpiredContext {
            time,
            not_after: day(86_400),
        };
        assert_eq!(words(&expired, "a"), "it expired on 1970-01-02");
        let early = CertificateError::NotValidYetContext {
            time,
            not_before: day(u64::MAX),
        };
        assert!(words(&early, "a").starts_with("it is not valid before an unknown day, and"));
        assert_eq!(
            words(&CertificateError::NotValidForName, "a.example"),
            "it is for another name than a.example"
        );
        assert_eq!(
            words(&CertificateError::UnknownIssuer, "a"),
            "its issuer is not known on this computer"
        );
    }

    proptest! {
        #[test]
        fn no_certificate_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            is_self_signed(&bytes);
        }
    }
}
