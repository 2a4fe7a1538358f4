//! A receiver of webhooks that knows by which connection each page came, and can leave one unanswered.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Sign;
use crate::{connect, read_answer, request};

/// Connections by the ids of the pages that came by them, in the order in which they came.
pub(super) type Receipts = HashMap<String, Vec<u64>>;

#[derive(Default)]
struct State {
    receipts: Receipts,
    /// After so many further pages, one is left unanswered and told.
    trap: Option<(u64, Sender<Sign>)>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    came: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The receiver; its threads end with the program.
pub(super) struct Hook {
    pub(super) address: SocketAddr,
    shared: Arc<Shared>,
}

impl Hook {
    /// One on a free port of the loopback.
    pub(super) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let ours = Arc::clone(&shared);
        std::thread::spawn(move || {
            // Connections are accepted in the order in which they were opened, and so are their numbers.
            for (number, stream) in (0_u64..).zip(listener.incoming().map_while(Result::ok)) {
                let shared = Arc::clone(&ours);
                std::thread::spawn(move || serve(stream, number, &shared));
            }
        });
        Self { address, shared }
    }

    /// The number of a connection that is opened now: those before it are of servers that are dead.
    pub(super) fn mark(&self) -> u64 {
        let mut connection = connect(self.address).expect("it listens");
        connection.get_mut().write_all(request("GET", "/mark", "", "").as_bytes()).expect("it listens");
        read_answer(&mut connection).expect("an answer").body.parse().expect("a number")
    }

    /// Leaves one page unanswered, so many after the next, and tells when it is there.
    pub(super) fn leave_unanswered(&self, after: u64, told: Sender<Sign>) {
        self.shared.lock().trap = Some((after, told));
    }

    /// Answers everything from now on.
    pub(super) fn answer_all(&self) {
        self.shared.lock().trap = None;
    }

    /// What was received so far.
    pub(super) fn receipts(&self) -> Receipts {
        self.shared.lock().receipts.clone()
    }

    /// How many pages were received so far, each counted once.
    pub(super) fn count(&self) -> usize {
        self.shared.lock().receipts.len()
    }

    /// Waits until so many pages were received, each counted once: `false` when none comes any more for `patience`.
    pub(super) fn wait_for(&self, count: usize, patience: Duration) -> bool {
        let mut state = self.shared.lock();
        while state.receipts.len() < count {
            let (next, waited) = self.shared.came.wait_timeout(state, patience).unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return false;
            }
            state = next;
        }
        true
    }
}

/// Answers the requests of one connection until it ends, as it does when its server is killed.
fn serve(stream: TcpStream, number: u64, shared: &Shared) {
    let mut stream = BufReader::new(stream);
    while let Some((first, id)) = read(&mut stream) {
        if first.starts_with("GET /mark ") {
            answer(&mut stream, &number.to_string());
            continue;
        }
        let mut state = shared.lock();
        state.receipts.entry(id.expect("a page has an id")).or_default().push(number);
        let is_trapped = match &mut state.trap {
            Some((0, told)) => {
                // Whoever set the trap may have gone on already.
                let _ = told.send(Sign::Page);
                state.trap = None;
                true
            }
            Some((more, _)) => {
                *more -= 1;
                false
            }
            None => false,
        };
        drop(state);
        shared.came.notify_all();
        if is_trapped {
            // Nothing follows but the end of the connection.
            let _ = stream.read(&mut [0]);
            return;
        }
        answer(&mut stream, "");
    }
}

/// The first line of a request and its `webhook-id`; `None` at the end of the connection, also in the middle of one.
fn read(stream: &mut BufReader<TcpStream>) -> Option<(String, Option<String>)> {
    let (mut first, mut id, mut length) = (None, None, 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|_| line.ends_with('\n'))?;
        let line = line.trim_end();
        let Some(first) = &first else {
            first = Some(line.to_owned());
            continue;
        };
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("webhook-id") => id = Some(value.to_owned()),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            Some(_) => {}
            None => {
                stream.read_exact(&mut vec![0; length]).ok()?;
                return Some((first.clone(), id));
            }
        }
    }
}

fn answer(stream: &mut BufReader<TcpStream>, body: &str) {
    let text = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    // The other end may have been killed.
    let _ = stream.get_mut().write_all(text.as_bytes());
}
