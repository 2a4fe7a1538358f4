//! Operations that only read.

use super::change::{device, session};
use super::intake::change_event;
use super::{
    App, Success, audit, cover, directory, intake, invitation, key, me, on_call, person_part, provider, told, try_out,
    try_rules,
};
use crate::gate::{Caller, Fields, Problem, failed, period};
use crate::operation::Reading;
use crate::view::{self, incident::IncidentView};
use ::directory::PersonDataAsked;
use domain::directory::ComponentKind;
use domain::incident::{Event, Incident, Status};
use domain::recurrence::Occurrence;
use domain::{InstanceId, Urgency, Username, limits};
use engine::{Filter, Listed, Snapshot};
use notify::{AttemptRow, NotificationRow};
use serde_json::{Value, json};

/// Answers a reading.
pub(super) async fn read(app: &App, reading: Reading, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    match reading {
        Reading::Components => components(app, caller, fields).await,
        Reading::IncidentNames => incident_names(app, caller, fields).await,
        Reading::Incidents => incidents(app, caller, fields).await,
        Reading::Details => details(app, caller, incident_of(fields)).await,
        Reading::Alerts => alerts(app, caller, incident_of(fields)).await,
        Reading::Users => users(app, caller, fields).await,
        Reading::User => user(app, caller, fields).await,
        Reading::OnCall => on_call::on_call(app, caller, fields).await,
        Reading::Schedule => on_call::schedule(app, caller, fields).await,
        Reading::Occurrences => occurrences(app, caller, fields).await,
        Reading::Coverage => on_call::coverage(app, caller, fields).await,
        Reading::Preview => on_call::preview(app, caller, fields).await,
        Reading::Swaps => on_call::swaps(app, caller, fields).await,
        Reading::Contacts => contacts(app, caller, fields).await,
        Reading::Rules => person_part::rules(app, caller, fields).await,
        Reading::Devices => device::devices(app, caller, fields).await,
        Reading::Notifications => notifications(app, caller, fields).await,
        Reading::Notices => notices(app, caller, fields).await,
        Reading::Fate => intake::fate(app, caller, fields).await,
        Reading::Fates => intake::fates(app, caller, fields).await,
        Reading::ChangeEvents => change_event::list(app, caller, fields).await,
        Reading::Payloads => intake::payloads(app, caller, fields).await,
        Reading::Organization => directory::organization(app, caller).await,
        Reading::Versions => directory::versions(app, caller, fields).await,
        Reading::Version => directory::version(app, caller, fields).await,
        Reading::Diff => directory::diff(app, caller, fields).await,
        Reading::Drift => directory::drift(app, caller).await,
        Reading::FilePlan => Err(Problem::internal("a file is planned with the whole body")),
        Reading::Keys => key::keys(app, caller, fields).await,
        Reading::Providers => provider::providers(app, caller).await,
        Reading::Layers | Reading::Layer | Reading::Exceptions | Reading::Exception => {
            Err(Problem::internal("a layer is read with the headers of the request"))
        }
        Reading::Provider => Err(Problem::internal("a sign-in provider is read with its headers")),
        Reading::TryIntegration => try_out::try_integration(app, caller, fields).await,
        Reading::TryRules => try_rules::try_rules(app, caller, fields).await,
        Reading::Audit => audit::list(app, caller, fields).await,
        Reading::AuditExport => audit::export(app, caller, fields).await,
        Reading::Me => me::caller(app, caller).await,
        Reading::Sessions => me::sessions(app, caller).await,
        Reading::SessionsOf => session::sessions(app, caller, fields).await,
        Reading::Tokens => key::tokens(app, caller, fields).await,
        Reading::Shifts => me::shifts(app, caller, fields).await,
        Reading::Covers => cover::list(app, caller).await,
        Reading::CoverCandidates => cover::candidates(app, caller, fields).await,
        Reading::Invitations => invitation::invitations(app, caller, fields).await,
        Reading::PersonData => Box::pin(person_data(app, caller, fields)).await,
    }
}

fn incident_of(fields: &Fields) -> InstanceId {
    fields.instance_id("instance_id").unwrap_or(InstanceId::UNSAVED)
}

/// When a maintenance window is.
async fn occurrences(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let (from, until) = period(fields, app.engine.now())?;
    let field = "maintenance_window_ref_id";
    let name = fields.required_text(field);
    let snapshot = snapshot(app, caller).await?;
    let windows = &snapshot.directory.maintenance_windows;
    let unknown = || Problem::unknown_component(field, ComponentKind::MaintenanceWindow, &name);
    let entry = windows.with_ref(&name).or_else(|| windows.named(&name)).ok_or_else(unknown)?;
    let occurrences = entry.component.recurring().occurrences(from, until);
    let item = |one: &Occurrence| json!({"from": one.start.wire(), "until": one.end.wire()});
    Success::json(&occurrences.iter().map(item).collect::<Vec<_>>())
}

async fn components(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let kind = fields.required_text("type");
    let known = view::component::kind(&kind).ok_or_else(Problem::unknown_path)?;
    let snapshot = snapshot(app, caller).await?;
    let limit = fields.limit(limits::COMPONENTS_DEFAULT);
    let after = fields.text("after");
    let gone = || Problem::unknown_component("after", known, after.unwrap_or_default());
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let reached_at = (app.notifier.public_url(), app.settings.mail_domain.as_deref());
    let mut page = view::component::page(&snapshot.directory, reached_at, known, after, size).ok_or_else(gone)?;
    page.items.iter_mut().for_each(|item| told::listed(item, known, caller, &snapshot));
    let mut success = Success::json(&page.items)?;
    success.link = page.next.map(|next| format!("</list/{kind}?limit={limit}&after={next}>; rel=\"next\""));
    Ok(success)
}

async fn incident_names(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let limit = fields.limit(limits::COMPONENTS_DEFAULT);
    let mut statuses = statuses(fields);
    if statuses.is_empty() {
        statuses = vec![Status::Open, Status::Acknowledged];
    }
    let query: String = statuses.iter().map(|status| format!("&status={}", status.word())).collect();
    let filter = Filter { statuses, before: fields.instance_id("after"), ..Filter::default() };
    // One more than asked for tells whether there is a next page.
    let listed = app.engine.incidents(caller.reader(), filter, limit + 1).await.map_err(failed)?;
    let mut found = listed.incidents;
    let has_more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let names: Vec<_> = found.iter().map(|(incident, _)| view::incident::name(incident)).collect();
    let mut success = Success::json(&names)?;
    let last = found.last().filter(|_| has_more);
    success.link = last
        .map(|(last, _)| format!("</list/incidents?limit={limit}&after={}{query}>; rel=\"next\"", last.instance_id));
    Ok(success)
}

fn statuses(fields: &Fields) -> Vec<Status> {
    fields.texts("status").iter().filter_map(|word| Status::from_word(word)).collect()
}

async fn incidents(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let (mut from, mut until) = (fields.instant("start_timestamp"), fields.instant("end_timestamp"));
    if from.zip(until).is_some_and(|(from, until)| from > until) {
        std::mem::swap(&mut from, &mut until);
    }
    let filter = Filter {
        statuses: statuses(fields),
        service: fields.text("service_ref_id").map(Into::into),
        urgency: fields.number("urgency_level").and_then(|number| Urgency::try_from(number).ok()),
        assignee: fields.text("assignee").map(Username::from),
        tags: fields.texts("tags"),
        from,
        until,
        before: fields.instance_id("before_instance_id"),
        ..Filter::default()
    };
    let limit = fields.limit(limits::PAGE_DEFAULT);
    let Listed { incidents, snapshot } = app.engine.incidents(caller.reader(), filter, limit).await.map_err(failed)?;
    let now = app.engine.now();
    let view = |(incident, events): &(Incident, Vec<Event>)| -> serde_json::Result<_> {
        let view = IncidentView { incident, directory: &snapshot.directory, events, first_alert_text: "", now };
        serde_json::value::to_raw_value(&view::incident::list_item(&view))
    };
    let items: Result<Vec<_>, _> = incidents.iter().map(view).collect();
    Success::json(&items.map_err(Problem::internal)?)
}

async fn details(app: &App, caller: &Caller, id: InstanceId) -> Result<Success, Problem> {
    let found = app.engine.details(caller.reader(), id).await.map_err(failed)?;
    Success::json(&view::incident::details(&IncidentView {
        incident: &found.incident,
        directory: &found.snapshot.directory,
        events: &found.events,
        first_alert_text: &found.text,
        now: app.engine.now(),
    }))
}

async fn alerts(app: &App, caller: &Caller, id: InstanceId) -> Result<Success, Problem> {
    let (incident, mut alerts, snapshot) = app.engine.alerts(caller.reader(), id).await.map_err(failed)?;
    alerts.reverse();
    Success::json(&view::alert::alerts(&incident, &alerts, &snapshot.directory))
}

async fn snapshot(app: &App, caller: &Caller) -> Result<std::sync::Arc<Snapshot>, Problem> {
    app.engine.directory(caller.reader()).await.map_err(failed)
}

async fn users(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let snapshot = snapshot(app, caller).await?;
    let team = fields.text("team_ref_id");
    let found = view::user::search(&snapshot.directory, fields.text("keywords").unwrap_or_default(), team);
    let unknown = || Problem::unknown_component("team_ref_id", ComponentKind::Team, team.unwrap_or_default());
    let mut found = json!(found.ok_or_else(unknown)?);
    found
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
        .for_each(|one| told::mask_for(one, caller));
    Success::json(&found)
}

async fn user(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let snapshot = snapshot(app, caller).await?;
    let username = fields.required_text("preferred_username");
    let unknown = || Problem::unknown_component("preferred_username", ComponentKind::User, &username);
    let user = snapshot.directory.user(&username).ok_or_else(unknown)?;
    let mut found = json!(view::user::details(user));
    found.as_object_mut().into_iter().for_each(|one| told::mask_for(one, caller));
    Success::json(&found)
}

async fn contacts(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let person = Username(fields.required_text("preferred_username"));
    let contacts = app.administration.contacts(caller.reader(), person).await.map_err(failed)?;
    Success::json(&contacts.iter().map(view::contact::contact).collect::<Vec<_>>())
}

async fn person_data(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let person = fields.required_text("preferred_username");
    let asked = PersonDataAsked {
        person,
        before_incident: fields.instance_id("before_instance_id"),
        before_audit: fields.number("before_audit_number"),
    };
    let data = app.administration.person_data(caller.asker(None, None), "preferred_username", asked).await;
    let data = data.map_err(failed)?;
    let next = [
        data.next_incident.map(|next| format!("before_instance_id={next}")),
        data.next_audit.map(|next| format!("before_audit_number={next}")),
    ];
    let next: Vec<_> = next.into_iter().flatten().collect();
    let id = data.told.get("ref_id").and_then(serde_json::Value::as_str).unwrap_or_default();
    let path = format!("/v1/users/{id}/data");
    let success = Success::json(&view::administration::person::data(data).map_err(Problem::internal)?)?;
    let link = (!next.is_empty()).then(|| format!("<{path}?{}>; rel=\"next\"", next.join("&")));
    Ok(Success { link, ..success })
}

async fn notices(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let (person, limit) = (Username(fields.required_text("preferred_username")), fields.limit(limits::PAGE_DEFAULT));
    let after = fields.text("after").map(str::to_owned);
    let mut found = app.notifier.notices(caller.reader(), person.clone(), after, limit + 1).await.map_err(failed)?;
    let link = next_page(&mut found, limit, &format!("/v1/users/{person}/notices"));
    let whole = app.engine.whole_directory(caller.reader()).await.map_err(failed)?;
    let is_own = caller.person().is_some_and(|own| own.username == person);
    if !is_own && !caller.reader().rights(&whole).sees_everything() {
        let seen = snapshot(app, caller).await?;
        found.iter_mut().for_each(|(row, _)| told::hide_names(&mut row.notification.content, &seen.directory));
    }
    let success = Success::json(&found.iter().map(view::notification::notice).collect::<Vec<_>>())?;
    Ok(Success { link, ..success })
}

async fn notifications(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let (id, limit) = (incident_of(fields), fields.limit(limits::PAGE_DEFAULT));
    let after = fields.text("after").map(str::to_owned);
    let mut found = app.notifier.notifications(caller.reader(), id, after, limit + 1).await.map_err(failed)?;
    let link = next_page(&mut found, limit, &format!("/v1/incidents/{id}/notifications"));
    let success = Success::json(&found.iter().map(view::notification::notification).collect::<Vec<_>>())?;
    Ok(Success { link, ..success })
}

/// Cuts what was found, of which one more was asked for, to a page; the link to the next one, if there is one.
fn next_page(found: &mut Vec<(NotificationRow, Vec<AttemptRow>)>, limit: u32, path: &str) -> Option<String> {
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = found.len() > size;
    found.truncate(size);
    let last = found.last().filter(|_| has_more).map(|(row, _)| row.id.delivery_id());
    last.map(|last| format!("<{path}?limit={limit}&after={last}>; rel=\"next\""))
}
