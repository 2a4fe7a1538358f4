//! Handovers: who is to be told that they went on call or off call by a routine (on-call §2).

mod maintenance;

pub use maintenance::{came_on_call, tell_of_maintenance};

use crate::channel::Channel;
use crate::directory::Directory;
use crate::ids::{RefId, Username};
use crate::notification::{Content, Duty, Notification, Reason, plan};
use crate::{Instant, Urgency, limits};
use std::collections::{BTreeMap, BTreeSet};

/// Who was told last that they are on call, by the name of the routine.
pub type Told = BTreeMap<String, Vec<Username>>;

/// What follows from who is on call at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Handover {
    /// Who is on call, which is what everybody knows once they were told.
    pub told: Told,
    /// Whom to tell.
    pub notices: Vec<Notification>,
    /// When somebody else is on call next; `None` when that is not within `limits::ON_CALL_DAYS`.
    pub next_at: Option<Instant>,
}

/// Compares who is on call at `now` with what people were told last. Only routines that a level names count. What
/// changed in the meantime and back again is told to nobody, so that nobody is told what is not so any more; and where
/// nobody was ever told anything, everybody knows already.
pub fn hand_over(directory: &Directory, told: Option<&Told>, now: Instant) -> Handover {
    let mut handover = Handover { told: Told::new(), notices: Vec::new(), next_at: None };
    for routine in used_routines(directory) {
        let on_call = directory.on_call(&routine, now);
        handover.next_at = handover.next_at.into_iter().chain(on_call.until).min();
        handover.told.insert(routine, on_call.users);
    }
    let Some(told) = told else { return handover };
    let routines: BTreeSet<&String> = told.keys().chain(handover.told.keys()).collect();
    let mut changes: Vec<(Username, Vec<(String, Duty)>)> = Vec::new();
    let mut change = |user: &Username, routine: &str, duty| {
        let change = (routine.to_owned(), duty);
        match changes.iter_mut().find(|(known, _)| known == user) {
            Some((_, of_user)) => of_user.push(change),
            None => changes.push((user.clone(), vec![change])),
        }
    };
    for routine in routines {
        let people = |told: &Told| told.get(routine).cloned().unwrap_or_default();
        let (before, after) = (people(told), people(&handover.told));
        for user in before.iter().filter(|user| !after.contains(user)) {
            change(user, routine, Duty::Ends { after: after.clone() });
        }
        for user in after.iter().filter(|user| !before.contains(user)) {
            let with = after.iter().filter(|other| *other != user).cloned().collect();
            change(user, routine, Duty::Begins { until: end_of_duty(directory, routine, user, now), with });
        }
    }
    handover.notices = changes.iter().flat_map(|(user, changes)| notices(directory, user, changes, now)).collect();
    handover
}

fn used_routines(directory: &Directory) -> BTreeSet<String> {
    let levels = directory.policies.iter().flat_map(|entry| &entry.component.levels);
    let named = levels.flat_map(|level| &level.routines);
    named.filter(|routine| directory.routines.named(routine).is_some()).cloned().collect()
}

/// When the duty of `user`, which has begun at `now`, ends; who is on call with them may change before.
fn end_of_duty(directory: &Directory, routine: &str, user: &Username, now: Instant) -> Option<Instant> {
    const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;
    let days = limits::ON_CALL_DAYS.min(directory.schedule_days(routine));
    let horizon = now.plus_micros(days * DAY_MICROS);
    let mut ends = now;
    for interval in directory.schedule(routine, now, horizon) {
        if interval.from != ends || !interval.on_call.contains(user) {
            break;
        }
        ends = interval.until;
    }
    Some(ends).filter(|ends| *ends < horizon)
}

/// By e-mail, webhook or chat, else by push; nobody is called or texted for it. People read of all that changes for them at
/// once, a webhook is told of each routine by itself.
fn notices(directory: &Directory, user: &Username, changes: &[(String, Duty)], now: Instant) -> Vec<Notification> {
    if !directory.user(user.as_str()).is_some_and(|user| user.handover_notices) {
        return Vec::new();
    }
    let united = changes.split_first().map(|(first, more)| content(first, more.to_vec(), now));
    let mut notices: Vec<_> = united.iter().flat_map(|content| quietly(directory, user, content, now)).collect();
    if let Some(place) = notices.iter().position(|notice| notice.channel == Channel::Webhook) {
        let webhook = notices.remove(place);
        notices.extend(
            changes.iter().map(|change| Notification { content: content(change, Vec::new(), now), ..webhook.clone() }),
        );
    }
    notices
}

/// The notices by which somebody is told this, whom nobody calls or texts for it.
fn quietly(directory: &Directory, user: &Username, content: &Content, now: Instant) -> Vec<Notification> {
    let mut notices = plan(directory, user, content, 0, now);
    notices.retain(|notice| !matches!(notice.channel, Channel::Sms | Channel::Voice));
    notices
}

fn content((routine, duty): &(String, Duty), more: Vec<(String, Duty)>, now: Instant) -> Content {
    let all = || [(routine, duty)].into_iter().chain(more.iter().map(|(routine, duty)| (routine, duty)));
    let named = |begins: bool| {
        let of_kind = all().filter(|(_, duty)| matches!(duty, Duty::Begins { .. }) == begins);
        of_kind.map(|(routine, _)| routine.as_str()).collect::<Vec<_>>().join(", ")
    };
    let title = match (named(true), named(false)) {
        (on, off) if off.is_empty() => format!("You are on call: {on}"),
        (on, off) if on.is_empty() => format!("You are off call: {off}"),
        (on, off) => format!("You are on call: {on}; off call: {off}"),
    };
    Content {
        reason: Reason::Handover { routine: routine.clone(), duty: duty.clone(), more },
        title,
        urgency: Urgency::Low,
        created_at: now,
        task_ref_id: RefId(String::new()),
        skipped: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Definition;
    use serde_json::{Value, json};

    /// 2026-06-01, a Monday, 00:00 UTC.
    const MONDAY: Instant = Instant(1_780_272_000_000_000);

    fn hours(hours: u32) -> Instant {
        MONDAY.plus_minutes(60 * hours)
    }

    /// ana, then ben, for a day each by `day`; cho with ana on weekdays of a second layer; `idle` is on no level.
    fn house() -> Value {
        json!({
            "name": "house", "fallback_policy": null,
            "users": [
                {"username": "ana", "email": "ana@house.example", "sms": "+4915112345678"},
                {"username": "ben", "webhook": {"url": "https://ben.example", "secrets": ["whsec_AAAAAAAA"]}},
                {"username": "cho", "email": "cho@house.example", "handover_notices": false},
                {"username": "dee", "sms": "+4915112345678", "push": {"url": "https://ntfy.example/dee"}},
            ],
            "teams": [], "services": [], "business_services": [], "response_sets": [], "workflows": [],
            "routing_rules": [],
            "routines": [
                {"name": "day", "timezone": "UTC", "routine_layers": [
                    {"valid_start": "2026-06-01", "rotations": [["ana"], ["ben"]]},
                    {"valid_start": "2026-06-01", "rotations": [["cho"], []]},
                ]},
                {"name": "idle", "timezone": "UTC", "routine_layers": [
                    {"valid_start": "2026-06-01", "rotations": [["ana"], ["ben"]]},
                ]},
            ],
            "escalation_policies": [{"name": "p", "levels": [{"minutes": 5, "routines": ["day"]}]}],
        })
    }

    fn directory(house: Value) -> Directory {
        let definition: Definition = serde_json::from_value(house).unwrap();
        assert_eq!(definition.faults(), []);
        definition.directory()
    }

    fn told(day: &[&str]) -> Told {
        Told::from([("day".to_owned(), day.iter().map(|name| Username::from(*name)).collect())])
    }

    /// Each notice as `ana email begins until +24 h with cho`.
    fn lines(handover: &Handover) -> Vec<String> {
        let names = |names: &[Username]| names.iter().map(Username::as_str).collect::<Vec<_>>().join(" ");
        let line = |notice: &Notification| {
            let Reason::Handover { routine, duty, more } = &notice.content.reason else { panic!("{notice:?}") };
            let said = |routine: &str, duty: &Duty| match duty {
                Duty::Begins { until, with } => {
                    let until = until.map(|until| format!("+{} h", (until.0 - MONDAY.0) / 3_600_000_000));
                    format!("{routine} begins until {} with {}", until.as_deref().unwrap_or("ever"), names(with))
                }
                Duty::Ends { after } => format!("{routine} ends, after {}", names(after)),
            };
            let more = more.iter().map(|(routine, duty)| format!("; {}", said(routine, duty)));
            format!("{} {} {}{}", notice.user, notice.channel.word(), said(routine, duty), more.collect::<String>())
        };
        handover.notices.iter().map(line).collect()
    }

    #[test]
    fn whoever_goes_on_or_off_is_told_with_whom_until_when_and_who_comes_after() {
        let house = directory(house());
        let first = hand_over(&house, None, MONDAY);
        assert_eq!((first.told.clone(), first.next_at), (told(&["ana", "cho"]), Some(hours(24))));
        assert_eq!(lines(&first), Vec::<String>::new(), "everybody knows at the beginning");
        assert_eq!(lines(&hand_over(&house, Some(&first.told), hours(23))), Vec::<String>::new());
        let second = hand_over(&house, Some(&first.told), hours(24));
        assert_eq!(lines(&second), ["ana email day ends, after ben", "ben webhook day begins until +48 h with "]);
        let third = hand_over(&house, Some(&second.told), hours(48));
        assert_eq!(lines(&third), ["ben webhook day ends, after ana cho", "ana email day begins until +72 h with cho"]);
        assert_eq!(third.next_at, Some(hours(72)));
        // Two days slept through: it is as if nothing had been.
        assert_eq!(lines(&hand_over(&house, Some(&first.told), hours(49))), Vec::<String>::new());
    }

    #[test]
    fn duty_goes_on_while_those_beside_change() {
        let mut changed = house();
        changed["routines"][0]["routine_layers"][0]["rotations"] = json!([["ana"], ["ana"], ["ben"]]);
        let handover = hand_over(&directory(changed.clone()), Some(&told(&["ben"])), MONDAY);
        assert_eq!(lines(&handover)[1], "ana email day begins until +48 h with cho");
        changed["routines"][0]["routine_layers"][0]["rotations"] = json!([["ana"]]);
        let handover = hand_over(&directory(changed.clone()), Some(&told(&["cho"])), MONDAY);
        assert_eq!(lines(&handover), ["ana email day begins until ever with cho"]);
        changed["routines"][0]["routine_layers"] = json!([{"valid_start": "2026-06-01", "rotations": [["ana"]]}]);
        assert_eq!(hand_over(&directory(changed), None, MONDAY).next_at, None);
    }

    #[test]
    fn a_swap_and_a_changed_directory_are_handovers_too() {
        let mut house = directory(house());
        let swap = json!({"out": "ana", "in": "ben", "from": "2026-06-01T06:00", "until": "2026-06-01T12:00"});
        house.swaps.insert("day".to_owned(), vec![serde_json::from_value(swap).unwrap()]);
        let handover = hand_over(&house, Some(&told(&["ana", "cho"])), hours(7));
        let expected = ["ana email day ends, after ben cho", "ben webhook day begins until +12 h with cho"];
        assert_eq!(lines(&handover), expected);
        assert_eq!(handover.next_at, Some(hours(12)));
        let mut unused = super::tests::house();
        unused["escalation_policies"][0]["levels"] = json!([{"minutes": 5, "users": ["ana"]}]);
        let handover = hand_over(&directory(unused), Some(&told(&["ana", "cho"])), hours(7));
        assert_eq!((lines(&handover), handover.told), (vec!["ana email day ends, after ".to_owned()], Told::new()));
    }

    #[test]
    fn a_person_reads_once_of_all_that_changes_at_an_instant_and_a_webhook_hears_of_each() {
        let mut changed = house();
        changed["escalation_policies"][0]["levels"][0]["routines"] = json!(["day", "idle"]);
        let before = |user: &str| vec![Username::from(user)];
        let told = Told::from([("day".to_owned(), before("ben")), ("idle".to_owned(), before("ana"))]);
        changed["routines"][1]["routine_layers"][0]["rotations"] = json!([["ben"]]);
        let handover = hand_over(&directory(changed), Some(&told), MONDAY);
        let expected = [
            "ben webhook day ends, after ana cho",
            "ben webhook idle begins until ever with ",
            "ana email day begins until +24 h with cho; idle ends, after ben",
        ];
        assert_eq!(lines(&handover), expected);
        assert_eq!(handover.notices[2].content.title, "You are on call: day; off call: idle");
    }

    #[test]
    fn nobody_is_called_or_texted_for_a_handover() {
        let mut changed = house();
        changed["routines"][0]["routine_layers"] = json!([{"valid_start": "2026-06-01", "rotations": [["dee"]]}]);
        let begins = |house| lines(&hand_over(&directory(house), Some(&told(&[])), MONDAY));
        assert_eq!(begins(changed.clone()), ["dee push day begins until ever with "]);
        changed["users"][3].as_object_mut().unwrap().remove("push");
        assert_eq!(begins(changed), Vec::<String>::new());
    }
}
