//! Connections: accepted up to a bound, each with a bounded time for the head of a request, finished before the end.

use crate::gate::Peer;
use crate::router::router;
use crate::settings::Settings;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use engine::Engine;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, watch};
use tower::ServiceExt;

/// Serves until `stop` turns true, then lets requests under way finish for as long as the settings allow.
pub async fn serve(listener: TcpListener, engine: Engine, settings: Settings, mut stop: watch::Receiver<bool>) {
    let (header, patience) = (settings.header, settings.shutdown);
    let places = Arc::new(Semaphore::new(settings.connections));
    let app = router(engine, settings);
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(header)).max_concurrent_streams(250);
    let builder = Arc::new(builder);
    let graceful = GracefulShutdown::new();
    while !*stop.borrow_and_update() {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => continue,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: those that end give theirs back.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::task::yield_now().await;
                continue;
            }
        };
        let watcher = graceful.watcher();
        let (app, builder, begun) = (app.clone(), Arc::clone(&builder), Arc::new(Notify::new()));
        tokio::spawn(async move {
            let service = service(app, peer, Arc::clone(&begun));
            let connection = builder.serve_connection_with_upgrades(io(stream), service).into_owned();
            let asks_in_time = async { tokio::time::timeout(header, begun.notified()).await.is_ok() };
            until_done(watcher.watch(connection), asks_in_time).await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(patience, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Keeps a connection until it ends, or until it turns out that its first request does not come in time: while hyper
/// finds out which version of HTTP is spoken, it waits without a bound, and silent connections would take all places.
async fn until_done(connection: impl Future, asks_in_time: impl Future<Output = bool>) {
    let mut connection = pin!(connection);
    tokio::select! {
        // What goes wrong on a connection is the other end's doing, and it knows.
        _ = &mut connection => {}
        in_time = asks_in_time => {
            if in_time {
                let _ = connection.await;
            }
        }
    }
}

fn io(stream: TcpStream) -> TokioIo<TcpStream> {
    // An answer is small and waited for: it must not wait for more to send.
    let _ = stream.set_nodelay(true);
    TokioIo::new(stream)
}

fn service(
    app: Router,
    peer: SocketAddr,
    begun: Arc<Notify>,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send + 'static,
> + Clone {
    hyper::service::service_fn(move |request: Request<Incoming>| {
        begun.notify_one();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        app.clone().oneshot(request)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::future::ready;

    /// Whether a connection is kept until it ends.
    async fn is_kept(asks_in_time: bool) -> bool {
        let ended = Cell::new(false);
        let connection = async {
            // Long enough that the other future is looked at, whichever comes first.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            ended.set(true);
        };
        until_done(connection, ready(asks_in_time)).await;
        ended.get()
    }

    #[tokio::test]
    async fn a_connection_that_asks_nothing_loses_its_place() {
        assert!(!is_kept(false).await);
    }

    #[tokio::test]
    async fn a_connection_that_has_asked_is_kept_until_it_ends() {
        assert!(is_kept(true).await);
    }
}
