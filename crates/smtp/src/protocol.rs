//! The protocol as a machine without sockets: bytes go in, replies and questions come out (RFC 5321, intake §5).

use crate::bounds::{COMMAND_BYTES, MAILS, MISTAKES, RECIPIENTS};
use crate::command::Command;
use crate::reply::Reply;
use crate::text::{Fault, Text, Whole};
use domain::limits::MAIL_BYTES;

/// What is to be done next.
#[derive(Debug)]
pub(crate) enum Step<R> {
    /// Further bytes are needed.
    Read,
    /// Who is meant by an address of one of the domains? To be answered by [`Protocol::answer_recipient`].
    Recipient {
        /// The part before the `@`.
        local: String,
    },
    /// A mail is there. To be answered by [`Protocol::answer_mail`].
    Mail(Mail<R>),
    /// TLS begins, once what is to be written was. To be answered by [`Protocol::secured`].
    StartTls,
    /// The connection ends, once what is to be written was.
    Close,
}

/// A mail with its envelope.
#[derive(Debug)]
pub(crate) struct Mail<R> {
    /// The reverse path, empty for a delivery report.
    pub(crate) from: String,
    pub(crate) recipients: Vec<R>,
    pub(crate) text: Whole,
}

/// The envelope of a mail on its way.
#[derive(Debug)]
struct Transaction<R> {
    from: String,
    recipients: Vec<R>,
    /// Once `DATA` was said.
    text: Option<Text>,
}

/// What a connection is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// It waits for commands or text.
    Listens,
    /// It skips a command that is too long.
    Skips,
    /// It waits for an answer to what it asked.
    Asks,
    /// It has ended.
    Ended,
}

/// One connection. `R` is what a recipient is known as.
#[derive(Debug)]
pub(crate) struct Protocol<'a, R> {
    host: &'a str,
    domains: &'a [String],
    /// Whether STARTTLS is offered.
    offers_tls: bool,
    input: Vec<u8>,
    output: Vec<u8>,
    mode: Mode,
    /// Whether the client has said who it is.
    is_greeted: bool,
    is_secure: bool,
    transaction: Option<Transaction<R>>,
    mails: usize,
    mistakes: usize,
}

impl<'a, R> Protocol<'a, R> {
    /// A new connection, which is greeted.
    pub(crate) fn new(host: &'a str, domains: &'a [String], offers_tls: bool) -> Self {
        let mut protocol = Self {
            host,
            domains,
            offers_tls,
            input: Vec::new(),
            output: Vec::new(),
            mode: Mode::Listens,
            is_greeted: false,
            is_secure: false,
            transaction: None,
            mails: 0,
            mistakes: 0,
        };
        // The first reply names the host and nothing else that is worth a code.
        protocol.output = format!("220 {host} ESMTP\r\n").into_bytes();
        protocol
    }

    /// Bytes came.
    pub(crate) fn receive(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
    }

    /// What is to be written, and was not taken before.
    pub(crate) fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    /// Whether the client has said who it is.
    pub(crate) fn is_greeted(&self) -> bool {
        self.is_greeted
    }

    /// Whether a mail is on its way.
    pub(crate) fn is_busy(&self) -> bool {
        self.transaction.is_some()
    }

    /// Bytes of the text that arrives.
    pub(crate) fn text_bytes(&self) -> usize {
        self.transaction.as_ref().and_then(|transaction| transaction.text.as_ref()).map_or(0, Text::len)
    }

    /// There is no room for the text that arrives: it is read to its end, and the client told so then.
    pub(crate) fn refuse_text(&mut self) {
        if let Some(text) = self.transaction.as_mut().and_then(|transaction| transaction.text.as_mut()) {
            text.refuse(Fault::NoRoom);
        }
    }

    /// Ends the connection, whatever it is about.
    pub(crate) fn end(&mut self, words: &str) {
        if self.mode != Mode::Ended {
            self.reply(&Reply::new(421, "4.3.2", words));
            self.mode = Mode::Ended;
        }
    }

    /// What is to be done next. What came is worked through until something must be done.
    pub(crate) fn next(&mut self) -> Step<R> {
        loop {
            match self.mode {
                Mode::Ended => return Step::Close,
                Mode::Asks => return Step::Read,
                Mode::Listens | Mode::Skips => {}
            }
            if self.transaction.as_ref().is_some_and(|transaction| transaction.text.is_some()) {
                match self.text() {
                    Some(mail) => return Step::Mail(mail),
                    None if self.input.is_empty() => return Step::Read,
                    None => continue,
                }
            }
            let Some(line) = self.line() else {
                // The last of too many mistakes may have been in what is no line.
                return if self.mode == Mode::Ended { Step::Close } else { Step::Read };
            };
            if let Some(step) = self.command(&line) {
                return step;
            }
        }
    }

    /// Who was asked for is known, or the reply to it.
    pub(crate) fn answer_recipient(&mut self, recipient: Result<R, Reply>) {
        self.mode = Mode::Listens;
        match (recipient, &mut self.transaction) {
            (Ok(recipient), Some(transaction)) => {
                transaction.recipients.push(recipient);
                self.reply(&Reply::new(250, "2.1.5", "ok"));
            }
            (Ok(_), None) => self.mistake(&out_of_order()),
            // What may succeed later is no mistake of the client's.
            (Err(reply), _) if reply.code < 500 => self.reply(&reply),
            (Err(reply), _) => self.mistake(&reply),
        }
    }

    /// The mail was taken in, or not.
    pub(crate) fn answer_mail(&mut self, reply: &Reply) {
        self.mode = Mode::Listens;
        self.reply(reply);
    }

    /// TLS has begun: all that was said before is forgotten, because anybody between may have said it.
    pub(crate) fn secured(&mut self) {
        self.input.clear();
        self.transaction = None;
        self.is_greeted = false;
        self.is_secure = true;
        self.mode = Mode::Listens;
    }

    /// The next line without its end; what is no line is answered.
    fn line(&mut self) -> Option<Vec<u8>> {
        loop {
            let end = self.input.iter().take(COMMAND_BYTES).position(|byte| *byte == b'\n');
            let Some(end) = end else {
                if self.input.len() < COMMAND_BYTES {
                    return None;
                }
                self.input.drain(..COMMAND_BYTES);
                self.mode = Mode::Skips;
                continue;
            };
            let mut line: Vec<u8> = self.input.drain(..=end).collect();
            line.pop();
            if self.mode == Mode::Skips {
                self.mode = Mode::Listens;
                self.mistake(&Reply::new(500, "5.5.2", format!("a command has at most {COMMAND_BYTES} bytes")));
            } else if line.pop_if(|last| *last == b'\r').is_none() {
                self.mistake(&Reply::new(500, "5.5.2", "lines end with CR LF"));
            } else {
                return Some(line);
            }
            if self.mode == Mode::Ended {
                return None;
            }
        }
    }

    fn command(&mut self, line: &[u8]) -> Option<Step<R>> {
        let command = match Command::read(line) {
            Ok(command) => command,
            Err(reply) => {
                self.mistake(&reply);
                return None;
            }
        };
        match command {
            Command::Hello { is_extended, name } => self.hello(is_extended, &name),
            Command::Mail { path, size } => self.mail(path, size),
            Command::Recipient { path } => return self.recipient(&path),
            Command::Data => self.data(),
            Command::Reset => {
                self.transaction = None;
                self.reply(&Reply::new(250, "2.0.0", "ok"));
            }
            Command::Nothing => self.reply(&Reply::new(250, "2.0.0", "ok")),
            Command::Verify => self.reply(&Reply::new(252, "2.5.2", "send a mail and see")),
            Command::StartTls => return self.start_tls(),
            Command::Quit => {
                self.reply(&Reply::new(221, "2.0.0", "bye"));
                self.mode = Mode::Ended;
            }
        }
        None
    }

    fn hello(&mut self, is_extended: bool, name: &str) {
        (self.transaction, self.is_greeted) = (None, true);
        let name: String = name.chars().filter(char::is_ascii_graphic).take(255).collect();
        let mut lines = vec![format!("{} greets {name}", self.host)];
        if is_extended {
            lines.push(format!("SIZE {MAIL_BYTES}"));
            lines.extend(["8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"].map(str::to_owned));
            lines.extend((self.offers_tls && !self.is_secure).then(|| "STARTTLS".to_owned()));
        }
        for (index, line) in lines.iter().enumerate() {
            let sign = if index + 1 == lines.len() { ' ' } else { '-' };
            self.output.extend_from_slice(format!("250{sign}{line}\r\n").as_bytes());
        }
    }

    fn mail(&mut self, path: String, size: Option<u64>) {
        if !self.is_greeted || self.transaction.is_some() {
            return self.mistake(&out_of_order());
        }
        if self.mails == MAILS {
            return self.end(&format!("a connection brings at most {MAILS} mails"));
        }
        if size.is_some_and(|size| size > MAIL_BYTES as u64) {
            return self.reply(&too_large());
        }
        self.transaction = Some(Transaction { from: path, recipients: Vec::new(), text: None });
        self.reply(&Reply::new(250, "2.1.0", "ok"));
    }

    fn recipient(&mut self, path: &str) -> Option<Step<R>> {
        let Some(transaction) = &self.transaction else {
            self.mistake(&out_of_order());
            return None;
        };
        if transaction.recipients.len() == RECIPIENTS {
            self.reply(&Reply::new(452, "4.5.3", format!("at most {RECIPIENTS} recipients")));
            return None;
        }
        let Some((local, domain)) = path.rsplit_once('@') else {
            self.mistake(&Reply::unknown());
            return None;
        };
        if !self.domains.iter().any(|known| known.eq_ignore_ascii_case(domain)) {
            self.mistake(&Reply::new(550, "5.7.1", "mail for this domain is not passed on"));
            return None;
        }
        self.mode = Mode::Asks;
        Some(Step::Recipient { local: local.to_owned() })
    }

    fn data(&mut self) {
        match &mut self.transaction {
            None => self.mistake(&out_of_order()),
            Some(transaction) if transaction.recipients.is_empty() => {
                self.mistake(&Reply::new(554, "5.5.1", "no recipient was taken"));
            }
            Some(transaction) => {
                transaction.text = Some(Text::new());
                self.output.extend_from_slice(b"354 end with CR LF . CR LF\r\n");
            }
        }
    }

    /// Takes what is there of a text; the mail, if it has ended and is taken.
    fn text(&mut self) -> Option<Mail<R>> {
        let text = self.transaction.as_mut()?.text.as_mut()?;
        let (bytes, is_over) = text.receive(&self.input);
        self.input.drain(..bytes);
        if !is_over {
            return None;
        }
        self.mails += 1;
        let Transaction { from, recipients, text } = self.transaction.take()?;
        match text?.finish() {
            Ok(text) => {
                self.mode = Mode::Asks;
                return Some(Mail { from, recipients, text });
            }
            Err(Fault::TooLarge) => self.reply(&too_large()),
            Err(Fault::LineTooLong) => self.reply(&Reply::new(552, "5.3.4", "a line is too long")),
            Err(Fault::NoRoom) => self.reply(&Reply::too_many_large()),
        }
        None
    }

    fn start_tls(&mut self) -> Option<Step<R>> {
        if !self.offers_tls {
            self.mistake(&Reply::new(502, "5.5.1", "not known here"));
        } else if self.is_secure || !self.is_greeted || self.transaction.is_some() {
            self.mistake(&out_of_order());
        } else if !self.input.is_empty() {
            // Whoever can write into the connection would speak in the client's name.
            self.reply(&Reply::new(501, "5.5.2", "nothing may follow STARTTLS before TLS has begun"));
            self.mode = Mode::Ended;
        } else {
            self.reply(&Reply::new(220, "2.0.0", "begin TLS"));
            self.mode = Mode::Asks;
            return Some(Step::StartTls);
        }
        None
    }

    fn reply(&mut self, reply: &Reply) {
        reply.write(&mut self.output);
    }

    /// Answers what is wrong, and ends when there is too much of it.
    fn mistake(&mut self, reply: &Reply) {
        self.reply(reply);
        self.mistakes += 1;
        if self.mistakes >= MISTAKES {
            self.end("too many mistakes");
        }
    }
}

fn out_of_order() -> Reply {
    Reply::new(503, "5.5.1", "not at this point; the order is EHLO, MAIL, RCPT, DATA")
}

fn too_large() -> Reply {
    Reply::new(552, "5.3.4", format!("a mail has at most {MAIL_BYTES} bytes"))
}

#[cfg(test)]
mod tests;
