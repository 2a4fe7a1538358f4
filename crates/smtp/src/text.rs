//! The text of a mail as it arrives after DATA: its end, its dots, its bounds.

use crate::bounds::LINE_BYTES;
use domain::limits::MAIL_BYTES;

/// Where in the text the next byte stands. Only a line that follows CR LF can be the end: what ends by a bare CR or LF, which
/// some servers pass on and others take for an end of line, never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// At the beginning of a line that CR LF ended.
    Start,
    /// After a dot there.
    Dot,
    /// After a dot and CR.
    DotCr,
    /// Within a line.
    Within,
    /// After CR within a line.
    Cr,
}

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It has too many bytes.
    TooLarge,
    /// A line has.
    LineTooLong,
    /// There is no room for large ones now.
    NoRoom,
}

/// A text that arrives. Of one that is not taken nothing more is kept.
#[derive(Debug)]
pub(crate) struct Text {
    at: At,
    bytes: Vec<u8>,
    line_bytes: usize,
    has_bare_ends: bool,
    fault: Option<Fault>,
}

/// A text that is there as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    pub(crate) bytes: Vec<u8>,
    /// Whether lines ended by CR or LF alone; they end by both now.
    pub(crate) has_bare_ends: bool,
}

impl Text {
    pub(crate) fn new() -> Self {
        Self { at: At::Start, bytes: Vec::new(), line_bytes: 0, has_bare_ends: false, fault: None }
    }

    /// Bytes kept so far.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes what is there; how many bytes belong to the text, and whether it has ended with the last of them.
    pub(crate) fn receive(&mut self, input: &[u8]) -> (usize, bool) {
        for (index, byte) in input.iter().enumerate() {
            if self.next(*byte) {
                return (index + 1, true);
            }
        }
        (input.len(), false)
    }

    /// The text, once it has ended.
    pub(crate) fn finish(self) -> Result<Whole, Fault> {
        match self.fault {
            Some(fault) => Err(fault),
            None => Ok(Whole { bytes: self.bytes, has_bare_ends: self.has_bare_ends }),
        }
    }

    /// Nothing of it is taken.
    pub(crate) fn refuse(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
        self.bytes = Vec::new();
    }

    /// Whether the text has ended with this byte.
    fn next(&mut self, byte: u8) -> bool {
        self.at = match (self.at, byte) {
            (At::DotCr, b'\n') => return true,
            (At::Start, b'.') => At::Dot,
            (At::Dot, b'\r') => At::DotCr,
            (At::Cr, b'\n') => {
                self.end_line();
                At::Start
            }
            // The CR before was bare; so was that behind a dot, which stands for nothing but itself.
            (At::Cr | At::DotCr, _) => {
                self.bare_end();
                self.within(byte)
            }
            (At::Start | At::Dot | At::Within, _) => self.within(byte),
        };
        false
    }

    fn within(&mut self, byte: u8) -> At {
        match byte {
            b'\r' => At::Cr,
            b'\n' => {
                self.bare_end();
                At::Within
            }
            byte => {
                self.line_bytes += 1;
                if self.line_bytes > LINE_BYTES {
                    self.refuse(Fault::LineTooLong);
                }
                self.push(&[byte]);
                At::Within
            }
        }
    }

    fn bare_end(&mut self) {
        self.has_bare_ends = true;
        self.end_line();
    }

    fn end_line(&mut self) {
        self.line_bytes = 0;
        self.push(b"\r\n");
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.fault.is_some() {
            return;
        }
        if self.bytes.len() + bytes.len() > MAIL_BYTES {
            return self.refuse(Fault::TooLarge);
        }
        self.bytes.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text of the input, and what is left of it.
    fn read(input: &[u8]) -> Option<(Result<Whole, Fault>, Vec<u8>)> {
        let mut text = Text::new();
        let (taken, is_over) = text.receive(input);
        is_over.then(|| (text.finish(), input[taken..].to_vec()))
    }

    #[test]
    fn only_a_dot_between_two_ends_of_line_is_the_end() {
        let table: [(&str, &str, bool); 10] = [
            (".\r\n", "", false),
            ("a\r\n.\r\n", "a\r\n", false),
            ("a\n.\n.\r\nb\r\n.\r\n", "a\r\n.\r\n.\r\nb\r\n", true),
            ("a\r\n.\nMAIL FROM:<x>\r\n.\r\n", "a\r\n\r\nMAIL FROM:<x>\r\n", true),
            ("a\n.\r\nMAIL FROM:<x>\r\n.\r\n", "a\r\n.\r\nMAIL FROM:<x>\r\n", true),
            ("a\r.\r\nb\r\n.\r\n", "a\r\n.\r\nb\r\n", true),
            ("a\r\n.\rb\r\n.\r\n", "a\r\n\r\nb\r\n", true),
            ("a\r\r\n.\r\n", "a\r\n\r\n", true),
            ("a\r\n..\r\n...b\r\n.\r\n", "a\r\n.\r\n..b\r\n", false),
            ("a\r\n.b\r\n.\r\n", "a\r\nb\r\n", false),
        ];
        for (input, expect, has_bare_ends) in table {
            let (whole, rest) = read(format!("{input}rest").as_bytes()).expect(input);
            let expect = Whole { bytes: expect.as_bytes().to_vec(), has_bare_ends };
            assert_eq!((whole, rest.as_slice()), (Ok(expect), b"rest".as_slice()), "{input:?}");
        }
        for endless in ["a\n.\n", "a\r\n.\n", "\n.\r\n", "a\r.\r", "a\r\n.\r", ".", "\r\n..\r\n"] {
            assert_eq!(read(endless.as_bytes()), None, "{endless:?}");
        }
    }

    #[test]
    fn what_is_too_large_or_has_too_long_a_line_is_read_to_its_end_and_not_kept() {
        let line = format!("{}\r\n", "x".repeat(998));
        let mut text = Text::new();
        for _ in 0..=MAIL_BYTES / 1_000 {
            assert_eq!(text.receive(line.as_bytes()), (1_000, false));
        }
        assert_eq!((text.len(), text.receive(b".\r\nQUIT\r\n")), (0, (3, true)));
        assert_eq!(text.finish(), Err(Fault::TooLarge));
        let mut text = Text::new();
        text.receive(&vec![b'x'; LINE_BYTES]);
        assert_eq!(text.len(), LINE_BYTES);
        text.receive(b"x\r\n.\r\n");
        assert_eq!(text.finish(), Err(Fault::LineTooLong));
    }

    proptest! {
        #[test]
        fn what_a_client_sends_arrives_however_it_is_cut(lines in prop::collection::vec("[a.]{0,4}", 0..8), size in 1_usize..9) {
            let sent: String = lines.iter().map(|line| {
                let dot = if line.starts_with('.') { "." } else { "" };
                format!("{dot}{line}\r\n")
            }).collect();
            let sent = format!("{sent}.\r\nQUIT\r\n");
            let mut text = Text::new();
            let mut taken = 0;
            for part in sent.as_bytes().chunks(size) {
                let (some, is_over) = text.receive(part);
                taken += some;
                if is_over {
                    break;
                }
            }
            let expect: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            prop_assert_eq!(taken, sent.len() - 6);
            prop_assert_eq!(text.finish(), Ok(Whole { bytes: expect.into_bytes(), has_bare_ends: false }));
        }
    }
}
