//! Passkeys on pages: what a script asks for, and the forms that it sends with what the browser answered.

use super::again;
use super::form::Form;
use super::link::NEXT;
use super::page;
use super::passkey_form::SECURITY;
use super::security;
use super::sign_in_page::sign_in_page;
use super::visit::Visit;
use super::words::{problem, said};
use crate::gate::{Cookie, Problem, onward};
use crate::operation::Code;
use axum::http::header;
use axum::response::Response;
use directory::{PasskeyAsked, PasskeyMade, PasskeySite, Session, SignInError, SignedIn};
use domain::sign_in::LinkPurpose;

/// The field with what the browser answered, and the one with the name of a passkey.
const ANSWER: &str = "credential";
const NAME: &str = "passkey_name";

/// The site that passkeys are for; a problem where there is none.
#[expect(clippy::result_large_err, reason = "it is the answer, which is given at once")]
fn site(visit: &Visit) -> Result<PasskeySite, Response> {
    visit.site.passkeys().map_err(|why| visit.refuse(&Problem::invalid(vec![format!("site: {why}")])))
}

/// Answers what a browser is to be asked; with its answer it shows the cookie that goes along.
fn answer(visit: &Visit, asked: Result<PasskeyAsked, SignInError>) -> Response {
    match asked {
        Ok(PasskeyAsked { options, token }) => {
            let mut response = page::json(&options);
            response
                .headers_mut()
                .extend(visit.site.hold(Cookie::Passkey, &token).map(|value| (header::SET_COOKIE, value)));
            response
        }
        Err(error) => visit.refuse(&problem(error)),
    }
}

/// What was asked, as the browser shows it, and what it answered.
fn shown<'a>(visit: &'a Visit, form: &'a Form) -> (&'a str, &'a str) {
    (visit.passkey.as_deref().unwrap_or_default(), form.text(ANSWER))
}

/// Lets somebody in; what they were asked counts no more.
fn let_in(visit: &Visit, signed_in: &SignedIn, path: &str) -> Response {
    forget(visit, visit.let_in(signed_in, path))
}

fn forget(visit: &Visit, mut response: Response) -> Response {
    if let Some(value) = visit.site.forget(Cookie::Passkey) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// What a browser is asked to sign somebody in.
pub(super) async fn ask(visit: &Visit) -> Response {
    match site(visit) {
        Ok(site) => answer(visit, visit.app.administration.ask_for_passkey(&site).await),
        Err(response) => response,
    }
}

/// Signs in by a passkey.
pub(super) async fn sign_in(visit: &Visit, form: &Form) -> Response {
    let site = match site(visit) {
        Ok(site) => site,
        Err(response) => return response,
    };
    let (administration, next) = (&visit.app.administration, onward(form.get("next")));
    match administration.sign_in_by_passkey((&site, None), shown(visit, form), &visit.visitor).await {
        Ok(signed_in) => let_in(visit, &signed_in, &next),
        Err(SignInError::Failed(failure)) => visit.failed(failure),
        Err(error) => match administration.ways_in(visit.query.get("organization")).await {
            Ok(ways) => {
                let problem = problem(error);
                let page = sign_in_page(&visit.site, ways, form, Some(&next));
                visit.refuse_on(&problem, &page::Simple { problem: Some(not_taken(&problem)), ..page })
            }
            Err(failure) => visit.failed(failure),
        },
    }
}

/// Proves once more who one is by a passkey.
pub(super) async fn sign_in_again(visit: &Visit, form: &Form) -> Response {
    let (site, session) = match signed_in(visit).await {
        Ok(both) => both,
        Err(response) => return response,
    };
    let administration = &visit.app.administration;
    match administration.sign_in_by_passkey((&site, Some(session)), shown(visit, form), &visit.visitor).await {
        Ok(signed_in) => let_in(visit, &signed_in, &onward(form.get("next"))),
        Err(SignInError::Failed(failure)) => visit.failed(failure),
        Err(error) => {
            let problem = problem(error);
            again::refused(visit, session, form, &problem, not_taken(&problem)).await
        }
    }
}

/// What was refused, in words that fit somebody who typed nothing.
fn not_taken(problem: &Problem) -> String {
    match problem.code {
        Code::SignInRefused => {
            "That did not work. The passkey is not one of this site any more, it took longer than five \
            minutes, or you may not sign in."
                .to_owned()
        }
        _ => said(problem),
    }
}

async fn signed_in(visit: &Visit) -> Result<(PasskeySite, &Session), Response> {
    let session = visit.signed_in().await?;
    Ok((site(visit)?, session))
}

/// What a browser is asked to make another passkey.
pub(super) async fn offer(visit: &Visit) -> Response {
    match signed_in(visit).await {
        Ok((site, session)) => answer(visit, visit.app.administration.offer_passkey(session, &site).await),
        Err(response) => response,
    }
}

/// Keeps another passkey.
pub(super) async fn add(visit: &Visit, form: &Form) -> Response {
    let (site, session) = match signed_in(visit).await {
        Ok(both) => both,
        Err(response) => return response,
    };
    let (token, answer) = shown(visit, form);
    let made = PasskeyMade { token, answer, name: form.text(NAME) };
    let added = visit.app.administration.add_passkey((session, &site), made, &visit.visitor).await;
    forget(visit, security::done(visit, session, added).await)
}

/// Gives a passkey another name.
pub(super) async fn rename(visit: &Visit, form: &Form) -> Response {
    let session = match visit.signed_in().await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let which = (form.text("which"), form.text(NAME));
    let renamed = visit.app.administration.rename_passkey(session, which, &visit.visitor).await;
    security::done(visit, session, renamed).await
}

/// Removes a passkey.
pub(super) async fn remove(visit: &Visit, form: &Form) -> Response {
    let session = match visit.signed_in().await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let removed = visit.app.administration.remove_passkey(session, form.text("which"), &visit.visitor).await;
    security::done(visit, session, removed).await
}

/// What a browser is asked to make a passkey for whoever a link is for.
pub(super) async fn offer_by_link(visit: &Visit, link: (LinkPurpose, &str)) -> Response {
    match site(visit) {
        Ok(site) => answer(visit, visit.app.administration.offer_passkey_by_link(link, &site).await),
        Err(response) => response,
    }
}

/// Follows a link with the passkey that was made.
pub(super) async fn follow(visit: &Visit, link: (LinkPurpose, &str), form: &Form) -> Response {
    let site = match site(visit) {
        Ok(site) => site,
        Err(response) => return response,
    };
    let (token, answer) = shown(visit, form);
    let made = PasskeyMade { token, answer, name: form.text(NAME) };
    match visit.app.administration.set_passkey_by_link(link, &site, made, &visit.visitor).await {
        Ok(signed_in) => {
            let next = visit.query.get(NEXT).map_or_else(|| SECURITY.to_owned(), |next| onward(Some(next)));
            let_in(visit, &signed_in, &next)
        }
        Err(error) => visit.refused(error),
    }
}
