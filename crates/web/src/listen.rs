//! Connections: accepted up to a bound, each with a bounded time for the head of a request and for taking the answer,
//! finished before the end.

use crate::activity::{Activity, Counted, Held, Seen};
use crate::gate::Peer;
use crate::router::router;
use crate::settings::Settings;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use directory::Administration;
use domain::limits;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

/// How long nothing is accepted after that failed.
const AFTER_A_FAILED_ACCEPT: Duration = Duration::from_millis(100);

/// Serves until `stop` turns true, then lets requests under way finish for as long as the settings allow.
pub async fn serve(
    listener: TcpListener,
    administration: Administration,
    settings: Settings,
    mut stop: watch::Receiver<bool>,
) {
    let most = u32::try_from(settings.connections).unwrap_or(u32::MAX);
    let places = Arc::new(Semaphore::new(most as usize));
    let patience = settings.shutdown;
    let host = Arc::new(Host { builder: builder(settings.header), header: settings.header, idle: settings.idle });
    let app = router(administration, settings);
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
        let (app, host, stop) = (app.clone(), Arc::clone(&host), stop.clone());
        tokio::spawn(async move {
            host.attend(stream, peer, app, stop).await;
            drop(place);
        });
    }
    drop(listener);
    // When every place is free, every connection has ended.
    if tokio::time::timeout(patience, places.acquire_many(most)).await.is_err() {
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

fn builder(header: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    let buffer = limits::HEAD_BYTES;
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header).max_buf_size(buffer);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(Some(header)).max_concurrent_streams(250);
    builder
}

/// How connections are served.
struct Host {
    builder: Builder<TokioExecutor>,
    header: Duration,
    idle: Duration,
}

impl Host {
    /// Serves one connection to its end, which comes by itself, by `stop`, or because nothing comes and goes on it any
    /// more: then it is told to end, and cut off when it did not in as long again.
    async fn attend(&self, stream: TcpStream, peer: SocketAddr, app: Router, mut stop: watch::Receiver<bool>) {
        let activity = Arc::new(Activity::default());
        let held = Held { activity: Arc::clone(&activity), stop: stop.clone() };
        let service = service(app, peer, held);
        let mut connection = pin!(self.builder.serve_connection(io(stream, &activity), service));
        let mut silence = pin!(silence(&activity, self.header));
        let mut looks = tokio::time::interval(self.idle);
        looks.tick().await;
        let (mut seen, mut is_leaving) = (Seen::default(), false);
        loop {
            tokio::select! {
                // What goes wrong on a connection is the other end's doing, and it knows.
                _ = connection.as_mut() => return,
                () = silence.as_mut() => return,
                _ = stop.wait_for(|stop| *stop), if !is_leaving => {}
                _ = looks.tick() => {
                    if activity.beats_since(&mut seen) {
                        continue;
                    }
                    if is_leaving {
                        return;
                    }
                }
            }
            connection.as_mut().graceful_shutdown();
            is_leaving = true;
        }
    }
}

/// Ends when the head of the first request was not there in time, and else never. The library's own bound counts from
/// when it knows the version of HTTP, which who says nothing never tells.
async fn silence(activity: &Activity, patience: Duration) {
    if tokio::time::timeout(patience, activity.asked()).await.is_ok() {
        std::future::pending::<()>().await;
    }
}

fn io(stream: TcpStream, activity: &Arc<Activity>) -> TokioIo<Counted<TcpStream>> {
    // An answer is small and waited for: it must not wait for more to send.
    let _ = stream.set_nodelay(true);
    TokioIo::new(Counted::new(stream, Arc::clone(activity)))
}

fn service(
    app: Router,
    peer: SocketAddr,
    held: Held,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send + 'static,
> + Clone {
    hyper::service::service_fn(move |request: Request<Incoming>| {
        let under_way = held.activity.begin();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        request.extensions_mut().insert(held.clone());
        let answered = app.clone().oneshot(request);
        async move {
            let response = answered.await;
            drop(under_way);
            response
        }
    })
}
