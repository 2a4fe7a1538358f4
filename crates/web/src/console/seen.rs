//! What somebody who is signed in sees and asks for: within their rights, and by the same operations as the API.

use super::form::Form;
use super::visit::Visit;
use crate::api::{Success, Wish, ask};
use crate::gate::{Caller, Problem, failed};
use axum::response::Response;
use directory::Session;
use domain::permission::{Action, Answer, Object, Relation};
use domain::{Instant, limits};
use engine::{Asker, Origin, Reader, Rights, Snapshot};
use std::sync::Arc;

/// A page as it is seen by somebody who may see it.
pub(super) struct Seen<'a> {
    pub(super) visit: &'a Visit,
    /// Who is signed in.
    pub(super) session: &'a Session,
    /// The directory of their organization, as it is now, without what is hidden from them.
    pub(super) snapshot: Arc<Snapshot>,
    /// The same, whole.
    whole: Arc<Snapshot>,
    /// The time.
    pub(super) now: Instant,
    caller: Caller,
}

impl Visit {
    /// The page that asks for this right as whoever is signed in sees it; else what is answered instead.
    pub(super) async fn seen(&self, action: Action) -> Result<Seen<'_>, Response> {
        let session = self.signed_in().await?;
        let address = self.visitor.address.map(|address| address.to_string());
        let agent = Some(self.visitor.agent.clone()).filter(|agent| !agent.is_empty());
        let request_id = Some(self.app.engine.ids().uuid());
        let caller = Caller::signed_in(Arc::new(session.clone()), Origin { request_id, address, user_agent: agent });
        let whole = self.app.engine.whole_directory(caller.reader()).await.map_err(|failure| self.failed(failure))?;
        let visible = caller.reader().rights(&whole).visible();
        let snapshot = visible.map_or_else(|| Arc::clone(&whole), Arc::new);
        let seen = Seen { visit: self, session, snapshot, whole, now: self.app.engine.now(), caller };
        match seen.rights().to(action, object(action)) {
            Answer::Allowed => Ok(seen),
            // What of it is theirs, each part of the page finds out.
            _ if seen.rights().somewhere(action) => Ok(seen),
            Answer::Refused(needs) => Err(self.refuse(&Problem::not_allowed(&needs))),
            Answer::Hidden => Err(self.refuse(&Problem::unknown_path())),
        }
    }
}

/// What a page is about: oneself where its action is, else whatever nobody owns.
fn object(action: Action) -> Object<'static> {
    let is_own = matches!(action, Action::ChangeOwn | Action::ReadOwnFigures | Action::ReadOwnSignIns);
    Object { relation: if is_own { Relation::Own } else { Relation::None }, ..Object::default() }
}

impl Seen<'_> {
    /// By what right the engine is read.
    pub(super) fn reader(&self) -> Reader {
        self.caller.reader()
    }

    /// Whether addresses and secrets are shown whole.
    pub(super) fn sees_all(&self) -> bool {
        self.caller.sees_all()
    }

    /// Whether the person may do this at all; what they can never do is not drawn.
    pub(super) fn may(&self, action: Action) -> bool {
        let rights = self.rights();
        rights.to(action, object(action)) == Answer::Allowed || rights.somewhere(action)
    }

    /// Whether the person may do this to what this team owns, or nobody.
    pub(super) fn may_to(&self, action: Action, team: Option<&str>) -> bool {
        self.rights().to(action, Object { team, ..object(action) }) == Answer::Allowed
    }

    /// The directory with what is hidden from them, by which it is judged and of which nothing is shown.
    pub(super) fn whole(&self) -> &Snapshot {
        &self.whole
    }

    /// Their rights, as the directory stands.
    pub(super) fn rights(&self) -> Rights<'_> {
        self.caller.reader().rights(&self.whole)
    }

    /// Does an operation of the API in their name.
    ///
    /// # Errors
    /// Whatever the operation refuses; `not_allowed`.
    pub(super) async fn ask(&self, operation: &str, wish: Wish) -> Result<Success, Problem> {
        ask(&self.visit.app, &self.caller, operation, wish).await
    }

    /// What an operation that reads answers.
    ///
    /// # Errors
    /// As [`Seen::ask`].
    pub(super) async fn answer(&self, operation: &str, wish: Wish) -> Result<serde_json::Value, Problem> {
        self.ask(operation, wish).await?.value()
    }

    /// The items of all pages of an operation that lists.
    ///
    /// # Errors
    /// As [`Seen::ask`].
    pub(super) async fn all(&self, operation: &str) -> Result<Vec<serde_json::Value>, Problem> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        loop {
            let mut wish = Wish::default().with("limit", limits::COMPONENTS_DEFAULT);
            if let Some(after) = after {
                wish = wish.with("after", after);
            }
            let page = self.ask(operation, wish).await?;
            all.extend(page.value()?.as_array().cloned().unwrap_or_default());
            after = page.next_after();
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    /// Who asks for a change that is no operation of the API.
    pub(super) fn asker(&self) -> Asker {
        self.caller.asker(None, None)
    }

    /// A new key by which the repetition of a form is known.
    pub(super) fn form_key(&self) -> String {
        self.visit.app.engine.ids().uuid()
    }

    /// Says no.
    pub(super) fn failed(&self, failure: engine::Failure) -> Response {
        self.visit.refuse(&failed(failure))
    }
}

/// What a form of a page asks for: its fields are those of the operation, and empty ones say nothing. `idempotency_key` and
/// `version` are the form's own.
pub(super) fn wish(operation: &str, form: &Form) -> Wish {
    let said = form.pairs().iter().filter(|(_, value)| !value.trim().is_empty());
    let said: Vec<_> = said.filter(|(name, _)| !OF_THE_FORM.contains(&name.as_str())).cloned().collect();
    Wish {
        idempotency_key: form.get(OF_THE_FORM[0]).map(str::to_owned),
        version: form.get(OF_THE_FORM[1]).and_then(|version| version.parse().ok()),
        ..Wish::of_pairs(operation, &said)
    }
}

const OF_THE_FORM: [&str; 2] = ["idempotency_key", "version"];
