//! The message of many notifications to one person: how many, which, and one way to act on all of them.

use super::one::headline;
use super::{Asks, Envelope, TITLE_SHORT, Words, seal, shortened, trusted_address};
use crate::carrier::Message;
use crate::message::link::Links;
use domain::directory::Directory;
use domain::{Urgency, Username, limits};
use serde_json::json;
use store::Bundled;

/// Incidents that a short message names by their titles.
const TITLES_IN_BRIEF: usize = 3;

/// The message of all of `bundled`, which are to `username` and not empty; `Err` says why there is nowhere to send it.
pub(crate) fn many(
    envelope: &Envelope,
    username: &Username,
    bundled: &[Bundled],
    directory: &Directory,
    links: Option<&Links>,
) -> Result<Message, String> {
    let address = trusted_address(envelope.channel, username, directory)?;
    let mut ordered: Vec<&Bundled> = bundled.iter().collect();
    order(&mut ordered);
    let numbers: Vec<i64> = ordered.iter().map(|bundled| bundled.number).collect();
    let pages = ordered.iter().filter(|bundled| is_page(bundled)).count();
    let sum = sum(pages, bundled.len() - pages);
    let first = ordered.first().map(|bundled| line(bundled, TITLE_SHORT)).unwrap_or_default();
    let words = Words {
        subject: format!("{sum}: {first}{}", and_more(bundled.len() - 1)),
        text: text(directory.shown_name(username), &sum, &ordered, links),
        brief: brief(&sum, &ordered),
        spoken: format!("{sum}. The first: {first}."),
        thread: format!("bundle-{}", envelope.delivery_id),
        urgency: ordered.first().map_or(Urgency::Minor, |bundled| bundled.notification.content.urgency),
        payload: json!({
            "type": "incident.bundle",
            "timestamp": envelope.due_at.wire(),
            "data": {
                "delivery_id": envelope.delivery_id,
                "preferred_username": username,
                "count": bundled.len(),
                "organization_instance_ids": numbers,
                "instance_ids": ordered.iter().map(|bundled| bundled.id.instance_id).collect::<Vec<_>>(),
            },
        }),
        asks: if pages > 0 { Asks::OfAll } else { Asks::Nothing },
        about: None,
        page: "/app/now".to_owned(),
        useful_until: None,
    };
    Ok(seal(words, envelope, address, links))
}

/// What asks to act, the loudest first; among equals, in the order in which they began.
fn order(bundled: &mut [&Bundled]) {
    let loudness = |bundled: &Bundled| std::cmp::Reverse(bundled.notification.content.urgency);
    bundled.sort_by_key(|bundled| (!is_page(bundled), loudness(bundled), bundled.id));
}

fn is_page(bundled: &Bundled) -> bool {
    bundled.notification.content.reason.is_page()
}

/// How much there is: `7 incidents and 2 updates`.
fn sum(incidents: usize, updates: usize) -> String {
    let count = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {one}s"),
    };
    match (incidents, updates) {
        (incidents, 0) => count(incidents, "incident"),
        (0, updates) => count(updates, "update"),
        (incidents, updates) => format!("{} and {}", count(incidents, "incident"), count(updates, "update")),
    }
}

fn and_more(others: usize) -> String {
    if others == 0 { String::new() } else { format!(", and {others} more") }
}

/// `#12 High: Disk full`.
fn line(bundled: &Bundled, most: usize) -> String {
    format!("#{} {}", bundled.number, shortened(&headline(&bundled.notification), most))
}

/// All numbers stand before the titles, so that none is lost where a long message is cut; those that ask to act apart from those
/// that do not.
fn text(person: &str, sum: &str, ordered: &[&Bundled], links: Option<&Links>) -> String {
    let numbers = |some: &[&Bundled]| ranges(some.iter().map(|bundled| bundled.number).collect());
    let (pages, updates) = ordered.split_at(ordered.iter().take_while(|bundled| is_page(bundled)).count());
    let mut lines = vec![format!("{person},"), String::new(), format!("{sum} came within a short time:")];
    match (pages, updates) {
        ([], some) | (some, []) => lines.push(numbers(some)),
        (pages, updates) => lines.extend([numbers(pages), format!("Updates: {}", numbers(updates))]),
    }
    lines.push(String::new());
    lines.extend(ordered.iter().take(limits::BUNDLE_TITLES).map(|bundled| line(bundled, 2 * TITLE_SHORT)));
    let others = ordered.len().saturating_sub(limits::BUNDLE_TITLES);
    if others > 0 {
        lines.push(format!("and {others} more"));
    }
    if let Some(links) = links {
        lines.extend([String::new(), format!("Server: {}", links.base)]);
    }
    lines.join("\n")
}

fn brief(sum: &str, ordered: &[&Bundled]) -> String {
    let titles: Vec<String> =
        ordered.iter().take(TITLES_IN_BRIEF).map(|bundled| line(bundled, TITLE_SHORT / 2)).collect();
    let others = ordered.len().saturating_sub(TITLES_IN_BRIEF);
    format!("{sum}: {}{}", titles.join("; "), and_more(others))
}

/// Numbers as few words: `#1, #3–#5`.
fn ranges(mut numbers: Vec<i64>) -> String {
    numbers.sort_unstable();
    numbers.dedup();
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let word = |(first, last): (i64, i64)| match last - first {
        0 => format!("#{first}"),
        _ => format!("#{first}–#{last}"),
    };
    ranges.into_iter().map(word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::incident::Status;
    use domain::notification::{Channel, Content, Notification, Reason, Standing};
    use domain::{InstanceId, Instant, OrganizationId};
    use store::NotificationId;

    #[test]
    fn numbers_are_told_in_few_words_and_none_is_lost() {
        for (numbers, expect) in [
            (vec![], ""),
            (vec![7], "#7"),
            (vec![3, 1, 2], "#1–#3"),
            (vec![1, 3, 4, 9, 3], "#1, #3–#4, #9"),
            ((1..=10_000).collect(), "#1–#10000"),
        ] {
            assert_eq!(ranges(numbers), expect);
        }
    }

    fn bundled(number: i64, reason: Reason, urgency: Urgency) -> Bundled {
        let id = NotificationId { organization: OrganizationId(1), instance_id: InstanceId(number), sequence: 1 };
        let content = Content {
            reason,
            title: format!("Disk {number}"),
            urgency,
            created_at: Instant(0),
            task_ref_id: "alert".into(),
            skipped: Vec::new(),
        };
        let (user, channel) = ("ana".into(), Channel::Email);
        let notification = Notification { user, channel, due_at: Instant(0), round: 0, content };
        let standing = Standing { instance_id: id.instance_id, status: Status::Open, round: 0 };
        Bundled { id, notification, number, standing, urgency }
    }

    #[test]
    fn what_asks_to_act_comes_first_and_what_only_informs_stands_apart() {
        let page = Reason::Page { level: 1 };
        let all = [
            bundled(4, Reason::Resolved, Urgency::Critical),
            bundled(5, page.clone(), Urgency::Low),
            bundled(6, page.clone(), Urgency::High),
        ];
        let mut ordered: Vec<&Bundled> = all.iter().collect();
        order(&mut ordered);
        let said = text("Ana", "2 incidents and 1 update", &ordered, None);
        let lines: Vec<&str> = said.lines().skip(3).collect();
        let expected = ["#5–#6", "Updates: #4", "", "#6 High: Disk 6", "#5 Low: Disk 5", "#4 Resolved: Disk 4"];
        assert_eq!(lines, expected);
        let said = text("Ana", "1 update", &ordered[2..], None);
        assert_eq!(said.lines().nth(3), Some("#4"));
    }

    #[test]
    fn what_asks_to_act_and_what_informs_are_counted_apart() {
        assert_eq!([sum(2, 0), sum(0, 1), sum(1, 2)], ["2 incidents", "1 update", "1 incident and 2 updates"]);
    }
}
