//! Grouping: which alerts of an integration belong together (intake §2.2).

use super::received::Received;
use crate::directory::{GroupBy, Integration, Window};
use crate::ids::InstanceId;
use crate::{Instant, limits};
use serde_json::Value;

/// A group, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its incident.
    pub instance_id: InstanceId,
    /// How many alerts it has.
    pub members: u32,
    /// When the first came.
    pub began_at: Instant,
    /// When the last came.
    pub last_at: Instant,
    /// When its incident said how many came.
    pub said_at: Instant,
    /// How many came since then.
    pub unsaid: u32,
    /// What came since its incident was acknowledged, where that is counted.
    pub since: Option<Since>,
}

/// What came to a group since its incident was acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// The incident's round that the acknowledgement began.
    pub round: u32,
    /// How many alerts.
    pub alerts: u32,
    /// When the first of them came.
    pub first_at: Instant,
}

impl Group {
    /// The group after one more alert, whose incident is acknowledged in this round, or is not; and how many came since, if
    /// the incident is to ask again because of them.
    #[must_use]
    pub fn since_acknowledged(self, by: &GroupBy, round: Option<u32>, now: Instant) -> (Self, Option<u32>) {
        let (Some(after), Some(round)) = (by.reping_after, round) else { return (Self { since: None, ..self }, None) };
        let known = self.since.filter(|since| since.round == round);
        let since = known.unwrap_or(Since { round, alerts: 0, first_at: now });
        let since = Since { alerts: since.alerts.saturating_add(1), ..since };
        let asks = after.alerts.is_some_and(|alerts| since.alerts >= alerts)
            || after.minutes.is_some_and(|minutes| since.first_at.plus_minutes(minutes) <= now);
        match asks {
            true => (Self { since: None, ..self }, Some(since.alerts)),
            false => (Self { since: Some(since), ..self }, None),
        }
    }

    /// Whether more came than its incident said, which said nothing for so many microseconds.
    pub fn is_unsaid(&self, now: Instant, said_every: i64) -> bool {
        self.unsaid > 0 && self.said_at.plus_micros(said_every) <= now
    }

    /// Whether a group whose incident is unresolved takes one more at `now`.
    pub fn takes_more(&self, by: &GroupBy, now: Instant) -> bool {
        let since = match by.window {
            Window::Rolling => self.last_at,
            Window::Fixed => self.began_at,
        };
        self.members < limits::GROUP_ALERTS && by.minutes.is_none_or(|minutes| since.plus_minutes(minutes) > now)
    }
}

/// What an alert of this integration has in common with those that it belongs to; `None` if it has none of the fields.
pub fn group_key(by: &GroupBy, received: &Received, integration: &Integration) -> Option<String> {
    let values: Vec<_> = by.fields.iter().map(|field| value(field, received, integration)).collect();
    let has_one = values.iter().any(Option::is_some);
    has_one.then(|| values.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join("\0"))
}

fn value(field: &str, received: &Received, integration: &Integration) -> Option<String> {
    if let Some(name) = field.strip_prefix("label:") {
        return received.labels.get(name).cloned();
    }
    if let Some(name) = field.strip_prefix("tag:") {
        let of = |tag: &String| tag.strip_prefix(name)?.strip_prefix(':').map(|value| value.trim().to_owned());
        return received.tags.iter().find_map(of);
    }
    match field {
        "title" => Some(received.title.clone()),
        "title_without_digits" => Some(received.title.chars().filter(|letter| !letter.is_numeric()).collect()),
        "severity" => received.severity.clone(),
        "service" => integration.service.clone(),
        "integration" => Some(integration.name.clone()),
        pointer => match received.payload.pointer(pointer)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            value => Some(value.to_string()),
        },
    }
    .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Reping;
    use crate::intake::State;
    use serde_json::json;

    fn alert(title: &str, team: Option<&str>) -> Received {
        let mut alert =
            Received { title: title.to_owned(), payload: json!({"a": {"b": 1}}), ..Received::of(State::Firing) };
        alert.labels.extend(team.map(|team| ("team".to_owned(), team.to_owned())));
        alert.tags = vec!["env:prod".to_owned()];
        alert
    }

    fn key(by: &GroupBy, received: &Received) -> Option<String> {
        let tools = json!({"name": "tools", "kind": "generic", "service": "shop"});
        group_key(by, received, &serde_json::from_value(tools).unwrap())
    }

    fn by(fields: &[&str]) -> GroupBy {
        GroupBy { fields: fields.iter().map(|field| (*field).to_owned()).collect(), ..GroupBy::default() }
    }

    #[test]
    fn alerts_with_the_same_of_all_fields_belong_together() {
        let (one, other) = (alert("disk 1", Some("db")), alert("disk 22", Some("db")));
        for fields in [
            &["label:team"][..],
            &["title_without_digits"],
            &["tag:env", "label:team"],
            &["/a/b"],
            &["service"],
            &["integration"],
        ] {
            assert!(
                key(&by(fields), &one).is_some() && key(&by(fields), &one) == key(&by(fields), &other),
                "{fields:?}"
            );
        }
        assert_ne!(key(&by(&["title"]), &one), key(&by(&["title"]), &other));
        assert_ne!(key(&by(&["label:team", "/x"]), &one), key(&by(&["label:team", "/x"]), &alert("", None)));
        assert_eq!(key(&by(&["label:team", "/x"]), &alert("x", None)), None, "two that lack all fields do not group");
    }

    fn minute(number: u32) -> Instant {
        Instant(1_800_000_000_000_000).plus_minutes(number)
    }

    fn group() -> Group {
        Group {
            instance_id: InstanceId(1),
            members: 2,
            began_at: minute(0),
            last_at: minute(8),
            said_at: minute(0),
            unsaid: 0,
            since: None,
        }
    }

    #[test]
    fn an_acknowledged_incident_asks_again_after_so_many_alerts_or_minutes_of_them() {
        let rolling = by(&["title"]);
        let by_alerts = GroupBy { reping_after: Some(Reping { alerts: Some(3), minutes: None }), ..rolling.clone() };
        let by_minutes = GroupBy { reping_after: Some(Reping { alerts: None, minutes: Some(5) }), ..rolling.clone() };
        let asks = |by: &GroupBy, came: &[(Option<u32>, u32)]| {
            let mut group = group();
            let came = came.iter().map(|(round, at)| {
                let (next, asks) = group.since_acknowledged(by, *round, minute(*at));
                group = next;
                asks
            });
            came.collect::<Vec<_>>()
        };
        let often = [(Some(1), 1), (Some(1), 2), (Some(1), 3), (Some(1), 4)];
        assert_eq!(asks(&by_alerts, &often), [None, None, Some(3), None]);
        let anew = [(Some(1), 1), (Some(1), 2), (Some(2), 3), (Some(2), 4), (None, 5), (Some(2), 6)];
        assert_eq!(asks(&by_alerts, &anew), [None; 6], "what came to another acknowledgement does not count");
        assert_eq!(asks(&by_minutes, &[(Some(1), 1), (Some(1), 5), (Some(1), 6)]), [None, None, Some(3)]);
        assert_eq!(asks(&rolling, &often), [None; 4]);
    }

    #[test]
    fn a_group_takes_more_for_its_minutes_and_up_to_its_limit() {
        let group = group();
        let rolling = GroupBy { minutes: Some(10), ..by(&["title"]) };
        let fixed = GroupBy { window: Window::Fixed, ..rolling.clone() };
        assert!(group.takes_more(&rolling, minute(17)) && !group.takes_more(&rolling, minute(18)));
        assert!(group.takes_more(&fixed, minute(9)) && !group.takes_more(&fixed, minute(10)));
        assert!(group.takes_more(&by(&["title"]), minute(60_000)));
        let full = Group { members: limits::GROUP_ALERTS, ..group };
        assert!(!full.takes_more(&by(&["title"]), minute(9)));
    }
}
