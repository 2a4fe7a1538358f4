//! Other people's text as each chat shows it and does not obey it: no mention, no link under another name, no layout.

/// What breaks a mention or a mark without being seen.
const NOTHING: char = '\u{200b}';

/// For Slack, in text that is not formatted: it looks only at these three.
pub(super) fn entities(text: &str) -> Vec<String> {
    let write = |character| match character {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(write).collect()
}

/// For Markdown as Discord and Mattermost read it. A plain web address stays as it is, or it would lead elsewhere.
pub(super) fn markdown(text: &str) -> Vec<String> {
    let mut pieces = Vec::with_capacity(text.len());
    let mut before = ' ';
    for word in text.split_inclusive(char::is_whitespace) {
        let is_address = is_plain_address(word.trim_end());
        for character in word.chars() {
            pieces.push(match character {
                mark if !is_address && "\\`*_~[]()<>|#!".contains(mark) => format!("\\{mark}"),
                '@' if !is_address && !before.is_alphanumeric() => format!("@{NOTHING}"),
                other => other.to_string(),
            });
            before = character;
        }
    }
    pieces
}

/// For Google Chat, where an angle bracket begins a mention and a link.
pub(super) fn brackets(text: &str) -> Vec<String> {
    let write = |character| match character {
        '<' => format!("<{NOTHING}"),
        other => other.to_string(),
    };
    text.chars().map(write).collect()
}

/// For Telegram, which formats nothing that is not asked for but finds mentions by itself.
pub(super) fn mentions(text: &str) -> Vec<String> {
    let mut before = ' ';
    let write = |character: char| {
        let opens = character == '@' && !before.is_alphanumeric();
        before = character;
        if opens { format!("@{NOTHING}") } else { character.to_string() }
    };
    text.chars().map(write).collect()
}

/// A URL of ours as it may stand in any of them, between any brackets.
pub(super) fn address(url: &str) -> String {
    let write = |character: char| match character {
        '(' => "%28".to_owned(),
        ')' => "%29".to_owned(),
        '<' => "%3C".to_owned(),
        '>' => "%3E".to_owned(),
        '|' => "%7C".to_owned(),
        ' ' => "%20".to_owned(),
        other => other.to_string(),
    };
    url.chars().map(write).collect()
}

/// Whether the word is a web address of characters that are marks nowhere in the middle of one.
fn is_plain_address(word: &str) -> bool {
    let rest = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:/?#@$&+,;=%".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(escape: fn(&str) -> Vec<String>, text: &str, expect: &str) {
        assert_eq!(escape(text).concat(), expect);
    }

    #[test]
    fn slack_sees_no_control_character() {
        check(entities, "<!channel> & <@U1> <https://a|b>", "&lt;!channel&gt; &amp; &lt;@U1&gt; &lt;https://a|b&gt;");
    }

    #[test]
    fn markdown_is_shown_and_not_obeyed() {
        for (text, expect) in [
            ("@everyone @here", "@\u{200b}everyone @\u{200b}here"),
            ("(@channel)", "\\(@\u{200b}channel\\)"),
            ("ann@example.org", "ann@example.org"),
            ("[ok](https://evil.example)", "\\[ok\\]\\(https://evil.example\\)"),
            ("<@1> <#2>", "\\<@\u{200b}1\\> \\<\\#2\\>"),
            ("*a* _b_ ~c~ `d` ||e||", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|\\|e\\|\\|"),
            ("# head\n> quote \\", "\\# head\n\\> quote \\\\"),
            ("see https://wiki.example/a_b?c=~d#e now", "see https://wiki.example/a_b?c=~d#e now"),
            ("https://a.example/)[x](https://b", "https://a.example/\\)\\[x\\]\\(https://b"),
            ("https://a.example/`x`", "https://a.example/\\`x\\`"),
        ] {
            check(markdown, text, expect);
        }
    }

    #[test]
    fn google_chat_sees_no_mention_and_no_link() {
        check(brackets, "<users/all> <https://a|b>", "<\u{200b}users/all> <\u{200b}https://a|b>");
    }

    #[test]
    fn telegram_finds_no_mention() {
        check(mentions, "@ann @all me@example.org /start", "@\u{200b}ann @\u{200b}all me@example.org /start");
    }

    #[test]
    fn a_url_cannot_end_its_brackets() {
        assert_eq!(address("https://a/b(c)<d>|e f"), "https://a/b%28c%29%3Cd%3E%7Ce%20f");
    }
}
