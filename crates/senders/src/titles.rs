//! Titles are one line; what a sender writes in several is told in the text.

use crate::members::paragraphs;
use domain::intake::Received;

/// Sets title and text. The first line is the title; a title of several lines is also the beginning of the text, and
/// where there is no title the first line of the text is. A text that says no more than the title is left out.
pub(crate) fn entitle(received: &mut Received, title: &str, text: String) {
    let title = title.trim();
    let (head, text) = match title.split_once(['\n', '\r']) {
        Some((head, _)) => (head.to_owned(), paragraphs([title.to_owned(), text])),
        None if title.is_empty() => (text.lines().next().unwrap_or_default().to_owned(), text),
        None => (title.to_owned(), text),
    };
    received.title = head.trim().to_owned();
    received.text = if text.trim() == received.title { String::new() } else { text };
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::intake::State;

    #[test]
    fn a_title_is_one_line_and_nothing_is_lost() {
        let table = [
            (("Down", "since noon"), ("Down", "since noon")),
            (("Down\nbadly", "since noon"), ("Down", "Down\nbadly\n\nsince noon")),
            (("", "Down\nsince noon"), ("Down", "Down\nsince noon")),
            (("Down", "Down"), ("Down", "")),
            (("", "Down"), ("Down", "")),
            (("", ""), ("", "")),
        ];
        for ((title, text), expect) in table {
            let mut received = Received::of(State::Firing);
            entitle(&mut received, title, text.to_owned());
            assert_eq!((&*received.title, &*received.text), expect, "{title}");
        }
    }
}
