//! Telling whoever would be asked first that maintenance keeps Critical alerts from them, too (intake §2.5).

use super::{Told, quietly};
use crate::directory::{Directory, During, Integration, MaintenanceWindow};
use crate::ids::{RefId, Username};
use crate::intake::{Turn, Worked};
use crate::notification::{Content, Notification, Reason};
use crate::{Instant, Urgency};
use std::collections::BTreeSet;

/// Who is on call by a routine and was not when people were told last.
pub fn came_on_call(before: &Told, after: &Told) -> BTreeSet<Username> {
    let was = |routine: &str, user: &Username| before.get(routine).is_some_and(|users| users.contains(user));
    let came = after.iter().flat_map(|(routine, users)| users.iter().filter(move |user| !was(routine, user)));
    came.cloned().collect()
}

/// The notices of windows that keep Critical alerts back: to whoever would be asked first about what one began to be about,
/// and to those of `came` who would be asked about one that goes on. However somebody set their notices of handovers: they
/// are not told how they are on call, but that they will hear of nothing.
pub fn tell_of_maintenance(
    directory: &Directory,
    turn: &Turn,
    came: &BTreeSet<Username>,
    now: Instant,
) -> Vec<Notification> {
    let mut notices = Vec::new();
    for id in &turn.on {
        let Some(entry) = directory.maintenance_windows.with_ref(id.as_str()) else { continue };
        let window = &entry.component;
        let Some(until) = window.recurring().covers(now).filter(|_| window.covers_critical()) else { continue };
        let began: Vec<_> =
            turn.turned.iter().filter(|turned| turned.ends.is_none()).map(|turned| &turned.of).collect();
        let of_window = || turn.worked.iter().filter(|of| of.window == *id);
        let people = |some: &[&Worked]| -> BTreeSet<Username> {
            some.iter().flat_map(|of| asked_first(directory, of, now)).collect()
        };
        let begun: Vec<_> = of_window().filter(|of| began.contains(of)).collect();
        let goes_on: Vec<_> = of_window().collect();
        let mut told = people(&begun);
        if !came.is_empty() {
            told.extend(people(&goes_on).intersection(came).cloned());
        }
        let content = content(window, until, now);
        notices.extend(told.iter().flat_map(|user| quietly(directory, user, &content, now)));
    }
    notices
}

/// Whoever is asked first about alerts of it at this instant: of each of its policies, those of the first level on which
/// somebody can be reached.
fn asked_first(directory: &Directory, of: &Worked, now: Instant) -> BTreeSet<Username> {
    let mut people = BTreeSet::new();
    for policy in policies(directory, of, now) {
        let Some(ladder) = directory.ladder(&policy) else { continue };
        let reached = |level| {
            let users = ladder.users(level, now).into_iter();
            users.filter(|user| !directory.channels_of(user).is_empty()).collect::<Vec<_>>()
        };
        people.extend((1..=ladder.height()).map(reached).find(|users| !users.is_empty()).unwrap_or_default());
    }
    people
}

fn policies(directory: &Directory, of: &Worked, now: Instant) -> BTreeSet<RefId> {
    let (mut policies, mut own) = (BTreeSet::new(), BTreeSet::new());
    let mut add = |name: &str| policies.extend(directory.policies.named(name).map(|entry| entry.ref_id.clone()));
    let is_about_all = of.service.is_none() && of.integration.is_none();
    for entry in directory.services.iter().filter(|entry| is_about_all || of.service.as_ref() == Some(&entry.ref_id)) {
        let outside = entry.component.outside_hours(now).and_then(|hours| hours.escalation_policy.as_deref());
        add(outside.unwrap_or(&entry.component.escalation_policy));
    }
    let is_meant = |id: &RefId| is_about_all || of.integration.as_ref() == Some(id);
    let integrations = directory.integrations.iter().filter(|entry| is_meant(&entry.ref_id));
    let heartbeats = directory.heartbeats.iter().filter(|entry| is_meant(&entry.ref_id));
    let integrations = integrations.map(|entry| entry.component.clone());
    for integration in integrations.chain(heartbeats.map(|entry| entry.component.as_integration())) {
        let Integration { escalation_policies, users, .. } = integration;
        escalation_policies.iter().for_each(|name| add(name));
        own.extend(users.iter().filter_map(|user| directory.own_policy(user.as_str()).cloned()));
    }
    policies.append(&mut own);
    policies
}

fn content(window: &MaintenanceWindow, until: Instant, now: Instant) -> Content {
    let covers: Vec<_> = window.services.iter().chain(&window.integrations).cloned().collect();
    let whose = if covers.is_empty() { "alerts".to_owned() } else { format!("alerts of {}", covers.join(", ")) };
    let whose = match window.conditions.is_empty() {
        true => whose,
        false => format!("those {whose} of which its conditions hold"),
    };
    let mut said = format!("Until then {whose} open no incident and page nobody, Critical ones too.");
    if window.conditions.is_empty() && !window.page_open_incidents {
        said.push_str(" Incidents that were open before page nobody either.");
    }
    said.push_str(match window.during {
        During::Hold => " What still fires at its end opens an incident.",
        During::Discard => " What still fires at its end is quiet until it is over and comes back.",
    });
    Content {
        reason: Reason::Maintenance { window: window.name.clone(), until, covers, said },
        title: format!("Maintenance keeps pages back: {}", window.name),
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
    use crate::intake::turn;
    use serde_json::{Value, json};

    /// 2026-06-01, a Monday, 00:00 UTC.
    const MONDAY: Instant = Instant(1_780_272_000_000_000);

    /// ana is asked about the shop first, with dee, who only has a telephone, then ben; ben and cho take turns at the bank, by
    /// the day; fay cannot be reached at all.
    fn directory(window: &Value) -> Directory {
        let policy = |name: &str, levels: Value| json!({"name": name, "levels": levels});
        let mut whole =
            json!({"name": "move", "starts": "2026-06-01T02:00", "duration_minutes": 60, "timezone": "UTC"});
        whole.as_object_mut().unwrap().extend(window.as_object().unwrap().clone());
        let house = json!({
            "name": "house", "fallback_policy": null, "teams": [], "business_services": [], "response_sets": [],
            "workflows": [], "routing_rules": [],
            "users": [
                {"username": "ana", "email": "ana@house.example", "handover_notices": false},
                {"username": "ben", "email": "ben@house.example", "sms": "+4915112345678"},
                {"username": "cho", "webhook": {"url": "https://cho.example", "secrets": ["whsec_AAAAAAAA"]}},
                {"username": "dee", "voice": "+4915112345678"},
                {"username": "fay"},
            ],
            "routines": [{"name": "day", "timezone": "UTC", "routine_layers": [
                {"valid_start": "2026-06-01", "rotations": [["ben"], ["cho"]]},
            ]}],
            "escalation_policies": [
                policy("shop", json!([{"minutes": 5, "users": ["ana", "dee"]}, {"minutes": 5, "users": ["ben"]}])),
                policy("bank", json!([{"minutes": 5, "routines": ["day"]}])),
                policy("empty", json!([{"minutes": 5, "users": ["fay"]}, {"minutes": 5, "users": ["cho"]}])),
            ],
            "services": [{"name": "shop", "escalation_policy": "shop"}, {"name": "bank", "escalation_policy": "bank"}],
            "integrations": [
                {"name": "tools", "kind": "generic", "service": "shop", "escalation_policies": ["empty"]},
                {"name": "ours", "kind": "generic", "users": ["ben"]},
            ],
            "heartbeats": [{"name": "backup", "every_seconds": 60, "service": "bank"}],
            "maintenance_windows": [whole],
        });
        let definition: Definition = serde_json::from_value(house).unwrap();
        assert_eq!(definition.faults(), []);
        definition.directory()
    }

    /// Who is told by what in the middle of this window.
    fn told(window: &Value) -> Vec<String> {
        let (house, now) = (directory(window), MONDAY.plus_minutes(125));
        lines(&tell_of_maintenance(&house, &turn(&house, &[], now), &BTreeSet::new(), now))
    }

    fn lines(notices: &[Notification]) -> Vec<String> {
        notices.iter().map(|notice| format!("{} {}", notice.user, notice.channel.word())).collect()
    }

    #[test]
    fn whoever_would_be_asked_first_is_told_of_what_keeps_critical_alerts_back_and_nobody_is_woken() {
        let urgency = |test: Value| {
            let mut condition = json!({"field": "urgency_level"});
            condition.as_object_mut().unwrap().extend(test.as_object().unwrap().clone());
            json!({"services": ["shop"], "conditions": [condition]})
        };
        let table: [(Value, &[&str]); 11] = [
            (json!({"services": ["shop"]}), &["ana email"]),
            (json!({"services": ["shop", "bank"]}), &["ana email", "ben email"]),
            (json!({"integrations": ["tools"]}), &["ana email", "cho webhook"]),
            (json!({"integrations": ["ours"]}), &["ben email"]),
            (json!({"integrations": ["backup"]}), &["ben email"]),
            (json!({"conditions": [{"field": "tags", "contains": "db"}]}), &["ana email", "ben email", "cho webhook"]),
            (urgency(json!({"gte": 4})), &["ana email"]),
            (urgency(json!({"lte": 4})), &[]),
            (json!({"services": ["shop"], "except_urgency": 5}), &[]),
            (json!({"services": ["shop"], "except_urgency": 1}), &[]),
            (json!({"services": ["shop"], "starts": "2026-06-01T03:00"}), &[]),
        ];
        for (window, expect) in table {
            assert_eq!(told(&window), expect, "{window}");
        }
    }

    #[test]
    fn whoever_comes_on_call_while_it_goes_on_is_told_then_and_the_others_are_not_told_again() {
        let house = directory(&json!({"services": ["shop", "bank"], "duration_minutes": 1440}));
        let (began, later) = (MONDAY.plus_minutes(120), MONDAY.plus_minutes(24 * 60));
        let first = turn(&house, &[], began);
        let next = Turn { turned: Vec::new(), ..turn(&house, &[], later) };
        assert_eq!(next.on, first.on);
        let (before, after) = (told_by("ben"), told_by("cho"));
        let came = came_on_call(&before, &after);
        assert_eq!(lines(&tell_of_maintenance(&house, &next, &came, later)), ["cho webhook"]);
        assert_eq!(lines(&tell_of_maintenance(&house, &next, &BTreeSet::new(), later)), Vec::<String>::new());
        let elsewhere = BTreeSet::from([Username::from("dee")]);
        assert_eq!(lines(&tell_of_maintenance(&house, &next, &elsewhere, later)), Vec::<String>::new());
    }

    fn told_by(user: &str) -> Told {
        Told::from([("day".to_owned(), vec![Username::from(user)])])
    }

    #[test]
    fn it_says_what_is_kept_back_and_what_comes_of_it() {
        let said = |window: &Value| {
            let (house, now) = (directory(window), MONDAY.plus_minutes(125));
            let notices = tell_of_maintenance(&house, &turn(&house, &[], now), &BTreeSet::new(), now);
            match &notices[0].content.reason {
                Reason::Maintenance { said, until, .. } => (said.clone(), *until),
                other => panic!("{other:?}"),
            }
        };
        let (text, until) = said(&json!({"services": ["shop"], "integrations": ["tools"]}));
        let expected = "Until then alerts of shop, tools open no incident and page nobody, Critical ones too. \
            Incidents that were open before page nobody either. What still fires at its end opens an incident.";
        assert_eq!((text.as_str(), until), (expected, MONDAY.plus_minutes(180)));
        let some = json!({"conditions": [{"field": "tags", "contains": "db"}], "during": "discard"});
        let expected = "Until then those alerts of which its conditions hold open no incident and page nobody, \
            Critical ones too. What still fires at its end is quiet until it is over and comes back.";
        assert_eq!(said(&some).0, expected);
    }
}
