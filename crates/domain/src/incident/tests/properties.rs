//! Properties: what holds after every move of every night, whatever the directory and whatever is asked.

use super::chance::{Move, Plan, nights, orders, plans};
use super::house::minute;
use super::merging::alert;
use super::night::{Night, ask, probe, replayed};
use crate::Refusal;
use crate::directory::Directory;
use crate::ids::InstanceId;
use crate::incident::{Case, Change, Command, Event, Happening, Incident, Status, Step, step};
use crate::notification::{Channel, Standing};
use proptest::prelude::{ProptestConfig, proptest};
use proptest::test_runner::RngSeed;
use serde::{Serialize, de::DeserializeOwned};
use std::collections::HashSet;

/// A fixed seed: a run that fails fails again. `PROPTEST_CASES` asks for more nights.
fn config() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(20_210_505), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_log_replays_to_the_state_after_every_move(plan in plans(), order in orders(), moves in nights()) {
        let night = Night::new(plan.directory(), order);
        let mut log = night.log.clone();
        play(night, &moves, |_, _, change| {
            log.extend(change.events.clone());
            assert_eq!(replayed(&log, &change.incident), change.incident);
        });
    }

    #[test]
    fn every_unresolved_incident_has_a_due_time_and_a_resolved_one_none(
        plan in plans(), order in orders(), moves in nights(),
    ) {
        play(Night::new(plan.directory(), order), &moves, |_, _, change| {
            let resolved = change.incident.status == Status::Resolved;
            assert_eq!(change.incident.due_at().is_none(), resolved);
        });
    }

    #[test]
    fn the_clock_changes_nothing_before_it_is_due_and_everything_it_must_when_it_is(
        plan in plans(), order in orders(), moves in nights(),
    ) {
        let night = Night::new(plan.directory(), order);
        play_with(night, &moves, |house, case, at, _| {
            let before = case.incident.clone().unwrap();
            let step = ask(house, case.clone(), at, Command::Elapse).unwrap();
            let after = &step.changes[0];
            if before.due_at().is_none_or(|due| due > minute(at)) {
                assert_eq!(after.incident, before);
                assert!(is_quiet(after));
            } else {
                assert_eq!(after.incident.status, Status::Open);
                assert!(after.incident.due_at().is_some_and(|due| due > minute(at)), "due in the future again");
            }
            let again = ask(house, Case { incident: Some(after.incident.clone()), ..case.clone() }, at, Command::Elapse);
            let again = &again.unwrap().changes[0];
            assert_eq!(again.incident, after.incident, "a second tick at the same instant changes nothing");
            assert!(is_quiet(again));
        });
    }

    #[test]
    fn a_resolved_incident_stays_so_unless_it_ended_by_itself_and_came_back(
        plan in plans(), order in orders(), moves in nights(),
    ) {
        play(Night::new(plan.directory(), order), &moves, |before, house, change| {
            let is_reopened = matches!(&change.events[..], [Event { what: Happening::Reopen(_), .. }, ..]);
            if is_reopened {
                assert!(before.ended_by_itself && before.merged_into.is_none());
                assert!(before.reopens_until(house).is_some_and(|until| change.events[0].at < until));
                assert_eq!((change.incident.status, change.incident.resolved_at), (Status::Open, None));
            } else if before.status == Status::Resolved {
                assert_eq!(change.incident.status, Status::Resolved);
                assert_eq!(change.incident.resolved_at, before.resolved_at);
                assert!(change.notifications.is_empty());
            }
            if change.incident.status == Status::Resolved {
                assert!(change.incident.assignees.is_empty() && !change.incident.stranded);
                assert!(change.incident.resolved_at.is_some());
            }
        });
    }

    #[test]
    fn an_open_incident_is_with_somebody_or_says_that_it_is_stranded(
        plan in plans(), order in orders(), moves in nights(),
    ) {
        play(Night::new(plan.directory(), order), &moves, |_, _, change| {
            let Incident { status, stranded, ref assignees, .. } = change.incident;
            if status == Status::Open {
                assert_eq!(assignees.is_empty(), stranded);
            } else {
                assert!(!stranded);
            }
        });
    }

    #[test]
    fn whatever_changes_is_said_in_the_log(plan in plans(), order in orders(), moves in nights()) {
        play(Night::new(plan.directory(), order), &moves, |before, _, change| {
            if change.events.is_empty() {
                let Incident { suppressed_count, last_suppressed_at, .. } = change.incident;
                let mut counted = Incident { suppressed_count, last_suppressed_at, ..before.clone() };
                if before.stranded {
                    counted.next_alert_at = change.incident.next_alert_at;
                }
                assert_eq!(change.incident, counted);
                assert!(change.notifications.is_empty());
            }
        });
    }

    #[test]
    fn a_page_goes_to_a_reachable_assignee_and_is_called_for(plan in plans(), order in orders(), moves in nights()) {
        play(Night::new(plan.directory(), order), &moves, |_, house, change| {
            let Incident { instance_id, status, round, .. } = change.incident;
            let standing = Standing { instance_id, status, round };
            for told in &change.notifications {
                assert!(standing.calls_for(&told.content.reason, told.round));
                assert!(house.channels_of(&told.user).contains(&told.channel));
                assert!(!told.content.reason.is_page() || change.incident.assignees.contains(&told.user));
            }
        });
    }

    #[test]
    fn nothing_stands_twice_in_an_incident(plan in plans(), order in orders(), moves in nights()) {
        play(Night::new(plan.directory(), order), &moves, |_, _, change| {
            let incident = &change.incident;
            assert!(incident.level >= 1);
            assert!(all_differ(incident.targets.iter().map(|target| &target.policy)));
            assert!(all_differ(&incident.assignees) && all_differ(&incident.subscribers));
            assert!(all_differ(&incident.tags) && all_differ(&incident.impacts) && all_differ(&incident.bridges));
        });
    }

    #[test]
    fn what_is_stored_reads_back_as_it_was_written(plan in plans(), order in orders(), moves in nights()) {
        play(Night::new(plan.directory(), order), &moves, |_, _, change| {
            for event in &change.events {
                assert_eq!(read_back(&event.what), event.what);
            }
            for told in &change.notifications {
                assert_eq!(read_back(&told.content), told.content);
            }
            let Incident { instance_id, organization_instance_id, version, .. } = change.incident;
            let read = read_back(&change.incident);
            let read = Incident { instance_id, organization_instance_id, version, ..read };
            assert_eq!(read, change.incident);
        });
    }

    #[test]
    fn the_same_step_twice_is_the_same(plan in plans(), order in orders(), moves in nights()) {
        play_with(Night::new(plan.directory(), order), &moves, |house, case, at, command| {
            let answers = [(); 2].map(|()| format!("{:?}", ask(house, case.clone(), at, command.clone())));
            assert_eq!(answers[0], answers[1]);
        });
    }
}

/// Plays the night and shows each change of the incident itself: the state before, the directory, the change.
fn play(night: Night, moves: &[(u32, Move)], mut see: impl FnMut(&Incident, &Directory, &Change)) {
    play_all(night, moves, |house, case, _, _, answer| {
        if let (Ok(step), Some(before)) = (answer, &case.incident)
            && let Some(change) = own_change(step, before.instance_id)
        {
            see(before, house, change);
        }
    });
}

/// Plays the night and shows what is about to be asked.
fn play_with(night: Night, moves: &[(u32, Move)], mut see: impl FnMut(&Directory, &Case, u32, &Command)) {
    play_all(night, moves, |house, case, at, command, _| see(house, case, at, command));
}

type Answer = Result<Step, Refusal>;

fn play_all(night: Night, moves: &[(u32, Move)], mut see: impl FnMut(&Directory, &Case, u32, &Command, &Answer)) {
    let Night { mut house, mut incident, .. } = night;
    let other = Night::on(&["ladder"]).incident;
    let mut at = 0;
    for (minutes, what) in moves {
        at += minutes;
        let command = match what {
            Move::Ask(command) => command,
            Move::Over => &Command::Resolve,
            Move::Edit(plan) => {
                house = Plan::directory(plan);
                continue;
            }
        };
        let related = match command {
            Command::Merge(id @ InstanceId(2)) => Some(Incident { instance_id: *id, ..other.clone() }),
            _ => None,
        };
        let alerts = ["alert-1", "alert-2", "alert-3"].map(alert).into();
        // Only an unresolved incident is loaded for a trigger.
        let resolved_trigger = incident.status == Status::Resolved && matches!(command, Command::Trigger(_));
        if resolved_trigger {
            continue;
        }
        let reached = vec![("ben".into(), Channel::Email), ("cho".into(), Channel::Email)];
        let case = Case { incident: Some(incident.clone()), related, alerts, origin: None, reached };
        let answer = match what {
            Move::Over => step(case.clone(), Command::Resolve, &probe(), &house, minute(at)),
            _ => ask(&house, case.clone(), at, command.clone()),
        };
        see(&house, &case, at, command, &answer);
        // A refusal holds no change: the state before is the state after.
        let change = answer.as_ref().ok().and_then(|step| own_change(step, incident.instance_id));
        if let Some(change) = change {
            incident = change.incident.clone();
        }
    }
}

fn own_change(step: &Step, instance_id: InstanceId) -> Option<&Change> {
    step.changes.iter().find(|change| change.incident.instance_id == instance_id)
}

fn read_back<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

fn is_quiet(change: &Change) -> bool {
    change.events.is_empty() && change.notifications.is_empty()
}

fn all_differ<T: Eq + std::hash::Hash>(items: impl IntoIterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    items.into_iter().all(|item| seen.insert(item))
}
