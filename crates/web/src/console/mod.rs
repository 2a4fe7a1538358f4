//! The console: pages under `/app` for whoever is signed in. One entrance for all of them, in the order in which a request
//! meets it: whether this site can be signed in to, whether a page of ours asks, who is signed in, and then the page.

mod address;
mod again;
mod asset;
mod entrance;
mod form;
mod frame;
mod guide;
mod incident;
mod install;
mod link;
pub(crate) mod live;
mod me;
mod menu;
mod now;
mod oidc;
mod on_call;
mod order;
mod packing;
mod page;
mod passkey;
mod passkey_form;
mod piece;
mod qr;
mod reset;
mod security;
mod seen;
mod set_up;
mod sign_in_page;
mod theme;
mod time;
mod visit;
mod wall;
mod welcome;
mod words;
mod wrong;

use crate::api::{App, refuse};
use crate::gate::{Problem, Site};
use crate::operation::Method;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method as HttpMethod;
use axum::response::Response;
use axum::routing::any;
use form::Form;
use frame::Frame;
use visit::Visit;

pub(crate) use incident::{Head, head};

/// The paths of the console. `/` shows what `/app` does.
pub(crate) fn routes(router: Router<App>) -> Router<App> {
    ["/", "/app", "/app/", "/app/{*path}"].into_iter().fold(router, |router, path| router.route(path, any(serve)))
}

async fn serve(State(app): State<App>, request: Request) -> Response {
    let unpacks = packing::unpacks(request.headers());
    // Apart from what the connection keeps, since the largest page decides how much that is.
    let response = Box::pin(answer(app, request)).await;
    if unpacks { packing::packed(response).await } else { response }
}

async fn answer(app: App, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(asset) = asset::at(parts.uri.path()) {
        return asset.answer(&parts.headers);
    }
    if let Some(answer) = install::at(parts.uri.path()) {
        return answer;
    }
    let Some(site) = Site::of(app.notifier.public_url(), &parts.headers, &parts.uri) else {
        return entrance::not_here(&app);
    };
    if !site.is_own(&parts.method, &parts.headers) {
        let problem = Problem::cross_site();
        let tell = || page::refusal(&app, Frame::closed(), &problem);
        return if page::is_program(&parts.headers) { refuse(&app, problem.clone()) } else { tell() };
    }
    let visit = match Visit::begin(app.clone(), site, &parts).await {
        Ok(visit) => visit,
        Err(problem) => return page::refusal(&app, Frame::closed(), &problem),
    };
    if let Some(answer) = visit.wants_factor() {
        return answer;
    }
    match parts.method {
        HttpMethod::GET if parts.uri.path() == live::PATH => {
            let seen_last = parts.headers.get("last-event-id").and_then(|seen| seen.to_str().ok());
            live::show(&visit, &parts.extensions, seen_last).await
        }
        HttpMethod::GET | HttpMethod::HEAD => show(&visit, &parts.method).await,
        HttpMethod::POST => match Form::receive(&app, body).await {
            Ok(form) => act(&visit, &form).await,
            Err(problem) => page::refusal(&app, visit.frame(), &problem),
        },
        _ => visit.refuse(&Problem::method_not_allowed(&[Method::Get, Method::Post])),
    }
}

/// A GET, which changes nothing; only the demo's own way in, and the way back from a sign-in provider, are ones that do.
async fn show(visit: &Visit, method: &HttpMethod) -> Response {
    match visit.segments()[..] {
        ["sign-in"] => entrance::show(visit).await,
        ["sign-in", "oidc", name] if *method == HttpMethod::GET => oidc::go(visit, name).await,
        ["sign-in", "oidc", name, "callback"] if *method == HttpMethod::GET => oidc::come_back(visit, name).await,
        ["me", "security", "link", name] if *method == HttpMethod::GET => oidc::go_to_link(visit, name).await,
        ["setup"] => entrance::how_to_begin(visit),
        ["enrol", token] => link::show_recovery(visit, token).await,
        ["enter", token] if *method == HttpMethod::GET => link::enter(visit, token).await,
        [purpose, token] if let Some(purpose) = link::by_password(purpose) => link::show(visit, purpose, token).await,
        ["enter", _] | ["sign-in", "oidc", ..] | ["me", "security", "link", _] => {
            visit.refuse(&Problem::method_not_allowed(&[Method::Get]))
        }
        ["wall", token] => wall::show(visit, token).await,
        ["reset"] => reset::show(visit).await,
        ["again"] => again::show(visit).await,
        ["incidents", ref path @ ..] => incident::show(visit, path).await,
        ["i", number] => incident::show(visit, &[number]).await,
        ["me"] => me::show(visit).await,
        ["me", "security"] => security::show(visit).await,
        [] | ["now"] => now::show(visit).await,
        ["more"] => guide::more(visit).await,
        ["help"] => guide::help(visit).await,
        ["welcome", ref path @ ..] => welcome::show(visit, path).await,
        ref path @ (["on-call" | "routines" | "policies", ..] | ["me", "when" | "cover"]) => {
            on_call::show(visit, path).await
        }
        ref path => set_up::show(visit, path).await,
    }
}

/// A POST.
async fn act(visit: &Visit, form: &Form) -> Response {
    match visit.segments()[..] {
        ["sign-in"] => entrance::sign_in(visit, form).await,
        ["sign-in", "code"] => entrance::sign_in_by_code(visit, form).await,
        ["sign-in", "passkey"] => passkey::sign_in(visit, form).await,
        ["sign-in", "passkey", "options"] => passkey::ask(visit).await,
        ["enrol", token] => link::recover(visit, token, form).await,
        ["reset"] => reset::ask(visit, form).await,
        ["again"] => again::act(visit, form).await,
        ["again", "passkey"] => passkey::sign_in_again(visit, form).await,
        ["me", "security", "passkey-options"] => passkey::offer(visit).await,
        ["me", "security", "passkey"] => passkey::add(visit, form).await,
        ["me", "security", "passkey-name"] => passkey::rename(visit, form).await,
        ["me", "security", "passkey-remove"] => passkey::remove(visit, form).await,
        ["me", "security", what] => security::act(visit, what, form).await,
        ["me", ref path @ ..] if matches!(path, ["contacts" | "devices", ..] | ["test" | "away"]) => {
            me::act(visit, path, form).await
        }
        ["incidents", ref path @ ..] => incident::act(visit, path, form).await,
        ["welcome", ref path @ ..] => welcome::act(visit, path, form).await,
        ["help"] => guide::choose(visit, form).await,
        ["sign-out"] => entrance::sign_out(visit).await,
        ref path @ (["on-call" | "routines" | "policies", ..] | ["me", "when" | "cover"]) => {
            on_call::act(visit, path, form).await
        }
        [purpose, token] if let Some(purpose) = link::by_password(purpose) => {
            link::follow(visit, (purpose, token), form).await
        }
        [purpose, token, "passkey"] if let Some(purpose) = link::by_password(purpose) => {
            passkey::follow(visit, (purpose, token), form).await
        }
        [purpose, token, "passkey", "options"] if let Some(purpose) = link::by_password(purpose) => {
            passkey::offer_by_link(visit, (purpose, token)).await
        }
        ref path => set_up::act(visit, path, form).await,
    }
}
