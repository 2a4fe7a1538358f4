//! Links that work once: a GET shows what one would do, a POST does it. Only the demo's own link signs in by a GET, so that
//! it can be clicked where it is printed.

use super::entrance::code_page;
use super::form::Form;
use super::page::{self, Field, FormView, Frame, Simple};
use super::passkey_form::PasskeyForm;
use super::visit::Visit;
use super::words::{password_problem, problem, said};
use crate::gate::onward;
use axum::http::StatusCode;
use axum::response::Response;
use directory::{Followed, LinkView, SignInError};
use domain::sign_in::LinkPurpose;

/// Names in a link where its person goes on to.
pub(super) const NEXT: &str = "next";

/// The query by which the form of a link goes on to where the link does.
fn goes_on(visit: &Visit) -> String {
    let next = visit.query.get(NEXT).map(|next| onward(Some(next)));
    let query =
        |next: String| form_urlencoded::Serializer::for_suffix("?".to_owned(), 1).append_pair(NEXT, &next).finish();
    next.map(query).unwrap_or_default()
}

/// The purpose of this word, if people choose a password by its links.
pub(super) fn by_password(word: &str) -> Option<LinkPurpose> {
    LinkPurpose::from_word(word).filter(|purpose| purpose.sets_password())
}

/// The demo's link.
pub(super) async fn enter(visit: &Visit, token: &str) -> Response {
    match visit.app.administration.enter_by_link(token, &visit.visitor).await {
        Ok(signed_in) => visit.let_in(&signed_in, &onward(visit.query.get(NEXT))),
        Err(error) => visit.refused(error),
    }
}

/// Shows what a link would do.
pub(super) async fn show(visit: &Visit, purpose: LinkPurpose, token: &str) -> Response {
    match visit.app.administration.sign_in_link(purpose, token).await {
        Ok(Some(view)) => page::show(&visit.app, StatusCode::OK, &form_page(visit, &view, (purpose, token), None)),
        Ok(None) => visit.refused(SignInError::UnknownLink),
        Err(failure) => visit.failed(failure),
    }
}

/// Follows it with the password that was chosen.
pub(super) async fn follow(visit: &Visit, (purpose, token): (LinkPurpose, &str), form: &Form) -> Response {
    let administration = &visit.app.administration;
    let (password, again) = (form.text("password"), form.text("again"));
    let followed = match password == again {
        true => administration.set_password_by_link((purpose, token), password, &visit.visitor).await,
        false => match administration.sign_in_link(purpose, token).await {
            Ok(Some(view)) => {
                let wrong = ("again", "is not the same as the password above".to_owned());
                return page::show(
                    &visit.app,
                    StatusCode::BAD_REQUEST,
                    &form_page(visit, &view, (purpose, token), Some(wrong)),
                );
            }
            Ok(None) => Err(SignInError::UnknownLink),
            Err(failure) => return visit.failed(failure),
        },
    };
    match followed {
        Ok(Followed::SignedIn(signed_in)) => visit.let_in(&signed_in, &onward(visit.query.get(NEXT))),
        Ok(Followed::PasswordSet(_)) => page::go_on("/app/sign-in"),
        Ok(Followed::CodeNeeded(token)) => {
            page::show(&visit.app, StatusCode::OK, &code_page(token, onward(visit.query.get(NEXT))))
        }
        Err(SignInError::Password(fault)) => match administration.sign_in_link(purpose, token).await {
            Ok(Some(view)) => {
                let wrong = ("password", password_problem(fault));
                let page = form_page(visit, &view, (purpose, token), Some(wrong));
                page::show(&visit.app, StatusCode::BAD_REQUEST, &page)
            }
            Ok(None) => visit.refused(SignInError::UnknownLink),
            Err(failure) => visit.failed(failure),
        },
        Err(error) => visit.refused(error),
    }
}

fn form_page(
    visit: &Visit,
    view: &LinkView,
    (purpose, token): (LinkPurpose, &str),
    problem: Option<(&str, String)>,
) -> Simple {
    let LinkView { person, alone, takes_password } = view;
    let takes_passkey = view.takes_passkey(purpose) && visit.site.passkeys().is_ok();
    let passkey = takes_passkey.then(|| PasskeyForm::by_link(purpose, token, &goes_on(visit)));
    let title = match purpose {
        LinkPurpose::Invite => format!("Welcome to {}", person.organization_name),
        _ => "Choose a password".to_owned(),
    };
    let of = |name: &str| problem.as_ref().filter(|(wrong, _)| *wrong == name).map(|(_, words)| words.clone());
    let field = |name, label, hint: String| Field {
        name,
        label,
        kind: "password",
        autocomplete: "new-password",
        hint,
        problem: of(name),
        ..Field::default()
    };
    let least = alone.least();
    let hint =
        format!("At least {least} characters, of any kind. A few words that do not belong together are easy to keep.");
    let name = Field::whose(person);
    let fields = vec![name, field("password", "Password", hint), field("again", "The same once more", String::new())];
    let action = format!("/app/{}/{token}{}", purpose.word(), goes_on(visit));
    let form = FormView { action, hidden: Vec::new(), fields, button: "Set the password" };
    let page = Simple::new(Frame::closed(), title);
    let page = page.line(format!("For {} ({}), in {}.", person.name, person.username, person.organization_name));
    if !takes_password {
        let page = page.line("Nobody signs in by a password here: make a passkey, or sign in by a provider.");
        return Simple { passkey, links: vec![("/app/sign-in".to_owned(), "Sign in".to_owned())], ..page };
    }
    let problem = problem.map(|_| "The password was not set.".to_owned());
    Simple { passkey, problem, form: Some(form.focused()), ..page }
}

/// Shows what a link of who lost their second factor would do.
pub(super) async fn show_recovery(visit: &Visit, token: &str) -> Response {
    match visit.app.administration.sign_in_link(LinkPurpose::Enrol, token).await {
        Ok(Some(view)) => page::show(&visit.app, StatusCode::OK, &recovery_page(&view, token)),
        Ok(None) => visit.refused(SignInError::UnknownLink),
        Err(failure) => visit.failed(failure),
    }
}

/// Follows it with the password.
pub(super) async fn recover(visit: &Visit, token: &str, form: &Form) -> Response {
    let administration = &visit.app.administration;
    let error = match administration.recover_by_link(token, form.text("password"), &visit.visitor).await {
        Ok(signed_in) => return visit.let_in(&signed_in, "/app/me/security"),
        Err(error) => error,
    };
    match administration.sign_in_link(LinkPurpose::Enrol, token).await {
        Ok(Some(view)) if error != SignInError::UnknownLink => {
            let problem = problem(error);
            let page = recovery_page(&view, token);
            visit.refuse_on(&problem, &Simple { problem: Some(said(&problem)), ..page })
        }
        Ok(_) => visit.refused(SignInError::UnknownLink),
        Err(failure) => visit.failed(failure),
    }
}

fn recovery_page(view: &LinkView, token: &str) -> Simple {
    let person = &view.person;
    let name = Field::whose(person);
    let password = Field {
        name: "password",
        label: "Password",
        kind: "password",
        autocomplete: "current-password",
        ..Field::default()
    };
    let (action, fields) = (format!("/app/{}/{token}", LinkPurpose::Enrol.word()), vec![name, password]);
    let form = FormView { action, hidden: Vec::new(), fields, button: "Sign in and turn it off" };
    let page = Simple::new(Frame::closed(), "Without your second factor");
    let page = page.line(format!("For {} ({}), in {}.", person.name, person.username, person.organization_name));
    let page =
        page.line("The second factor that you lost is turned off, and all your sessions end. Set up another at once.");
    Simple { form: Some(form.focused()), ..page }
}
