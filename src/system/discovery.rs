//! The search for a provisioning server on the network.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use super::{bonjour, dhcp};
use crate::provisioning::{
    failure::{AddressProblem, Failure},
    method::Method,
    run::Found,
    search::Trace,
};

/// What is searched, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// How.
    pub method: Method,
    /// Only this interface; all if there is none.
    pub interface: Option<String>,
    /// How long at most; the method's own limit if there is none.
    pub timeout: Option<Duration>,
}

impl Scope {
    /// Everything, as a run searches.
    pub fn of(method: Method) -> Self {
        Self {
            method,
            interface: None,
            timeout: None,
        }
    }
}

/// Why the interface `name` is not searched, if `usable` are those that can be.
pub(super) fn not_searched(name: &str, usable: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = Vec::new();
    for usable in usable {
        if !names.contains(&usable) {
            names.push(usable);
        }
    }
    let others = match names.join(", ") {
        names if names.is_empty() => "There is none that can".to_owned(),
        names => format!("These can: {names}"),
    };
    format!("The interface \u{201c}{name}\u{201d} cannot be searched. {others}.")
}

/// What a search came to, and what it saw.
pub type Searched = (Result<Found, Failure>, Trace);

/// Is told what a search has seen so far, each time that there is more.
pub type Watcher = Arc<dyn Fn(&Trace) + Send + Sync>;

/// A search under way. Dropping it ends it.
pub type Search<'a> = Pin<Box<dyn Future<Output = Searched> + Send + 'a>>;

/// Something that can look for a server.
pub trait Discovery: Send + Sync {
    /// Looks for a server.
    fn search(&self, scope: Scope, watch: Watcher) -> Search<'_>;
}

/// The network that this computer is on.
pub struct Network;

impl Discovery for Network {
    fn search(&self, scope: Scope, watch: Watcher) -> Search<'_> {
        Box::pin(async move {
            match scope.method {
                Method::Dhcp => dhcp::search(&scope, &watch).await,
                Method::Bonjour => bonjour::search(&scope, &watch).await,
                method => {
                    let failure = AddressProblem::CannotSearch(method.to_string()).into();
                    (Err(failure), Trace::new(method))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_that_is_not_searched_is_named_with_each_other_one_once() {
        let names = ["c0", "c1", "c0"].map(str::to_owned);
        assert_eq!(
            not_searched("nope", names),
            "The interface \u{201c}nope\u{201d} cannot be searched. These can: c0, c1."
        );
        assert_eq!(
            not_searched("nope", []),
            "The interface \u{201c}nope\u{201d} cannot be searched. There is none that can."
        );
    }
}
