//! The mDNS daemon: a thread of `mdns-sd` with its sockets, for one search.

use std::{thread, time::Duration};

use mdns_sd::{Error, IfKind, Receiver, ServiceDaemon, ServiceEvent};

use crate::provisioning::bonjour::Service;

/// How often, and after what pause, a daemon that is too busy to take the
/// order is told again to end.
const RETRIES: u32 = 500;
const PAUSE: Duration = Duration::from_millis(20);

/// Browses both types. Dropping it ends the thread and closes the sockets,
/// which the handle of `mdns-sd` does not do by itself.
pub(super) struct Daemon {
    handle: ServiceDaemon,
    https: Option<Receiver<ServiceEvent>>,
    http: Option<Receiver<ServiceEvent>>,
}

impl Daemon {
    /// On all interfaces but the loopback, or on this one only.
    pub(super) fn start(interface: Option<&str>) -> Result<Self, String> {
        let handle = ServiceDaemon::new().map_err(|error| told(&error))?;
        // From here on it is stopped whatever happens.
        let mut daemon = Self {
            handle,
            https: None,
            http: None,
        };
        daemon.browse(interface).map_err(|error| told(&error))?;
        Ok(daemon)
    }

    fn browse(&mut self, interface: Option<&str>) -> Result<(), Error> {
        if let Some(name) = interface {
            self.handle.disable_interface(IfKind::All)?;
            self.handle.enable_interface(name)?;
        }
        // The last word: nobody on this computer may stand for the network.
        let loopback = vec![IfKind::LoopbackV4, IfKind::LoopbackV6];
        self.handle.disable_interface(loopback)?;
        self.https = Some(self.handle.browse(Service::Https.browsed())?);
        self.http = Some(self.handle.browse(Service::Http.browsed())?);
        Ok(())
    }

    /// The next event; `None` if it has given up a type, as it does when more
    /// events come in than are taken out.
    pub(super) async fn next(&self) -> Option<(Service, ServiceEvent)> {
        let (https, http) = (self.https.as_ref()?, self.http.as_ref()?);
        tokio::select! {
            event = https.recv_async() => event.ok().map(|event| (Service::Https, event)),
            event = http.recv_async() => event.ok().map(|event| (Service::Http, event)),
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if !matches!(self.handle.shutdown(), Err(Error::Again)) {
            return;
        }
        let handle = self.handle.clone();
        let insist = move || {
            for _ in 0..RETRIES {
                thread::sleep(PAUSE);
                if !matches!(handle.shutdown(), Err(Error::Again)) {
                    return;
                }
            }
        };
        // Without a thread to spare there is nothing else to be done.
        let _ = thread::Builder::new().name("mDNS_end".into()).spawn(insist);
    }
}

fn told(error: &Error) -> String {
    format!("mDNS cannot be used on this computer: {error}.")
}
