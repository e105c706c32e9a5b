//! Host names to addresses. The system's look-up blocks and can hang for
//! minutes. It runs in a thread of its own and not in the runtime's pool: the
//! runtime waits for its pool when the program ends, and nobody waits for a
//! detached thread.

use std::{
    collections::HashMap,
    io,
    net::{SocketAddr, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

type Ask = fn(&str) -> io::Result<Vec<SocketAddr>>;

/// The system's look-up, and what is known without it.
#[derive(Clone)]
pub(super) struct LookUp {
    known: Arc<Mutex<HashMap<String, Vec<SocketAddr>>>>,
    ask: Ask,
}

impl Default for LookUp {
    fn default() -> Self {
        Self {
            known: Arc::default(),
            ask: ask_system,
        }
    }
}

impl LookUp {
    /// From now on `host` is at `addresses`; nothing is known of it if there are none.
    pub(super) fn set(&self, host: &str, addresses: Vec<SocketAddr>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if addresses.is_empty() {
            known.remove(&key(host));
        } else {
            known.insert(key(host), addresses);
        }
    }

    fn get(&self, host: &str) -> Option<Vec<SocketAddr>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&key(host)).cloned()
    }
}

/// `Host.local.` and `host.local` are the same host.
fn key(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

fn ask_system(host: &str) -> io::Result<Vec<SocketAddr>> {
    // Port 0 stands for the port of the URL.
    Ok((host, 0).to_socket_addrs()?.collect())
}

impl Resolve for LookUp {
    fn resolve(&self, name: Name) -> Resolving {
        let known = self.get(name.as_str());
        let ask = self.ask;
        Box::pin(async move {
            let addresses = match known {
                Some(addresses) => addresses,
                None => in_a_thread(ask, name.as_str().to_owned()).await?,
            };
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

async fn in_a_thread(ask: Ask, host: String) -> io::Result<Vec<SocketAddr>> {
    let (answer, answered) = oneshot::channel();
    thread::Builder::new()
        .name("name look-up".into())
        .spawn(move || {
            // Nobody waits any more if the exchange was given up.
            let _ = answer.send(ask(&host));
        })?;
    answered
        .await
        .unwrap_or_else(|_| Err(io::Error::other("the name look-up ended without an answer")))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn hang(_: &str) -> io::Result<Vec<SocketAddr>> {
        thread::sleep(Duration::from_secs(20));
        Ok(Vec::new())
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    }

    #[test]
    fn a_hung_look_up_holds_nobody_up() {
        let runtime = runtime();
        let start = Instant::now();
        let gave_up = runtime.block_on(async {
            let asking = in_a_thread(hang, "prov.example".into());
            tokio::time::timeout(Duration::from_millis(50), asking).await
        });
        assert!(gave_up.is_err());
        drop(runtime);
        assert!(start.elapsed() < Duration::from_secs(5), "the end waited");
    }

    #[test]
    fn a_known_host_is_not_looked_up() {
        let here: SocketAddr = "[fe80::1%3]:0".parse().unwrap();
        let look_up = LookUp {
            ask: hang,
            ..LookUp::default()
        };
        look_up.set("Prov.local.", vec![here]);
        let found = runtime().block_on(look_up.resolve("prov.local".parse().unwrap()));
        assert_eq!(found.unwrap().collect::<Vec<_>>(), [here]);
        look_up.set("prov.local", Vec::new());
        assert_eq!(look_up.get("prov.local"), None);
    }

    #[test]
    fn the_system_knows_localhost() {
        let found = runtime().block_on(in_a_thread(ask_system, "localhost".into()));
        assert!(found.unwrap().iter().all(|found| found.ip().is_loopback()));
    }
}
