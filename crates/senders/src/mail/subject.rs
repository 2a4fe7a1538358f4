//! Subjects without what changes from one mail about a problem to the next.

/// What stands before the subject of an answer or of what is passed on, in the languages of the usual programs.
const PREFIXES: [&str; 12] = ["re", "fw", "fwd", "aw", "wg", "sv", "vs", "vb", "antw", "tr", "rif", "res"];

/// A subject without answers, tags in brackets, digits and case; `None` if nothing is left.
pub(super) fn normalised(subject: &str) -> Option<String> {
    let mut bare = String::with_capacity(subject.len());
    let mut depth = 0_usize;
    for letter in subject.to_lowercase().chars() {
        match letter {
            '[' => depth += 1,
            ']' if depth > 0 => depth -= 1,
            _ if depth > 0 || letter.is_ascii_digit() => {}
            letter => bare.push(letter),
        }
    }
    let mut rest = bare.trim();
    while let Some((head, tail)) = rest.split_once(':') {
        if !PREFIXES.contains(&head.trim()) {
            break;
        }
        rest = tail.trim_start();
    }
    let words: Vec<_> = rest.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_from_mail_to_mail_is_left_out() {
        let table = [
            ("Disk of db-1 is 97 % full", Some("disk of db- is % full")),
            ("RE: AW: Fwd:  Disk of db-2 is 3 % full", Some("disk of db- is % full")),
            ("[FIRING:3] [prod] Latency", Some("latency")),
            ("Re[2]: Latency", Some("latency")),
            ("Reason: unknown", Some("reason: unknown")),
            ("[42]", None),
            ("", None),
        ];
        for (subject, expect) in table {
            assert_eq!(normalised(subject).as_deref(), expect, "{subject}");
        }
    }
}
