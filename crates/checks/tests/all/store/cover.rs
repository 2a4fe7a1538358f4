//! Requests for cover are kept by their id within their organization, and found by when the clock has something to say of them.

use super::{conflict, organization, read, write};
use checks::{TestStore, on_both};
use domain::cover::{Asked, Cover, Reply, State};
use domain::{Instant, OrganizationId};

/// Of a shift from 100 until 200, made at 0: who asks is told half way there, and again when it begins.
fn cover(id: &str) -> Cover {
    Cover {
        cover_ref_id: id.into(),
        routine: "r".into(),
        person: "ana".into(),
        from: Instant(100),
        until: Instant(200),
        made_at: Instant(0),
        asked: vec![
            Asked { person: "ben".into(), said: Some((Reply::No, Instant(9))) },
            Asked { person: "cho".into(), said: None },
        ],
        state: State::Open,
        is_told: false,
    }
}

fn ids(covers: &[Cover]) -> Vec<&str> {
    covers.iter().map(|cover| cover.cover_ref_id.as_str()).collect()
}

fn list(test: &TestStore, organization: OrganizationId) -> Vec<Cover> {
    read(test, |tx| store::cover_list(tx, organization))
}

#[test]
fn a_request_survives_the_round_trip_and_is_one_of_its_organization_only() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let settled = State::Settled { by: "cho".into(), swap_ref_id: "s".to_owned() };
        for state in [State::Open, settled, State::Withdrawn, State::Over] {
            let kept = Cover { state: state.clone(), ..cover(state.word()) };
            write(test, |tx| store::cover_insert(tx, one, &kept));
            conflict(test, |tx| store::cover_insert(tx, one, &kept));
            assert_eq!(read(test, |tx| store::cover_load(tx, one, &kept.cover_ref_id)), Some(kept.clone()));
            assert_eq!(read(test, |tx| store::cover_load(tx, other, &kept.cover_ref_id)), None);
        }
        let later = Cover { from: Instant(101), state: State::Over, ..cover("later") };
        write(test, |tx| store::cover_insert(tx, one, &later));
        write(test, |tx| store::cover_insert(tx, other, &cover("theirs")));
        assert_eq!(ids(&list(test, one)), ["open", "over", "settled", "withdrawn", "later"]);
        assert_eq!(ids(&list(test, other)), ["theirs"]);
    });
}

#[test]
fn what_is_open_is_due_when_it_is_to_be_told_of_and_what_is_closed_is_never() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let due = |organization, at: i64| read(test, |tx| store::cover_due(tx, organization, Instant(at), 9));
        let due_where = |at: i64| read(test, |tx| store::cover_due_where(tx, Instant(at)));
        let next = || read(test, store::cover_next).map(|at| at.0);
        assert_eq!((next(), due_where(i64::MAX)), (None, Vec::new()));
        write(test, |tx| store::cover_insert(tx, one, &cover("first")));
        let told = Cover { is_told: true, ..cover("told") };
        write(test, |tx| store::cover_insert(tx, one, &told));
        write(test, |tx| store::cover_insert(tx, other, &Cover { state: State::Withdrawn, ..cover("closed") }));
        assert_eq!(next(), Some(50));
        assert_eq!((due(one, 49).len(), due_where(49)), (0, Vec::new()));
        assert_eq!((ids(&due(one, 50)), due_where(50)), (vec!["first"], vec![one]));
        assert_eq!((ids(&due(one, 100)), due(other, 100).len()), (vec!["first", "told"], 0));
        write(test, |tx| store::cover_change(tx, one, &Cover { state: State::Over, ..cover("first") }));
        assert_eq!((ids(&due(one, 100)), next()), (vec!["told"], Some(100)));
    });
}

#[test]
fn requests_whose_shifts_were_over_are_forgotten_to_the_instant() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        for (organization, id, until) in [(one, "a", 199), (one, "b", 200), (one, "c", 201), (other, "d", 199)] {
            let kept = Cover { until: Instant(until), ..cover(id) };
            write(test, |tx| store::cover_insert(tx, organization, &kept));
        }
        write(test, |tx| store::cover_forget(tx, one, Instant(200)));
        assert_eq!((ids(&list(test, one)), ids(&list(test, other))), (vec!["c"], vec!["d"]));
    });
}
