//! What a keyring's error means for a person, and its causes without secrets.

use std::error::Error as _;
use std::time::Duration;

use keyring_core::Error;

use crate::provisioning::failure::{Failure, KeepProblem, KeyringFault};

/// No connection to a keyring could be made.
pub(super) fn missing(error: &Error) -> Failure {
    failure(KeyringFault::Missing, chain(error))
}

/// A call on an item failed.
pub(super) fn of(error: &Error) -> Failure {
    let fault = match error {
        Error::NoDefaultStore => KeyringFault::Missing,
        // The Secret Service says so where no collection was ever made; the
        // error's type is not public in the store's crate.
        Error::NoStorageAccess(cause) if cause.to_string().contains("result not returned") => {
            KeyringFault::Missing
        }
        Error::NoStorageAccess(_) => KeyringFault::Locked,
        _ => KeyringFault::Failed,
    };
    failure(fault, chain(error))
}

/// No answer came in time.
pub(super) fn hung(limit: Duration) -> Failure {
    let cause = format!("no answer within {} s", limit.as_secs_f32());
    failure(KeyringFault::Hung, vec![cause])
}

/// The item's bytes are not text.
pub(super) fn not_text() -> Failure {
    failure(KeyringFault::Failed, vec!["the item is not text".into()])
}

/// The operating system gave no thread to ask the keyring from.
pub(super) fn no_thread(error: &std::io::Error) -> Failure {
    failure(KeyringFault::Failed, vec![error.to_string()])
}

fn failure(fault: KeyringFault, chain: Vec<String>) -> Failure {
    KeepProblem::Keyring { fault, chain }.into()
}

/// Outermost first. The variants that carry an item's bytes or a list of items
/// are said in words of our own.
fn chain(error: &Error) -> Vec<String> {
    let first = match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the item is damaged".to_owned(),
        Error::Ambiguous(items) => format!("{} items have the same name", items.len()),
        Error::PlatformFailure(_) => "the keyring service failed".to_owned(),
        Error::NoStorageAccess(_) => "the keyring gave no access".to_owned(),
        other => other.to_string(),
    };
    let mut chain = vec![first];
    let mut cause = match error {
        Error::BadDataFormat(..) => None,
        other => other.source(),
    };
    while let Some(error) = cause {
        let text = error.to_string();
        // Some wrappers say their cause in their own text too.
        if chain.last().is_none_or(|last| !last.contains(&text)) {
            chain.push(text);
        }
        cause = error.source();
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(failure: Failure) -> (KeyringFault, String) {
        match failure {
            Failure::Keep(KeepProblem::Keyring { fault, chain }) => (fault, chain.join(": ")),
            other => panic!("{other:?}"),
        }
    }

    fn io(text: &str) -> Box<dyn std::error::Error + Send + Sync> {
        Box::new(std::io::Error::other(text.to_owned()))
    }

    #[test]
    fn no_error_shows_the_bytes_of_an_item() {
        let bytes = b"canary\xff".to_vec();
        for error in [
            Error::BadEncoding(bytes.clone()),
            Error::BadDataFormat(bytes, io("at canary")),
        ] {
            let (fault, text) = parts(of(&error));
            assert_eq!(fault, KeyringFault::Failed);
            assert!(!text.contains("canary") && !text.contains("99"), "{text}");
        }
    }

    #[test]
    fn each_error_has_its_fault() {
        for (error, expected) in [
            (
                Error::NoStorageAccess(io("SS error: prompt dismissed")),
                KeyringFault::Locked,
            ),
            (
                Error::NoStorageAccess(io("SS error: result not returned from SS API")),
                KeyringFault::Missing,
            ),
            (Error::PlatformFailure(io("gone")), KeyringFault::Failed),
            (Error::NoDefaultStore, KeyringFault::Missing),
            (Error::TooLong("user".into(), 3), KeyringFault::Failed),
        ] {
            assert_eq!(parts(of(&error)).0, expected, "{error:?}");
        }
    }
}
