//! The world outside: one web server on the loopback that is whatever a person's contact leads to, and a telephone
//! carrier of the Twilio form. It remembers every request, and does what a test says.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;

use super::form::{self, TELEPHONE};
use crate::PATIENCE;

/// How the server treats a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// It answers with this status.
    Status(u16),
    /// It leads elsewhere: 302 with this `Location`.
    Redirect(String),
    /// It answers 429 and asks for so many seconds.
    Pause(u32),
    /// It never answers.
    Hang,
    /// It does what was asked, and never answers.
    TakeAndHang,
    /// It breaks the connection.
    Break,
    /// It answers 200 with a body without end.
    Endless,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its path.
    pub path: String,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: String,
    /// How it was treated; `Err` says why nobody can have expected it.
    pub treatment: Result<Treatment, String>,
}

#[derive(Default)]
struct State {
    treatments: HashMap<String, VecDeque<Treatment>>,
    heard: Vec<Heard>,
    /// Messages and calls that were taken, to number them.
    taken: u32,
    /// Connections that are kept open without an answer.
    held: Vec<TcpStream>,
}

/// The server. It ends with the process.
pub struct Outside {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    incoming: Receiver<()>,
}

impl Outside {
    /// Starts it on a free port.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state: Arc<Mutex<State>> = Arc::default();
        let (sender, incoming) = channel();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (state, sender) = (Arc::clone(&shared), sender.clone());
                std::thread::spawn(move || converse(stream, &state, &sender));
            }
        });
        Self { address, state, incoming }
    }

    /// Its URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How the next requests to `path` are treated, in turn; those after them are answered with 200, and at the
    /// telephone carrier with 201.
    pub fn script(&self, path: &str, treatments: &[Treatment]) {
        lock(&self.state).treatments.entry(path.to_owned()).or_default().extend(treatments.iter().cloned());
    }

    /// The requests since the last look.
    pub fn heard(&self) -> Vec<Heard> {
        while self.incoming.try_recv().is_ok() {}
        std::mem::take(&mut lock(&self.state).heard)
    }

    /// Waits for the next request. Fails the test when none comes for long.
    pub fn wait_for_one(&self) -> Heard {
        self.incoming.recv_timeout(PATIENCE).expect("a request to the world outside");
        lock(&self.state).heard.remove(0)
    }
}

impl Heard {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a field of the form in the body.
    pub fn field(&self, name: &str) -> Option<String> {
        fields(&self.body).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether it went to the telephone carrier.
    pub fn is_for_telephone(&self) -> bool {
        self.path.starts_with(TELEPHONE)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fields(body: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// Answers the requests of one connection until it ends.
fn converse(stream: TcpStream, state: &Mutex<State>, told: &Sender<()>) {
    let mut connection = BufReader::new(stream);
    while let Some((path, headers, body)) = request(&mut connection) {
        let mut heard = Heard { path, headers, body, treatment: Ok(Treatment::Hang) };
        heard.treatment = treat(state, &heard);
        let answer = answer(state, &heard);
        let treatment = heard.treatment.clone();
        {
            let mut state = lock(state);
            state.heard.push(heard);
            if matches!(treatment, Ok(Treatment::Hang | Treatment::TakeAndHang)) {
                state.held.extend(connection.get_ref().try_clone());
            }
        }
        // Whoever waits may be gone.
        let _ = told.send(());
        let Some(answer) = answer else { return };
        if connection.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
        if treatment == Ok(Treatment::Endless) {
            let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
            while connection.get_mut().write_all(chunk.as_bytes()).is_ok() {}
        }
    }
}

type Request = (String, Vec<(String, String)>, String);

/// The next request; `None` at the end of the connection.
fn request(connection: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = || {
        let mut line = String::new();
        connection.read_line(&mut line).ok().filter(|length| *length > 0)?;
        Some(line.trim_end().to_owned())
    };
    let path = line()?.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    connection.read_exact(&mut body).ok()?;
    Some((path, headers, String::from_utf8(body).ok()?))
}

fn treat(state: &Mutex<State>, heard: &Heard) -> Result<Treatment, String> {
    if heard.is_for_telephone() {
        form::read(&heard.path, |name| heard.header(name), &heard.body)?;
    }
    let usual = Treatment::Status(if heard.is_for_telephone() { 201 } else { 200 });
    let scripted = lock(state).treatments.get_mut(&heard.path).and_then(VecDeque::pop_front);
    Ok(scripted.unwrap_or(usual))
}

/// What is written, up to where an endless body begins; `None` where nothing is.
fn answer(state: &Mutex<State>, heard: &Heard) -> Option<String> {
    let whole = |status: u16, more: &str, body: &str| {
        let length = body.len();
        Some(format!("HTTP/1.1 {status} Said\r\n{more}content-length: {length}\r\n\r\n{body}"))
    };
    match &heard.treatment {
        Err(problem) => whole(404, "", &json!({ "message": problem }).to_string()),
        Ok(Treatment::Status(status @ 200..300)) if heard.is_for_telephone() => {
            let mut state = lock(state);
            state.taken += 1;
            let body = json!({"sid": format!("SM{:032}", state.taken), "status": "queued", "error_code": null});
            whole(*status, "content-type: application/json\r\n", &body.to_string())
        }
        Ok(Treatment::Status(204)) => Some("HTTP/1.1 204 Said\r\n\r\n".to_owned()),
        Ok(Treatment::Status(status)) => whole(*status, "", "as the test wants"),
        Ok(Treatment::Redirect(to)) => whole(302, &format!("location: {to}\r\n"), ""),
        Ok(Treatment::Pause(seconds)) => whole(429, &format!("retry-after: {seconds}\r\n"), ""),
        Ok(Treatment::Endless) => Some("HTTP/1.1 200 Said\r\ntransfer-encoding: chunked\r\n\r\n".to_owned()),
        Ok(Treatment::Hang | Treatment::TakeAndHang | Treatment::Break) => None,
    }
}
