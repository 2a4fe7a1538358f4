//! Notes in Markdown are HTML of a few elements, whatever was typed.

use super::html;
use proptest::prelude::*;

#[test]
fn a_note_is_shown_as_it_was_meant() {
    for (typed, shown) in [
        ("It was the disk", "<p>It was the disk</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        (
            "**now** and *then*, `rm -rf`, ~~no~~",
            "<p><strong>now</strong> and <em>then</em>, <code>rm -rf</code>, <del>no</del></p>",
        ),
        ("# Why\n\n- a\n- b", "<p><strong>Why</strong></p><ul><li>a</li><li>b</li></ul>"),
        ("3. c\n4. d", "<ol start=\"3\"><li>c</li><li>d</li></ol>"),
        ("> said\n\n---", "<blockquote><p>said</p></blockquote><hr>"),
        ("```\na < b\n  c\n```", "<pre>a &#60; b\n  c\n</pre>"),
        ("snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"),
        ("a #12 b", "<p>a #12 b</p>"),
        ("", ""),
    ] {
        assert_eq!(html(typed), shown, "{typed:?}");
    }
}

#[test]
fn a_link_leads_to_the_web_alone_and_says_to_which_host() {
    let link = |url: &str, host: &str, words: &str| {
        format!("<a href=\"{url}\" rel=\"noopener noreferrer\"><bdi>{words}</bdi> ({host}) ↗</a>")
    };
    let bare = link("https://a.example/x_y?z=1&#38;b", "a.example", "https://a.example/x_y?z=1&#38;b");
    for (typed, shown) in [
        (
            "see [the runbook](https://a.example/r)",
            format!("<p>see {}</p>", link("https://a.example/r", "a.example", "the runbook")),
        ),
        ("see https://a.example/x_y?z=1&b.", format!("<p>see {bare}.</p>")),
        (
            "\u{202e}this way [x](https://a.example/r)",
            format!("<p><bdi>\u{202e}this way </bdi>{}</p>", link("https://a.example/r", "a.example", "x")),
        ),
        ("<http://a.example>", format!("<p>{}</p>", link("http://a.example", "a.example", "http://a.example"))),
        (
            "[bank](https://bank.example@evil.example/)",
            format!("<p>{}</p>", link("https://bank.example@evil.example/", "evil.example", "bank")),
        ),
        ("[x](javascript:alert(1)) [y](data:text/html,z) [z](/app/settings)", "<p>x y z</p>".to_owned()),
        (
            "![a picture](https://a.example/p.png)",
            format!("<p>{}</p>", link("https://a.example/p.png", "a.example", "a picture")),
        ),
        ("`https://a.example`", "<p><code>https://a.example</code></p>".to_owned()),
        ("https:// and http://", "<p>https:// and http://</p>".to_owned()),
    ] {
        assert_eq!(html(typed), shown, "{typed:?}");
    }
}

#[test]
fn what_is_typed_as_html_is_text() {
    for (typed, shown) in [
        ("<script>alert(1)</script>", "<p>&#60;script&#62;alert(1)&#60;/script&#62;</p>"),
        ("a <b onclick='x'>b</b>", "<p>a &#60;b onclick=&#39;x&#39;&#62;b&#60;/b&#62;</p>"),
        (
            "[a\"b](https://a.example/\"onclick=\"x)",
            "<p><a href=\"https://a.example/&#34;onclick=&#34;x\" rel=\"noopener noreferrer\"><bdi>a&#34;b</bdi> (a.example) ↗</a></p>",
        ),
    ] {
        assert_eq!(html(typed), shown, "{typed:?}");
    }
}

#[test]
fn a_note_of_which_nothing_would_be_seen_is_shown_as_it_was_typed() {
    assert_eq!(html("[a]: https://a.example"), "<pre>[a]: https://a.example</pre>");
}

#[test]
fn a_note_that_is_deep_is_shown_without_depth() {
    let (quotes, lists) = (">".repeat(3_000), "- ".repeat(3_000));
    for typed in [format!("{quotes} deep"), format!("{lists} deep"), format!("{} deep", "> - ".repeat(2_000))] {
        let shown = html(&typed);
        assert!(shown.contains("deep") && shown.matches('<').count() < 100, "{}", shown.len());
        balanced(&shown);
    }
}

/// Every tag is one of those that notes may have, and is ended in its turn.
fn balanced(shown: &str) {
    let mut open = Vec::new();
    for part in shown.split('<').skip(1) {
        let tag = part.split_once('>').expect("its end").0;
        match tag {
            "br" | "hr" => {}
            "p" | "strong" | "em" | "del" | "code" | "pre" | "ul" | "li" | "blockquote" | "bdi" => open.push(tag),
            _ if let Some(end) = tag.strip_prefix('/') => assert_eq!(open.pop(), Some(end), "{shown}"),
            _ if tag.starts_with("ol start=\"") && tag[10..tag.len() - 1].parse::<u64>().is_ok() => open.push("ol"),
            _ => {
                let url = tag.strip_prefix("a href=\"http").unwrap_or_else(|| panic!("{tag}: {shown}"));
                assert!(url.starts_with("://") || url.starts_with("s://"), "{shown}");
                let (url, rest) = url.split_once('"').expect("its end");
                assert!(!url.contains(['<', '>', '\'']) && rest == " rel=\"noopener noreferrer\"", "{shown}");
                open.push("a");
            }
        }
    }
    assert!(open.is_empty(), "{shown}");
}

proptest! {
    #[test]
    fn whatever_is_typed_has_only_those_elements_and_each_is_ended(
        typed in "([a-z*_~`#>+.!\\[\\]()<&\"'\\\\ \n\t-]|https?://[a-z.]{1,9}|<[a-z]{1,6}|[0-9]\\. |\\PC){0,60}",
    ) {
        balanced(&html(&typed));
    }
}
