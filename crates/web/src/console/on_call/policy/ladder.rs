//! One policy as a ladder: who is on each level now, by what and when they are reached, and what comes after the last.

use super::reach::{ReachedBy, reached_by, urgency_named};
use crate::console::address;
use crate::console::frame::Frame;
use crate::console::on_call::level::{self, LevelView, Look};
use crate::console::on_call::who::Who;
use crate::console::on_call::work::worked_out;
use crate::console::page;
use crate::console::piece::Tab;
use crate::console::set_up::Keeping;
use crate::console::time::Clock;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Urgency;
use domain::directory::{ComponentKind, Directory, Entry, EscalationPolicy, Ladder, Level, WhenExhausted};
use domain::permission::Action;
use std::collections::HashMap;

const PATH: &str = "/app/policies";
/// The units of the scale, from the first page to the end of the last wait.
const SCALE: u64 = 1000;
/// What a word above the scale takes, at least.
const LABEL: u64 = 70;

#[derive(Template)]
#[template(path = "console/on_call/policy.html")]
struct PolicyPage {
    frame: Frame,
    name: String,
    edit: Option<String>,
    urgency: &'static str,
    urgencies: Vec<Tab>,
    rungs: Vec<Rung>,
    scale: Vec<Mark>,
    after: String,
    /// What is on it: name and address.
    services: Vec<(String, String)>,
    is_fallback: bool,
    keeping: Keeping,
}

/// A level with who is on it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rung {
    level: LevelView,
    /// Minutes after the incident began.
    begins: u64,
    people: Vec<Reached>,
}

/// Somebody, and what reaches them.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reached {
    who: Who,
    by: Vec<ReachedBy>,
}

/// A level on the scale.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    x: u64,
    width: u64,
    number: u32,
    /// Where there is room for it.
    label: Option<String>,
    has_problem: bool,
}

/// What is worked out of a policy.
struct Climb {
    rungs: Vec<Rung>,
    services: Vec<(String, String)>,
    after: String,
}

/// Shows the policy of this name or id.
pub(in crate::console::on_call) async fn show(visit: &Visit, name: &str) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let name = address::decoded(name);
    let Some(entry) = seen.snapshot.directory.policies.known(&name) else { return visit.nothing_there() };
    let urgency = urgency_named(visit.query.text("urgency"));
    let (ref_id, clock) = (entry.ref_id.clone(), visit.clock.clone());
    let work = move |directory: &Directory| {
        directory.policies.with_ref(ref_id.as_str()).map(|entry| climb(directory, entry, (&clock, urgency)))
    };
    let climb = match worked_out(&seen, work).await {
        Ok(Some(climb)) => climb,
        Ok(None) => return visit.nothing_there(),
        Err(page) => return page,
    };
    let edit = address::of("/app/edit/escalation-policies", &entry.component.name, entry.ref_id.as_str());
    let edit = seen.may(Action::ChangeComponents).then_some(edit);
    let directory = &seen.snapshot.directory;
    let keeping = match Keeping::of(&seen, ComponentKind::EscalationPolicy, entry.ref_id.as_str()).await {
        Ok(keeping) => keeping,
        Err(problem) => return visit.refuse(&problem),
    };
    let page = page_of(visit.frame(), (entry, climb), urgency, (edit, directory.fallback_policy.as_deref()));
    let page = PolicyPage { keeping, ..page };
    page::show(&visit.app, StatusCode::OK, &page)
}

fn page_of(
    frame: Frame,
    (entry, climb): (&Entry<EscalationPolicy>, Climb),
    urgency: Urgency,
    (edit, fallback): (Option<String>, Option<&str>),
) -> PolicyPage {
    let name = entry.component.name.clone();
    let path = address::of(PATH, &name, entry.ref_id.as_str());
    let tab = |of: Urgency| Tab {
        address: address::asking(&path, &[("urgency", &of.number().to_string())]),
        title: of.word().to_owned(),
        count: None,
        name: "",
        is_current: of == urgency,
    };
    PolicyPage {
        frame,
        edit,
        urgency: urgency.word(),
        urgencies: Urgency::ALL.into_iter().rev().map(tab).collect(),
        scale: scale(&climb.rungs),
        rungs: climb.rungs,
        after: climb.after,
        services: climb.services,
        is_fallback: fallback == Some(&name),
        keeping: Keeping::default(),
        name,
    }
}

fn climb(directory: &Directory, entry: &Entry<EscalationPolicy>, (clock, urgency): (&Clock, Urgency)) -> Climb {
    let policy = &entry.component;
    let look = Look { directory, clock, at: clock.now() };
    let ladder = Ladder::Named(policy, directory);
    let views = level::levels(look, ladder, &policy.levels, &mut HashMap::new());
    let mut begins = 0;
    let mut rungs = Vec::new();
    for (view, level) in views.into_iter().zip(&policy.levels) {
        let users = ladder.on_call(view.number, clock.now()).users;
        let reached = |user| Reached {
            who: Who::of(directory, user),
            by: reached_by(directory, user, urgency, Some(level.minutes)),
        };
        rungs.push(Rung { people: users.iter().map(reached).collect(), level: view, begins });
        begins += u64::from(level.minutes);
    }
    let on_it = directory.services.by_name().into_iter();
    let on_it = on_it.filter(|service| service.component.escalation_policy == policy.name);
    let service = |service: &Entry<domain::directory::Service>| {
        let name = &service.component.name;
        (name.clone(), address::of("/app/services", name, service.ref_id.as_str()))
    };
    Climb { rungs, services: on_it.map(service).collect(), after: after(directory, policy, begins) }
}

/// What happens when the last level does not answer either.
fn after(directory: &Directory, policy: &EscalationPolicy, minutes: u64) -> String {
    let last = policy.levels.last().map_or(0, |level: &Level| level.minutes);
    let again = match policy.when_exhausted {
        WhenExhausted::RepeatLast => format!("the last level is asked again, every {last} min"),
        WhenExhausted::Restart => "it begins again with level 1".to_owned(),
    };
    let fallback = match directory.fallback_policy.as_deref() {
        Some(fallback) if fallback != policy.name => {
            format!(" Where nobody on any level can be reached, the policy “{fallback}” is asked.")
        }
        Some(_) => String::new(),
        None => " Where nobody on any level can be reached, nobody is asked: there is no fallback policy.".to_owned(),
    };
    format!("After {minutes} min without an answer {again}, until somebody answers.{fallback}")
}

fn scale(rungs: &[Rung]) -> Vec<Mark> {
    let whole: u64 = rungs.iter().map(|rung| u64::from(rung.level.minutes)).sum::<u64>().max(1);
    let mark = |rung: &Rung| {
        let x = rung.begins * SCALE / whole;
        let width = ((rung.begins + u64::from(rung.level.minutes)) * SCALE / whole - x).max(1);
        let label = (width >= LABEL).then(|| format!("{} · {} min", rung.level.number, rung.level.minutes));
        let has_problem = rung.level.problem.is_some();
        Mark { x, width, number: rung.level.number, label, has_problem }
    };
    rungs.iter().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::on_call::made_up::{add_payments, add_policy, add_user, clock, directory};
    use domain::Username;
    use domain::notification::Channel;
    use serde_json::json;

    fn page(directory: &Directory, name: &str, urgency: Urgency) -> String {
        let entry = directory.policies.named(name).unwrap();
        let climb = climb(directory, entry, (&clock(), urgency));
        let fallback = directory.fallback_policy.as_deref();
        page_of(Frame::closed(), (entry, climb), urgency, (None, fallback)).render().unwrap()
    }

    #[track_caller]
    fn has(page: &str, words: &[&str]) {
        for words in words {
            assert!(page.contains(words), "{words}: {page}");
        }
    }

    #[test]
    fn each_level_says_when_it_is_asked_who_that_is_and_by_what_and_when_they_are_reached() {
        let mut directory = directory();
        add_payments(&mut directory);
        let both = json!({"username": "eva", "email": "eva@example.com", "voice": "+447700900109"});
        add_user(&mut directory, &both);
        directory.verified.insert((Username::from("eva"), Channel::Voice));
        let levels = json!([
            {"minutes": 5, "routines": ["payments"]}, {"minutes": 5, "users": ["eva"]}, {"minutes": 30, "users": ["cho"]}
        ]);
        add_policy(&mut directory, "p", &levels);
        has(
            &page(&directory, "p", Urgency::Critical),
            &[
                "Level 1",
                "at once",
                "Nobody is on this level, so it is passed over.",
                "after 5 min",
                "e-mail at once",
                "call after 2 min",
                "call after 7 min, which never comes: the next level is asked before",
                "after 10 min",
                "nothing reaches them",
                "After 40 min without an answer the last level is asked again, every 30 min",
                "there is no fallback policy",
                "aria-current=\"page\">Critical</a>",
                "href=\"/app/policies/p?urgency=1\">Minor</a>",
                "<rect class=\"gap\" x=\"0\"",
            ],
        );
        // What is minor calls nobody.
        assert!(!page(&directory, "p", Urgency::Minor).contains("call after"));
    }

    #[test]
    fn what_comes_after_the_last_level_is_said() {
        let mut directory = directory();
        add_policy(&mut directory, "p", &json!([{"minutes": 5, "users": ["ana"]}]));
        let policy = json!({"name": "r", "when_exhausted": "restart", "levels": [{"minutes": 7, "users": ["ana"]}]});
        directory.policies.add("p-r".into(), serde_json::from_value(policy).unwrap());
        directory.fallback_policy = Some("p".to_owned());
        has(
            &page(&directory, "r", Urgency::High),
            &["After 7 min without an answer it begins again with level 1", "the policy “p” is asked"],
        );
        has(&page(&directory, "p", Urgency::High), &["asked when nobody else can be found"]);
    }

    #[test]
    fn the_scale_is_in_proportion() {
        let mut directory = directory();
        let level = |minutes: u32| json!({"minutes": minutes, "users": ["ana"]});
        add_policy(&mut directory, "p", &json!([level(5), level(15), level(80)]));
        let entry = directory.policies.named("p").unwrap();
        let marks = scale(&climb(&directory, entry, (&clock(), Urgency::High)).rungs);
        let told: Vec<_> = marks.iter().map(|mark| (mark.x, mark.width, mark.label.is_some())).collect();
        assert_eq!(told, [(0, 50, false), (50, 150, true), (200, 800, true)]);
    }
}
