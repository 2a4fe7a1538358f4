//! One request to the console: by which site, who is signed in, and what it asks for.

use super::form::Form;
use super::frame::{Frame, Reader};
use super::page::{self, Simple, is_program};
use super::sign_in_page::sign_in_page;
use super::theme::Theme;
use super::time::Clock;
use super::words::problem;
use crate::api::{App, from, refuse};
use crate::gate::{Cookie, Problem, Site, failed};
use crate::operation::Code;
use askama::Template;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use directory::audit::Way;
use directory::{Session, SignInError, SignedIn, Visitor};
use engine::{Failure, Stamp};

/// A request to the console.
pub(super) struct Visit {
    pub(super) app: App,
    pub(super) site: Site,
    /// Who is signed in.
    pub(super) session: Option<Session>,
    /// The browser.
    pub(super) visitor: Visitor,
    /// What the browser shows with the answer of a passkey.
    pub(super) passkey: Option<String>,
    /// The query.
    pub(super) query: Form,
    /// How the page stands that they are shown, for what changes afterwards; nothing where nobody looks yet.
    stamp: Option<Stamp>,
    /// What time it is for them: in the zone that the query names, or that was chosen on this device, or their own, or UTC.
    pub(super) clock: Clock,
    /// What the browser holds while it is on its way to a sign-in provider and back.
    pub(super) underway: Option<String>,
    /// The zone that was chosen on this device.
    pub(super) zone: Option<String>,
    /// In which light pages are shown on this device.
    pub(super) theme: Theme,
    path: String,
    /// The path with its query.
    address: String,
    /// Whether a program asks, which is told problems as programs read them.
    is_program: bool,
    /// Where a GET that finds nobody signed in is repeated.
    again: Option<String>,
}

impl Visit {
    /// Finds out who is signed in.
    ///
    /// # Errors
    /// A problem to answer with: the store cannot be asked, or the session asks too often.
    pub(super) async fn begin(app: App, site: Site, parts: &Parts) -> Result<Self, Problem> {
        let text = |headers: &HeaderMap, name| {
            headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
        };
        let visitor = Visitor {
            address: from(&parts.extensions, &parts.headers, &app.settings),
            agent: text(&parts.headers, header::USER_AGENT),
            device: site.cookie(Cookie::Device, &parts.headers),
            session: site.cookie(Cookie::Session, &parts.headers),
            way: Way::Console,
        };
        let passkey = site.cookie(Cookie::Passkey, &parts.headers);
        let underway = site.cookie(Cookie::Provider, &parts.headers);
        let theme = site.cookie(Cookie::Theme, &parts.headers);
        let theme = theme.and_then(|word| Theme::of_word(&word)).unwrap_or_default();
        let session = match &visitor.session {
            Some(token) => app.administration.session(token).await.map_err(failed)?,
            None => None,
        };
        if let (Some(limit), Some(session)) = (&app.limit, &session) {
            limit.take(session.bucket())?;
        }
        let stamp = session.as_ref().and_then(|session| app.engine.stamp(session.person.organization));
        let query = Form::read(parts.uri.query().unwrap_or_default().as_bytes());
        let own = session.as_ref().and_then(|session| session.person.timezone.as_deref());
        let zone = site.cookie(Cookie::Zone, &parts.headers).filter(|_| session.is_some());
        let clock = Clock::of([query.get("zone"), zone.as_deref(), own], app.engine.now());
        let path = parts.uri.path().to_owned();
        let is_program = is_program(&parts.headers);
        let address = parts.uri.path_and_query().map_or_else(|| path.clone(), |asked| asked.as_str().to_owned());
        let again = Some(address.clone()).filter(|_| parts.method == Method::GET);
        Ok(Self {
            app,
            site,
            session,
            visitor,
            passkey,
            underway,
            zone,
            theme,
            query,
            stamp,
            clock,
            path,
            address,
            is_program,
            again,
        })
    }

    /// What stands around a page for whoever is signed in, or for nobody.
    pub(super) fn frame(&self) -> Frame {
        let frame = Frame::around(self.session.as_ref().map(|session| Reader {
            person: &session.person,
            clock: &self.clock,
            path: &self.path,
            address: &self.address,
            stamp: self.stamp,
            // A page with secrets repeats nothing of its address: the size of what is packed would tell a stranger of them.
            searched: if self.path == "/app/search" { self.query.text("q") } else { "" },
        }));
        Frame { theme: self.theme, ..frame }
    }

    /// The path below `/app`.
    pub(super) fn segments(&self) -> Vec<&str> {
        let below = self.path.strip_prefix("/app").unwrap_or(&self.path);
        below.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// Where whoever signs in goes on to; the entrance itself is nowhere.
    pub(super) fn again(&self) -> Option<&str> {
        self.again.as_deref().filter(|path| path.starts_with("/app/"))
    }

    /// What is answered to somebody who must set up a second factor first, in the place of all pages but those by which they do.
    pub(super) fn wants_factor(&self) -> Option<Response> {
        let lacks_it = self.session.as_ref().is_some_and(|session| session.lacks_factor);
        let is_on_the_way = match self.segments()[..] {
            ["me", "security", ..] | ["help"] => true,
            // All that is there for those, too, who are not signed in.
            ["sign-in" | "sign-out" | "again" | "reset" | "setup" | "wall" | "enter" | "invite" | "enrol", ..] => true,
            _ => false,
        };
        if !lacks_it || is_on_the_way {
            return None;
        }
        let problem = Problem::new(Code::SecondFactorNeeded, "session: set up a second factor or a passkey first");
        let words =
            "Your organization wants that people of your role have a passkey, or a second factor beside the password.";
        let mut page = Simple::new(self.frame(), "One thing first").line(words);
        page.links.push(("/app/me/security".to_owned(), "Set one up".to_owned()));
        Some(self.refuse_on(&problem, &page))
    }

    /// Who is signed in, or the page that asks for it.
    pub(super) async fn signed_in(&self) -> Result<&Session, Response> {
        match &self.session {
            Some(session) => Ok(session),
            None => Err(self.signed_out().await),
        }
    }

    /// The sign-in page in the place of another one.
    async fn signed_out(&self) -> Response {
        let ways = match self.app.administration.ways_in(self.query.get("organization")).await {
            Ok(ways) => ways,
            Err(failure) => return self.failed(failure),
        };
        let page = sign_in_page(&self.site, ways, &self.query, self.again());
        if self.segments().is_empty() {
            return page::show(&self.app, StatusCode::OK, &page);
        }
        self.refuse_on(&Problem::new(Code::SignedOut, "session: nobody is signed in"), &page)
    }

    /// Nothing is at this path, which only those hear who are signed in.
    pub(super) async fn nothing_here(&self) -> Response {
        match self.signed_in().await {
            Ok(_) => self.refuse(&Problem::unknown_path()),
            Err(page) => page,
        }
    }

    /// Nothing is at this path, whoever asks.
    pub(super) fn nothing_there(&self) -> Response {
        self.refuse(&Problem::unknown_path())
    }

    /// Says no.
    pub(super) fn refuse(&self, problem: &Problem) -> Response {
        if self.is_program {
            return refuse(&self.app, problem.clone());
        }
        page::refusal(&self.app, self.frame(), problem)
    }

    /// Says no where it was caused: on the page with the form, where what was typed is kept.
    pub(super) fn refuse_on(&self, problem: &Problem, page: &impl Template) -> Response {
        if self.is_program {
            return refuse(&self.app, problem.clone());
        }
        let mut response = page::show(&self.app, problem.status(), page);
        response.headers_mut().extend(problem.headers().iter().cloned());
        response
    }

    /// Something is wrong that is not the person's fault.
    pub(super) fn failed(&self, failure: Failure) -> Response {
        self.refuse(&failed(failure))
    }

    /// Says why somebody is not signed in, where no form is to be shown again.
    pub(super) fn refused(&self, error: SignInError) -> Response {
        match error {
            SignInError::UnknownLink => {
                let page = Simple::new(self.frame(), "This link does not count");
                let words = "It was used before, is too old, or is not whole. Whoever gave it to you can make another.";
                self.refuse_on(&Problem::unknown_path(), &page.line(words))
            }
            error => self.refuse(&problem(error)),
        }
    }

    /// The browser holds from now on what shows who is signed in.
    pub(super) fn let_in(&self, signed_in: &SignedIn, path: &str) -> Response {
        let mut response = page::go_on(path);
        let session = self.site.hold(Cookie::Session, &signed_in.session);
        let device = self.site.hold(Cookie::Device, &signed_in.device);
        for value in session.into_iter().chain(device) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }
}
