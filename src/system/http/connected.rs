//! Tells when a connection is there. reqwest's own time-outs begin with the
//! request, so a server behind a slow look-up would get less than its time.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::sync::Notify;
use tower_layer::Layer;
use tower_service::Service;

/// Is notified once the connection is made, TLS and proxy included.
#[derive(Clone, Default)]
pub(super) struct Connected(pub(super) Arc<Notify>);

impl<S> Layer<S> for Connected {
    type Service = Watched<S>;

    fn layer(&self, connector: S) -> Watched<S> {
        Watched {
            connector,
            connected: self.clone(),
        }
    }
}

/// A connector that is watched.
#[derive(Clone)]
pub(super) struct Watched<S> {
    connector: S,
    connected: Connected,
}

type Connecting<C, E> = Pin<Box<dyn Future<Output = Result<C, E>> + Send>>;

impl<S, Target> Service<Target> for Watched<S>
where
    S: Service<Target>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Connecting<S::Response, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let connecting = self.connector.call(target);
        let Connected(notify) = self.connected.clone();
        Box::pin(async move {
            let connection = connecting.await?;
            notify.notify_one();
            Ok(connection)
        })
    }
}
