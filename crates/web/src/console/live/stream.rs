//! The stream of one page: what it shows of each refresh, a comment now and then, and an end when its session ends, when the server
//! does, or after half an hour.

use super::message::{COMMENT, LOOK, Message, SIGNED_OUT};
use super::view::View;
use crate::activity::{Held, UnderWay};
use crate::hub::Refresh;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use directory::{Administration, Session};
use hyper::body::{Body as HttpBody, Frame};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast, mpsc};

/// Messages that wait for a browser that is slow to take them.
const WAITING: usize = 4;
/// Between two looks whether the session stands.
const LOOKS: Duration = Duration::from_secs(5);
/// Looks between two comments.
const LOOKS_BETWEEN_COMMENTS: u32 = 3;
/// How long a stream lives; the page opens another.
const LIVES: Duration = Duration::from_mins(30);

/// A stream about to begin.
pub(super) struct Opened {
    pub(super) administration: Administration,
    pub(super) session: Session,
    pub(super) held: Option<Held>,
    pub(super) refreshes: broadcast::Receiver<Arc<Refresh>>,
    pub(super) view: View,
    /// The stamp from which on it shows all, where the page has missed something before.
    pub(super) stale: Option<String>,
}

/// What the browser takes; dropped when it is gone.
struct Stream {
    messages: mpsc::Receiver<Bytes>,
    _under_way: Option<UnderWay>,
    _place: OwnedSemaphorePermit,
}

/// Answers with the stream.
pub(super) fn answer((opened, place): (Opened, OwnedSemaphorePermit)) -> Response {
    let (tell, messages) = mpsc::channel(WAITING);
    let under_way = opened.held.as_ref().map(|held| held.activity.begin());
    tokio::spawn(async move {
        // Whether it ended by itself or had lived long enough is all the same to the page, which opens another.
        let _ = tokio::time::timeout(LIVES, run(opened, &tell)).await;
    });
    let mut response = Response::new(Body::new(Stream { messages, _under_way: under_way, _place: place }));
    let mut set = |name, value| drop(response.headers_mut().insert(name, HeaderValue::from_static(value)));
    set(header::CONTENT_TYPE, "text/event-stream");
    set(header::CACHE_CONTROL, "no-store, no-transform");
    set(HeaderName::from_static("x-accel-buffering"), "no");
    response
}

async fn run(mut opened: Opened, tell: &mpsc::Sender<Bytes>) {
    let (mut looks, mut looked) = (tokio::time::interval(LOOKS), 0_u32);
    looks.tick().await;
    let first = opened.stale.take().map_or_else(|| COMMENT.to_owned(), |stamp| Message::named(LOOK, "").text(&stamp));
    if send(tell, first).await.is_none() {
        return;
    }
    loop {
        let text = tokio::select! {
            () = tell.closed() => return,
            () = stopped(&mut opened.held) => return,
            refresh = opened.refreshes.recv() => match refresh {
                Ok(refresh) => told(&mut opened.view, &refresh),
                // Too slow for what came: the page looks again, whole, and the next message says from when on.
                Err(RecvError::Lagged(_)) => Message::named(LOOK, "").text(""),
                Err(RecvError::Closed) => return,
            },
            _ = looks.tick() => {
                looked = looked.wrapping_add(1);
                // A store that does not answer now is no reason to end what is shown.
                if let Ok(false) = opened.administration.stands(&opened.session).await {
                    send(tell, Message::named(SIGNED_OUT, "").text("")).await;
                    return;
                }
                if looked.is_multiple_of(LOOKS_BETWEEN_COMMENTS) { COMMENT.to_owned() } else { String::new() }
            }
        };
        if !text.is_empty() && send(tell, text).await.is_none() {
            return;
        }
    }
}

fn told(view: &mut View, refresh: &Refresh) -> String {
    let stamp = refresh.stamp.to_string();
    view.tell(refresh).iter().map(|message| message.text(&stamp)).collect()
}

/// Hands a message over; nothing where the browser is gone.
async fn send(tell: &mpsc::Sender<Bytes>, text: String) -> Option<()> {
    tell.send(Bytes::from(text)).await.ok()
}

/// Ends when the server is told to.
async fn stopped(held: &mut Option<Held>) {
    match held {
        // The server that is gone has told nobody.
        Some(held) => drop(held.stop.wait_for(|stop| *stop).await),
        None => std::future::pending().await,
    }
}

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.messages.poll_recv(cx).map(|message| message.map(|message| Ok(Frame::data(message))))
    }
}
