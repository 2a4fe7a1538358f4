//! Cutting what a sender says to the product's limits: a machine cannot shorten it (intake §1).

use super::asked::{Responder, SenderCommand};
use super::received::{Link, Received, State};
use crate::{Instant, limits};
use std::borrow::Cow;

/// What stands where a text was cut.
const MARK: &str = "…";

impl Received {
    /// The same within all limits, with what had to be left out named in `repairs`. `source` names an alert that says
    /// nothing, and a time that cannot be is none.
    #[must_use]
    pub fn within_limits(mut self, source: &str, now: Instant) -> Self {
        let mut cut = Vec::new();
        if self.title.trim().is_empty() {
            let first = self.text.lines().map(str::trim).find(|line| !line.is_empty());
            self.title = first.map_or_else(|| format!("Alert from {source}"), str::to_owned);
        }
        // A title is one line.
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        self.title = characters(&plain(&title), limits::TITLE_CHARACTERS, "the title was cut", &mut cut);
        self.text = bytes(&plain(&self.text), limits::DESCRIPTION_BYTES, "the text was cut", &mut cut);
        self.identity = self.identity.take().map(|identity| plain(&identity).into_owned());
        self.tags = tags(&self.tags, &mut cut);
        self.note = bytes(&plain(&self.note), limits::NOTES_BYTES, "the note was cut", &mut cut);
        few(&mut self.responders, &mut cut);
        if let State::Asked(asked) = &mut self.state {
            asked.what = asked.what.clone().within_limits(&mut cut);
        }
        self.links.retain(|link| is_web(&link.url));
        if self.links.len() > limits::LINKS {
            cut.push("links were left out".to_owned());
            self.links.truncate(limits::LINKS);
        }
        for Link { text, url } in &mut self.links {
            *text = characters(&plain(text), limits::TAG_CHARACTERS, "a link was cut", &mut cut);
            *url = plain(url).into_owned();
        }
        self.images.retain(|url| is_web(url));
        self.images.truncate(limits::IMAGES);
        let is_sane = |at: &Instant| {
            *at <= now.plus_minutes(limits::FUTURE_MINUTES) && *at >= now.plus_micros(-limits::PAST_MICROS)
        };
        if self.occurred_at.is_some_and(|at| !is_sane(&at)) {
            cut.push("the sender's time cannot be".to_owned());
            self.occurred_at = None;
        }
        self.repairs.extend(cut);
        self.repairs.dedup();
        self
    }
}

impl SenderCommand {
    /// The same within all limits, with what had to be left out named in `cut`.
    fn within_limits(self, cut: &mut Vec<String>) -> Self {
        let text = |text: &String| plain(text).into_owned();
        match self {
            Self::AddTags(given) => Self::AddTags(tags(&given, cut)),
            Self::RemoveTags(given) => Self::RemoveTags(tags(&given, cut)),
            Self::AddDetails(details) => {
                Self::AddDetails(details.iter().map(|(name, value)| (text(name), text(value))).collect())
            }
            Self::RemoveDetails(names) => Self::RemoveDetails(names.iter().map(text).collect()),
            Self::Perform(name) => Self::Perform(text(&name)),
            Self::AddResponders(mut responders) => {
                few(&mut responders, cut);
                Self::AddResponders(responders)
            }
            other => other,
        }
    }
}

/// A key of a problem as it is shown: its beginning.
pub fn shown_identity(identity: &str) -> String {
    bytes(identity, limits::DEDUP_KEY_BYTES, "", &mut Vec::new())
}

fn tags(given: &[String], cut: &mut Vec<String>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in given {
        let tag = characters(plain(tag.trim()).as_ref(), limits::TAG_CHARACTERS, "a tag was cut", cut);
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
        // A sender can give very many, and each is compared with those before it.
        if tags.len() > limits::TAGS {
            cut.push("tags were left out".to_owned());
            tags.truncate(limits::TAGS);
            break;
        }
    }
    tags
}

/// Each is looked up in the directory, while everybody else who changes something waits.
fn few(responders: &mut Vec<Responder>, cut: &mut Vec<String>) {
    if responders.len() > limits::RESPONDERS {
        cut.push("responders were left out".to_owned());
        responders.truncate(limits::RESPONDERS);
    }
}

/// Whether a link may be shown: a scheme that a browser opens without doing anything else, and no blanks.
fn is_web(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let known = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    known && url.len() <= limits::LINK_BYTES && !url.chars().any(|letter| letter.is_whitespace() || letter.is_control())
}

/// Without NUL, which no database keeps in a text.
fn plain(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

fn characters(text: &str, most: usize, said: &str, cut: &mut Vec<String>) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => {
            cut.push(said.to_owned());
            text.chars().take(most.saturating_sub(1)).chain(MARK.chars()).collect()
        }
    }
}

fn bytes(text: &str, most: usize, said: &str, cut: &mut Vec<String>) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    cut.push(said.to_owned());
    let end = text.floor_char_boundary(most.saturating_sub(MARK.len()));
    [&text[..end], MARK].concat()
}

#[cfg(test)]
mod tests {
    use super::super::asked::Asked;
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_with_a_mark_and_named() {
        let mut long = Received::of(State::Firing);
        long.title = "ü".repeat(600);
        long.text = "é".repeat(limits::DESCRIPTION_BYTES);
        long.tags = ["x".repeat(200)].into_iter().chain((0..60).map(|number| format!("tag {number}"))).collect();
        long.links = vec![
            Link { text: "Runbook".to_owned(), url: "HTTPS://wiki/run".to_owned() },
            Link { text: "Bad".to_owned(), url: "javascript:alert(1)".to_owned() },
        ];
        long.images = vec!["data:image/png;base64,AA".to_owned(), "http://x/i.png".to_owned()];
        let cut = long.within_limits("prometheus", Instant(0));
        assert_eq!(cut.title.chars().count(), limits::TITLE_CHARACTERS);
        assert!(cut.title.ends_with('…') && cut.text.ends_with('…'));
        assert!(cut.text.len() <= limits::DESCRIPTION_BYTES);
        assert_eq!(cut.tags.len(), limits::TAGS);
        assert_eq!((cut.links.len(), cut.images.len()), (1, 1));
        assert_eq!(cut.repairs, ["the title was cut", "the text was cut", "a tag was cut", "tags were left out"]);
    }

    #[test]
    fn of_very_many_tags_or_responders_no_more_are_looked_at_than_are_kept() {
        // What is too long and comes too late is not even cut.
        let tags = || (0..60).map(|number| format!("tag {number}")).chain(["x".repeat(200)]).collect::<Vec<_>>();
        let named = || {
            let responder = |number: usize| Responder { kind: None, name: format!("{number}") };
            (0..60).map(responder).collect::<Vec<_>>()
        };
        let asked = |what| Received::of(State::Asked(Box::new(Asked { what, by: None })));
        let table = [
            (Received { tags: tags(), ..Received::of(State::Firing) }, "tags were left out"),
            (asked(SenderCommand::AddTags(tags())), "tags were left out"),
            (asked(SenderCommand::RemoveTags(tags())), "tags were left out"),
            (Received { responders: named(), ..Received::of(State::Firing) }, "responders were left out"),
            (asked(SenderCommand::AddResponders(named())), "responders were left out"),
        ];
        for (said, expect) in table {
            let cut = said.within_limits("prometheus", Instant(0));
            assert_eq!(cut.repairs, [expect]);
            assert!(cut.tags.len() <= limits::TAGS && cut.responders.len() <= limits::RESPONDERS);
            if let State::Asked(asked) = cut.state
                && let SenderCommand::AddResponders(responders) = asked.what
            {
                assert_eq!(responders.len(), limits::RESPONDERS);
            }
        }
    }

    #[test]
    fn an_alert_that_says_nothing_is_named_after_its_source() {
        let nothing = Received::of(State::Firing).within_limits("appliance", Instant(0));
        assert_eq!(nothing.title, "Alert from appliance");
        let mut text = Received::of(State::Firing);
        text.text = "\n  disk full\nmore".to_owned();
        assert_eq!(text.within_limits("appliance", Instant(0)).title, "disk full");
    }

    #[test]
    fn a_time_that_cannot_be_is_none() {
        let now = Instant(1_800_000_000_000_000);
        let mut table = vec![(now, true), (now.plus_minutes(4), true), (now.plus_minutes(6), false)];
        table.extend([(now.plus_micros(-29 * 86_400_000_000), true), (now.plus_micros(-31 * 86_400_000_000), false)]);
        for (at, kept) in table {
            let said = Received { occurred_at: Some(at), ..Received::of(State::Firing) };
            assert_eq!(said.within_limits("x", now).occurred_at.is_some(), kept, "{at:?}");
        }
    }
}
