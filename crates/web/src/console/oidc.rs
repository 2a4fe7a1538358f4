//! The way to a sign-in provider and back, and accounts there that people link to themselves.

use super::again;
use super::form::Form;
use super::page::{self, FormView, Simple};
use super::visit::Visit;
use crate::gate::{Cookie, Problem, failed, onward};
use crate::operation::Code;
use axum::http::{StatusCode, header};
use axum::response::Response;
use directory::{Aim, Answer, Answered, LinkOffer, ProviderError, Session, Why};

const SECURITY: &str = "/app/me/security";
/// Seconds after which somebody may ask again whose provider could not be asked.
const AWAY_SECONDS: u64 = 10;

/// Bytes of a path that somebody goes on to: the browser holds it on its way, in a cookie of 4096 bytes at most.
const NEXT_BYTES: usize = 1000;

/// Sends the browser to a provider, to sign in, or to prove once more who is signed in.
pub(super) async fn go(visit: &Visit, name: &str) -> Response {
    let aim = match &visit.session {
        Some(session) if visit.query.get("again").is_some() => Aim::Again(session.person.ref_id.clone()),
        _ => Aim::SignIn,
    };
    let session = visit.session.as_ref().filter(|_| aim != Aim::SignIn);
    let next = visit.query.get("next").filter(|next| next.len() <= NEXT_BYTES);
    send(visit, name, aim, session, &onward(next)).await
}

/// Sends whoever is signed in to a provider, to link an account there.
pub(super) async fn go_to_link(visit: &Visit, name: &str) -> Response {
    let session = match visit.signed_in().await {
        Ok(session) => session,
        Err(page) => return page,
    };
    if !session.is_fresh(visit.app.engine.now()) {
        return again::needed(visit, session, SECURITY).await;
    }
    let aim = Aim::Link(session.person.ref_id.clone());
    send(visit, name, aim, Some(session), SECURITY).await
}

async fn send(visit: &Visit, name: &str, aim: Aim, session: Option<&Session>, next: &str) -> Response {
    let meant = (visit.query.get("organization"), name);
    let places = (visit.site.origin(), next);
    match visit.app.administration.go_to_provider(meant, places, aim, session).await {
        Ok(begun) => {
            let mut response = page::go_on(&begun.url);
            let cookie = visit.site.hold(Cookie::Provider, &begun.cookie);
            response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
            response
        }
        Err(error) => refused(visit, name, error).await,
    }
}

/// Takes what the browser brings back.
pub(super) async fn come_back(visit: &Visit, name: &str) -> Response {
    let text = |field: &str| visit.query.get(field).map(str::to_owned);
    let answer = Answer {
        state: text("state").unwrap_or_default(),
        code: text("code"),
        issuer: text("iss"),
        error: text("error"),
    };
    let cookie = visit.underway.as_deref().unwrap_or_default();
    let came = visit.app.administration.come_from_provider((name, cookie), &answer, &visit.visitor).await;
    let mut response = match came {
        Ok(Answered::SignedIn { signed_in, next }) => visit.let_in(&signed_in, &next),
        Ok(Answered::Offered(offer)) => offered(visit, offer).await,
        Err(error) => refused(visit, name, error).await,
    };
    // What was held for the way is of no use any more, whatever came of it.
    let cookie = visit.site.forget(Cookie::Provider);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Asks whoever is signed in whether an account is theirs. Somebody else may have signed this browser in there.
async fn offered(visit: &Visit, offer: LinkOffer) -> Response {
    if let Err(page) = visit.signed_in().await {
        return page;
    }
    let LinkOffer { account, provider, token } = offer;
    let page = Simple::new(visit.frame(), "Is this account yours?");
    let page = page.line(format!(
        "{provider} knows you as {account}. Whoever signs in there as {account} is you here from then on."
    ));
    let hidden = vec![("token", token)];
    let form =
        FormView { action: format!("{SECURITY}/link"), hidden, fields: Vec::new(), button: "It is mine, link it" };
    let links = vec![(SECURITY.to_owned(), "Do not link it".to_owned())];
    page::show(&visit.app, StatusCode::OK, &Simple { form: Some(form), links, ..page })
}

/// Links an account that was offered.
pub(super) async fn link(visit: &Visit, session: &Session, form: &Form) -> Response {
    match visit.app.administration.link_account(session, form.text("token")).await {
        Ok(()) => page::go_on(SECURITY),
        Err(ProviderError::NotFresh) => again::needed(visit, session, SECURITY).await,
        Err(error) => refused(visit, "link", error).await,
    }
}

/// Takes a link back.
pub(super) async fn unlink(visit: &Visit, session: &Session, form: &Form) -> Response {
    let account = (form.text("issuer").to_owned(), form.text("subject").to_owned());
    match visit.app.administration.unlink_account(session, account).await {
        Ok(true) => page::go_on(SECURITY),
        Ok(false) => visit.refuse(&Problem::unknown_path()),
        Err(ProviderError::NotFresh) => again::needed(visit, session, SECURITY).await,
        Err(error) => refused(visit, "unlink", error).await,
    }
}

/// Says why nobody is signed in: to the person as much as helps them, to the log the reason.
async fn refused(visit: &Visit, name: &str, error: ProviderError) -> Response {
    let page = Simple::new(visit.frame(), "That did not work");
    let links = vec![("/app/sign-in".to_owned(), "Back to the sign-in page".to_owned())];
    let (problem, reason, page) = match error {
        ProviderError::Unknown => return visit.nothing_there(),
        ProviderError::TooMany { retry_after_seconds } => {
            return visit.refuse(&Problem::too_many_sign_ins(retry_after_seconds));
        }
        ProviderError::Failed(failure) => return visit.refuse(&failed(failure)),
        ProviderError::NotFresh => {
            let problem = Problem::new(Code::FreshSignInNeeded, "session: sign in once more");
            return visit.refuse(&problem);
        }
        ProviderError::Away(reason) => {
            let problem = Problem::try_again(
                Code::SignInBusy,
                "sign-in: the provider cannot be asked at the moment",
                AWAY_SECONDS,
            );
            (problem, reason, page.line("The provider cannot be asked at the moment. Try again, or sign in otherwise."))
        }
        ProviderError::Refused(Why::Answer(reason)) => {
            let words = "What came back from the provider was not taken. Begin again; whoever runs the server finds the \
                         reason in its log.";
            (
                Problem::new(Code::SignInRefused, "sign-in: the provider's answer was not taken"),
                reason,
                page.line(words),
            )
        }
        ProviderError::Refused(Why::Nobody(reason)) => {
            let words = "The account that you have there cannot be used here. Ask whoever runs this server to let you in; \
                         if you are somebody here already, sign in otherwise and link the account on your security page.";
            (Problem::new(Code::SignInRefused, "sign-in: the account is nobody's here"), reason, page.line(words))
        }
    };
    let address = visit.visitor.address.map(|address| address.to_string());
    tracing::warn!(provider = name, reason, address, "a sign-in by a provider was refused");
    visit.refuse_on(&problem, &Simple { links, ..page })
}
