//! The list of policies: who is asked first now, how long a page climbs, and what asks it.

use crate::console::address;
use crate::console::frame::Frame;
use crate::console::on_call::empty;
use crate::console::on_call::who::Who;
use crate::console::on_call::work::{Sought, worked_out};
use crate::console::order::{Head, Order, orders};
use crate::console::page;
use crate::console::piece::{Empty, Managed, Pager};
use crate::console::set_up::managed_by_files;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Instant;
use domain::directory::{ComponentKind, Directory, Entry, EscalationPolicy, Ladder};
use domain::permission::Action;

/// What stands above the columns after the names.
const COLUMNS: &[&str] = &["Asked first now", "Climbs", "Asked by"];
const PATH: &str = "/app/policies";

#[derive(Template)]
#[template(path = "console/on_call/policy_list.html")]
struct PolicyList {
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
    rows: Vec<PolicyRow>,
    total: usize,
    pager: Option<Pager>,
}

/// A policy in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PolicyRow {
    name: String,
    address: String,
    /// Who is on level 1.
    first: Vec<Who>,
    levels: usize,
    /// Until all levels have been asked and waited for.
    minutes: u64,
    services: usize,
    is_fallback: bool,
    /// The file that manages it.
    managed: Option<Managed>,
}

impl PolicyRow {
    /// What it says in a column, to be put in order by.
    fn said(&self, column: usize) -> String {
        match column {
            0 => self.name.clone(),
            1 => Who::names(&self.first),
            2 => self.minutes.to_string(),
            _ => self.services.to_string(),
        }
    }
}

/// Shows it.
pub(in crate::console::on_call) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let sought = Sought::of(&seen);
    let (now, asked) = (seen.now, sought.clone());
    let mut found = match worked_out(&seen, move |directory| found(directory, now, &asked)).await {
        Ok(found) => found,
        Err(page) => return page,
    };
    match managed_by_files(&seen, ComponentKind::EscalationPolicy, "").await {
        Ok(mut files) => found.rows.iter_mut().for_each(|row| row.managed = files.remove(&row.name)),
        Err(problem) => return visit.refuse(&problem),
    }
    let may_change = seen.may(Action::ChangeComponents);
    let page = PolicyList {
        frame: visit.frame(),
        empty: (found.total == 0).then(|| empty::policies(&sought, may_change, PATH)),
        add: may_change.then(|| "/app/edit/escalation-policies".to_owned()),
        heads: sought.heads(PATH, COLUMNS),
        orders: orders(COLUMNS),
        sort: sought.sort,
        sought: sought.words,
        found,
    };
    page::show(&visit.app, StatusCode::OK, &page)
}

fn found(directory: &Directory, now: Instant, sought: &Sought) -> Found {
    let all = (directory.policies.by_name(), name);
    let part =
        sought.rows(all, |entry| row(directory, now, entry), (Order::of(&sought.sort, COLUMNS), PolicyRow::said));
    let asking = |page: &str| address::asking(PATH, &[("q", &sought.words), ("sort", &sought.sort), ("page", page)]);
    let pager = sought.pager(&part, asking);
    Found { rows: part.shown, total: part.total, pager }
}

fn name(entry: &Entry<EscalationPolicy>) -> &str {
    &entry.component.name
}

fn row(directory: &Directory, now: Instant, entry: &Entry<EscalationPolicy>) -> PolicyRow {
    let policy = &entry.component;
    let services = directory.services.iter().filter(|service| service.component.escalation_policy == policy.name);
    PolicyRow {
        name: policy.name.clone(),
        address: address::of(PATH, &policy.name, entry.ref_id.as_str()),
        first: Who::all(directory, &Ladder::Named(policy, directory).users(1, now)),
        levels: policy.levels.len(),
        minutes: policy.levels.iter().map(|level| u64::from(level.minutes)).sum(),
        services: services.count(),
        is_fallback: directory.fallback_policy.as_deref() == Some(&policy.name),
        managed: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::on_call::made_up::{add_policy, directory, now};
    use serde_json::json;

    #[test]
    fn each_policy_says_who_is_asked_first_and_how_far_it_goes() {
        let mut directory = directory();
        let levels = json!([{"minutes": 5, "users": ["ana"]}, {"minutes": 10, "users": ["cho"]}]);
        add_policy(&mut directory, "a <b>policy</b>", &levels);
        add_policy(&mut directory, "nobody", &json!([{"minutes": 5, "users": ["cho"]}]));
        directory.fallback_policy = Some("nobody".to_owned());
        let sought = Sought::default();
        let found = found(&directory, now(), &sought);
        let page = PolicyList {
            frame: Frame::closed(),
            sought: String::new(),
            sort: String::new(),
            heads: Vec::new(),
            orders: Vec::new(),
            found,
            empty: None,
            add: None,
        };
        let page = page.render().unwrap();
        for words in [
            "<bdi>a &#60;b&#62;policy&#60;/b&#62;</bdi>",
            "href=\"/app/policies/a%20%3Cb%3Epolicy%3C%2Fb%3E\"",
            "<bdi>Ana Alves</bdi>",
            "2 levels, 15 min",
            "1 level, 5 min",
            "nothing reaches them",
            "asked when nobody else can be found",
            "2 policies",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
    }
}
