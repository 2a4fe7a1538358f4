//! Messages of a stream, as `text/event-stream` writes them.

use std::fmt::Write;

/// What a page is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// What happens, for the script; where it says nothing, the pieces take their places.
    pub(super) name: Option<&'static str>,
    /// Pieces of the page, or what the script is told.
    pub(super) data: String,
}

/// The page is to look again, whole.
pub(super) const LOOK: &str = "look";
/// Incidents that belong into the list and may not be there.
pub(super) const FRESH: &str = "fresh";
/// Nobody is signed in any more.
pub(super) const SIGNED_OUT: &str = "signed-out";

/// What keeps proxies from taking a silent stream for a dead one.
pub(super) const COMMENT: &str = ": \n\n";

impl Message {
    /// Tells the script something.
    pub(super) fn named(name: &'static str, data: impl Into<String>) -> Self {
        Self { name: Some(name), data: data.into() }
    }

    /// Puts pieces into their places.
    pub(super) fn pieces(data: String) -> Self {
        Self { name: None, data }
    }

    /// As it is sent, with the stamp by which the page resumes.
    pub(super) fn text(&self, stamp: &str) -> String {
        let mut text = String::with_capacity(self.data.len() + 64);
        if let Some(name) = self.name {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "event: {name}");
        }
        let _ = writeln!(text, "id: {stamp}");
        for line in self.data.lines() {
            let _ = writeln!(text, "data: {line}");
        }
        if self.data.is_empty() {
            text.push_str("data: \n");
        }
        text.push('\n');
        text
    }
}

/// A piece that takes the place of the element with this id; nothing happens where there is none.
pub(super) fn piece(id: &str, html: &str) -> String {
    format!("<hx-partial hx-target=\"#{id}\" hx-swap=\"outerMorph\">{html}</hx-partial>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_a_message_is_data_whatever_it_holds() {
        let message = Message::pieces("<tr>\n\n<td>data: x\r\nevent: y</td>\n</tr>".to_owned());
        let text = message.text("7.1");
        assert_eq!(text, "id: 7.1\ndata: <tr>\ndata: \ndata: <td>data: x\ndata: event: y</td>\ndata: </tr>\n\n");
        assert_eq!(Message::named(LOOK, "").text("7.2"), "event: look\nid: 7.2\ndata: \n\n");
    }
}
