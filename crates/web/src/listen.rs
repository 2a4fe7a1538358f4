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
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

/// How long nothing is accepted after that failed.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(100);

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
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            _ = stop.changed() => continue,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: those that end give theirs back, which takes a moment.
                tracing::warn!(%error, "a connection could not be accepted");
                let _ = tokio::time::timeout(AFTER_A_FAILED_ACCEPT, stop.changed()).await;
                continue;
            }
        };
        let watcher = graceful.watcher();
        let (app, builder) = (app.clone(), Arc::clone(&builder));
        tokio::spawn(async move {
            let asked = Arc::new(Notify::new());
            let service = service(app, peer, Arc::clone(&asked));
            let connection = builder.serve_connection_with_upgrades(io(stream), service);
            tokio::select! {
                // What goes wrong on a connection is the other end's doing, and it knows.
                _ = watcher.watch(connection.into_owned()) => {}
                () = silence(&asked, header) => {}
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(patience, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

/// Ends when the head of the first request was not there in time, and else never. The library's own bound counts from
/// when it knows the version of HTTP, which who says nothing never tells.
async fn silence(asked: &Notify, patience: Duration) {
    if tokio::time::timeout(patience, asked.notified()).await.is_ok() {
        std::future::pending::<()>().await;
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
    asked: Arc<Notify>,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send + 'static,
> + Clone {
    hyper::service::service_fn(move |request: Request<Incoming>| {
        asked.notify_one();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        app.clone().oneshot(request)
    })
}
