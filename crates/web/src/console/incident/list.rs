//! The list of incidents, whose filters stand in the address, so that going back, reloading and sharing it show the same.

use super::filter::{SINCE, filter};
use super::forms;
use super::narrow::{LOOKED_AT, Narrow};
use super::order::{self, ORDERS, behind, order, written};
use super::row::{Row, Shape, rows};
use super::saved::{Views, views};
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::{Empty, Tab};
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Urgency;
use domain::directory::Directory;
use domain::incident::Incident;
use domain::permission::Action;
use engine::Sorting;

/// Incidents on one page.
const ON_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "console/incident/list.html")]
pub(super) struct List {
    frame: Frame,
    tabs: Vec<Tab>,
    pub(super) views: Views,
    /// The query of this very list.
    query: String,
    rows: Vec<Row>,
    empty: Empty,
    /// Where those behind these are, and how it is called.
    further: Option<String>,
    first: Option<String>,
    order: &'static str,
    is_newest_first: bool,
    may_act: bool,
    shape: Shape,
    chosen: Chosen,
    services: Vec<(String, String)>,
    urgencies: Vec<(String, &'static str)>,
    people: Vec<(String, String)>,
    since: [(&'static str, &'static str); 5],
    teams: Vec<String>,
    policies: Vec<String>,
    orders: [(&'static str, &'static str); 2],
    /// Until the morning: minutes, and words.
    morning: Option<(u32, String)>,
    /// To whom many can be given at once; nothing where there are so many that they are typed, and then what is offered.
    targets: Vec<(String, String)>,
    offered: Vec<(&'static str, Vec<(String, String)>)>,
    /// So many were looked at, and there are more.
    looked_at: Option<u32>,
    pub(super) done: Vec<String>,
    pub(super) refused: Vec<String>,
}

impl List {
    /// Where this very list is.
    fn live(&self) -> String {
        if self.query.is_empty() { "/app/incidents".to_owned() } else { format!("/app/incidents?{}", self.query) }
    }
}

/// What the filters are set to.
#[derive(Clone, Debug, Default)]
struct Chosen {
    words: String,
    team: String,
    state: String,
    service: String,
    urgency: String,
    assignee: String,
    tag: String,
    since: String,
    policy: String,
    order: String,
}

impl Chosen {
    /// Whether anything but the state and the order is chosen.
    fn is_any(&self) -> bool {
        let where_from = [&self.words, &self.team, &self.service, &self.policy, &self.assignee, &self.tag];
        where_from.iter().chain(&[&self.urgency, &self.since]).any(|chosen| !chosen.is_empty())
    }
}

/// Shows it.
pub(super) async fn show(visit: &Visit) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    match compose(&seen).await {
        Ok(list) => page::show(&visit.app, StatusCode::OK, &list),
        Err(problem) => visit.refuse(&problem),
    }
}

/// The list that the address asks for.
pub(super) async fn compose(seen: &Seen<'_>) -> Result<List, Problem> {
    let (app, query, directory) = (&seen.visit.app, &seen.visit.query, &seen.snapshot.directory);
    let filter = filter(query, seen);
    let counts = app.engine.unresolved(seen.reader()).await.map_err(failed)?;
    let narrow = Narrow::of(query, seen);
    let most = if narrow.is_any() { LOOKED_AT } else { ON_PAGE };
    let sorting = order(query);
    let found = app.engine.incidents_sorted(seen.reader(), filter, (sorting, behind(query)), most + 1);
    let found = found.await.map_err(failed)?.incidents.into_iter().map(|(incident, _)| incident).collect();
    let (incidents, last, is_cut) = page_of(found, most, &narrow);
    let state = query.text("state").to_owned();
    let tab = |title: &str, name: &'static str, count| Tab {
        address: address(query, &[("state", name), ("before", "")]),
        title: title.to_owned(),
        count,
        name: if name.is_empty() { "unresolved" } else { name },
        is_current: state == name,
    };
    let tabs = vec![
        tab("Unresolved", "", Some(counts.open + counts.acknowledged)),
        tab("OPEN", "open", Some(counts.open)),
        tab("ACK", "ack", Some(counts.acknowledged)),
        tab("Resolved", "resolved", None),
    ];
    let named = directory.services.by_name();
    let may_act = seen.may(Action::ActOnIncident);
    let acts = may_act && state != "resolved";
    let offered = if acts { forms::offered(directory) } else { Vec::new() };
    let clock = &seen.visit.clock;
    let until = |minutes: u32| clock.moment(clock.now().plus_minutes(minutes)).absolute;
    Ok(List {
        frame: seen.visit.frame(),
        tabs,
        views: views(seen).await?,
        query: pairs(query, &[]),
        rows: rows(seen, &incidents),
        empty: empty(query, may_act),
        further: last.map(|last| address(query, &[("before", &written(sorting.place(&last)))])),
        first: query.get("before").map(|_| address(query, &[("before", "")])),
        order: order::words(sorting),
        is_newest_first: sorting == Sorting::Newest,
        may_act,
        shape: if acts { Shape::Ticked } else { Shape::Listed },
        morning: clock.minutes_until(7).map(|minutes| (minutes, format!("until {}", until(minutes)))),
        targets: if acts && offered.is_empty() { forms::targets(directory) } else { Vec::new() },
        offered: offered.into_iter().filter(|(list, _)| *list == forms::TARGETS).collect(),
        chosen: chosen(query),
        services: named.iter().map(|entry| (entry.component.name.clone(), entry.component.name.clone())).collect(),
        urgencies: Urgency::ALL.iter().rev().map(|urgency| (urgency.number().to_string(), urgency.word())).collect(),
        people: people_of(directory),
        since: SINCE,
        teams: directory.teams.by_name().iter().map(|entry| entry.component.name.clone()).collect(),
        policies: directory.policies.by_name().iter().map(|entry| entry.component.name.clone()).collect(),
        orders: ORDERS,
        looked_at: (narrow.is_any() && is_cut).then_some(LOOKED_AT),
        done: Vec::new(),
        refused: Vec::new(),
    })
}

/// What the fields of the filter hold.
fn chosen(query: &Form) -> Chosen {
    let text = |name: &str| query.text(name).to_owned();
    Chosen {
        words: text("q"),
        team: text("team"),
        state: text("state"),
        service: text("service"),
        urgency: text("urgency"),
        assignee: text("assignee"),
        tag: text("tag"),
        since: text("since"),
        policy: text("policy"),
        order: text("order"),
    }
}

/// Those of what was found that stand on the page, the one that further ones come after, and whether not all were looked at.
fn page_of(mut found: Vec<Incident>, most: u32, narrow: &Narrow) -> (Vec<Incident>, Option<Incident>, bool) {
    let size = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    let is_cut = found.len() > size(most);
    found.truncate(size(most));
    let end = found.last().filter(|_| is_cut).cloned();
    found.retain(|incident| narrow.lets_through(incident));
    let is_full = found.len() > size(ON_PAGE);
    found.truncate(size(ON_PAGE));
    let last = found.last().filter(|_| is_full).cloned();
    (found, last.or(end), is_cut && !is_full)
}

fn people_of(directory: &Directory) -> Vec<(String, String)> {
    let users = directory.users.by_name();
    users.iter().map(|entry| (entry.component.username.to_string(), entry.component.shown_name().to_owned())).collect()
}

/// The address of this list with some filters set otherwise; one that is set to nothing is left out.
fn address(query: &Form, set: &[(&str, &str)]) -> String {
    match pairs(query, set) {
        pairs if pairs.is_empty() => "/app/incidents".to_owned(),
        pairs => format!("/app/incidents?{pairs}"),
    }
}

fn pairs(query: &Form, set: &[(&str, &str)]) -> String {
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query.pairs() {
        if !value.is_empty() && !set.iter().any(|(known, _)| known == name) {
            written.append_pair(name, value);
        }
    }
    for (name, value) in set.iter().filter(|(_, value)| !value.is_empty()) {
        written.append_pair(name, value);
    }
    written.finish()
}

fn empty(query: &Form, may_act: bool) -> Empty {
    let is_filtered = query.pairs().iter().any(|(name, value)| name != "state" && name != "order" && !value.is_empty());
    let button = may_act.then(|| ("/app/incidents/new".to_owned(), "New incident".to_owned()));
    match (is_filtered, query.text("state")) {
        (true, _) => Empty {
            what: "No incident is like this".to_owned(),
            why: "Choose fewer filters, or another state.".to_owned(),
            button: Some(("/app/incidents".to_owned(), "All unresolved".to_owned())),
            ..Empty::default()
        },
        (false, "" | "open") => Empty {
            what: "Nothing is burning".to_owned(),
            why: "What integrations take in, and what people report, stands here until it is resolved.".to_owned(),
            button,
            ..Empty::default()
        },
        _ => Empty { what: "None".to_owned(), why: "None is in this state.".to_owned(), ..Empty::default() },
    }
}
