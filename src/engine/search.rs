//! A search without a run: nobody is asked, and nothing is stored.

use crate::system::discovery::{Discovery, Network};

pub use crate::system::discovery::{Scope, Searched, Watcher};

/// Looks for a server on the network that this computer is on. The server
/// that is found is not contacted. Dropping the future ends the search.
pub async fn discover(scope: Scope, watch: Watcher) -> Searched {
    Network.search(scope, watch).await
}
