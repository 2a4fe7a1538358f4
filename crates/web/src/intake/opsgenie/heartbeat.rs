//! Heartbeats of this API: they are heard and seen here, and changed in the directory file.

use super::refused::Refused;
use super::{answer, authenticated, shown};
use crate::api::App;
use crate::gate::failed;
use crate::intake::key::Shown;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;
use engine::Ping;
use serde_json::{Value, json};

/// `/v2/heartbeats/{name}/ping`. The original says so to any name, so that a misspelt one is never noticed.
pub(in crate::intake) async fn ping(app: &App, name: &str, request: Request) -> Response {
    answer(app, StatusCode::ACCEPTED, pinged(app, name, request).await)
}

/// `GET /v2/heartbeats`.
pub(in crate::intake) async fn heartbeats(app: &App, request: Request) -> Response {
    answer(app, StatusCode::OK, listed(app, request).await)
}

/// `GET /v2/heartbeats/{name}`.
pub(in crate::intake) async fn heartbeat(app: &App, name: &str, request: Request) -> Response {
    answer(app, StatusCode::OK, one(app, name, request).await)
}

/// All that would change heartbeats: whoever may write the directory file does.
pub(in crate::intake) async fn changed(app: &App, request: Request) -> Response {
    let refused = match authenticated(app, &Shown::by(app, &request)).await {
        Ok(_) => Refused::new(
            StatusCode::FORBIDDEN,
            "Heartbeats are changed in the directory file: edit its `[[heartbeat]]` entries and run `reveille apply`.",
        ),
        Err(refused) => refused,
    };
    refused.answer(app)
}

fn unknown(name: &str) -> Refused {
    Refused::not_found(format!("no heartbeat is named `{name}`"))
}

async fn pinged(app: &App, name: &str, request: Request) -> Result<Value, Refused> {
    let known = authenticated(app, &Shown::by(app, &request)).await?;
    let (organization, name_of) = (known.organization, name.to_owned());
    let find = app.engine.read(move |tx, shared| {
        let snapshot = shared.directories.current(tx, organization)?;
        let entry = snapshot.as_ref().and_then(|snapshot| snapshot.directory.heartbeats.named(&name_of));
        Ok(entry.map(|entry| entry.ref_id.clone()))
    });
    let heartbeat = find.await.map_err(failed)?.ok_or_else(|| unknown(name))?;
    let pinged = app.engine.ping(organization, heartbeat, Ping::Well, None, String::new());
    match pinged.await.map_err(failed)? {
        true => Ok(json!({"result": "PONG - Heartbeat received"})),
        false => Err(unknown(name)),
    }
}

async fn listed(app: &App, request: Request) -> Result<Value, Refused> {
    let known = authenticated(app, &Shown::by(app, &request)).await?;
    let heartbeats = app.engine.heartbeats_for_sender(known.organization).await.map_err(failed)?;
    let heartbeats: Vec<_> = heartbeats.iter().map(|(one, heard)| shown::heartbeat(one, heard.as_ref())).collect();
    Ok(json!({"data": {"heartbeats": heartbeats}}))
}

async fn one(app: &App, name: &str, request: Request) -> Result<Value, Refused> {
    let known = authenticated(app, &Shown::by(app, &request)).await?;
    let heartbeats = app.engine.heartbeats_for_sender(known.organization).await.map_err(failed)?;
    let found = heartbeats.iter().find(|(heartbeat, _)| heartbeat.name == name);
    let (heartbeat, heard) = found.ok_or_else(|| unknown(name))?;
    Ok(json!({"data": shown::heartbeat(heartbeat, heard.as_ref())}))
}
