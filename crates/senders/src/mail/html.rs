//! HTML of mails as text: blocks begin lines, cells are kept apart, links are kept beside. Nothing is fetched.

use domain::intake::Link;
use mail_parser::decoders::html::html_to_text;

/// Tags that begin or end a line.
const BLOCKS: [&str; 18] = [
    "address",
    "blockquote",
    "div",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "pre",
    "table",
    "tr",
    "ul",
];
/// Tags that stand apart from what is beside them.
const CELLS: [&str; 2] = ["td", "th"];
/// Links of one mail.
const LINKS: usize = domain::limits::LINKS;

/// The text of a page.
pub(super) fn text(html: &str) -> String {
    let mut marked = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        marked.push_str(before);
        let name = name_of(tag);
        if BLOCKS.contains(&name.as_str()) {
            marked.push_str("<br>");
        } else if CELLS.contains(&name.as_str()) {
            marked.push(' ');
        }
        // What begins no tag is a sign.
        let is_tag = tag[1..].starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'));
        marked.push_str(if is_tag { "<" } else { "&lt;" });
        rest = &tag[1..];
    }
    marked.push_str(rest);
    let text = html_to_text(&marked);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The links of a page, each once.
pub(super) fn links(html: &str) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let lower = html.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower[from..].find("<a ") {
        let start = from + found;
        let Some(length) = html[start..].find('>') else { break };
        let (tag, inside) = html[start..].split_at(length);
        let end = lower[start + length..].find("</a").unwrap_or(inside.len());
        from = start + length;
        let Some(url) = href(tag).filter(|url| is_web(url)) else { continue };
        let caption =
            html_to_text(inside[..end].trim_start_matches('>')).split_whitespace().collect::<Vec<_>>().join(" ");
        if links.len() < LINKS && links.iter().all(|link| link.url != url) {
            let text = if caption.is_empty() { url.clone() } else { caption };
            links.push(Link { text, url });
        }
    }
    links
}

/// Whether a browser opens it; what else there is to say against an address, intake says.
fn is_web(url: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
    })
}

/// The name of the tag at the beginning, in lower case, be it one that opens or closes.
fn name_of(tag: &str) -> String {
    let name = tag.trim_start_matches(['<', '/']);
    name.chars().take(12).take_while(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn href(tag: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find("href")?;
    let value = tag[at + 4..].trim_start().strip_prefix('=')?.trim_start();
    let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.split(*quote).next());
    let value = quoted.or_else(|| value.split(char::is_whitespace).next())?;
    Some(value.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_begin_lines_and_what_is_not_shown_is_left_out() {
        let table = [
            ("<html><head><title>x</title></head><body><p>One</p><p>Two</p></body></html>", "One\nTwo"),
            ("<div>a<div>b</div></div>c", "a\nb\nc"),
            ("<table><tr><td>cpu</td><td>97&nbsp;%</td></tr><tr><th>db</th></tr></table>", "cpu 97\u{a0}%\ndb"),
            ("<style>p { }</style><script>alert(1)</script>seen &lt;b&gt; &amp; &#252;<!-- not -->", "seen <b> & ü"),
            ("a < b", "a < b"),
            ("no tags", "no tags"),
            ("<", "<"),
        ];
        for (html, expect) in table {
            assert_eq!(text(html), expect, "{html}");
        }
    }

    #[test]
    fn links_that_can_be_opened_are_kept_once_with_their_texts() {
        let html = "<A class=x HREF='https://a.example/?x=1&amp;y=2'>Show <b>it</b></A> <a href=https://b.example>\u{130}</a>\
            <a href=\"javascript:alert(1)\">no</a><a name=\"top\">no</a><a href=\"https://b.example\">again</a><a href=";
        let links: Vec<_> = links(html).into_iter().map(|link| (link.text, link.url)).collect();
        let expect = [("Show it", "https://a.example/?x=1&y=2"), ("\u{130}", "https://b.example")];
        assert_eq!(links, expect.map(|(text, url)| (text.to_owned(), url.to_owned())));
    }
}
