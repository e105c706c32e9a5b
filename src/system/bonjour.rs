//! The search by Bonjour (contract section 7).

use super::discovery::{Scope, Searched, Watcher};
use crate::provisioning::{failure::AddressProblem, search::Trace};

/// Looks for a server by Bonjour.
#[expect(clippy::unused_async, reason = "the search itself waits")]
pub async fn search(scope: &Scope, _watch: &Watcher) -> Searched {
    let failure = AddressProblem::CannotSearch(scope.method.to_string()).into();
    (Err(failure), Trace::new(scope.method.clone()))
}
