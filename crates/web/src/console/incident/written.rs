//! Notes as people write them, in Markdown, as HTML that cannot do anything: a few elements, no HTML of theirs, no pictures, and
//! links to the web alone, with the host that they lead to. All that is shown without being escaped on a page is written here.

use super::outward::outward;
use pulldown_cmark::{Event, Options, Parser, Tag, TextMergeStream};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Elements within one another; what is deeper is shown without its own.
const DEEPEST: usize = 16;

/// The text as HTML. A text of which nothing would be seen is shown as it was typed.
pub(super) fn html(text: &str) -> String {
    let mut pen = Pen::default();
    for event in TextMergeStream::new(Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH)) {
        pen.event(event);
    }
    if pen.is_blank && !text.trim().is_empty() {
        return format!("<pre>{}</pre>", escaped(text));
    }
    pen.out
}

/// What is written so far.
struct Pen {
    out: String,
    /// What ends each element that is open.
    open: Vec<Cow<'static, str>>,
    /// Links, pictures and code that are open: in them no address is looked for.
    closed_to_links: usize,
    is_blank: bool,
}

impl Default for Pen {
    fn default() -> Self {
        Self { out: String::new(), open: Vec::new(), closed_to_links: 0, is_blank: true }
    }
}

impl Pen {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => {
                let end = self.open.pop().unwrap_or_default();
                self.out.push_str(&end);
                self.closed_to_links -= usize::from(is_closed_to_links(tag));
            }
            Event::Text(text) if self.closed_to_links == 0 => self.words(&text),
            // HTML is text like any other.
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => {
                self.out.push_str("<code>");
                self.text(&text);
                self.out.push_str("</code>");
            }
            // Whoever types two lines means two.
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => {
                self.out.push_str("<hr>");
                self.is_blank = false;
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        self.closed_to_links += usize::from(is_closed_to_links(tag.to_end()));
        let is_in_list = self.open.last().is_some_and(|end| matches!(&**end, "</ul>" | "</ol>"));
        let is_shown = match tag {
            Tag::Item => is_in_list,
            _ => self.open.len() < DEEPEST,
        };
        let end = if is_shown { self.element(tag) } else { "".into() };
        self.open.push(end);
    }

    /// Begins an element, and tells what ends it.
    fn element(&mut self, tag: &Tag<'_>) -> Cow<'static, str> {
        let (begin, end) = match tag {
            Tag::Paragraph | Tag::HtmlBlock => ("<p>", "</p>"),
            // A heading of a note is none of the page.
            Tag::Heading { .. } => ("<p><strong>", "</strong></p>"),
            Tag::BlockQuote(_) => ("<blockquote>", "</blockquote>"),
            Tag::CodeBlock(_) => ("<pre>", "</pre>"),
            Tag::List(None) => ("<ul>", "</ul>"),
            Tag::List(Some(first)) => {
                let _ = write!(self.out, "<ol start=\"{first}\">");
                ("", "</ol>")
            }
            Tag::Item => ("<li>", "</li>"),
            Tag::Emphasis => ("<em>", "</em>"),
            Tag::Strong => ("<strong>", "</strong>"),
            Tag::Strikethrough => ("<del>", "</del>"),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                return self.link(dest_url).map(Into::into).unwrap_or_default();
            }
            _ => ("", ""),
        };
        self.out.push_str(begin);
        end.into()
    }

    /// Begins a link to the web, and tells what ends it: the host that it leads to.
    fn link(&mut self, url: &str) -> Option<String> {
        let host = outward(url, "")?.host;
        let _ = write!(self.out, "<a href=\"{}\" rel=\"noopener noreferrer\"><bdi>", escaped(url));
        self.is_blank = false;
        Some(format!("</bdi> ({}) ↗</a>", escaped(&host)))
    }

    /// Text in which addresses of the web are links.
    fn words(&mut self, text: &str) {
        let mut rest = text;
        while let Some(place) = address(rest) {
            let (before, url) = (&rest[..place.start], &rest[place.clone()]);
            self.text(before);
            match self.link(url) {
                Some(end) => {
                    self.text(url);
                    self.out.push_str(&end);
                }
                None => self.text(url),
            }
            rest = &rest[place.end..];
        }
        self.text(rest);
    }

    /// Marks that turn the direction of what follows end with the text that they stand in: the host of a link stays as it is.
    fn text(&mut self, text: &str) {
        self.is_blank &= text.trim().is_empty();
        let (begin, end) = if text.contains(is_turn) { ("<bdi>", "</bdi>") } else { ("", "") };
        self.out.push_str(begin);
        self.out.push_str(&escaped(text));
        self.out.push_str(end);
    }
}

fn is_turn(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_closed_to_links(tag: pulldown_cmark::TagEnd) -> bool {
    use pulldown_cmark::TagEnd::{CodeBlock, Image, Link};
    matches!(tag, CodeBlock | Image | Link)
}

/// Where the next address of the web stands, without the marks that end a sentence.
fn address(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find("https://").into_iter().chain(text.find("http://")).min()?;
    let is_end = |letter: char| letter.is_whitespace() || letter.is_control() || "<>\"'`".contains(letter);
    let length = text[start..].find(is_end).unwrap_or(text.len() - start);
    let url = text[start..start + length].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '*', '_']);
    Some(start..start + url.len())
}

/// Text in which nothing is HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&#38;"),
            '<' => escaped.push_str("&#60;"),
            '>' => escaped.push_str("&#62;"),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
