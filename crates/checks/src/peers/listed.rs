//! The incidents that a mail tells of.

use serde_json::Value;

/// Their numbers in the organization: of the one in its subject, or of all that it counts and lists.
pub fn numbers_in_mail(mail: &Value) -> Vec<i64> {
    let subject = mail["subject"].as_str().expect("a subject");
    if let Some((number, _)) = subject.strip_prefix("[#").and_then(|rest| rest.split_once("] ")) {
        return vec![number.parse().expect("a number")];
    }
    // `7 incidents and 1 update: …`
    let counted = subject.split_once(": ").unwrap_or_else(|| panic!("{mail}")).0;
    let count: usize = counted.split_whitespace().filter_map(|word| word.parse::<usize>().ok()).sum();
    let body = mail["body"].as_str().expect("a text");
    let lists = body.lines().map(|line| line.strip_prefix("Updates: ").unwrap_or(line));
    let numbers: Vec<i64> =
        lists.filter(|line| is_list(line)).flat_map(|list| list.split(", ")).flat_map(range).collect();
    assert_eq!(numbers.len(), count, "{mail}");
    numbers
}

fn is_list(line: &str) -> bool {
    line.starts_with('#') && line.chars().all(|part| part.is_ascii_digit() || "#\u{2013}, ".contains(part))
}

/// `#7`, or `#7–#9` with all between.
fn range(text: &str) -> std::ops::RangeInclusive<i64> {
    let number = |text: &str| text.trim().trim_start_matches('#').parse::<i64>().expect("a number");
    let (first, last) = text.split_once('\u{2013}').unwrap_or((text, text));
    number(first)..=number(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_numbers_of_a_mail_are_found_in_whichever_way_it_tells_of_them() {
        let table = [
            ("[#7] High: Disk full", "", vec![7]),
            ("[#7] Resolved: Disk full", "", vec![7]),
            ("3 incidents: #1 High: x, and 2 more", "x,\r\n\r\n#1, #3\u{2013}#4\r\n\r\n#1 High: x", vec![1, 3, 4]),
            ("1 incident and 2 updates: #9 x", "#9\r\nUpdates: #2\u{2013}#3\r\n\r\n#9 High: x", vec![9, 2, 3]),
            ("1 update: #9 Resolved: x", "#9\r\n\r\n#9 Resolved: x", vec![9]),
        ];
        for (subject, body, expected) in table {
            assert_eq!(numbers_in_mail(&json!({"subject": subject, "body": body})), expected, "{subject}");
        }
    }
}
