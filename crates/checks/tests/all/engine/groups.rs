//! Groups of alerts, in any order, on two nodes, and with people who resolve and merge: what opens, joins and ends is what a
//! slow, obvious computation says.

use super::intake::{body, probed};
use checks::{DESK, Database, House, TestStore};
use domain::directory::Integration;
use domain::incident::{Command, Status};
use domain::intake::{Fate, State};
use domain::{InstanceId, RefId};
use engine::FatesAsked;
use proptest::prelude::*;

/// Problems that are spoken of; every second one is of the same team.
const PROBLEMS: usize = 4;
/// Minutes for which repeats of what a person resolved open nothing.
const REMIND: u32 = 60;

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// The sender speaks of a problem, with a time of its own that lies so many minutes back, or without one; `again`, because
    /// it did not hear the answer, to the other node.
    Say { problem: usize, is_over: bool, back: Option<u32>, again: bool },
    /// A person resolves the incident of a problem.
    Resolve(usize),
    /// A person merges the incident of the first problem into that of the second.
    Merge(usize, usize),
}

fn moves() -> impl Strategy<Value = Vec<(u32, Move)>> {
    let problem = || 0..PROBLEMS;
    let say =
        (problem(), prop_oneof![3 => Just(false), 2 => Just(true)], proptest::option::of(0..30_u32), any::<bool>())
            .prop_map(|(problem, is_over, back, again)| Move::Say { problem, is_over, back, again });
    let any = prop_oneof![
        8 => say,
        1 => problem().prop_map(Move::Resolve),
        1 => (problem(), problem()).prop_map(|(one, other)| Move::Merge(one, other)),
    ];
    // So slow that nothing flaps, and that no body is a repetition.
    proptest::collection::vec((6..45_u32, any), 1..40)
}

/// An incident as the slow computation sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Opened {
    team: usize,
    resolved: Option<u32>,
    merged_into: Option<usize>,
    /// When it or the last further alert of its group came, as long as its group is the team's last one.
    last: Option<u32>,
}

/// A problem as the slow computation sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Known {
    incident: Option<usize>,
    /// Whether the sender calls it over, and since when by its own time.
    said: Option<(bool, Option<u32>)>,
}

/// All that was seen so far, and what became of the last alert.
#[derive(Clone, Debug, Default)]
struct Seen {
    incidents: Vec<Opened>,
    problems: [Known; PROBLEMS],
    last: Option<(Fate, Option<usize>)>,
}

impl Seen {
    /// Goes through all that happened; times are minutes since the beginning.
    fn of(history: &[(u32, Move)], minutes: Option<u32>) -> Self {
        let mut seen = Self::default();
        for (now, what) in history {
            match *what {
                Move::Say { problem, is_over, back, .. } => {
                    let at = back.map(|back| now - back);
                    seen.last = Some(if is_over {
                        seen.over(problem, *now, at)
                    } else {
                        seen.fires(problem, *now, at, minutes)
                    });
                }
                Move::Resolve(problem) => {
                    if let Some(incident) = seen.open_of(problem) {
                        seen.incidents[incident].resolved = Some(*now);
                    }
                }
                Move::Merge(one, other) => seen.merge(one, other, *now),
            }
        }
        seen
    }

    fn open_of(&self, problem: usize) -> Option<usize> {
        self.problems[problem].incident.filter(|incident| self.incidents[*incident].resolved.is_none())
    }

    fn merge(&mut self, one: usize, other: usize, now: u32) {
        let (Some(absorbed), Some(survivor)) = (self.open_of(one), self.open_of(other)) else { return };
        if absorbed == survivor {
            return;
        }
        self.incidents[absorbed].resolved = Some(now);
        self.incidents[absorbed].merged_into = Some(survivor);
        for known in self.problems.iter_mut().filter(|known| known.incident == Some(absorbed)) {
            known.incident = Some(survivor);
        }
    }

    fn over(&mut self, problem: usize, now: u32, at: Option<u32>) -> (Fate, Option<usize>) {
        let Known { incident, said } = self.problems[problem];
        match said {
            None => {
                self.problems[problem].said = Some((true, at));
                (Fate::Ignored, None)
            }
            Some((true, before)) if at.is_some() && at == before => (Fate::Repeated, incident),
            Some((true, _)) => (Fate::Ignored, None),
            Some((false, before)) if at.zip(before).is_some_and(|(at, before)| at < before) => (Fate::Stale, incident),
            Some((false, _)) => {
                self.problems[problem].said = Some((true, at));
                let goes_on =
                    |known: &Known| known.incident == incident && known.said.is_some_and(|(is_over, _)| !is_over);
                if let Some(open) = self.open_of(problem)
                    && !self.problems.iter().any(goes_on)
                {
                    self.incidents[open].resolved = Some(now);
                }
                (Fate::Resolved, incident)
            }
        }
    }

    fn fires(&mut self, problem: usize, now: u32, at: Option<u32>, minutes: Option<u32>) -> (Fate, Option<usize>) {
        let Known { incident, said } = self.problems[problem];
        let before = said.and_then(|(_, at)| at);
        if at.zip(before).is_some_and(|(at, before)| at < before) {
            return (Fate::Stale, incident);
        }
        if let Some(open) = self.open_of(problem) {
            self.problems[problem].said = Some((false, at.or(before)));
            return (Fate::Joined, Some(open));
        }
        let resolved = incident.and_then(|incident| self.incidents[incident].resolved);
        let goes_on = said.is_some_and(|(is_over, _)| !is_over);
        let began_anew = at.zip(before).is_some_and(|(at, before)| at > before);
        if goes_on && !began_anew && resolved.is_some_and(|resolved| now - resolved < REMIND) {
            return (Fate::Noted, incident);
        }
        let team = problem % 2;
        let group = self.incidents.iter().rposition(|incident| incident.team == team && incident.last.is_some());
        let fate = match group.map(|group| (group, self.survivor(group))) {
            Some((group, survivor)) if self.takes(group, survivor, now, minutes) => {
                self.incidents[group].last = Some(now);
                (Fate::Grouped, Some(survivor))
            }
            _ => {
                for incident in self.incidents.iter_mut().filter(|incident| incident.team == team) {
                    incident.last = None;
                }
                self.incidents.push(Opened { team, resolved: None, merged_into: None, last: Some(now) });
                (Fate::Opened, Some(self.incidents.len() - 1))
            }
        };
        self.problems[problem] = Known { incident: fate.1, said: Some((false, at)) };
        fate
    }

    fn survivor(&self, mut incident: usize) -> usize {
        while let Some(into) = self.incidents[incident].merged_into {
            incident = into;
        }
        incident
    }

    fn takes(&self, group: usize, survivor: usize, now: u32, minutes: Option<u32>) -> bool {
        let in_time = self.incidents[group].last.zip(minutes).is_none_or(|(last, minutes)| now - last < minutes);
        self.incidents[survivor].resolved.is_none() && in_time
    }
}

/// A house with an integration that groups by team.
fn grouping(store: &TestStore, minutes: Option<u32>) -> (House, RefId) {
    let mut house = House::over(store, DESK);
    probed(&mut house, 0);
    let mut by = serde_json::json!({"fields": ["label:team"]});
    if let Some(minutes) = minutes {
        by["minutes"] = minutes.into();
    }
    let written = serde_json::json!({"name": "grouped", "kind": "generic", "service": "probed", "group_by": by});
    house.put(&serde_json::from_value::<Integration>(written).unwrap());
    let ref_id = house.organization.ref_id("grouped");
    (house, ref_id)
}

/// What people do, if it can be done.
fn do_it(house: &House, what: Move, seen: &Seen, opened: &[InstanceId]) {
    let of = |problem: usize| seen.open_of(problem).map(|incident| opened[incident]);
    match what {
        Move::Say { .. } => {}
        Move::Resolve(problem) => {
            if let Some(id) = of(problem) {
                house.act(id, Command::Resolve).unwrap();
            }
        }
        Move::Merge(one, other) => {
            if let (Some(absorbed), Some(survivor)) = (of(one), of(other))
                && absorbed != survivor
            {
                house.act(absorbed, Command::Merge(survivor)).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_of_alerts_that_belong_together_each_has_the_fate_that_a_slow_computation_says(
        moves in moves(), minutes in prop_oneof![Just(None), Just(Some(40_u32))],
    ) {
        let store = TestStore::new(Database::Sqlite);
        let (house, integration) = grouping(&store, minutes);
        let nodes = [house.engine().clone(), house.another_node().engine().clone()];
        // An hour before which no time of a sender lies.
        let (mut now, mut history, mut accepted) = (60_u32, Vec::new(), 0);
        house.advance(60);
        let mut opened: Vec<InstanceId> = Vec::new();
        for (number, (passed, what)) in moves.into_iter().enumerate() {
            house.advance(passed);
            now += passed;
            do_it(&house, what, &Seen::of(&history, minutes), &opened);
            history.push((now, what));
            let seen = Seen::of(&history, minutes);
            if let Move::Say { problem, is_over, back, again } = what {
                let state = if is_over { State::Resolved } else { State::Firing };
                let at = back.map(|back| house.engine().now().plus_micros(-i64::from(back) * 60_000_000));
                let mut said = body(&house, &integration, &format!("host {problem}"), state, at, number);
                said.alerts[0].received.labels.insert("team".to_owned(), (problem % 2).to_string());
                let node = &nodes[number % 2];
                let judged = house.run(node.take_in(said.clone())).unwrap().unwrap().remove(0).judged;
                accepted += 1;
                if let (Fate::Opened, Some(id)) = (judged.fate, judged.instance_id) {
                    opened.push(id);
                }
                let (fate, incident) = seen.last.expect("something was said");
                let expected = (fate, incident.map(|incident| opened[incident]));
                prop_assert_eq!((judged.fate, judged.instance_id), expected, "{:?}", history);
                if again {
                    let other = &nodes[1 - number % 2];
                    said.alerts[0].id = RefId(other.ids().ref_id());
                    let repeated = house.run(other.take_in(said)).unwrap().unwrap().remove(0).judged.fate;
                    let fates = [Fate::Opened, Fate::Reopened, Fate::Grouped, Fate::Resolved];
                    prop_assert!(!fates.contains(&repeated), "{:?}: {:?}", repeated, history);
                    accepted += 1;
                }
            }
            let open: Vec<_> = opened.iter().map(|id| house.details(*id).incident.status != Status::Resolved).collect();
            let expected: Vec<_> = seen.incidents.iter().map(|incident| incident.resolved.is_none()).collect();
            prop_assert_eq!(open, expected, "{:?}", history);
        }
        let kept = house.run(house.engine().fates(house.reader(), FatesAsked::default(), 1_000)).unwrap().fates;
        prop_assert_eq!(kept.len(), accepted);
        house.settle();
        let told: Vec<_> = house.messages().into_iter().map(|sent| sent.user).collect();
        prop_assert!(told.iter().all(|user| user == "ana"), "{told:?}");
    }
}
