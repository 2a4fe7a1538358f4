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
/// Bytes of a link's inside that are looked at for its text.
const CAPTION_BYTES: usize = 1024;

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

/// The links of a page, each once, at most [`LINKS`]. Each byte is looked at a fixed number of times, however many links begin
/// and never end.
pub(super) fn links(html: &str) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let lower = html.to_ascii_lowercase();
    let mut from = 0;
    while links.len() < LINKS {
        let Some(found) = lower[from..].find("<a ") else { break };
        let start = from + found;
        let Some(length) = html[start..].find('>') else { break };
        from = start + length;
        let url = href(&html[start..from]).filter(|url| is_web(url));
        let Some(url) = url.filter(|url| links.iter().all(|link| link.url != *url)) else { continue };
        let caption = caption(&html[from + 1..]);
        let text = if caption.is_empty() { url.clone() } else { caption };
        links.push(Link { text, url });
    }
    links
}

/// The text of a link, of what stands behind its tag.
fn caption(inside: &str) -> String {
    let inside = &inside[..inside.floor_char_boundary(CAPTION_BYTES)];
    let end = inside.to_ascii_lowercase().find("</a").unwrap_or(inside.len());
    html_to_text(&inside[..end]).split_whitespace().collect::<Vec<_>>().join(" ")
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
    #[test]
    fn a_link_that_does_not_end_has_the_text_that_follows_it_and_no_more_than_that() {
        let html = format!("<a href=http://a.example>{}", "word ".repeat(100_000));
        let links = links(&html);
        assert!(links[0].text.starts_with("word word"), "{links:?}");
        assert!(links[0].text.len() <= CAPTION_BYTES, "{} bytes", links[0].text.len());
    }

    #[test]
    fn a_page_of_nothing_but_links_is_read_up_to_those_that_are_kept() {
        let page = |link: fn(usize) -> String| (0..60_000).map(link).collect::<String>();
        assert_eq!(links(&page(|number| format!("<a href=http://x{number}>"))).len(), LINKS);
        assert_eq!(links(&page(|_| "<a href=http://x>".to_owned())).len(), 1);
        assert_eq!(links(&page(|number| format!("<a href=ftp://x{number}>"))).len(), 0);
    }
}
