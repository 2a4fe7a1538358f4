//! The list of routines: who is on now by each, until when, and who is next.

use super::empty;
use super::level::Change;
use super::who::Who;
use super::work::{Sought, worked_out};
use crate::console::address;
use crate::console::frame::Frame;
use crate::console::order::{Head, Order, orders};
use crate::console::page;
use crate::console::piece::{Empty, Managed, Pager};
use crate::console::set_up::managed_by_files;
use crate::console::time::Clock;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::directory::{ComponentKind, Directory, Entry};
use domain::permission::Action;
use domain::routine::Routine;

/// What stands above the columns after the names.
const COLUMNS: &[&str] = &["On call now", "Until", "Next", "Asked by"];
const PATH: &str = "/app/routines";

#[derive(Template)]
#[template(path = "console/on_call/routine_list.html")]
struct RoutineList {
    frame: Frame,
    sought: String,
    /// What stands above the columns, with the address of the order by it, if there is one.
    heads: Vec<(Head, String)>,
    /// The orders that can be chosen, and the one that is.
    orders: Vec<(String, String)>,
    sort: String,
    found: Found,
    empty: Option<Empty>,
    /// Where one makes another.
    add: Option<String>,
}

/// What of the list is shown.
struct Found {
    rows: Vec<RoutineRow>,
    total: usize,
    pager: Option<Pager>,
}

/// A routine in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct RoutineRow {
    name: String,
    address: String,
    zone: String,
    people: Vec<Who>,
    change: Change,
    /// How many levels ask it.
    levels: usize,
    /// The file that manages it.
    managed: Option<Managed>,
}

impl RoutineRow {
    /// What it says in a column, to be put in order by.
    fn said(&self, column: usize) -> String {
        let (until, next) = match &self.change {
            Change::Never => (String::new(), String::new()),
            Change::At(until, next) => (until.datetime.clone(), Who::names(next)),
        };
        match column {
            0 => self.name.clone(),
            1 => Who::names(&self.people),
            2 => until,
            3 => next,
            _ => self.levels.to_string(),
        }
    }
}

/// Shows it.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let sought = Sought::of(&seen);
    let (clock, asked) = (visit.clock.clone(), sought.clone());
    let mut found = match worked_out(&seen, move |directory| found(directory, &clock, &asked)).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    match managed_by_files(&seen, ComponentKind::Routine, "").await {
        Ok(mut files) => found.rows.iter_mut().for_each(|row| row.managed = files.remove(&row.name)),
        Err(problem) => return visit.refuse(&problem),
    }
    let may_change = seen.may(Action::ChangeComponents);
    let page = RoutineList {
        frame: visit.frame(),
        empty: (found.total == 0).then(|| empty::routines(&sought, may_change, PATH)),
        add: may_change.then(|| "/app/edit/routines".to_owned()),
        heads: sought.heads(PATH, COLUMNS),
        orders: orders(COLUMNS),
        sort: sought.sort,
        sought: sought.words,
        found,
    };
    page::show(&visit.app, StatusCode::OK, &page)
}

fn found(directory: &Directory, clock: &Clock, sought: &Sought) -> Found {
    let all = (directory.routines.by_name(), name);
    let part =
        sought.rows(all, |entry| row(directory, clock, entry), (Order::of(&sought.sort, COLUMNS), RoutineRow::said));
    let asking = |page: &str| address::asking(PATH, &[("q", &sought.words), ("sort", &sought.sort), ("page", page)]);
    let pager = sought.pager(&part, asking);
    Found { rows: part.shown, total: part.total, pager }
}

fn name(entry: &Entry<Routine>) -> &str {
    &entry.component.name
}

fn row(directory: &Directory, clock: &Clock, entry: &Entry<Routine>) -> RoutineRow {
    let name = &entry.component.name;
    let on_call = directory.on_call(name, clock.now());
    let change = on_call.until.map_or(Change::Never, |until| {
        Change::At(clock.moment(until), Who::all(directory, &directory.on_call_at(name, until)))
    });
    let levels = directory.policies.iter().flat_map(|policy| &policy.component.levels);
    RoutineRow {
        name: name.clone(),
        address: address::of(PATH, name, entry.ref_id.as_str()),
        zone: entry.component.timezone.clone(),
        people: Who::all(directory, &on_call.users),
        change,
        levels: levels.filter(|level| level.routines.contains(name)).count(),
        managed: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::on_call::made_up::{add_payments, add_policy, add_routine, clock, directory};
    use serde_json::json;

    fn page(directory: &Directory, sought: Sought) -> String {
        let found = found(directory, &clock(), &sought);
        let empty = (found.total == 0).then(|| empty::routines(&sought, false, PATH));
        RoutineList {
            frame: Frame::closed(),
            heads: sought.heads(PATH, COLUMNS),
            orders: orders(COLUMNS),
            sort: sought.sort,
            sought: sought.words,
            found,
            empty,
            add: None,
        }
        .render()
        .unwrap()
    }

    #[test]
    fn each_routine_says_who_is_on_now_until_when_and_who_is_next() {
        let mut directory = directory();
        add_payments(&mut directory);
        add_policy(&mut directory, "payments", &json!([{"minutes": 5, "routines": ["payments"]}]));
        let layer = json!([{"valid_start": "2026-01-01", "rotations": [["ana"]]}]);
        add_routine(&mut directory, "<b>always</b> 50% / نوبة", "Asia/Seoul", &layer);
        let page = page(&directory, Sought::default());
        for words in [
            "href=\"/app/routines/payments\"><bdi>payments</bdi></a>",
            "<strong>nobody</strong>",
            "18:00 today · <span data-far>in 5 h</span>",
            "<bdi>Ana Alves</bdi>",
            "1 level",
            "no level asks it",
            "All the time",
            "<bdi>&#60;b&#62;always&#60;/b&#62; 50% / نوبة</bdi>",
            "/app/routines/%3Cb%3Ealways%3C%2Fb%3E%2050%25%20%2F%20",
            "Asia/Seoul",
            "2 routines",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }

    #[test]
    fn nothing_says_what_belongs_here_and_no_button_to_whoever_may_not() {
        let page = page(&directory(), Sought::default());
        assert!(page.contains("No routines yet") && !page.contains("/app/edit/routines"), "{page}");
    }
}
