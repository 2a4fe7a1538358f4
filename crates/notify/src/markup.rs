//! Text as HTML and XML write it: nobody's text can become an element.

/// The text in pieces, one for each character, as it may stand in an element and between quotes; what XML cannot hold
/// becomes a space.
pub fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(|_: char| true).map(|character| match character {
        "&" => "&amp;",
        "<" => "&lt;",
        ">" => "&gt;",
        "\"" => "&quot;",
        "'" => "&#39;",
        "\n" | "\r" | "\t" => character,
        "\u{fffe}" | "\u{ffff}" => " ",
        other if other.contains(char::is_control) => " ",
        other => other,
    })
}

/// The whole of [`pieces`].
pub fn escaped(text: &str) -> String {
    pieces(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_add_an_element_or_end_an_attribute() {
        let evil = "x</Say><Dial>+1900</Dial>\u{0}\u{b}\u{85}\u{fffe}\u{ffff}&amp;\"'";
        assert_eq!(escaped(evil), "x&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;     &amp;amp;&quot;&#39;");
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in ["", "Disk full", "a\r\n\tb", "Ärger über 😀 für Ünal"] {
            assert_eq!(escaped(text), text);
        }
    }
}
