//! A telephone carrier of the Twilio form on the loopback: it takes what the form allows and what the test expects, and
//! fails the test on anything else.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use notify::{carrier::TwilioSettings, carrier::twilio_signature};
use store::Authorities;

use crate::peers::form::{self, ACCOUNT, Dialled, NUMBER, TOKEN};
use crate::wire::{HttpAnswer, connect, read_answer};
use crate::{Home, PATIENCE};

/// What it does with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Takes it: 201.
    Takes,
    /// Says that there is no such number: 400.
    Refuses,
    /// Has too much to do: 429, for so many seconds.
    IsBusy(u32),
    /// Breaks: 500.
    Breaks,
    /// Takes it with a 201 that says that nothing came of it.
    TakesAndFails,
    /// Does nothing, and never answers.
    Hangs,
    /// Texts or calls, and never says so.
    TakesAndHangs,
}

#[derive(Default)]
struct State {
    expected: HashMap<String, VecDeque<Line>>,
    faults: Vec<String>,
    taken: usize,
    /// Connections that are never answered, kept open until the test ends.
    silent: Vec<TcpStream>,
}

/// The running carrier. When it is dropped, it fails the test if something was asked of it that its form does not allow
/// or that nobody expected, or if something that was expected did not come.
pub struct Telephone {
    /// What `twilio.base_url` must be.
    pub base_url: String,
    state: Arc<Mutex<State>>,
    dialled: Receiver<Dialled>,
}

impl Default for Telephone {
    fn default() -> Self {
        Self::new()
    }
}

impl Telephone {
    /// One that expects nothing yet.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::<Mutex<State>>::default();
        let (told, dialled) = channel();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (state, told) = (Arc::clone(&shared), told.clone());
                std::thread::spawn(move || serve(stream, &state, &told));
            }
        });
        Self { base_url: format!("http://{address}"), state, dialled }
    }

    /// How its account is used.
    pub fn settings(&self) -> TwilioSettings {
        let (account_sid, auth_token) = (ACCOUNT.to_owned(), TOKEN.to_owned());
        let authorities = Authorities::default();
        TwilioSettings { base_url: self.base_url.clone(), account_sid, auth_token, authorities }
    }

    /// Lets what is started from `home` from now on text and call by it.
    pub fn serve(&self, home: &mut Home) {
        for (key, value) in [
            ("twilio.base_url", self.base_url.as_str()),
            ("twilio.account_sid", ACCOUNT),
            ("twilio.auth_token", TOKEN),
            ("twilio.from", NUMBER),
            ("twilio.voice_from", NUMBER),
        ] {
            home.set(key, value);
        }
    }

    /// One more request for the number `to` is to come, after those expected before, and is treated so.
    pub fn expect(&self, to: &str, line: Line) {
        lock(&self.state).expected.entry(to.to_owned()).or_default().push_back(line);
    }

    /// Waits for the next text or call that it carried out.
    pub fn wait_for_one(&self) -> Dialled {
        self.dialled.recv_timeout(PATIENCE).expect("nobody was texted or called for long")
    }

    /// The texts and calls that it carried out already and that nobody has looked at.
    pub fn waiting(&self) -> Vec<Dialled> {
        self.dialled.try_iter().collect()
    }

    /// Asks `url`, one of ours, as the carrier does when a text or a digit came or a message arrived: a signed form.
    pub fn ask(&self, url: &str, parameters: &[(&str, &str)]) -> HttpAnswer {
        let owned: Vec<(String, String)> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.ask_signed(url, parameters, &twilio_signature::sign(TOKEN, url, &owned))
    }

    /// The same with a signature of the test's choice.
    pub fn ask_signed(&self, url: &str, parameters: &[(&str, &str)], signature: &str) -> HttpAnswer {
        let rest = url.strip_prefix("http://").expect("a server of the tests speaks plain HTTP");
        let (host, path) = rest.split_once('/').expect("a path");
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let request = format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\nx-twilio-signature: {signature}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let address: SocketAddr = host.parse().expect("an address with a port");
        let mut connection = connect(address).expect("the server listens");
        connection.get_mut().write_all(request.as_bytes()).expect("it is sent");
        read_answer(&mut connection).expect("an answer")
    }
}

impl Drop for Telephone {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let state = lock(&self.state);
        let missing = state.expected.iter().filter(|(_, lines)| !lines.is_empty());
        let missing = missing.map(|(to, lines)| format!("nobody asked for {to}, which was to be {lines:?}"));
        let broken: Vec<String> = state.faults.iter().cloned().chain(missing).collect();
        drop(state);
        assert!(broken.is_empty(), "the telephone carrier objects:\n  {}", broken.join("\n  "));
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves one request; a client that goes away before its end has asked nothing.
fn serve(stream: TcpStream, state: &Mutex<State>, told: &Sender<Dialled>) {
    let mut reader = BufReader::new(stream);
    let Some((head, body)) = read_request(&mut reader) else { return };
    let path = head.lines().next().and_then(|line| line.strip_prefix("POST ")?.strip_suffix(" HTTP/1.1"));
    let mut stream = reader.into_inner();
    let (dialled, line) = {
        let mut state = lock(state);
        let dialled =
            form::read(path.unwrap_or_default(), |name| header(&head, name), &body).and_then(|mut dialled| {
                let line = state.expected.get_mut(&dialled.to).and_then(VecDeque::pop_front);
                state.taken += 1;
                dialled.sid = format!("{}{:032x}", dialled.kind.prefix(), state.taken);
                line.map(|line| (dialled.clone(), line)).ok_or_else(|| format!("nobody expected {dialled:?}"))
            });
        match dialled {
            Ok(dialled) => dialled,
            Err(fault) => {
                state.faults.push(fault);
                drop(state);
                return answer(&mut stream, 500, "", "{}");
            }
        }
    };
    let body = |status: &str, error: &str| {
        format!("{{\"sid\": \"{}\", \"status\": \"{status}\", \"error_code\": {error}}}", dialled.sid)
    };
    if matches!(line, Line::Takes | Line::TakesAndHangs) {
        // Told before it is answered, so that whoever has the answer finds it told. The test may have seen enough.
        let _ = told.send(dialled.clone());
    }
    match line {
        Line::Takes => answer(&mut stream, 201, "", &body("queued", "null")),
        Line::TakesAndFails => answer(&mut stream, 201, "", &body("failed", "30008")),
        Line::Refuses => {
            let text = r#"{"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}"#;
            answer(&mut stream, 400, "", text);
        }
        Line::IsBusy(seconds) => {
            answer(&mut stream, 429, &format!("retry-after: {seconds}\r\n"), r#"{"code": 20429}"#);
        }
        Line::Breaks => answer(&mut stream, 500, "", r#"{"code": 20500}"#),
        Line::Hangs | Line::TakesAndHangs => lock(state).silent.push(stream),
    }
}

fn answer(stream: &mut TcpStream, status: u16, headers: &str, body: &str) {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status} Said\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}\
         content-length: {length}\r\n\r\n{body}"
    );
    // A client that gave up is what some tests are about.
    let _ = stream.write_all(text.as_bytes());
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
