//! The search for a provisioning server on the network.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use crate::provisioning::{
    failure::{AddressProblem, Failure},
    method::Method,
    run::Found,
    search::Trace,
};

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// How.
    pub method: Method,
    /// Only this interface.
    pub interface: Option<String>,
    /// Another limit than the contract's.
    pub timeout: Option<Duration>,
}

/// Is told what a search sees while it goes on.
pub type Watcher = Arc<dyn Fn(&Trace) + Send + Sync>;

/// A search under way. Dropping it ends it.
pub type Search<'a> = Pin<Box<dyn Future<Output = Result<Found, Failure>> + Send + 'a>>;

/// Something that can look for a server.
pub trait Discovery: Send + Sync {
    /// Looks for a server by `method`.
    fn search(&self, method: Method) -> Search<'_>;
}

/// Finds nothing, and says that it cannot look: this version knows the
/// address only from a person, the store or the site.
pub struct NoSearch;

impl Discovery for NoSearch {
    fn search(&self, method: Method) -> Search<'_> {
        Box::pin(async move { Err(AddressProblem::CannotSearch(method.to_string()).into()) })
    }
}
