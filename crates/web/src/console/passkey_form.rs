//! What pages show of passkeys: the forms that the script sends, and the list of one's own.

use super::time::{Clock, Moment};
use directory::ListedPasskey;
use domain::sign_in::LinkPurpose;

/// Where the page of one's own security is.
pub(super) const SECURITY: &str = "/app/me/security";

/// A form that the script shows, and sends once the browser answered.
#[derive(Clone, Debug)]
pub(super) struct PasskeyForm {
    /// Whether a passkey is made (`make`) or shown (`show`).
    pub(super) kind: &'static str,
    /// Where the script asks what the browser is to be asked.
    pub(super) options: String,
    pub(super) action: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    /// What a new passkey is called if nobody says anything else.
    pub(super) name: Option<String>,
    pub(super) button: &'static str,
}

impl PasskeyForm {
    /// Signs in, and goes on from there.
    pub(super) fn sign_in(next: String) -> Self {
        Self { action: "/app/sign-in/passkey".to_owned(), ..Self::show(next, "Sign in with a passkey") }
    }

    /// Proves once more who one is.
    pub(super) fn again(next: String) -> Self {
        Self { action: "/app/again/passkey".to_owned(), ..Self::show(next, "Use a passkey") }
    }

    fn show(next: String, button: &'static str) -> Self {
        let options = "/app/sign-in/passkey/options".to_owned();
        Self { kind: "show", options, action: String::new(), hidden: vec![("next", next)], name: None, button }
    }

    /// Makes one in the place of a password; the query says where its person goes on to.
    pub(super) fn by_link(purpose: LinkPurpose, token: &str, query: &str) -> Self {
        let action = format!("/app/{}/{token}/passkey", purpose.word());
        Self { options: format!("{action}/options"), ..Self::make(format!("{action}{query}"), 0) }
    }

    /// Makes one beside so many others.
    pub(super) fn add(others: usize) -> Self {
        let options = format!("{}/passkey-options", SECURITY);
        Self { options, ..Self::make(format!("{}/passkey", SECURITY), others) }
    }

    fn make(action: String, others: usize) -> Self {
        let name = Some(format!("Passkey {}", others + 1));
        Self { kind: "make", options: String::new(), action, hidden: Vec::new(), name, button: "Add a passkey" }
    }
}

/// A passkey as the page shows it.
pub(super) struct PasskeyRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) added: Moment,
    /// Nothing where it was not used yet.
    pub(super) used: Option<Moment>,
}

impl PasskeyRow {
    pub(super) fn of(passkey: &ListedPasskey, clock: &Clock) -> Self {
        let ListedPasskey { id, name, made_at, last_used_at } = passkey;
        let used = last_used_at.map(|at| clock.moment(at));
        Self { id: id.clone(), name: name.clone(), added: clock.moment(*made_at), used }
    }
}
