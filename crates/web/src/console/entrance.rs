//! The entrance: the sign-in page, what it says where nobody can sign in, and the way out.

use super::form::Form;
use super::page::{self, Field, FormView, Frame, Simple};
use super::sign_in_page::{HOW_TO_BEGIN, sign_in_page};
use super::visit::Visit;
use super::words::{problem, said};
use crate::api::App;
use crate::gate::{Cookie, onward};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use directory::{Entered, SignInError, Typed};

/// No cookie that says who is signed in goes over this connection.
pub(super) fn not_here(app: &App) -> Response {
    let page = Simple::new(Frame::closed(), "Nobody can sign in at this address").line(
        "Sign-in wants HTTPS, or http://localhost on the machine that the server runs on. Whoever runs the server sets \
         server.public_url to the https:// address by which people reach it.",
    );
    page::show(app, StatusCode::FORBIDDEN, &page)
}

/// `/app/setup` without a link.
pub(super) fn how_to_begin(visit: &Visit) -> Response {
    let page = Simple::new(visit.frame(), "Setting up").line(HOW_TO_BEGIN);
    page::show(&visit.app, StatusCode::OK, &page)
}

/// The sign-in page, asked for.
pub(super) async fn show(visit: &Visit) -> Response {
    if visit.session.is_some() {
        return page::go_on(&onward(visit.query.get("next")));
    }
    match visit.app.administration.ways_in(visit.query.get("organization")).await {
        Ok(ways) => page::show(
            &visit.app,
            StatusCode::OK,
            &sign_in_page(&visit.site, ways, &visit.query, visit.query.get("next")),
        ),
        Err(failure) => visit.failed(failure),
    }
}

/// Takes a name and a password.
pub(super) async fn sign_in(visit: &Visit, form: &Form) -> Response {
    let administration = &visit.app.administration;
    let typed = Typed {
        organization: form.get("organization").map(str::to_owned),
        name: form.text("name").to_owned(),
        password: form.text("password").to_owned(),
    };
    let next = onward(form.get("next"));
    match administration.sign_in(&typed, &visit.visitor).await {
        Ok(Entered::SignedIn(signed_in)) => visit.let_in(&signed_in, &next),
        Ok(Entered::CodeNeeded(token)) => page::show(&visit.app, StatusCode::OK, &code_page(token, next)),
        Err(SignInError::Failed(failure)) => visit.failed(failure),
        Err(error) => match administration.ways_in(typed.organization.as_deref()).await {
            Ok(ways) => {
                let problem = problem(error);
                let page = sign_in_page(&visit.site, ways, form, Some(&next));
                visit.refuse_on(&problem, &Simple { problem: Some(said(&problem)), ..page })
            }
            Err(failure) => visit.failed(failure),
        },
    }
}

/// The page that asks for a code, after the password was right.
pub(super) fn code_page(token: String, next: String) -> Simple {
    let page = Simple::new(Frame::closed(), "Your second factor");
    let code = Field {
        name: "code",
        label: "Code",
        kind: "text",
        autocomplete: "one-time-code",
        hint: "The six digits that your app shows now, or one of your codes for recovery.".to_owned(),
        ..Field::default()
    };
    let hidden = vec![("token", token), ("next", next)];
    let form = FormView { action: "/app/sign-in/code".to_owned(), hidden, fields: vec![code], button: "Sign in" };
    Simple { form: Some(form.focused()), links: vec![("/app/sign-in".to_owned(), "Begin again".to_owned())], ..page }
}

/// Takes a code.
pub(super) async fn sign_in_by_code(visit: &Visit, form: &Form) -> Response {
    let (token, next) = (form.text("token"), onward(form.get("next")));
    match visit.app.administration.sign_in_by_code(token, form.text("code"), &visit.visitor).await {
        Ok(signed_in) => visit.let_in(&signed_in, &next),
        Err(SignInError::Failed(failure)) => visit.failed(failure),
        Err(error) => {
            let problem = problem(error);
            let page = code_page(token.to_owned(), next);
            visit.refuse_on(&problem, &Simple { problem: Some(said(&problem)), ..page })
        }
    }
}

/// Ends the session.
pub(super) async fn sign_out(visit: &Visit) -> Response {
    if let Some(session) = &visit.session
        && let Err(failure) = visit
            .app
            .administration
            .end_session(&session.person, Some(session), session.ref_id.clone(), &visit.visitor)
            .await
    {
        return visit.failed(failure);
    }
    let mut response = page::go_on("/app/sign-in");
    if let Some(value) = visit.site.forget(Cookie::Session) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    // What the browser kept for when there is no network, and the worker with its subscription.
    let kept = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), kept);
    response
}
