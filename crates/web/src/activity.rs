//! The activity of a connection: whether its client still brings requests or takes answers, or only holds the place.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{Notify, watch};

/// Who takes fewer bytes than this between two looks takes nothing: the answers to a thousand pings are fewer.
const TAKEN_LEAST: u64 = 16 * 1024;

/// What one connection did so far.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    begun: AtomicU64,
    under_way: AtomicU64,
    taken: AtomicU64,
    asked: Notify,
}

/// The connection that a request came by: streams hold it open, and end with the server.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// What the connection does.
    pub(crate) activity: Arc<Activity>,
    /// Turns true when the server ends.
    pub(crate) stop: watch::Receiver<bool>,
}

/// What a connection had done by the last look.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    begun: u64,
    taken: u64,
}

/// A request that is being answered; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay(Arc<Activity>);

impl Activity {
    /// The head of a request is there.
    pub(crate) fn begin(self: &Arc<Self>) -> UnderWay {
        self.begun.fetch_add(1, Relaxed);
        self.under_way.fetch_add(1, Relaxed);
        self.asked.notify_one();
        UnderWay(Arc::clone(self))
    }

    /// Waits for the first request.
    pub(crate) async fn asked(&self) {
        self.asked.notified().await;
    }

    /// Whether since the last look a request came or was being answered, or bytes of answers were taken.
    pub(crate) fn beats_since(&self, seen: &mut Seen) -> bool {
        let now = Seen { begun: self.begun.load(Relaxed), taken: self.taken.load(Relaxed) };
        let before = std::mem::replace(seen, now);
        let has_taken = now.taken - before.taken >= TAKEN_LEAST;
        now.begun > before.begun || has_taken || self.under_way.load(Relaxed) > 0
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Relaxed);
    }
}

/// A stream whose taken bytes are counted.
#[derive(Debug)]
pub(crate) struct Counted<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> Counted<S> {
    pub(crate) fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }

    fn count(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.activity.taken.fetch_add(bytes as u64, Relaxed);
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.count(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.count(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn a_connection_lives_by_requests_and_by_bytes_that_are_taken_and_not_by_pings() {
        let activity = Arc::new(Activity::default());
        let mut seen = Seen::default();
        assert!(!activity.beats_since(&mut seen), "nothing came");
        let under_way = activity.begin();
        assert!(activity.beats_since(&mut seen), "a request came");
        assert!(activity.beats_since(&mut seen), "it is being answered");
        drop(under_way);
        assert!(!activity.beats_since(&mut seen), "it was answered");
        drop(activity.begin());
        assert!(activity.beats_since(&mut seen), "one came and was answered");
        let mut stream = Counted::new(tokio::io::sink(), Arc::clone(&activity));
        stream.write_all(&[0; TAKEN_LEAST as usize]).await.unwrap();
        assert!(activity.beats_since(&mut seen), "much was taken");
        stream.write_all(&[0; 17 * 100]).await.unwrap();
        assert!(!activity.beats_since(&mut seen), "a hundred pings were answered");
    }
}
