//! Reading alerts: one, a page, and how many there are.

use super::query::{Conditions, Listing};
use super::refused::Refused;
use super::{answer, authenticated, named, shown};
use crate::api::App;
use crate::gate::{Problem, failed};
use crate::intake::key::{Shown, query_of};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use directory::KnownIntegration;
use domain::intake::{Received, State};
use domain::template::Budget;
use engine::{AlertName, Sought};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `GET /v2/alerts/{id}`.
pub(in crate::intake) async fn get(app: &App, id: &str, request: Request) -> Response {
    answer(app, StatusCode::OK, one(app, id, request).await)
}

/// `GET /v2/alerts`.
pub(in crate::intake) async fn list(app: &App, request: Request) -> Response {
    answer(app, StatusCode::OK, page(app, request).await)
}

/// `GET /v2/alerts/count`.
pub(in crate::intake) async fn count(app: &App, request: Request) -> Response {
    answer(app, StatusCode::OK, counted(app, request).await)
}

async fn one(app: &App, id: &str, request: Request) -> Result<Value, Refused> {
    let known = authenticated(app, &Shown::by(app, &request)).await?;
    let name = enriched(&known, named(id, &query_of(request.uri()))?).await?;
    let found = app.engine.alert_for_sender(known.organization, known.ref_id.clone(), name);
    let found = found.await.map_err(failed)?;
    let found = found.ok_or_else(|| Refused::not_found(format!("Alert with id [{id}] does not exist.")))?;
    Ok(json!({"data": shown::alert(whose(&known), &found)}))
}

/// The name, with what the enrichments make of an alias, as far as that can be told by the alias alone.
async fn enriched(known: &KnownIntegration, mut name: AlertName) -> Result<AlertName, Refused> {
    if known.reading.enrichments.is_empty() {
        return Ok(name);
    }
    let (reading, integration) = (Arc::clone(&known.reading), Arc::clone(&known.integration));
    let enrich = move || {
        if let AlertName::Id { identity, .. } | AlertName::Identity(identity) = &mut name {
            let mut received = Received { identity: Some(identity.clone()), ..Received::of(State::Noted) };
            reading.enrich(&mut received, &integration, &mut Budget::default());
            *identity = received.identity.unwrap_or_default();
        }
        name
    };
    // Templates may take their time, which would be that of all others whom this thread serves.
    Ok(tokio::task::spawn_blocking(enrich).await.map_err(Problem::internal)?)
}

async fn page(app: &App, request: Request) -> Result<Value, Refused> {
    let known = authenticated(app, &Shown::by(app, &request)).await?;
    let parameters = query_of(request.uri());
    let listing = Listing::read(&parameters)?;
    let Listing { offset, limit, sort, is_descending, .. } = listing;
    let sought = sought(&known, listing.conditions);
    let key = Box::new(move |listed: &_| sort.key(listed));
    let found = app.engine.alerts_for_sender(sought, key, is_descending, (offset, limit));
    let (alerts, count) = found.await.map_err(failed)?;
    let data: Vec<_> = alerts.iter().map(|alert| shown::alert(whose(&known), alert)).collect();
    let mut paging = Map::new();
    let mut link = |name: &str, offset: usize| {
        paging.insert(name.to_owned(), json!(link_to(request.uri().path(), &parameters, offset, limit)));
    };
    link("first", 0);
    if offset > 0 {
        link("prev", offset.saturating_sub(limit));
    }
    if offset + limit < count {
        link("next", offset + limit);
    }
    link("last", count.saturating_sub(1) / limit * limit);
    Ok(json!({"data": data, "paging": paging}))
}

async fn counted(app: &App, request: Request) -> Result<Value, Refused> {
    let known = authenticated(app, &Shown::by(app, &request)).await?;
    let conditions = Listing::read(&query_of(request.uri()))?.conditions;
    let count = app.engine.count_for_sender(sought(&known, conditions)).await.map_err(failed)?;
    Ok(json!({"data": {"count": count}}))
}

fn sought(known: &KnownIntegration, conditions: Conditions) -> Sought {
    let (organization, integration, of) = (known.organization, known.ref_id.clone(), conditions.of());
    Sought { organization, integration, of, fits: Box::new(move |listed| conditions.hold(listed)) }
}

fn whose(known: &KnownIntegration) -> (&str, &str) {
    (known.ref_id.as_str(), known.integration.name.as_str())
}

/// Where another page is, without the key.
fn link_to(path: &str, parameters: &[(String, String)], offset: usize, limit: usize) -> String {
    let kept = parameters.iter().filter(|(name, _)| ["query", "sort", "order"].contains(&name.as_str()));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept).append_pair("offset", &offset.to_string()).append_pair("limit", &limit.to_string());
    format!("{path}?{}", query.finish())
}
