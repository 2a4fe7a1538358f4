//! Sign-ins that are refused: counted for the audit log, which is told of them once the minute is over.

use super::person::Person;
use super::visitor::{SignInError, Visitor};
use crate::administration::Administration;
use domain::OrganizationId;
use engine::EVERYBODY;

impl Administration {
    /// Whoever wanted to sign in as this person, if any is known, was told this.
    pub(super) fn note_sign_in_refused(&self, person: Option<&Person>, error: &SignInError, visitor: &Visitor) {
        let Some((person, code)) = person.zip(code(error)) else { return };
        let who = (person.organization, Some((&person.ref_id, &person.username)));
        self.0.refusals.note_sign_in(who, code, visitor.address, self.engine().now());
    }

    /// Whoever wanted to sign in as somebody whom this organization does not know was told this. What they typed may be a
    /// password, and is not kept.
    pub(crate) fn note_stranger_refused(&self, organization: OrganizationId, error: &SignInError, visitor: &Visitor) {
        let Some(code) = code(error).filter(|_| organization != EVERYBODY) else { return };
        self.0.refusals.note_sign_in((organization, None), code, visitor.address, self.engine().now());
    }

    /// What somebody brought back from a provider of this organization was not believed.
    pub(crate) fn note_unbelieved(&self, organization: OrganizationId, visitor: &Visitor) {
        let now = self.engine().now();
        self.0.refusals.note_sign_in((organization, None), "provider_not_believed", visitor.address, now);
    }
}

/// What the log calls it; nothing for what is not a refusal of who somebody says they are.
fn code(error: &SignInError) -> Option<&'static str> {
    match error {
        SignInError::Refused => Some("sign_in_refused"),
        SignInError::TooMany { .. } => Some("too_many_sign_ins"),
        _ => None,
    }
}
