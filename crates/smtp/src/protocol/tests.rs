//! Conversations, byte by byte.

use super::*;
use crate::bounds::LINE_BYTES;
use proptest::prelude::*;

/// One connection to the domain `us.example`, at which everybody is known but `nobody` and, for now, `later`.
struct Talk {
    protocol: Protocol<'static, String>,
    mails: Vec<Mail<String>>,
    said: String,
    is_over: bool,
    begins_tls: bool,
}

impl Talk {
    fn new() -> Self {
        static DOMAINS: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| vec!["us.example".to_owned()]);
        let protocol = Protocol::new("mx.us.example", &DOMAINS, true);
        let mut talk = Self { protocol, mails: Vec::new(), said: String::new(), is_over: false, begins_tls: false };
        talk.say("");
        assert_eq!(talk.codes(), [220]);
        talk
    }

    /// One whose client said who it is.
    fn greeted() -> Self {
        let mut talk = Self::new();
        talk.say("EHLO mon.example\r\n");
        talk.codes();
        talk
    }

    /// One that waits for the text of a mail.
    fn at_text() -> Self {
        let mut talk = Self::greeted();
        talk.say("MAIL FROM:<a@mon.example>\r\nRCPT TO:<key@us.example>\r\nDATA\r\n");
        assert_eq!(talk.codes(), [250, 250, 354]);
        talk
    }

    fn say(&mut self, text: &str) {
        self.say_bytes(text.as_bytes());
    }

    fn say_bytes(&mut self, bytes: &[u8]) {
        self.protocol.receive(bytes);
        loop {
            match self.protocol.next() {
                Step::Read => break,
                Step::Recipient { local } => self.protocol.answer_recipient(match local.as_str() {
                    "nobody" => Err(Reply::unknown()),
                    "later" => Err(Reply::later()),
                    _ => Ok(local),
                }),
                Step::Mail(mail) => {
                    self.mails.push(mail);
                    self.protocol.answer_mail(&Reply::new(250, "2.0.0", "taken"));
                }
                Step::StartTls => {
                    self.begins_tls = true;
                    break;
                }
                Step::Close => {
                    self.is_over = true;
                    break;
                }
            }
        }
        let output = self.protocol.take_output();
        self.said.push_str(std::str::from_utf8(&output).unwrap());
    }

    /// The codes of what was replied since they were asked for last; of several lines the last.
    fn codes(&mut self) -> Vec<u16> {
        let said = std::mem::take(&mut self.said);
        assert!(said.is_empty() || said.ends_with("\r\n"), "{said:?}");
        let last = said.lines().filter(|line| line.as_bytes()[3] == b' ');
        last.map(|line| line[..3].parse().unwrap()).collect()
    }

    fn texts(&self) -> Vec<&str> {
        self.mails.iter().map(|mail| std::str::from_utf8(&mail.text.bytes).unwrap()).collect()
    }
}

#[test]
fn a_mail_is_taken_with_its_envelope_and_the_next_begins_anew() {
    let mut talk = Talk::at_text();
    talk.say("Subject: x\r\n\r\n..dots\r\n.\r\n");
    assert_eq!(talk.codes(), [250]);
    talk.say("RCPT TO:<key@us.example>\r\nMAIL FROM:<>\r\nRCPT TO:<\"x y\"@US.example>\r\nRCPT TO:<b@us.example>\r\n");
    talk.say("DATA\r\n.\r\nQUIT\r\n");
    assert_eq!(talk.codes(), [503, 250, 250, 250, 354, 250, 221]);
    assert!(talk.is_over);
    assert_eq!(talk.texts(), ["Subject: x\r\n\r\n.dots\r\n", ""]);
    let envelopes: Vec<_> = talk.mails.iter().map(|mail| (&*mail.from, mail.recipients.join(" "))).collect();
    assert_eq!(envelopes, [("a@mon.example", "key".to_owned()), ("", "x y b".to_owned())]);
}

#[test]
fn what_is_offered_is_told_and_tls_only_before_it_began() {
    let mut talk = Talk::new();
    talk.say("EHLO mon.example\r\n");
    for word in ["SIZE 10485760", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES", "STARTTLS"] {
        assert!(
            talk.said.contains(&format!("250-{word}\r\n")) || talk.said.contains(&format!("250 {word}\r\n")),
            "{word}"
        );
    }
    for word in ["AUTH", "CHUNKING", "EXPN"] {
        assert!(!talk.said.contains(word), "{word}");
    }
    talk.codes();
    talk.say("STARTTLS\r\n");
    talk.protocol.secured();
    talk.codes();
    talk.say("EHLO mon.example\r\n");
    assert!(talk.said.contains("PIPELINING") && !talk.said.contains("STARTTLS"));
    talk.codes();
    talk.say("STARTTLS\r\nHELO mon.example\r\n");
    assert_eq!(talk.codes(), [503, 250]);
}

#[test]
fn nothing_is_passed_on_and_whoever_is_unknown_is_told_at_once() {
    let mut talk = Talk::greeted();
    talk.say("RCPT TO:<key@us.example>\r\nMAIL FROM:<a@b.example>\r\n");
    for (recipient, code) in [
        ("x@other.example", 550),
        ("x@us.example.other", 550),
        ("x@sub.us.example", 550),
        ("x%other.example", 550),
        ("x@other.example@us.example", 250),
        ("postmaster", 550),
        ("nobody@us.example", 550),
        ("later@us.example", 451),
        ("key@us.example", 250),
    ] {
        talk.codes();
        talk.say(&format!("RCPT TO:<{recipient}>\r\n"));
        assert_eq!(talk.codes(), [code], "{recipient}");
    }
    let mut talk = Talk::greeted();
    talk.say("MAIL FROM:<a@b.example>\r\nRCPT TO:<nobody@us.example>\r\nDATA\r\n");
    assert_eq!(talk.codes(), [250, 550, 554], "without a recipient there is no text");
}

#[test]
fn a_text_that_looks_like_an_end_smuggles_no_second_mail() {
    let second = "MAIL FROM:<evil@us.example>\r\nRCPT TO:<key@us.example>\r\nDATA\r\nSubject: smuggled\r\n\r\n";
    for end in ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n..\r\n", "\0\r\n.\0\r\n"] {
        let mut talk = Talk::at_text();
        talk.say(&format!("Subject: one{end}{second}.\r\n"));
        assert_eq!(talk.codes(), [250], "{end:?}");
        assert_eq!(talk.mails.len(), 1, "{end:?}");
        assert!(talk.texts()[0].contains("MAIL FROM"), "{end:?}");
    }
}

#[test]
fn what_is_pipelined_behind_starttls_is_refused_and_what_was_said_before_it_is_forgotten() {
    let mut talk = Talk::greeted();
    talk.say("STARTTLS\r\nMAIL FROM:<evil@b.example>\r\nRCPT TO:<key@us.example>\r\n");
    assert_eq!((talk.codes(), talk.is_over, talk.begins_tls), (vec![501], true, false));
    let mut talk = Talk::greeted();
    talk.say("MAIL FROM:<evil@b.example>\r\nSTARTTLS\r\nRSET\r\nSTARTTLS\r\n");
    assert_eq!((talk.codes(), talk.begins_tls), (vec![250, 503, 250, 220], true));
    // What came between, in the clear.
    talk.protocol.receive(b"MAIL FROM:<evil@b.example>\r\n");
    talk.protocol.secured();
    talk.say("MAIL FROM:<a@b.example>\r\n");
    assert_eq!(talk.codes(), [503], "the client has to say who it is again");
    assert_eq!((talk.mails.len(), talk.protocol.is_busy()), (0, false));
}

#[test]
fn sizes_are_bounded_by_word_and_in_deed() {
    let mut talk = Talk::greeted();
    talk.say(&format!("MAIL FROM:<a@b.example> SIZE={}\r\n", MAIL_BYTES + 1));
    talk.say(&format!("MAIL FROM:<a@b.example> SIZE={MAIL_BYTES}\r\nRSET\r\n"));
    assert_eq!(talk.codes(), [552, 250, 250]);
    let mut talk = Talk::at_text();
    let line = format!("{}\r\n", "x".repeat(998)).repeat(1_000);
    for _ in 0..11 {
        talk.say(&line);
        assert!(talk.protocol.text_bytes() <= MAIL_BYTES && talk.protocol.input.len() <= line.len());
    }
    talk.say(".\r\nNOOP\r\n");
    assert_eq!(talk.codes(), [552, 250]);
    let mut talk = Talk::at_text();
    talk.say(&format!("{}\r\n.\r\n", "x".repeat(LINE_BYTES + 1)));
    assert_eq!(talk.codes(), [552]);
    assert!(talk.mails.is_empty());
    let mut talk = Talk::at_text();
    talk.say("x\r\n");
    talk.protocol.refuse_text();
    talk.say("y\r\n.\r\n");
    assert_eq!(talk.codes(), [452], "there was no room");
}

#[test]
fn numbers_are_bounded_of_recipients_mails_and_mistakes() {
    let mut talk = Talk::greeted();
    talk.say("MAIL FROM:<a@b.example>\r\n");
    talk.say(&"RCPT TO:<key@us.example>\r\n".repeat(RECIPIENTS + 1));
    assert_eq!(talk.codes(), [[250].repeat(RECIPIENTS + 1), vec![452]].concat());
    talk.say("DATA\r\n.\r\n");
    assert_eq!(talk.mails[0].recipients.len(), RECIPIENTS);

    let mut talk = Talk::greeted();
    let mail = "MAIL FROM:<a@b.example>\r\nRCPT TO:<key@us.example>\r\nDATA\r\n.\r\n";
    talk.say(&mail.repeat(MAILS));
    assert_eq!((talk.mails.len(), talk.is_over), (MAILS, false));
    talk.codes();
    talk.say(mail);
    assert_eq!((talk.codes(), talk.mails.len(), talk.is_over), (vec![421], MAILS, true));

    let mut talk = Talk::greeted();
    talk.say(&"WHAT\r\n".repeat(MISTAKES + 5));
    assert_eq!((talk.codes(), talk.is_over), ([[500].repeat(MISTAKES), vec![421]].concat(), true));
    let mut talk = Talk::greeted();
    talk.say("MAIL FROM:<a@b.example>\r\n");
    talk.say(&"RCPT TO:<nobody@us.example>\r\n".repeat(MISTAKES));
    assert!(talk.is_over, "keys cannot be tried one after the other");
    for no_line in ["NOOP\n".to_owned(), format!("{}\r\n", "x".repeat(COMMAND_BYTES))] {
        let mut talk = Talk::greeted();
        talk.say(&no_line.repeat(MISTAKES));
        assert_eq!((talk.codes().last(), talk.is_over), (Some(&421), true));
    }
}

#[test]
fn a_command_is_one_line_of_bounded_length_that_ends_with_both_signs() {
    let mut talk = Talk::greeted();
    talk.say(&format!("NOOP {}\r\n", "x".repeat(COMMAND_BYTES - 7)));
    assert_eq!(talk.codes(), [250]);
    for length in [COMMAND_BYTES - 6, COMMAND_BYTES * 3] {
        talk.say(&format!("NOOP {}", "x".repeat(length)));
        assert!(talk.protocol.input.len() <= COMMAND_BYTES);
        talk.say("\r\nNOOP\r\n");
        assert_eq!(talk.codes(), [500, 250], "{length}");
    }
    talk.say("NOOP\nNOOP\r\n");
    assert_eq!(talk.codes(), [500, 250]);
}

#[test]
fn the_order_is_kept() {
    let mut talk = Talk::new();
    talk.say("MAIL FROM:<a@b.example>\r\nRCPT TO:<key@us.example>\r\nDATA\r\nVRFY x\r\nNOOP\r\nRSET\r\nSTARTTLS\r\n");
    assert_eq!(talk.codes(), [503, 503, 503, 252, 250, 250, 503]);
    talk.say("HELO b.example\r\nMAIL FROM:<a@b.example>\r\nMAIL FROM:<a@b.example>\r\nEHLO b.example\r\nDATA\r\n");
    assert_eq!(talk.codes(), [250, 250, 503, 250, 503], "a greeting begins anew");
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange_and_how_they_are_cut_changes_nothing(
        parts in prop::collection::vec(
            prop_oneof![
                4 => prop::sample::select(vec![
                    "EHLO x\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<k@us.example>\r\n", "DATA\r\n", "\r\n.\r\n", ".\r\n", "\n.\n",
                    "RSET\r\n", "QUIT\r\n", "NOOP\r\n", "\r", "\n", ".", "text\r\n",
                ]).prop_map(|part| part.as_bytes().to_vec()),
                1 => any::<Vec<u8>>(),
            ],
            0..20,
        ),
        size in 1_usize..40,
    ) {
        let bytes = parts.concat();
        let (mut whole, mut cut) = (Talk::new(), Talk::new());
        whole.say_bytes(&bytes);
        bytes.chunks(size).for_each(|part| cut.say_bytes(part));
        prop_assert_eq!(&whole.said, &cut.said);
        prop_assert_eq!(whole.texts(), cut.texts());
    }
}
