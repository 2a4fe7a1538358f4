//! A small HTTP/1.1 client over one kept connection, blocking, so that a test sees exactly what it sends and receives.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

use crate::PATIENCE;

/// One connection to a server, opened when first needed and again after the server closed it.
pub struct Client {
    address: SocketAddr,
    key: String,
    connection: Option<BufReader<TcpStream>>,
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Client {
    /// A client that shows `key`; it connects at its first request.
    pub fn new(address: SocketAddr, key: &str) -> Self {
        Self { address, key: key.to_owned(), connection: None }
    }

    /// Posts JSON and fails the test when no answer comes.
    pub fn post(&mut self, path: &str, body: &Value) -> HttpAnswer {
        self.try_post(path, body).unwrap_or_else(|error| panic!("POST {path} was not answered: {error}"))
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// When the connection ends before the answer does.
    pub fn try_post(&mut self, path: &str, body: &Value) -> io::Result<HttpAnswer> {
        self.exchange("POST", path, "", &body.to_string())
    }

    /// Posts JSON under an `Idempotency-Key`.
    ///
    /// # Errors
    /// When the connection ends before the answer does.
    pub fn try_post_once(&mut self, path: &str, idempotency_key: &str, body: &Value) -> io::Result<HttpAnswer> {
        self.exchange("POST", path, &format!("idempotency-key: {idempotency_key}\r\n"), &body.to_string())
    }

    /// Posts JSON with further headers and fails the test when no answer comes.
    pub fn post_with(&mut self, path: &str, body: &Value, headers: &[(&str, &str)]) -> HttpAnswer {
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let answered = self.exchange("POST", path, &lines, &body.to_string());
        answered.unwrap_or_else(|error| panic!("POST {path} was not answered: {error}"))
    }

    /// Gets, and fails the test when no answer comes.
    pub fn get(&mut self, path: &str) -> HttpAnswer {
        self.try_get(path).unwrap_or_else(|error| panic!("GET {path} was not answered: {error}"))
    }

    /// Gets.
    ///
    /// # Errors
    /// When the connection ends before the answer does.
    pub fn try_get(&mut self, path: &str) -> io::Result<HttpAnswer> {
        self.exchange("GET", path, "", "")
    }

    /// Posts, and fails the test unless the answer is 200; its body as JSON.
    pub fn done(&mut self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, body);
        assert_eq!(answer.status, 200, "POST {path} {body}: {}", answer.body);
        answer.json()
    }

    /// The details of an incident.
    pub fn details(&mut self, instance_id: i64) -> Value {
        self.done("/incidents/details", &serde_json::json!({"instance_id": instance_id}))
    }

    fn exchange(&mut self, method: &str, path: &str, headers: &str, body: &str) -> io::Result<HttpAnswer> {
        if self.connection.as_ref().is_none_or(is_closed) {
            self.connection = Some(connect(self.address)?);
        }
        let connection = self.connection.as_mut().expect("it was opened");
        // Whole lines, before those of every request.
        let request = request(method, path, &self.key, body).replacen("\r\n", &format!("\r\n{headers}"), 1);
        let result = connection.get_mut().write_all(request.as_bytes()).and_then(|()| read_answer(connection));
        if !matches!(&result, Ok(answer) if answer.header("connection") != Some("close")) {
            self.connection = None;
        }
        result
    }
}

/// Whether the server has closed a connection on which nothing was asked for a while.
fn is_closed(connection: &BufReader<TcpStream>) -> bool {
    let stream = connection.get_ref();
    let closed = stream.set_nonblocking(true).and_then(|()| stream.peek(&mut [0])).is_ok_and(|read| read == 0);
    closed || stream.set_nonblocking(false).is_err()
}

impl HttpAnswer {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.body))
    }
}

/// A connection whose reads give up when nothing comes for long, so that a broken promise is a failure and no hang.
///
/// # Errors
/// When nobody listens.
pub fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

/// The text of a request.
pub fn request(method: &str, path: &str, key: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: token {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads one answer, whose length the server must have said.
///
/// # Errors
/// When the connection ends before the answer does, or nothing comes for long.
pub fn read_answer(connection: &mut impl BufRead) -> io::Result<HttpAnswer> {
    let first = line(connection)?;
    let status = first.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("{first}"));
    let mut headers = Vec::new();
    loop {
        let line = line(connection)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = HttpAnswer { status, headers, body: String::new() };
    let length = answer.header("content-length").expect("the length of the body").parse().expect("a number");
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    answer.body = String::from_utf8(body).expect("text");
    Ok(answer)
}

fn line(connection: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    // A server that was killed in the middle of a line has not finished its answer.
    if connection.read_line(&mut line)? == 0 || !line.ends_with('\n') {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}
