//! Commands: one line each, read leniently where nothing can be mistaken.

use crate::reply::Reply;

/// What a client asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// `HELO` or `EHLO`, and the name behind it.
    Hello { is_extended: bool, name: String },
    /// `MAIL FROM:<path>`, and the size that the client tells.
    Mail { path: String, size: Option<u64> },
    /// `RCPT TO:<path>`.
    Recipient { path: String },
    /// `DATA`.
    Data,
    /// `RSET`.
    Reset,
    /// `NOOP`.
    Nothing,
    /// `VRFY`.
    Verify,
    /// `STARTTLS`.
    StartTls,
    /// `QUIT`.
    Quit,
}

impl Command {
    /// Reads a line without its end.
    ///
    /// # Errors
    /// The reply to what is none.
    pub(crate) fn read(line: &[u8]) -> Result<Self, Reply> {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end();
        let (verb, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        let rest = rest.trim();
        let bare = |command: Self| match rest {
            "" => Ok(command),
            _ => Err(syntax("takes nothing")),
        };
        match verb.to_ascii_uppercase().as_str() {
            verb @ ("HELO" | "EHLO") => match rest {
                "" => Err(syntax("say who you are: EHLO NAME")),
                name => Ok(Self::Hello { is_extended: verb == "EHLO", name: name.to_owned() }),
            },
            "MAIL" => mail(rest),
            "RCPT" => recipient(rest),
            "DATA" => bare(Self::Data),
            "RSET" => bare(Self::Reset),
            "NOOP" => Ok(Self::Nothing),
            "VRFY" => Ok(Self::Verify),
            "STARTTLS" => bare(Self::StartTls),
            "QUIT" => bare(Self::Quit),
            "AUTH" | "BDAT" | "EXPN" | "HELP" | "ETRN" | "TURN" | "SEND" | "SOML" | "SAML" => {
                Err(Reply::new(502, "5.5.1", "not known here"))
            }
            _ => Err(Reply::new(500, "5.5.2", "no such command")),
        }
    }
}

fn syntax(words: &str) -> Reply {
    Reply::new(501, "5.5.4", words)
}

fn mail(rest: &str) -> Result<Command, Reply> {
    let (path, parameters) = path(rest, "FROM:")?;
    let mut size = None;
    for parameter in parameters {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match (name.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
            ("SIZE", digits) => size = Some(digits.parse().map_err(|_| syntax("SIZE takes a number"))?),
            ("BODY", "7BIT" | "8BITMIME") | ("SMTPUTF8", "") => {}
            ("BODY", _) => return Err(syntax("BODY is 7BIT or 8BITMIME")),
            _ => return Err(Reply::new(555, "5.5.4", "a parameter is not known here")),
        }
    }
    Ok(Command::Mail { path, size })
}

fn recipient(rest: &str) -> Result<Command, Reply> {
    let (path, parameters) = path(rest, "TO:")?;
    match parameters.as_slice() {
        [] => Ok(Command::Recipient { path }),
        _ => Err(Reply::new(555, "5.5.4", "a parameter is not known here")),
    }
}

/// The path behind a word such as `FROM:`, without its angle brackets and without a route, and the parameters behind it.
fn path<'a>(rest: &'a str, word: &str) -> Result<(String, Vec<&'a str>), Reply> {
    let wrong = || syntax("expected a path such as <name@example.org>");
    let head = rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)).ok_or_else(wrong)?;
    let rest = rest[head.len()..].trim_start();
    let (path, parameters) = match rest.strip_prefix('<') {
        Some(inside) => inside.split_at(closing(inside).ok_or_else(wrong)?),
        // Some scripts leave the brackets out.
        None => rest.split_at(rest.find(' ').unwrap_or(rest.len())),
    };
    let parameters = parameters.strip_prefix('>').unwrap_or(parameters);
    if !parameters.is_empty() && !parameters.starts_with(' ') {
        return Err(wrong());
    }
    let path = match path.strip_prefix('@').and_then(|route| route.split_once(':')) {
        Some((_, path)) => path,
        None => path,
    };
    Ok((unquoted(path), parameters.split_whitespace().collect()))
}

/// Where the path ends: at the first `>` that is not quoted.
fn closing(path: &str) -> Option<usize> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    path.char_indices().find_map(|(index, letter)| {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return Some(index),
            _ => {}
        }
        None
    })
}

/// A path whose local part needs no quotation marks any more.
fn unquoted(path: &str) -> String {
    let mut is_escaped = false;
    let is_kept = |letter: &char| {
        let kept = is_escaped || !matches!(letter, '"' | '\\');
        is_escaped = !is_escaped && *letter == '\\';
        kept
    };
    if path.starts_with('"') { path.chars().filter(is_kept).collect() } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(path: &str, size: Option<u64>) -> Command {
        Command::Mail { path: path.to_owned(), size }
    }

    #[test]
    fn commands_are_read_as_clients_write_them() {
        let table = [
            ("ehlo mon.example.org", Command::Hello { is_extended: true, name: "mon.example.org".to_owned() }),
            ("HELO [192.0.2.1]", Command::Hello { is_extended: false, name: "[192.0.2.1]".to_owned() }),
            ("MAIL FROM:<a@b.example> SIZE=12 body=8bitmime SMTPUTF8", mail("a@b.example", Some(12))),
            ("mail from: <a@b.example>", mail("a@b.example", None)),
            ("MAIL FROM:a@b.example", mail("a@b.example", None)),
            ("MAIL FROM:<>", mail("", None)),
            ("RCPT TO:<@x,@y:a@b.example>", Command::Recipient { path: "a@b.example".to_owned() }),
            ("RCPT TO:<\"a > \\\"b\"@c.example>", Command::Recipient { path: "a > \"b@c.example".to_owned() }),
            ("DATA ", Command::Data),
            ("NOOP whatever", Command::Nothing),
            ("VRFY ana", Command::Verify),
            ("quit", Command::Quit),
        ];
        for (line, expect) in table {
            assert_eq!(Command::read(line.as_bytes()), Ok(expect), "{line}");
        }
    }

    #[test]
    fn what_is_no_command_is_told_why() {
        let table = [
            ("EHLO", 501),
            ("MAIL", 501),
            ("MAIL TO:<a@b>", 501),
            ("MAIL FROM:<a@b", 501),
            ("MAIL FROM:<a@b>x", 501),
            ("MAIL FROM:<a@b> SIZE=many", 501),
            ("MAIL FROM:<a@b> BODY=BINARYMIME", 501),
            ("MAIL FROM:<a@b> AUTH=<>", 555),
            ("RCPT TO:<a@b> NOTIFY=NEVER", 555),
            ("DATA now", 501),
            ("AUTH PLAIN x", 502),
            ("BDAT 3 LAST", 502),
            ("EXPN all", 502),
            ("GET / HTTP/1.1", 500),
            ("", 500),
            ("\u{fffd}\u{0}", 500),
        ];
        for (line, code) in table {
            assert_eq!(Command::read(line.as_bytes()).map_err(|reply| reply.code), Err(code), "{line}");
        }
    }
}
