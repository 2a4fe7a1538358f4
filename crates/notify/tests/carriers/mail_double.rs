//! A mail server on the loopback that does exactly what a test says, and remembers what it was sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::tls_double;

/// What the server does with a command.
#[derive(Clone, Copy)]
pub(crate) enum Reply {
    /// Answers with this line.
    Say(&'static str),
    /// Never answers.
    Silence,
    /// Closes the connection.
    HangUp,
}

/// When the server speaks TLS.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    /// Never.
    None,
    /// After `STARTTLS`.
    Later,
    /// From the first byte.
    First,
}

/// A connection, in the clear or not.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What the server was told: each connection's commands (`CONNECT` first), and each message that it was given whole.
#[derive(Clone, Default)]
pub(crate) struct Log {
    pub(crate) commands: Vec<String>,
    pub(crate) messages: Vec<String>,
}

impl Log {
    pub(crate) fn count(&self, verb: &str) -> usize {
        self.commands.iter().filter(|line| verb_of(line) == verb).count()
    }
}

/// The running server; it ends with the test's runtime.
pub(crate) struct MailDouble {
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<Log>>,
}

type Script = dyn Fn(&str, usize) -> Option<Reply> + Send + Sync;

impl MailDouble {
    /// Starts a server that asks `script` for the reply to a verb on the nth connection, from 1; where it has none, the server is
    /// content. `CONNECT` stands for the greeting and `.` for the end of the message.
    pub(crate) async fn start(script: impl Fn(&str, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
        Self::covered(Cover::None, script).await
    }

    /// The same, of a server that speaks TLS with the certificate of [`crate::tls_double`].
    pub(crate) async fn covered(
        cover: Cover,
        script: impl Fn(&str, usize) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Log::default()));
        let (script, kept): (Arc<Script>, _) = (Arc::new(script), Arc::clone(&log));
        tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((stream, _)) = listener.accept().await {
                connection += 1;
                let (script, log) = (Arc::clone(&script), Arc::clone(&kept));
                // A client that goes away is what some tests are about.
                tokio::spawn(async move { serve(stream, cover, (connection, &*script, &log)).await.ok() });
            }
        });
        Self { address, log }
    }

    pub(crate) fn log(&self) -> Log {
        self.log.lock().unwrap().clone()
    }
}

fn verb_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or("")
}

fn content(verb: &str, cover: Cover) -> &'static str {
    match verb {
        "EHLO" if cover == Cover::Later => "250-double\r\n250-STARTTLS\r\n250 AUTH PLAIN",
        "CONNECT" => "220 double ready",
        "EHLO" => "250-double\r\n250-8BITMIME\r\n250 AUTH PLAIN",
        "AUTH" => "235 2.7.0 welcome",
        "DATA" => "354 go on",
        "." => "250 2.0.0 queued",
        "QUIT" => "221 bye",
        _ => "250 2.1.0 OK",
    }
}

async fn encrypted(stream: Box<dyn Stream>) -> std::io::Result<Box<dyn Stream>> {
    Ok(Box::new(TlsAcceptor::from(tls_double::config()).accept(stream).await?))
}

async fn serve(
    stream: TcpStream,
    cover: Cover,
    (connection, script, log): (usize, &Script, &Mutex<Log>),
) -> std::io::Result<()> {
    let mut stream: Box<dyn Stream> = Box::new(stream);
    if cover == Cover::First {
        stream = encrypted(stream).await?;
    }
    let mut stream = BufReader::new(stream);
    let mut line = "CONNECT".to_owned();
    loop {
        let verb = verb_of(&line).to_owned();
        log.lock().unwrap().commands.push(line);
        let reply = script(&verb, connection).unwrap_or(Reply::Say(content(&verb, cover)));
        let said = match reply {
            Reply::Say(said) => said,
            Reply::Silence => return std::future::pending().await,
            Reply::HangUp => return Ok(()),
        };
        stream.write_all(format!("{said}\r\n").as_bytes()).await?;
        stream.flush().await?;
        if verb == "STARTTLS" && cover == Cover::Later {
            stream = BufReader::new(encrypted(stream.into_inner()).await?);
        }
        line = if said.starts_with("354") {
            read_message(&mut stream, log).await?
        } else {
            read_line(&mut stream).await?
        };
    }
}

async fn read_message(stream: &mut BufReader<Box<dyn Stream>>, log: &Mutex<Log>) -> std::io::Result<String> {
    let mut message = String::new();
    loop {
        let line = read_line(stream).await?;
        if line == "." {
            log.lock().unwrap().messages.push(message);
            return Ok(line);
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
        message.push('\n');
    }
}

async fn read_line(stream: &mut BufReader<Box<dyn Stream>>) -> std::io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
