//! The head: where one is, what time it is, and what is drawn for whom.

use super::{Frame, Head, Reader, current};
use crate::console::menu;
use crate::console::time::Clock;
use directory::Person;
use domain::directory::{Role, TeamRole};
use domain::{Instant, OrganizationId, RefId, Username};

fn person(role: Role, team_role: Option<TeamRole>) -> Person {
    Person {
        organization: OrganizationId(1),
        organization_name: "acme".to_owned(),
        ref_id: RefId::from("id"),
        username: Username::from("ana"),
        name: "Ana Alves".to_owned(),
        email: None,
        role,
        team_role,
        timezone: Some("Europe/Berlin".to_owned()),
    }
}

fn head(person: &Person, path: &str) -> Head {
    let clock = Clock::of([person.timezone.as_deref()], Instant::parse("2026-11-29T02:02:59Z").unwrap());
    Frame::around(Some(Reader { person, clock: &clock, path, address: path, stamp: None, searched: "" })).head.unwrap()
}

fn titles(person: &Person) -> Vec<&'static str> {
    head(person, "/app/now").links.iter().map(|link| link.title).collect()
}

#[test]
fn the_head_says_who_is_signed_in_and_what_time_it_is_for_them() {
    let head = head(&person(Role::Responder, None), "/app/now");
    assert_eq!((head.who.as_str(), head.place.as_str(), head.minute.as_str()), ("Ana Alves", "Berlin", "03:02"));
    assert_eq!((head.zone.as_str(), head.datetime.as_str()), ("Europe/Berlin", "2026-11-29T02:02:59Z"));
}

#[test]
fn nobody_is_told_nothing() {
    assert!(Frame::closed().head.is_none());
}

#[test]
fn the_page_one_is_on_is_marked_and_so_is_where_it_belongs() {
    for (entry, path, expected) in [
        ("/app/now", "/app/now", Some("page")),
        ("/app/now", "/", Some("page")),
        ("/app/now", "/app/", Some("page")),
        ("/app/incidents", "/app/incidents/321", Some("true")),
        ("/app/incidents", "/app/incidents/", Some("page")),
        ("/app/on-call", "/app/on-caller", None),
        ("/app/more", "/app/me", None),
    ] {
        assert_eq!(current(entry, path), expected, "{entry} {path}");
    }
    let head = head(&person(Role::Owner, None), "/app/services/db");
    let marked: Vec<_> = head.links.iter().filter(|link| link.current.is_some()).map(|link| link.title).collect();
    assert_eq!(marked, ["Services"]);
}

#[test]
fn what_a_role_can_never_do_is_not_drawn() {
    let all = ["Now", "Incidents", "On call", "Routines", "Services", "Integrations", "People", "More"];
    for role in [Role::Owner, Role::Admin, Role::Manager, Role::Responder, Role::Observer] {
        assert_eq!(titles(&person(role, None)), all, "{role:?}");
    }
    // What a team gives is drawn, and nothing is given to stakeholders.
    assert_eq!(titles(&person(Role::Restricted, Some(TeamRole::Observer))), all);
    assert_eq!(titles(&person(Role::Restricted, None)), ["Now", "More"]);
    let little = ["Now", "More"];
    assert_eq!(titles(&person(Role::Stakeholder, Some(TeamRole::Manager))), little);
    assert!(!head(&person(Role::Stakeholder, None), "/app/now").searches);
}

#[test]
fn the_list_of_all_pages_has_those_that_are_drawn_each_with_what_it_is_for() {
    let listed = |role| -> Vec<_> {
        let groups = menu::groups(&person(role, None));
        groups.iter().flat_map(|group| group.entries.iter().map(|entry| (entry.title, entry.what))).collect()
    };
    let has = |role, title| listed(role).iter().any(|(listed, _)| *listed == title);
    assert!(listed(Role::Owner).iter().all(|(_, what)| !what.is_empty()));
    for (title, least) in [
        ("Audit log", Role::Responder),
        ("Settings", Role::Admin),
        ("Keys", Role::Admin),
        ("New incident", Role::Responder),
        ("Routines", Role::Observer),
        ("Your security", Role::Stakeholder),
        ("Help", Role::Stakeholder),
    ] {
        for role in Role::ALL {
            assert_eq!(has(role, title), role >= least, "{title} {role:?}");
        }
    }
}
