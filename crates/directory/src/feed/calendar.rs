//! The text of a calendar by RFC 5545: events between instants of UTC, and nothing that repeats.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Instant;
use sha2::{Digest, Sha256};

/// Bytes of a line, without its end, before it is folded (RFC 5545 §3.1).
const LINE_BYTES: usize = 75;

/// How often a program should ask again.
const REFRESH: &str = "PT1H";

/// One event; it belongs to the owner and begins at an instant, and by both it is known again when it changes.
pub(super) struct Event<'a> {
    pub(super) owner: &'a str,
    pub(super) from: Instant,
    /// Exclusive.
    pub(super) until: Instant,
    pub(super) summary: &'a str,
    pub(super) description: &'a str,
}

/// A calendar that is being written.
pub(super) struct Calendar {
    text: String,
    /// When it is written.
    stamp: String,
}

impl Calendar {
    pub(super) fn new(name: &str, now: Instant) -> Self {
        let mut calendar = Self { text: String::new(), stamp: moment(now) };
        calendar.line("BEGIN:VCALENDAR");
        calendar.line("VERSION:2.0");
        calendar.line("PRODID:-//Reveille//On call//EN");
        calendar.line("CALSCALE:GREGORIAN");
        calendar.line("METHOD:PUBLISH");
        // The name in the form of RFC 7986, and in the one that most programs read; so too for the interval.
        calendar.line(&format!("NAME:{}", escaped(name)));
        calendar.line(&format!("X-WR-CALNAME:{}", escaped(name)));
        calendar.line(&format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"));
        calendar.line(&format!("X-PUBLISHED-TTL:{REFRESH}"));
        calendar
    }

    /// Adds an event. Instants are told in whole seconds; what lies within one second is left out.
    pub(super) fn add(&mut self, event: &Event<'_>) {
        let (from, until) = (moment(event.from), moment(event.until));
        if from == until {
            return;
        }
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}@reveille", identity(event.owner, &from)));
        self.line(&format!("DTSTAMP:{}", self.stamp));
        self.line(&format!("DTSTART:{from}"));
        self.line(&format!("DTEND:{until}"));
        self.line(&format!("SUMMARY:{}", escaped(event.summary)));
        self.line(&format!("DESCRIPTION:{}", escaped(event.description)));
        // Being on call keeps nobody from being invited elsewhere.
        self.line("TRANSP:TRANSPARENT");
        self.line("END:VEVENT");
    }

    pub(super) fn text(mut self) -> String {
        self.line("END:VCALENDAR");
        self.text
    }

    /// Writes a line, folded between characters where it is long.
    fn line(&mut self, line: &str) {
        let mut room = LINE_BYTES;
        for character in line.chars() {
            if character.len_utf8() > room {
                self.text.push_str("\r\n ");
                room = LINE_BYTES - 1;
            }
            self.text.push(character);
            room -= character.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

/// `20260601T090000Z`.
fn moment(instant: Instant) -> String {
    let wire = instant.wire();
    let seconds = wire.split('.').next().unwrap_or_default();
    seconds.chars().filter(|character| !matches!(character, '-' | ':')).chain(['Z']).collect()
}

fn identity(owner: &str, from: &str) -> String {
    let digest = Sha256::digest(format!("{owner}\n{from}"));
    URL_SAFE_NO_PAD.encode(&digest[..16])
}

/// The text as a value of the type TEXT (RFC 5545 §3.3.11), without control characters, which it cannot hold.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            control if control.is_control() && control != '\t' => {}
            plain => escaped.push(plain),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(name: &str, summary: &str) -> Vec<String> {
        let instant = |text: &str| Instant::parse(text).unwrap();
        let mut calendar = Calendar::new(name, instant("2026-06-01T12:00:00.9"));
        let (from, until) = (instant("2026-06-01T09:00:00"), instant("2026-06-02T09:00:00"));
        calendar.add(&Event { owner: "r", from, until, summary, description: "-" });
        let within_a_second = from.plus_micros(999_999);
        calendar.add(&Event { owner: "r", from, until: within_a_second, summary, description: "-" });
        calendar.text().split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_calendar_is_written_line_by_line() {
        let expected = "BEGIN:VCALENDAR VERSION:2.0 PRODID:-//Reveille//On_call//EN CALSCALE:GREGORIAN METHOD:PUBLISH \
                        NAME:n X-WR-CALNAME:n REFRESH-INTERVAL;VALUE=DURATION:PT1H X-PUBLISHED-TTL:PT1H BEGIN:VEVENT \
                        UID:fPE5XqrCwNRaH-7UEiUNog@reveille DTSTAMP:20260601T120000Z DTSTART:20260601T090000Z \
                        DTEND:20260602T090000Z SUMMARY:s DESCRIPTION:- TRANSP:TRANSPARENT END:VEVENT END:VCALENDAR ";
        let lines: Vec<_> = lines("n", "s").iter().map(|line| line.replace(' ', "_")).collect();
        assert_eq!(lines.join(" "), expected);
    }

    #[test]
    fn texts_are_escaped() {
        let lines = lines("a,b;c\\d\r\ne\u{7}\tf", "s");
        assert!(lines.contains(&"NAME:a\\,b\\;c\\\\d\\ne\tf".to_owned()), "{lines:?}");
    }

    #[test]
    fn no_line_has_more_than_75_bytes_and_no_character_is_torn() {
        for length in 60..80 {
            let name = format!("{}{}", "x".repeat(length), "👍ß".repeat(60));
            let lines = lines(&name, "s");
            assert!(lines.iter().all(|line| line.len() <= LINE_BYTES), "{lines:?}");
            let unfolded = lines.join("\r\n").replace("\r\n ", "");
            assert!(unfolded.contains(&format!("X-WR-CALNAME:{name}\r\n")));
        }
    }

    #[test]
    fn an_event_is_known_again_by_its_owner_and_its_beginning() {
        assert_eq!(identity("r", "20260601T090000Z"), identity("r", "20260601T090000Z"));
        assert_ne!(identity("r", "20260601T090000Z"), identity("q", "20260601T090000Z"));
        assert_ne!(identity("r", "20260601T090000Z"), identity("r", "20260601T090001Z"));
    }
}
