//! The search for a provisioning server on the network.

use std::{future::Future, pin::Pin};

use crate::provisioning::{
    failure::{AddressProblem, Failure},
    method::Method,
    run::Found,
};

/// A search under way. Dropping it ends it.
pub type Search<'a> = Pin<Box<dyn Future<Output = Result<Found, Failure>> + Send + 'a>>;

/// Something that can look for a server.
pub trait Discovery: Send + Sync {
    /// Looks for a server by `method`.
    fn search(&self, method: Method) -> Search<'_>;

    /// Whether it can look at all; the window says so if it cannot.
    fn is_possible(&self) -> bool {
        true
    }
}

/// Finds nothing, and says that it cannot look: this version knows the
/// address only from a person, the store or the site.
pub struct NoSearch;

impl Discovery for NoSearch {
    fn search(&self, method: Method) -> Search<'_> {
        Box::pin(async move { Err(AddressProblem::CannotSearch(method.to_string()).into()) })
    }

    fn is_possible(&self) -> bool {
        false
    }
}
