//! The routing rules in their order: how often each was applied of late, moving them, and trying an alert on them.

mod row;
mod trial;

use super::kind::{Kind, reference_of};
use super::list::{empty, pager};
use super::name::query;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::frame::Frame;
use crate::console::page;
use crate::console::piece::{Empty, Pager};
use crate::console::seen::Seen;
use crate::console::visit::Visit;
use crate::gate::{Problem, failed};
use crate::operation::Code;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use directory::ComponentQuery;
use domain::directory::{ComponentKind, ManagedBy};
use domain::permission::Action;
use engine::short_digest;
use row::{Row, row};
use serde_json::Value;
use trial::Trial;

/// Rules on a page.
const ON_A_PAGE: usize = 50;
const DAY_MICROS: i64 = 24 * 3_600_000_000;
/// Days in which it is counted how often rules were applied.
const DAYS: i64 = 7;

#[derive(Template)]
#[template(path = "console/set_up/rules.html")]
struct Page {
    frame: Frame,
    kind: Kind,
    words: String,
    managed_by: String,
    /// How many fit what is searched for.
    count: usize,
    /// How many there are.
    total: usize,
    rows: Vec<Row>,
    /// Whether more was stored in the last days than was counted.
    has_more: bool,
    pager: Option<Pager>,
    empty: Option<Empty>,
    make: Option<String>,
    may_move: bool,
    /// By what the order that is shown is known.
    order: String,
    key: String,
    notice: Option<String>,
    refused: Vec<String>,
    trial: Trial,
}

/// Shows them.
pub(super) async fn show(visit: &Visit) -> Response {
    match visit.seen(Action::Read).await {
        Ok(seen) => match drawn(&seen, &Form::default()).await {
            Ok(drawn) => page::show(&visit.app, StatusCode::OK, &drawn),
            Err(problem) => visit.refuse(&problem),
        },
        Err(page) => page,
    }
}

/// Moves one.
pub(super) async fn act(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::ChangeComponents).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let done = moved(&seen, form).await;
    match drawn(&seen, &Form::default()).await {
        Ok(drawn) => match done {
            Ok(notice) => page::show(&visit.app, StatusCode::OK, &Page { notice: Some(notice), ..drawn }),
            Err(problem) => {
                let refused = problem.errors.clone();
                visit.refuse_on(&problem, &Page { refused, ..drawn })
            }
        },
        Err(problem) => visit.refuse(&problem),
    }
}

/// Tries an alert on them.
pub(super) async fn try_out(visit: &Visit, form: &Form) -> Response {
    let seen = match visit.seen(Action::Read).await {
        Ok(seen) => seen,
        Err(page) => return page,
    };
    let tried = trial::tried(&seen, form).await;
    match drawn(&seen, form).await {
        Ok(mut drawn) => match tried {
            Ok(told) => {
                drawn.trial.told = Some(told);
                page::show(&visit.app, StatusCode::OK, &drawn)
            }
            Err(problem) => {
                drawn.trial.refused.clone_from(&problem.errors);
                visit.refuse_on(&problem, &drawn)
            }
        },
        Err(problem) => visit.refuse(&problem),
    }
}

/// All of them, in their order.
async fn rules(seen: &Seen<'_>, query: ComponentQuery) -> Result<Vec<Value>, Problem> {
    let query = ComponentQuery { limit: usize::MAX, ..query };
    let administration = &seen.visit.app.administration;
    let page = administration.components(seen.reader(), ComponentKind::RoutingRule, query).await.map_err(failed)?;
    let mut rules = page.components;
    rules.sort_by_key(|rule| rule.get("position").and_then(Value::as_i64));
    Ok(rules)
}

fn order_of(rules: &[Value]) -> String {
    let all: Vec<_> = rules.iter().map(|rule| rule["ref_id"].as_str().unwrap_or_default()).collect();
    short_digest(&all.join("\0"))
}

async fn moved(seen: &Seen<'_>, form: &Form) -> Result<String, Problem> {
    let rules = rules(seen, ComponentQuery::default()).await?;
    let mut names: Vec<&str> = rules.iter().map(|rule| rule["ref_id"].as_str().unwrap_or_default()).collect();
    let from = names.iter().position(|name| *name == form.text("rule"));
    let from = from.ok_or_else(|| Problem::unknown_component("rule", ComponentKind::RoutingRule, form.text("rule")))?;
    let to = match form.text("do") {
        "up" => from.saturating_sub(1),
        "down" => (from + 1).min(names.len() - 1),
        _ => {
            let number = form.text("to").trim().parse::<usize>().ok().filter(|to| (1..=names.len()).contains(to));
            let wrong = || Problem::invalid(vec![format!("to: must be a number from 1 to {}", names.len())]);
            number.ok_or_else(wrong)? - 1
        }
    };
    // Where they stand otherwise than was seen, the rule would land where nobody meant; a repetition has its own answer.
    if form.text("order") != order_of(&rules) {
        let words = "order: it was changed meanwhile, so nothing was moved; this is how they stand now";
        return Err(Problem::new(Code::ChangedMeanwhile, words));
    }
    let name = super::kind::name_of(&rules[from]).to_owned();
    let moving = names.remove(from);
    names.insert(to, moving);
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    let mut wish = Wish { idempotency_key, any_version: true, ..Wish::default() };
    wish.body.insert("names".to_owned(), names.into());
    seen.ask("order-routing-rules", wish).await?;
    Ok(format!("{name} is number {} now.", to + 1))
}

async fn drawn(seen: &Seen<'_>, form: &Form) -> Result<Page, Problem> {
    let kind = Kind::of(ComponentKind::RoutingRule);
    let asked = &seen.visit.query;
    let (words, managed_by) = (asked.text("q").to_owned(), asked.text("managed_by").to_owned());
    let whole = rules(seen, ComponentQuery::default()).await?;
    let sought = ComponentQuery {
        words: words.clone(),
        managed_by: ManagedBy::from_word(&managed_by),
        ..ComponentQuery::default()
    };
    let is_searched = !(words.is_empty() && managed_by.is_empty());
    let found = if is_searched { rules(seen, sought).await? } else { whole.clone() };
    let since = seen.now.plus_micros(-DAYS * DAY_MICROS);
    let hits = seen.visit.app.engine.rule_hits(seen.reader(), since).await.map_err(failed)?;
    let last = found.len().div_ceil(ON_A_PAGE).max(1);
    let page = asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, last);
    let address = |page: usize| {
        let page = page.to_string();
        format!("{}{}", kind.list(), query(&[("q", &words), ("managed_by", &managed_by), ("page", &page)]))
    };
    let make = seen.may(kind.making()).then(|| kind.make());
    let shown = found.iter().skip((page - 1).saturating_mul(ON_A_PAGE)).take(ON_A_PAGE);
    // The directory that was read with the page may be older than the list by a moment; a rule that is in one only is not judged.
    let rows = shown.map(|rule| row(seen, kind.page(reference_of(rule)), rule, &hits)).collect();
    let pager = pager(page, found.len(), address);
    Ok(Page {
        frame: seen.visit.frame(),
        kind,
        count: found.len(),
        total: whole.len(),
        rows,
        has_more: hits.has_more,
        pager,
        empty: found.is_empty().then(|| empty(kind, is_searched, make.clone())),
        make,
        may_move: seen.may(Action::ChangeComponents) && whole.len() > 1,
        order: order_of(&whole),
        key: seen.form_key(),
        notice: None,
        refused: Vec::new(),
        trial: Trial::of(seen, form).await?,
        words,
        managed_by,
    })
}
