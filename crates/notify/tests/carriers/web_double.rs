//! A web server on the loopback that does exactly what a test says, and remembers what it was sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Writes this and closes.
    Say(String),
    /// Writes this, then nothing more, and keeps the connection open.
    Stall(String),
    /// Writes a body without end, in chunks, under this status.
    Endless(u16),
    /// Breaks the connection without reading the request.
    Break,
    /// Writes this without waiting for a request that makes sense.
    Interrupt(String),
}

/// One request as it arrived.
#[derive(Clone, Default)]
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or("")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let named = |line: &&str| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name));
        let line = self.head.lines().find(named)?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

/// The running server; it ends with the test's runtime.
pub(crate) struct WebDouble {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl WebDouble {
    /// Starts a server that asks `answer` what to do with a request, which is empty when it was not read yet.
    pub(crate) async fn start(answer: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), Arc::clone(&received));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                // A client that goes away is what some tests are about.
                tokio::spawn(async move { serve(stream, &*answer, &log).await.ok() });
            }
        });
        Self { address, received }
    }

    pub(crate) async fn always(answer: Answer) -> Self {
        Self::start(move |_| answer.clone()).await
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

pub(crate) fn status(code: u16, headers: &str) -> String {
    format!("HTTP/1.1 {code} Said\r\nconnection: close\r\n{headers}\r\n")
}

async fn serve(
    mut stream: TcpStream,
    answer: &(dyn Fn(&Received) -> Answer + Send + Sync),
    log: &Mutex<Vec<Received>>,
) -> std::io::Result<()> {
    stream.readable().await?;
    match answer(&Received::default()) {
        Answer::Break => return Ok(()),
        Answer::Interrupt(text) => {
            stream.read_u8().await?;
            stream.write_all(text.as_bytes()).await?;
            return stream.shutdown().await;
        }
        Answer::Say(_) | Answer::Stall(_) | Answer::Endless(_) => {}
    }
    let request = read_request(&mut stream).await?;
    log.lock().unwrap().push(request.clone());
    match answer(&request) {
        Answer::Say(text) => {
            stream.write_all(text.as_bytes()).await?;
            stream.shutdown().await
        }
        Answer::Stall(text) => {
            stream.write_all(text.as_bytes()).await?;
            std::future::pending().await
        }
        Answer::Endless(code) => {
            let head = status(code, "transfer-encoding: chunked\r\n");
            stream.write_all(head.as_bytes()).await?;
            let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
            loop {
                stream.write_all(chunk.as_bytes()).await?;
            }
        }
        Answer::Break | Answer::Interrupt(_) => Ok(()),
    }
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<Received> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let mut request = Received { head: String::from_utf8_lossy(&head).into_owned(), body: Vec::new() };
    let length = request.header("content-length").unwrap_or("0").parse();
    request.body = vec![0; length.unwrap()];
    stream.read_exact(&mut request.body).await?;
    Ok(request)
}
