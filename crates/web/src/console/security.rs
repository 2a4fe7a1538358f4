//! One's own security: the password, the second factor and its codes for recovery, and the sessions.

use super::again;
use super::form::Form;
use super::oidc;
use super::page::{self, Field, FormView, Frame};
use super::passkey_form::{PasskeyForm, PasskeyRow, SECURITY as PATH};
use super::qr::{Picture, picture};
use super::time::{Clock, Moment};
use super::visit::Visit;
use super::words::{password_problem, problem, said};
use crate::gate::Problem;
use crate::operation::Code;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use directory::{Enrolment, Factors, ListedIdentity, ListedSession, Session, SignInError};
use domain::RefId;

/// A session as the page shows it.
struct SessionRow {
    words: String,
    since: Moment,
    used: Moment,
    is_this: bool,
    end: FormView,
}

#[derive(Template)]
#[template(path = "console/security.html")]
struct Security {
    frame: Frame,
    problem: Option<String>,
    /// Where people sign in by one.
    password: Option<FormView>,
    factors: Factors,
    passkeys: Vec<PasskeyRow>,
    /// What makes another one, or why there can be none.
    add_passkey: Result<PasskeyForm, String>,
    sessions: Vec<SessionRow>,
    end_others: Option<FormView>,
    accounts: Vec<AccountRow>,
    /// Where an account at a provider is linked: address and words.
    links: Vec<(String, String)>,
}

/// An account at a provider as the page shows it.
struct AccountRow {
    words: String,
    since: Moment,
    remove: FormView,
}

fn account_row(account: ListedIdentity, clock: &Clock) -> AccountRow {
    let ListedIdentity { issuer, subject, provider, linked_at } = account;
    let name = provider.unwrap_or_else(|| issuer.clone());
    AccountRow {
        words: format!("{name}: {subject}"),
        since: clock.moment(linked_at),
        remove: FormView {
            action: format!("{PATH}/unlink"),
            hidden: vec![("issuer", issuer), ("subject", subject)],
            fields: Vec::new(),
            button: "Take the link back",
        },
    }
}

impl Security {
    async fn of(visit: &Visit, session: &Session) -> Result<Self, Response> {
        let administration = &visit.app.administration;
        let failed = |failure| visit.failed(failure);
        let factors = administration.factors(session).await.map_err(failed)?;
        let sessions = administration.sessions(&session.person, Some(session)).await.map_err(failed)?;
        let passkeys = administration.passkeys(session).await.map_err(failed)?;
        let end_others = (sessions.len() > 1).then(|| FormView {
            action: format!("{PATH}/sessions"),
            hidden: vec![("which", "others".to_owned())],
            fields: Vec::new(),
            button: "End all others",
        });
        let accounts = administration.linked_accounts(session).await.map_err(failed)?;
        let ways = administration.ways_in(Some(&session.person.organization_name)).await.map_err(failed)?;
        let link = |name: &String| (format!("{PATH}/link/{name}"), format!("Link an account of {name}"));
        Ok(Self {
            accounts: accounts.into_iter().map(|account| account_row(account, &visit.clock)).collect(),
            links: ways.providers.iter().map(link).collect(),
            frame: visit.frame(),
            problem: None,
            password: ways.takes_passwords.then(|| password_form(session, factors, &[])),
            factors,
            add_passkey: visit.site.passkeys().map(|_| PasskeyForm::add(passkeys.len())),
            passkeys: passkeys.iter().map(|passkey| PasskeyRow::of(passkey, &visit.clock)).collect(),
            sessions: sessions.iter().map(|session| row(session, &visit.clock)).collect(),
            end_others,
        })
    }
}

fn row(session: &ListedSession, clock: &Clock) -> SessionRow {
    let ListedSession { ref_id, is_this, made_at, last_used_at, means, device, network, .. } = session;
    let device = if device.is_empty() { "a browser without a name" } else { device };
    SessionRow {
        words: format!("{device}, from {network}, by {}", means.word()),
        since: clock.moment(*made_at),
        used: clock.moment(*last_used_at),
        is_this: *is_this,
        end: FormView {
            action: format!("{PATH}/sessions"),
            hidden: vec![("which", ref_id.to_string())],
            fields: Vec::new(),
            button: "End this session",
        },
    }
}

fn password_form(session: &Session, factors: Factors, problems: &[(&str, String)]) -> FormView {
    let field = |name, label, autocomplete| {
        let problem = problems.iter().find(|(wrong, _)| *wrong == name).map(|(_, words)| words.clone());
        Field { name, label, kind: "password", autocomplete, problem, ..Field::default() }
    };
    let mut fields = vec![
        field("password", "New password", "new-password"),
        field("again", "The new one once more", "new-password"),
    ];
    if factors.has_password {
        fields.insert(0, field("present", "Present password", "current-password"));
    }
    fields.insert(0, Field::whose(&session.person));
    FormView { action: format!("{PATH}/password"), hidden: Vec::new(), fields, button: "Change the password" }
}

/// Shows all of it.
pub(super) async fn show(visit: &Visit) -> Response {
    let session = match visit.signed_in().await {
        Ok(session) => session,
        Err(page) => return page,
    };
    match Security::of(visit, session).await {
        Ok(page) => page::show(&visit.app, StatusCode::OK, &page),
        Err(response) => response,
    }
}

/// Does what a form of the page asks for.
pub(super) async fn act(visit: &Visit, what: &str, form: &Form) -> Response {
    let session = match visit.signed_in().await {
        Ok(session) => session,
        Err(page) => return page,
    };
    match what {
        "password" => change_password(visit, session, form).await,
        "factor" => offer(visit, session).await,
        "confirm" => confirm(visit, session, form).await,
        "codes" => renew(visit, session).await,
        "remove" => remove(visit, session).await,
        "sessions" => end(visit, session, form).await,
        "link" => oidc::link(visit, session, form).await,
        "unlink" => oidc::unlink(visit, session, form).await,
        _ => visit.nothing_here().await,
    }
}

/// Says why something was not done, where there is no better place for it.
async fn refused(visit: &Visit, session: &Session, error: SignInError) -> Response {
    match error {
        SignInError::NotFresh => again::needed(visit, session, PATH).await,
        SignInError::UnknownLink => offer(visit, session).await,
        error => visit.refuse(&problem(error)),
    }
}

/// Back to the page after something was done, or on it why it was not.
pub(super) async fn done(visit: &Visit, session: &Session, done: Result<(), SignInError>) -> Response {
    match done {
        Ok(()) => page::go_on(PATH),
        Err(error @ (SignInError::NotFresh | SignInError::Failed(_))) => refused(visit, session, error).await,
        Err(error) => {
            let problem = problem(error);
            match Security::of(visit, session).await {
                Ok(page) => visit.refuse_on(&problem, &Security { problem: Some(said(&problem)), ..page }),
                Err(response) => response,
            }
        }
    }
}

async fn change_password(visit: &Visit, session: &Session, form: &Form) -> Response {
    let (present, wanted) = (form.text("present"), form.text("password"));
    let changed = match wanted == form.text("again") {
        true => visit.app.administration.change_password(session, (present, wanted), &visit.visitor).await,
        false => {
            let words = "is not the same as the new password";
            let problem = Problem::invalid(vec![format!("again: {words}")]);
            return password_refused(visit, session, &problem, ("again", words.to_owned())).await;
        }
    };
    match changed {
        Ok(signed_in) => visit.let_in(&signed_in, PATH),
        Err(error @ (SignInError::Refused | SignInError::TooMany { .. } | SignInError::Busy)) => {
            let problem = problem(error);
            password_refused(visit, session, &problem, ("present", "was not taken".to_owned())).await
        }
        Err(SignInError::Password(fault)) => {
            let words = password_problem(fault);
            password_refused(visit, session, &problem(SignInError::Password(fault)), ("password", words)).await
        }
        Err(error) => refused(visit, session, error).await,
    }
}

async fn password_refused(visit: &Visit, session: &Session, problem: &Problem, wrong: (&str, String)) -> Response {
    match Security::of(visit, session).await {
        Ok(page) => {
            let password = Some(password_form(session, page.factors, &[wrong]).focused());
            visit.refuse_on(problem, &Security { problem: Some(said(problem)), password, ..page })
        }
        Err(response) => response,
    }
}

#[derive(Template)]
#[template(path = "console/factor.html")]
struct Factor {
    frame: Frame,
    problem: Option<String>,
    picture: Option<Picture>,
    secret: String,
    url: String,
    form: FormView,
}

impl Factor {
    fn of(frame: Frame, enrolment: Enrolment, wrong: Option<String>) -> Self {
        let Enrolment { secret, url, token } = enrolment;
        let code = Field {
            name: "code",
            label: "Code",
            kind: "text",
            autocomplete: "one-time-code",
            hint: "The six digits that the app shows now.".to_owned(),
            problem: wrong,
            ..Field::default()
        };
        let (action, hidden) = (format!("{PATH}/confirm"), vec![("token", token)]);
        let form = FormView { action, hidden, fields: vec![code], button: "Turn it on" }.focused();
        Self { frame, problem: None, picture: picture(&url), secret: grouped(&secret), url, form }
    }
}

/// In groups of four, for who types it.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn offer(visit: &Visit, session: &Session) -> Response {
    match visit.app.administration.offer_factor(session).await {
        Ok(enrolment) => page::show(&visit.app, StatusCode::OK, &Factor::of(visit.frame(), enrolment, None)),
        Err(SignInError::NotFresh) => again::needed(visit, session, PATH).await,
        Err(error) => visit.refuse(&problem(error)),
    }
}

async fn confirm(visit: &Visit, session: &Session, form: &Form) -> Response {
    let token = form.text("token");
    match visit.app.administration.take_factor(session, (token, form.text("code")), &visit.visitor).await {
        Ok(codes) => show_codes(visit, codes),
        Err(SignInError::WrongCode) => match visit.app.administration.offer_again(session, token).await {
            Ok(enrolment) => {
                let words = "is not the one that the app shows now; look at the clock of your device".to_owned();
                let problem = problem(SignInError::WrongCode);
                let page = Factor::of(visit.frame(), enrolment, Some(words));
                visit.refuse_on(&problem, &Factor { problem: Some(said(&problem)), ..page })
            }
            Err(error) => refused(visit, session, error).await,
        },
        Err(error) => refused(visit, session, error).await,
    }
}

async fn renew(visit: &Visit, session: &Session) -> Response {
    match visit.app.administration.renew_recovery_codes(session, &visit.visitor).await {
        Ok(codes) => show_codes(visit, codes),
        Err(error) => refused(visit, session, error).await,
    }
}

#[derive(Template)]
#[template(path = "console/codes.html")]
struct Codes {
    frame: Frame,
    codes: Vec<String>,
}

fn show_codes(visit: &Visit, codes: Vec<String>) -> Response {
    page::show(&visit.app, StatusCode::OK, &Codes { frame: visit.frame(), codes })
}

async fn remove(visit: &Visit, session: &Session) -> Response {
    match visit.app.administration.remove_factor(session, &visit.visitor).await {
        Ok(()) => page::go_on(PATH),
        Err(error) => refused(visit, session, error).await,
    }
}

/// Ends one session, or all others.
async fn end(visit: &Visit, session: &Session, form: &Form) -> Response {
    let administration = &visit.app.administration;
    let which = form.text("which");
    let ended = match which {
        "others" => {
            administration.end_other_sessions(&session.person, Some(session), &visit.visitor).await.map(|_| true)
        }
        id => administration.end_session(&session.person, Some(session), RefId::from(id), &visit.visitor).await,
    };
    match ended {
        Ok(true) => page::go_on(PATH),
        Ok(false) => visit.refuse(&Problem::new(Code::UnknownSession, "which: there is no such session")),
        Err(failure) => visit.failed(failure),
    }
}
