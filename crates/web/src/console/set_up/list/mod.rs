//! The list of one kind: searched, counted, 50 a page.

mod column;
mod person;

use super::cell::Cell;
use super::fact::Fact;
use super::kind::{Kind, name_of, reference_of};
use super::name::query;
use crate::console::frame::Frame;
use crate::console::order::{Head, Order, heads, orders};
use crate::console::page;
use crate::console::piece::{Empty, Managed, Pager, Tab, channel_word};
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use column::Known;
pub(super) use column::said;
use directory::ComponentQuery;
use domain::Username;
use domain::directory::{ComponentKind, ManagedBy};
use domain::permission::Action;
use engine::Failure;
use serde_json::Value;

/// Entries on a page.
const ON_A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "console/set_up/list.html")]
struct List {
    frame: Frame,
    kind: Kind,
    /// What was searched for.
    words: String,
    /// Who manages what is shown: `file`, `api`, or everybody.
    managed_by: String,
    /// Teams of which people may be asked for.
    teams: Vec<String>,
    /// The team that is.
    team: String,
    /// Narrower views of the same list.
    tabs: Vec<Tab>,
    /// The view, as the query has it.
    view: String,
    count: usize,
    columns: &'static [&'static str],
    /// What stands above them, the name's first: with the address of the order by it, where there is one.
    heads: Vec<(Head, String)>,
    /// The orders that can be chosen, and the one that is.
    orders: Vec<(String, String)>,
    sort: String,
    rows: Vec<Row>,
    /// What stands in the place of an empty list.
    empty: Option<Empty>,
    pager: Option<Pager>,
    /// Where a new one is made, for whoever may.
    make: Option<String>,
}

/// A component in the list.
#[derive(Clone, Debug)]
struct Row {
    /// By which it is known among its kind.
    own: String,
    address: String,
    name: String,
    /// Another name beside it, such as that of an account.
    beside: String,
    description: String,
    managed: Option<Managed>,
    /// One for each column.
    cells: Vec<Cell>,
}

impl Row {
    /// What it says in a column.
    fn said(&self, column: usize) -> String {
        match column.checked_sub(1) {
            None => self.name.clone(),
            Some(place) => self.cells.get(place).map(Cell::text).unwrap_or_default(),
        }
    }
}

/// Shows it, to whoever may see them.
pub(super) async fn show(visit: &Visit, kind: Kind) -> Response {
    let seen = match visit.seen(kind.seeing()).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let (words, managed_by) = (visit.query.text("q").to_owned(), visit.query.text("managed_by").to_owned());
    let query = ComponentQuery {
        words: words.clone(),
        managed_by: ManagedBy::from_word(&managed_by),
        limit: usize::MAX,
        ..ComponentQuery::default()
    };
    let page = match visit.app.administration.components(seen.reader(), kind.kind, query).await {
        Ok(page) => page,
        Err(failure) => return seen.failed(failure),
    };
    let known = match Known::of(&seen, kind).await {
        Ok(known) => known,
        Err(failure) => return seen.failed(failure),
    };
    let mut list = list(&seen, kind, (words, managed_by), page.components, &known);
    if kind.kind == ComponentKind::User
        && let Err(failure) = tell_last(&seen, &mut list.rows).await
    {
        return seen.failed(failure);
    }
    page::show(&visit.app, StatusCode::OK, &list)
}

/// Tells of the people that are shown when each was sent the last message, and by what.
async fn tell_last(seen: &Seen<'_>, rows: &mut [Row]) -> Result<(), Failure> {
    let people = rows.iter().map(|row| Username::from(row.own.as_str())).collect();
    let last = seen.visit.app.engine.last_messages(seen.reader(), people).await?;
    for row in rows {
        let told = last
            .get(row.own.as_str())
            .map(|(channel, at)| Cell::Time(format!("by {}", channel_word(*channel)), seen.visit.clock.moment(*at)));
        row.cells.push(told.unwrap_or_else(|| Cell::Text("none known".to_owned())));
    }
    Ok(())
}

fn list(
    seen: &Seen<'_>,
    kind: Kind,
    (words, managed_by): (String, String),
    mut found: Vec<Value>,
    known: &Known,
) -> List {
    let view = seen.visit.query.text("view").to_owned();
    let team = seen.visit.query.text("team").to_owned();
    let is_person = kind.kind == ComponentKind::User;
    if let (true, Some(entry)) = (is_person, seen.snapshot.directory.teams.named(&team)) {
        found.retain(|user| entry.component.role_of(&Username::from(name_of(user))).is_some());
    }
    let columns = column::titles(kind.kind);
    let sort = seen.visit.query.text("sort").to_owned();
    let order = Order::of(&sort, columns);
    let sort = order.map(|_| sort).unwrap_or_default();
    let said = [("q", words.as_str()), ("managed_by", &managed_by), ("team", &team), ("sort", &sort), ("view", &view)];
    let tabs = narrowed(seen, kind, &mut found, said);
    let count = found.len();
    let last = count.div_ceil(ON_A_PAGE).max(1);
    let page = seen.visit.query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, last);
    let address = |page: usize| {
        let page = page.to_string();
        format!("{}{}", kind.list(), query(&[&said[..], &[("page", &page)]].concat()))
    };
    let make = seen.may(kind.making()).then(|| kind.make());
    let is_searched = !(words.is_empty() && managed_by.is_empty() && view.is_empty() && team.is_empty());
    let (before, row) = ((page - 1).saturating_mul(ON_A_PAGE), |component| row(seen, kind, component, known));
    let rows = match order {
        None => found.iter().skip(before).take(ON_A_PAGE).map(row).collect(),
        Some(order) => {
            let mut rows: Vec<_> = found.iter().map(row).collect();
            order.arrange(&mut rows, Row::said);
            rows.into_iter().skip(before).take(ON_A_PAGE).collect()
        }
    };
    let heads = heads(columns, order).into_iter().map(|head| {
        let address = said.map(|(key, value)| if key == "sort" { (key, head.word.as_str()) } else { (key, value) });
        let address = format!("{}{}", kind.list(), query(&address));
        (head, address)
    });
    List {
        frame: seen.visit.frame(),
        kind,
        tabs,
        count,
        heads: heads.collect(),
        orders: orders(columns),
        columns,
        rows,
        empty: (count == 0).then(|| empty(kind, is_searched, make.clone())),
        pager: pager(page, count, address),
        make,
        sort: sort.clone(),
        view: view.clone(),
        words: words.clone(),
        managed_by: managed_by.clone(),
        teams: match is_person {
            true => seen.snapshot.directory.teams.by_name().iter().map(|entry| entry.component.name.clone()).collect(),
            false => Vec::new(),
        },
        team: team.clone(),
    }
}

/// Views of people; of other kinds there is one view only.
fn narrowed(seen: &Seen<'_>, kind: Kind, found: &mut Vec<Value>, said: [(&str, &str); 5]) -> Vec<Tab> {
    let [.., (_, view)] = said;
    if kind.kind != ComponentKind::User {
        return Vec::new();
    }
    let directory = &seen.snapshot.directory;
    let is_lost = |component: &Value| person::channels(directory, name_of(component)).is_empty();
    let lost = found.iter().filter(|component| is_lost(component)).count();
    let all = found.len();
    if view == UNREACHED {
        found.retain(is_lost);
    }
    let tab = |title: &str, wanted: &str, count: usize| Tab {
        name: "",
        address: format!("{}{}", kind.list(), query(&[&said[..4], &[("view", wanted)]].concat())),
        title: title.to_owned(),
        count: Some(count as u64),
        is_current: view == wanted,
    };
    vec![tab("Everybody", "", all), tab("Nothing reaches them", UNREACHED, lost)]
}

/// The view of people whom nothing reaches.
const UNREACHED: &str = "unreached";

fn row(seen: &Seen<'_>, kind: Kind, component: &Value, known: &Known) -> Row {
    let text = |key: &str| component.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let own = name_of(component).to_owned();
    let shown = Some(text("display_name")).filter(|name| !name.is_empty());
    Row {
        own: own.clone(),
        address: kind.page(reference_of(component)),
        beside: if shown.is_some() { own.clone() } else { String::new() },
        name: shown.unwrap_or(own),
        description: if kind.kind == ComponentKind::User { text("job_title") } else { text("description") },
        managed: managed(component),
        cells: column::cells(seen, kind.kind, component, known).into_iter().map(|cell| readable(seen, cell)).collect(),
    }
}

/// A cell as it is told: with links for whoever may go where they lead.
pub(super) fn readable(seen: &Seen<'_>, cell: Cell) -> Cell {
    if seen.may(Action::Read) { cell } else { cell.unlinked() }
}

/// What a list tells of a component beside its fields.
pub(super) async fn glance(seen: &Seen<'_>, kind: Kind, component: &Value) -> Result<Vec<Fact>, Failure> {
    let known = Known::of(seen, kind).await?;
    let (titles, cells) = (column::titles(kind.kind), column::cells(seen, kind.kind, component, &known));
    let told = titles.iter().zip(cells).filter(|(title, _)| column::GLANCE.contains(&(kind.kind, title)));
    Ok(told.map(|(title, cell)| Fact { label: (*title).to_owned(), cell }).collect())
}

/// Who manages a component, where it is not whoever reads.
pub(in crate::console) fn managed(component: &Value) -> Option<Managed> {
    let by_file = component.get("managed_by").and_then(Value::as_str) == Some(ManagedBy::File.word());
    by_file.then(|| Managed::by_file(component.get("source").and_then(Value::as_str)))
}

/// What stands in the place of a list.
pub(super) fn empty(kind: Kind, is_searched: bool, make: Option<String>) -> Empty {
    let title = kind.title.to_lowercase();
    if is_searched {
        let why = "Nothing fits what was searched for. Take words away, or look at all of them.".to_owned();
        let button = Some((kind.list(), format!("All {title}")));
        return Empty { what: format!("No {title} like that"), why, button, command: None, docs: None };
    }
    Empty {
        what: format!("No {title} yet"),
        why: kind.why.to_owned(),
        button: make.map(|make| (make, format!("Make {}", kind.a_one))),
        command: Some("reveille apply acme.toml".to_owned()),
        docs: Some("/docs".to_owned()),
    }
}

/// Where one is, where there is more than a page.
pub(super) fn pager(page: usize, count: usize, address: impl Fn(usize) -> String) -> Option<Pager> {
    let from = (page - 1).saturating_mul(ON_A_PAGE);
    let to = count.min(from.saturating_add(ON_A_PAGE));
    (count > ON_A_PAGE).then(|| Pager {
        from: (from + 1).min(count) as u64,
        to: to as u64,
        total: Some(count as u64),
        before: (page > 1).then(|| address(page - 1)),
        after: (to < count).then(|| address(page + 1)),
    })
}

#[cfg(test)]
mod tests;
