//! Which maintenance windows are on, and what is said among changes when one begins or ends (intake §2.5).

use super::change_event::{ChangeEvent, ChangeSaid};
use crate::Instant;
use crate::directory::{Directory, During, MaintenanceWindow};
use crate::ids::RefId;
use std::collections::BTreeSet;

/// A maintenance window, and one of the things that it is about: a service, or an integration with the service that it leads to.
/// Neither, where it is about what its conditions say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Worked {
    /// The window.
    pub window: RefId,
    /// The integration.
    pub integration: Option<RefId>,
    /// The service.
    pub service: Option<RefId>,
}

/// What is to be said: of what, since when, in which words, and which event it ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Turned {
    /// Of what.
    pub of: Worked,
    /// When it began or ended.
    pub at: Instant,
    /// In which words.
    pub said: ChangeSaid,
    /// The event that said that it began, if this says that it ended.
    pub ends: Option<RefId>,
}

/// What follows from the windows that are on at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The ids of those windows.
    pub on: BTreeSet<RefId>,
    /// What those windows are about.
    pub worked: BTreeSet<Worked>,
    /// What is to be said.
    pub turned: Vec<Turned>,
    /// When a window begins or ends next.
    pub next_at: Option<Instant>,
}

/// Compares the windows that are on at `now` with `begun`, the events which said that one began and after which none said that
/// it ended. One that was changed, so that it is about more or less, begins or ends for that; one that is gone has ended.
pub fn turn(directory: &Directory, begun: &[ChangeEvent], now: Instant) -> Turn {
    let mut turn = Turn { on: BTreeSet::new(), worked: BTreeSet::new(), turned: Vec::new(), next_at: None };
    let begun: Vec<_> = begun.iter().filter_map(|event| Some((about(event)?, event))).collect();
    for entry in directory.maintenance_windows.by_name() {
        let (id, window) = (&entry.ref_id, &entry.component);
        let recurring = window.recurring();
        let until = recurring.covers(now);
        turn.next_at = turn.next_at.into_iter().chain(until.or_else(|| recurring.next_start(now))).min();
        let Some(until) = until else { continue };
        turn.on.insert(id.clone());
        for of in worked(directory, id, window) {
            if begun.iter().all(|(known, _)| *known != of) {
                turn.turned.push(Turned { of: of.clone(), at: now, said: began(id, window, until), ends: None });
            }
            turn.worked.insert(of);
        }
    }
    for (of, event) in begun {
        if turn.worked.contains(&of) {
            continue;
        }
        let at = if turn.on.contains(&of.window) { now } else { end_of(directory, &of.window, event.occurred_at, now) };
        let said = ended(directory, &of.window);
        turn.turned.push(Turned { of, at, said, ends: Some(event.id.clone()) });
    }
    turn
}

/// What an event is about that says that a window began.
fn about(event: &ChangeEvent) -> Option<Worked> {
    let integration = Some(&event.integration).filter(|id| !id.as_str().is_empty()).cloned();
    Some(Worked { window: event.said.maintenance_window.clone()?, integration, service: event.service.clone() })
}

/// When a window ended that began at `began` and is on no more: by its own times, or by a change of just now.
fn end_of(directory: &Directory, window: &RefId, began: Instant, now: Instant) -> Instant {
    let entry = directory.maintenance_windows.with_ref(window.as_str());
    let end = entry.and_then(|entry| entry.component.recurring().covers(began));
    end.filter(|end| *end <= now).unwrap_or(now)
}

fn worked(directory: &Directory, id: &RefId, window: &MaintenanceWindow) -> BTreeSet<Worked> {
    let service = |name: &str| directory.services.named(name).map(|entry| entry.ref_id.clone());
    let about = |integration: Option<&RefId>, service| Worked {
        window: id.clone(),
        integration: integration.cloned(),
        service,
    };
    let services = window.services.iter().map(|name| about(None, service(name)));
    let integrations = window.integrations.iter().map(|name| {
        let found = directory.integrations.named(name).map(|entry| (&entry.ref_id, entry.component.service.as_deref()));
        let heartbeat =
            || directory.heartbeats.named(name).map(|entry| (&entry.ref_id, entry.component.service.as_deref()));
        let (integration, of) = found.or_else(heartbeat).unzip();
        about(integration, of.flatten().and_then(service))
    });
    let named: BTreeSet<_> = services.chain(integrations).collect();
    if named.is_empty() { BTreeSet::from([about(None, None)]) } else { named }
}

fn began(id: &RefId, window: &MaintenanceWindow, until: Instant) -> ChangeSaid {
    let but = window.except_urgency.map(|least| format!(", unless they are {} or louder", least.word()));
    let then = match window.during {
        During::Hold => "what still fires then opens one",
        During::Discard => "what still fires then is quiet until it is over and comes back",
    };
    let which = if window.conditions.is_empty() { "Alerts" } else { "Those alerts of which its conditions hold" };
    let (day, minute) = (until.wire_date(), until.wire_minute());
    let text = format!(
        "{which} open no incident until {day} {} UTC{}; {then}.",
        minute.get(..5).unwrap_or_default(),
        but.unwrap_or_default()
    );
    said(id, format!("Maintenance began: {}", window.name), text)
}

fn ended(directory: &Directory, id: &RefId) -> ChangeSaid {
    let name = directory.maintenance_window_name(id).unwrap_or(id.as_str());
    said(id, format!("Maintenance ended: {name}"), String::new())
}

fn said(id: &RefId, summary: String, text: String) -> ChangeSaid {
    ChangeSaid { summary, source: None, text, links: Vec::new(), maintenance_window: Some(id.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Definition;
    use serde_json::{Value, json};

    /// 2026-06-01, a Monday, 00:00 UTC.
    const MONDAY: Instant = Instant(1_780_272_000_000_000);

    /// A house with these windows, each of which is from 02:00 until 03:00 where it says nothing else.
    fn directory(windows: &[Value]) -> Directory {
        let mut house = json!({
            "name": "house", "fallback_policy": null, "teams": [], "business_services": [], "response_sets": [],
            "workflows": [], "routing_rules": [], "routines": [], "maintenance_windows": [],
            "users": [{"username": "ana", "email": "ana@house.example"}],
            "escalation_policies": [{"name": "primary", "levels": [{"minutes": 5, "users": ["ana"]}]}],
            "services": [{"name": "shop", "escalation_policy": "primary"}, {"name": "bank", "escalation_policy": "primary"}],
            "integrations": [{"name": "tools", "kind": "generic", "service": "shop"}],
        });
        let whole = |window: &Value| {
            let mut whole =
                json!({"name": "move", "starts": "2026-06-01T02:00", "duration_minutes": 60, "timezone": "UTC"});
            whole.as_object_mut().unwrap().extend(window.as_object().unwrap().clone());
            whole
        };
        house["maintenance_windows"] = windows.iter().map(whole).collect();
        let definition: Definition = serde_json::from_value(house).unwrap();
        assert_eq!(definition.faults(), []);
        definition.directory()
    }

    /// What is said at these minutes of Monday, one look after the other, with the minute that it is said of, and when it is to be
    /// looked next.
    fn heard(looks: &[(&Directory, u32)]) -> (Vec<String>, Option<i64>) {
        let minute = |at: Instant| (at.0 - MONDAY.0) / 60_000_000;
        let (mut begun, mut heard, mut next_at) = (Vec::<ChangeEvent>::new(), Vec::new(), None);
        for (directory, minutes) in looks {
            let now = MONDAY.plus_minutes(*minutes);
            let turn = turn(directory, &begun, now);
            next_at = turn.next_at.map(minute);
            for Turned { of, at, said, ends } in turn.turned {
                heard.push(format!("{} {}", minute(at), said.summary));
                match ends {
                    Some(ended) => begun.retain(|event| event.id != ended),
                    None => begun.push(ChangeEvent {
                        id: RefId(heard.len().to_string()),
                        integration: of.integration.unwrap_or_else(|| RefId(String::new())),
                        service: of.service,
                        occurred_at: at,
                        received_at: now,
                        said,
                    }),
                }
            }
        }
        (heard, next_at)
    }

    #[test]
    fn a_window_begins_and_ends_once_however_often_it_is_looked_at() {
        let house = directory(&[json!({"services": ["shop"], "rrule": "FREQ=DAILY"})]);
        let (said, next) = heard(&[0, 120, 121, 179, 180, 181].map(|minute| (&house, minute)));
        assert_eq!(said, ["120 Maintenance began: move", "180 Maintenance ended: move"]);
        assert_eq!(next, Some(24 * 60 + 120));
        assert_eq!(heard(&[(&house, 130)]), (vec!["130 Maintenance began: move".to_owned()], Some(180)));
        let late = heard(&[(&house, 120), (&house, 500)]);
        assert_eq!(late.0[1], "180 Maintenance ended: move", "when it did, and not when it was seen");
        assert_eq!(
            heard(&[(&house, 0), (&house, 500)]).0,
            Vec::<String>::new(),
            "it kept nothing back that was looked at"
        );
    }

    #[test]
    fn what_is_changed_or_gone_in_the_middle_begins_or_ends_then() {
        let (shop, none) = (directory(&[json!({"services": ["shop"]})]), directory(&[]));
        let both = directory(&[json!({"services": ["shop", "bank"], "duration_minutes": 90})]);
        let (said, next) = heard(&[(&shop, 120), (&both, 150), (&none, 160)]);
        let expected =
            ["120 Maintenance began", "150 Maintenance began", "160 Maintenance ended", "160 Maintenance ended"];
        assert_eq!(said, expected.map(|line| format!("{line}: move")));
        assert_eq!(next, None);
        assert_eq!(heard(&[(&both, 120), (&shop, 150)]).0[2], "150 Maintenance ended: move", "for the bank");
    }

    #[test]
    fn it_is_said_of_what_is_worked_on_and_which_alerts_are_kept_back() {
        let all = directory(&[
            json!({"name": "a", "services": ["shop"], "integrations": ["tools"], "except_urgency": 4}),
            json!({"name": "b", "conditions": [{"field": "tags", "contains": "prod"}], "during": "discard"}),
        ]);
        let said = turn(&all, &[], MONDAY.plus_minutes(125)).turned;
        let shop = all.services.named("shop").map(|entry| entry.ref_id.clone());
        let tools = all.integrations.named("tools").map(|entry| entry.ref_id.clone());
        let of: Vec<_> = said.iter().map(|turned| (turned.of.integration.clone(), turned.of.service.clone())).collect();
        assert_eq!(of, [(None, shop.clone()), (tools, shop), (None, None)]);
        let until = "open no incident until 2026-06-01 03:00 UTC";
        let loud = format!("Alerts {until}, unless they are High or louder; what still fires then opens one.");
        let some = format!(
            "Those alerts of which its conditions hold {until}; what still fires then is quiet until it is over and comes back."
        );
        assert_eq!([&said[0].said.text, &said[2].said.text], [&loud, &some]);
    }
}
