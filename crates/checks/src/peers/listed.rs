//! The incidents that a mail tells of.

use serde_json::Value;

/// Their numbers in the organization: of the one in its subject, or of those that it counts and lists.
pub fn numbers_in_mail(mail: &Value) -> Vec<i64> {
    let subject = mail["subject"].as_str().expect("a subject");
    if let Some((number, _)) = subject.trim_start_matches("[#").split_once("] High: ") {
        return vec![number.parse().expect("a number")];
    }
    let count: usize =
        subject.split_once(" incidents: ").unwrap_or_else(|| panic!("{mail}")).0.parse().expect("a count");
    let is_list = |line: &&str| line.starts_with('#') && !line.contains("High");
    let body = mail["body"].as_str().expect("a text");
    let list = body.lines().find(is_list).unwrap_or_else(|| panic!("{mail}"));
    let numbers: Vec<i64> = list.split(", ").flat_map(range).collect();
    assert_eq!(numbers.len(), count, "{list}");
    numbers
}

/// `#7`, or `#7–#9` with all between.
fn range(text: &str) -> std::ops::RangeInclusive<i64> {
    let number = |text: &str| text.trim().trim_start_matches('#').parse::<i64>().expect("a number");
    let (first, last) = text.split_once('\u{2013}').unwrap_or((text, text));
    number(first)..=number(last)
}
