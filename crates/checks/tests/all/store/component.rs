//! Components are kept by kind and name, and keep their ids.

use super::sample::{HARD, long_text};
use super::{conflict, organization, read, write};
use checks::{Database, on_both};
use domain::directory::ComponentKind;
use store::{ComponentRow, Provenance};

fn row(kind: ComponentKind, name: &str, position: i64) -> ComponentRow {
    let ref_id = format!("{}/{name}", kind.word()).as_str().into();
    ComponentRow {
        kind,
        name: name.to_owned(),
        ref_id,
        own_policy: None,
        position,
        body: "{}".to_owned(),
        provenance: Provenance::default(),
    }
}

#[test]
fn a_component_survives_the_round_trip() {
    on_both(|test| {
        let one = organization(test, "one");
        let mut saved = Vec::new();
        for (position, (kind, name)) in (0..).zip(ComponentKind::ALL.into_iter().zip(HARD.iter().cycle())) {
            let own_policy = (kind == ComponentKind::User).then(|| "own".into());
            let row = ComponentRow { own_policy, body: format!("{name}{}", long_text()), ..row(kind, name, position) };
            write(test, |tx| store::component_save(tx, one, &row));
            saved.push(row);
        }
        let mut listed = read(test, |tx| store::component_list(tx, one));
        listed.sort_by_key(|row| row.position);
        assert_eq!(listed, saved);
    });
}

#[test]
fn a_component_is_found_by_its_id_before_another_by_its_name_and_those_that_name_it_by_the_whole_name() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let known = |kind, id_or_name: &str| {
            let found = read(test, |tx| store::component_known(tx, one, kind, id_or_name));
            found.map(|row| row.name)
        };
        for (position, name) in (0..).zip(HARD) {
            let body = serde_json::json!({"escalation_policy": name}).to_string();
            let naming = ComponentRow { body, ..row(ComponentKind::Service, &format!("of {name}"), position) };
            let longer = serde_json::json!({"escalation_policy": format!("{name}!")}).to_string();
            let beside =
                ComponentRow { body: longer, ..row(ComponentKind::Service, &format!("beside {name}"), position) };
            for row in [row(ComponentKind::EscalationPolicy, name, position), naming.clone(), beside] {
                write(test, |tx| store::component_save(tx, one, &row));
            }
            assert_eq!(read(test, |tx| store::component_naming(tx, one, name)), [naming], "{name}");
            assert_eq!(read(test, |tx| store::component_naming(tx, other, name)), []);
            assert_eq!(known(ComponentKind::EscalationPolicy, name).as_deref(), Some(name));
            assert_eq!(known(ComponentKind::Service, name), None);
        }
        let id = row(ComponentKind::EscalationPolicy, HARD[0], 0).ref_id;
        let named_so =
            ComponentRow { ref_id: "another".into(), ..row(ComponentKind::EscalationPolicy, id.as_str(), 90) };
        write(test, |tx| store::component_save(tx, one, &named_so));
        assert_eq!(known(ComponentKind::EscalationPolicy, id.as_str()).as_deref(), Some(HARD[0]));
        assert_eq!(known(ComponentKind::EscalationPolicy, "another"), Some(id.0));
        let listed = read(test, |tx| store::component_list_of(tx, one, ComponentKind::EscalationPolicy));
        assert_eq!(listed.len(), HARD.len() + 1);
    });
}

#[test]
fn components_are_listed_by_kind_then_place_then_name_whatever_the_language_of_the_database() {
    on_both(|test| {
        if test.database == Database::Postgresql {
            let sql = "alter table component alter column name type text collate \"en-US-x-icu\"";
            write(test, |tx| tx.run(sql, &[]));
        }
        let one = organization(test, "one");
        for (kind, name, place) in [
            (ComponentKind::User, "b", 1),
            (ComponentKind::Team, "ä", 2),
            (ComponentKind::Team, "b", 2),
            (ComponentKind::Team, "B", 2),
            (ComponentKind::Team, "z", 1),
        ] {
            write(test, |tx| store::component_save(tx, one, &row(kind, name, place)));
        }
        let listed = read(test, |tx| store::component_list(tx, one));
        let names: Vec<_> = listed.iter().map(|row| (row.kind.word(), row.name.as_str())).collect();
        assert_eq!(names, [("team", "z"), ("team", "B"), ("team", "b"), ("team", "ä"), ("user", "b")]);
    });
}

#[test]
fn a_component_saved_again_keeps_its_ids() {
    on_both(|test| {
        let one = organization(test, "one");
        let first = ComponentRow { own_policy: Some("own".into()), ..row(ComponentKind::User, "ann", 0) };
        write(test, |tx| store::component_save(tx, one, &first));
        let again = ComponentRow {
            ref_id: "changed".into(),
            own_policy: Some("changed".into()),
            position: 9,
            body: "[9]".to_owned(),
            ..first.clone()
        };
        write(test, |tx| store::component_save(tx, one, &again));
        let expected = ComponentRow { position: 9, body: "[9]".to_owned(), ..first };
        assert_eq!(read(test, |tx| store::component_list(tx, one)), [expected]);
    });
}

#[test]
fn an_id_stands_for_one_component_of_an_organization() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let first = row(ComponentKind::Team, "first", 0);
        write(test, |tx| store::component_save(tx, one, &first));
        let second = ComponentRow { name: "second".to_owned(), ..first.clone() };
        conflict(test, |tx| store::component_save(tx, one, &second));
        write(test, |tx| store::component_save(tx, other, &second));
        assert_eq!(read(test, |tx| store::component_list(tx, one)), [first]);
    });
}

#[test]
fn only_the_named_component_of_the_kind_and_organization_is_removed() {
    on_both(|test| {
        let (one, other) = (organization(test, "one"), organization(test, "other"));
        let rows = [row(ComponentKind::Service, "same", 0), row(ComponentKind::Team, "same", 0)];
        for organization in [one, other] {
            for row in &rows {
                write(test, |tx| store::component_save(tx, organization, row));
            }
        }
        write(test, |tx| store::component_delete(tx, one, ComponentKind::Team, "same"));
        write(test, |tx| store::component_delete(tx, one, ComponentKind::Team, "missing"));
        assert_eq!(read(test, |tx| store::component_list(tx, one)), rows[..1]);
        assert_eq!(read(test, |tx| store::component_list(tx, other)), rows);
    });
}
