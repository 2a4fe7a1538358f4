//! What a child process writes, line by line: waited for, never polled.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};

use crate::PATIENCE;

/// The lines of one stream. A thread reads them as they come, so that a full pipe never holds the child up.
pub(crate) struct Lines {
    incoming: Receiver<String>,
    /// Lines already seen, to tell when the test fails.
    seen: Vec<String>,
}

impl Lines {
    pub(crate) fn of(stream: impl Read + Send + 'static) -> Self {
        let (sender, incoming) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                // Whoever dropped the other end does not want to know; the stream is read all the same.
                let _ = sender.send(line);
            }
        });
        Self { incoming, seen: Vec::new() }
    }

    /// The next line; `None` at the end of the stream. Fails the test when neither comes for long.
    pub(crate) fn next(&mut self) -> Option<String> {
        match self.incoming.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.seen.push(line.clone());
                Some(line)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("nothing was written for {PATIENCE:?} after:\n{}", self.told()),
        }
    }

    /// The first of the next lines in which `find` finds something. Fails the test when the stream ends before.
    pub(crate) fn find<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> T {
        while let Some(line) = self.next() {
            if let Some(found) = find(&line) {
                return found;
            }
        }
        panic!("the program ended, having written:\n{}", self.told());
    }

    /// What is there already, without waiting.
    pub(crate) fn waiting(&mut self) -> Vec<String> {
        let waiting: Vec<_> = self.incoming.try_iter().collect();
        self.seen.extend_from_slice(&waiting);
        waiting
    }

    /// The last of the lines seen so far.
    pub(crate) fn told(&self) -> String {
        self.seen[self.seen.len().saturating_sub(30)..].join("\n")
    }
}
