//! One table: what is known, what comes, what it means.

use super::*;
use crate::directory::SeverityUrgency;
use crate::intake::{Asked, SenderCommand, SenderKind};

const NOW: Instant = Instant(1_800_000_000_000_000);

fn integration() -> Integration {
    let written = serde_json::json!({"name": "prometheus", "kind": "alertmanager", "service": "checkout"});
    let mut integration: Integration = serde_json::from_value(written).unwrap();
    integration.urgencies = vec![SeverityUrgency { severity: "Page".to_owned(), urgency: Urgency::Critical }];
    integration
}

fn problem(is_over: bool, said_at: Option<Instant>) -> Problem {
    Problem {
        instance_id: Some(InstanceId(7)),
        alert: Some(RefId::from("first")),
        is_over,
        ended_here_at: None,
        urgency: Urgency::High,
        said_at,
        heard_at: NOW.plus_minutes(0).plus_micros(-30_000_000),
        delivery: "old".to_owned(),
        last_alert: RefId::from("last"),
        integration: RefId::from("prometheus"),
        flaps: Flaps::default(),
        waiting: None,
        due_at: None,
    }
}

fn question<'a>(known: Option<&'a Problem>, state: &'a State, integration: &'a Integration) -> Question<'a> {
    Question {
        known,
        standing: known.and_then(|known| known.instance_id).map(|_| standing(None)),
        is_named: true,
        state,
        urgency: Urgency::High,
        occurred_at: None,
        tells_beginning: true,
        delivery: "new",
        came_before: None,
        repeated_within: 60_000_000,
        flapping: FlapLimits::default(),
        integration,
        now: NOW,
    }
}

fn standing(resolved_at: Option<Instant>) -> Standing {
    Standing { resolved_at, urgency: Urgency::High }
}

fn kept(verdict: &Verdict) -> (&'static str, Option<&str>) {
    match verdict {
        Verdict::Keep(judged) => (judged.fate.word(), judged.because.as_deref()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_problem_opens_once_and_is_joined_until_it_is_over() {
    let (integration, open, over) = (integration(), problem(false, None), problem(true, None));
    let ask = |known| question(known, &State::Firing, &integration).verdict();
    assert_eq!(ask(None), Verdict::Open { after: None });
    assert_eq!(ask(Some(&open)), Verdict::Join { rise: None });
    assert_eq!(ask(Some(&over)), Verdict::Join { rise: None }, "its incident is not resolved");
    let gone = Question { standing: Some(standing(Some(NOW))), ..question(Some(&over), &State::Firing, &integration) };
    assert_eq!(gone.verdict(), Verdict::Open { after: Some(InstanceId(7)) });
    let unnamed = Question { is_named: false, ..question(Some(&open), &State::Firing, &integration) };
    assert_eq!(unnamed.verdict(), Verdict::Open { after: None }, "without a name every alert is another");
    let suppressed = Problem { instance_id: None, alert: None, ..open.clone() };
    assert_eq!(ask(Some(&suppressed)), Verdict::Open { after: None }, "a rule that is taken back frees the alert");
}

#[test]
fn urgency_rises_when_the_sender_raises_it_and_never_against_a_person() {
    let (integration, open) = (integration(), problem(false, None));
    let louder = Question { urgency: Urgency::Critical, ..question(Some(&open), &State::Firing, &integration) };
    assert_eq!(louder.verdict(), Verdict::Join { rise: Some(Urgency::Critical) });
    let lowered = Standing { resolved_at: None, urgency: Urgency::Low };
    let same = Question { standing: Some(lowered), ..question(Some(&open), &State::Firing, &integration) };
    assert_eq!(same.verdict(), Verdict::Join { rise: None }, "a person lowered it");
    let raised = Standing { resolved_at: None, urgency: Urgency::Critical };
    assert_eq!(Question { standing: Some(raised), ..louder }.verdict(), Verdict::Join { rise: None });
}

#[test]
fn what_a_person_resolved_opens_again_when_it_begins_anew_or_goes_on_for_long() {
    let (integration, open) = (integration(), problem(false, Some(NOW.plus_micros(-1))));
    let resolved = |minutes: i64| standing(Some(NOW.plus_micros(-minutes * 60_000_000)));
    let repeat = Question {
        standing: Some(resolved(59)),
        occurred_at: open.said_at,
        ..question(Some(&open), &State::Firing, &integration)
    };
    assert_eq!(kept(&repeat.verdict()), ("noted", Some("resolved_here")));
    let anew = Verdict::Open { after: Some(InstanceId(7)) };
    assert_eq!(Question { occurred_at: Some(NOW), ..repeat }.verdict(), anew);
    let spoken = Question { occurred_at: Some(NOW), tells_beginning: false, ..repeat };
    assert_eq!(kept(&spoken.verdict()), ("noted", Some("resolved_here")), "when it was said is not when it began");
    assert_eq!(Question { standing: Some(resolved(60)), ..repeat }.verdict(), anew);
    assert_eq!(kept(&Question { occurred_at: None, ..repeat }.verdict()), ("noted", Some("resolved_here")));
}

#[test]
fn what_was_ended_here_is_heard_again_when_it_begins_anew_or_goes_on_for_long() {
    let integration = integration();
    let ended = |minutes: i64| Problem {
        ended_here_at: Some(NOW.plus_micros(-minutes * 60_000_000)),
        ..problem(true, Some(NOW.plus_micros(-1)))
    };
    let (lately, long_ago) = (ended(59), ended(60));
    let repeat = Question { occurred_at: lately.said_at, ..question(Some(&lately), &State::Firing, &integration) };
    assert_eq!(kept(&repeat.verdict()), ("noted", Some("ended_here")), "others keep its incident open");
    let gone = Question { standing: Some(standing(Some(NOW))), ..repeat };
    assert_eq!(kept(&gone.verdict()), ("noted", Some("ended_here")), "it was the last of its incident");
    assert_eq!(kept(&Question { occurred_at: None, ..repeat }.verdict()), ("noted", Some("ended_here")));
    let anew = Question { occurred_at: Some(NOW), ..repeat };
    assert_eq!(anew.verdict(), Verdict::Join { rise: None });
    assert_eq!(Question { standing: gone.standing, ..anew }.verdict(), Verdict::Open { after: Some(InstanceId(7)) });
    let spoken = Question { tells_beginning: false, ..anew };
    assert_eq!(kept(&spoken.verdict()), ("noted", Some("ended_here")), "when it was said is not when it began");
    assert_eq!(Question { known: Some(&long_ago), ..repeat }.verdict(), Verdict::Join { rise: None });
    let older = Question { occurred_at: Some(NOW.plus_micros(-2)), ..repeat };
    assert_eq!(kept(&older.verdict()).0, "stale");
}

#[test]
fn word_from_the_sender_that_it_is_over_counts_though_it_was_ended_here() {
    let integration = integration();
    let ended = Problem { ended_here_at: Some(NOW), ..problem(true, Some(NOW)) };
    let told = Question { occurred_at: Some(NOW), ..question(Some(&ended), &State::Resolved, &integration) };
    assert_eq!(told.verdict(), Verdict::End);
    assert_eq!(Question { occurred_at: None, ..told }.verdict(), Verdict::End);
    let older = Question { occurred_at: Some(NOW.plus_micros(-1)), ..told };
    assert_eq!(kept(&older.verdict()).0, "stale");
    let waited = Problem { instance_id: None, alert: None, ..ended.clone() };
    let told_of = |known, state| question(Some(known), state, &integration).verdict();
    assert_eq!(told_of(&waited, &State::Resolved), Verdict::Cease);
    assert_eq!(kept(&told_of(&waited, &State::Firing)), ("noted", Some("ended_here")));
    let acknowledged = State::Acknowledged { by: None };
    assert_eq!(kept(&told_of(&ended, &acknowledged)), ("ignored", Some("nothing_open")));
}

#[test]
fn an_old_word_never_undoes_a_newer_one() {
    let integration = integration();
    let before = NOW.plus_micros(-1);
    for state in [State::Firing, State::Resolved] {
        let open = problem(false, Some(NOW));
        let older = Question { occurred_at: Some(before), ..question(Some(&open), &state, &integration) };
        assert_eq!(kept(&older.verdict()).0, "stale", "{state:?}");
        assert_ne!(Question { occurred_at: Some(NOW), ..older }.verdict(), older.verdict(), "{state:?}");
    }
    let over = problem(true, Some(NOW));
    let older = Question { occurred_at: Some(before), ..question(Some(&over), &State::Firing, &integration) };
    assert_eq!(kept(&older.verdict()).0, "stale");
}

#[test]
fn word_that_it_is_over_may_come_before_word_that_it_began() {
    let integration = integration();
    let early = question(None, &State::Resolved, &integration).verdict();
    assert_eq!(kept(&early), ("ignored", Some("nothing_open")));
    let remembered = Problem { instance_id: None, alert: None, ..problem(true, Some(NOW)) };
    let late = Question { occurred_at: Some(NOW), ..question(Some(&remembered), &State::Firing, &integration) };
    assert_eq!(kept(&late.verdict()), ("ignored", Some("already_over")));
    let older = Question { occurred_at: Some(NOW.plus_micros(-1)), ..late };
    assert_eq!(kept(&older.verdict()), ("ignored", Some("already_over")));
    let timeless = question(Some(&remembered), &State::Firing, &integration).verdict();
    assert_eq!(timeless, Verdict::Open { after: None }, "an alert too many is better than one too few");
    let long_ago = Problem { heard_at: NOW.plus_micros(-301_000_000), ..remembered.clone() };
    assert_eq!(Question { known: Some(&long_ago), ..late }.verdict(), Verdict::Open { after: None });
}

#[test]
fn the_same_delivery_is_the_same_for_a_while() {
    let integration = integration();
    for (state, is_over) in [(State::Firing, false), (State::Resolved, true)] {
        let known = Problem { delivery: "new".to_owned(), ..problem(is_over, None) };
        let again = question(Some(&known), &state, &integration);
        assert_eq!(kept(&again.verdict()), ("repeated", Some("last")));
        let later = Question { repeated_within: 30_000_000, ..again };
        assert_ne!(later.verdict(), again.verdict(), "{state:?}");
    }
    let first = RefId::from("first of all");
    for (known, state) in [(None, State::Firing), (Some(problem(true, None)), State::Firing)] {
        let again = Question { came_before: Some(&first), ..question(known.as_ref(), &state, &integration) };
        assert_eq!(kept(&again.verdict()), ("repeated", Some("first of all")), "whatever was said since");
    }
    let over = problem(true, Some(NOW));
    let told_again = Question { occurred_at: Some(NOW), ..question(Some(&over), &State::Resolved, &integration) };
    assert_eq!(kept(&told_again.verdict()), ("repeated", Some("last")));
}

#[test]
fn what_is_over_or_was_never_there_is_neither_ended_nor_acknowledged() {
    let integration = integration();
    let acknowledged = State::Acknowledged { by: None };
    let asked = State::Asked(Box::new(Asked { what: SenderCommand::Unacknowledge, by: None }));
    for state in [&State::Resolved, &acknowledged, &State::Noted, &asked] {
        for known in [None, Some(problem(true, None))] {
            let verdict = question(known.as_ref(), state, &integration).verdict();
            assert_eq!(kept(&verdict), ("ignored", Some("nothing_open")), "{state:?}");
        }
    }
    let open = problem(false, None);
    assert_eq!(question(Some(&open), &State::Resolved, &integration).verdict(), Verdict::End);
    assert_eq!(question(Some(&open), &acknowledged, &integration).verdict(), Verdict::Acknowledge);
    assert_eq!(kept(&question(Some(&open), &State::Noted, &integration).verdict()).0, "noted");
    assert_eq!(question(Some(&open), &asked, &integration).verdict(), Verdict::Ask);
}

#[test]
fn what_waits_to_open_is_refreshed_until_it_is_over() {
    let integration = integration();
    let received = Received::of(State::Firing);
    let waiting = Waiting {
        alert: RefId::from("first"),
        fate: "held".to_owned(),
        window: None,
        held_until: None,
        is_discarded: false,
        received,
    };
    let held =
        Problem { instance_id: None, alert: None, waiting: Some(Box::new(waiting)), ..problem(false, Some(NOW)) };
    assert_eq!(question(Some(&held), &State::Firing, &integration).verdict(), Verdict::Open { after: None });
    assert_eq!(question(Some(&held), &State::Resolved, &integration).verdict(), Verdict::Cease);
    let before = Some(NOW.plus_micros(-1));
    let old = Question { occurred_at: before, ..question(Some(&held), &State::Resolved, &integration) };
    assert_eq!(kept(&old.verdict()).0, "stale");
}

#[test]
fn what_comes_and_goes_too_often_is_counted_and_neither_ends_nor_pages() {
    let integration = integration();
    let often = (1..=5_i64).fold(Flaps::default(), |flaps, minute| {
        flaps.with_change(NOW.plus_micros(-minute * 1_000_000), FlapLimits::default())
    });
    for (state, is_over) in [(State::Resolved, false), (State::Firing, true)] {
        let calm = problem(is_over, None);
        assert_ne!(question(Some(&calm), &state, &integration).verdict(), Verdict::Flap);
        let flapping = Problem { flaps: often.clone(), ..calm };
        assert_eq!(question(Some(&flapping), &state, &integration).verdict(), Verdict::Flap, "{state:?}");
    }
    let flapping = Problem { flaps: often, ..problem(false, None) };
    let repeat = question(Some(&flapping), &State::Firing, &integration).verdict();
    assert_eq!(repeat, Verdict::Join { rise: None }, "a repeat is no change");
}

#[test]
fn an_integration_decides_what_it_heeds() {
    let mut integration = integration();
    assert_eq!(integration.kind, SenderKind::Alertmanager);
    assert_eq!(integration.urgency_of(Some("PAGE"), Some(Urgency::Low)), Urgency::Critical);
    assert_eq!(integration.urgency_of(Some("warning"), Some(Urgency::Medium)), Urgency::Medium);
    assert_eq!(integration.urgency_of(None, None), Urgency::High);
    let open = problem(false, None);
    integration.on_resolve = OnResolve::Note;
    assert_eq!(question(Some(&open), &State::Resolved, &integration).verdict(), Verdict::End);
    integration.on_resolve = OnResolve::Ignore;
    assert_eq!(kept(&question(Some(&open), &State::Resolved, &integration).verdict()).0, "ignored");
    integration.enabled = false;
    assert_eq!(kept(&question(None, &State::Firing, &integration).verdict()).0, "disabled");
    integration.enabled = true;
    let unknown = State::Unknown("no status".to_owned());
    assert_eq!(kept(&question(None, &unknown, &integration).verdict()), ("unmappable", Some("no status")));
    assert_eq!(kept(&question(None, &State::Ignored("test"), &integration).verdict()), ("ignored", Some("test")));
}
