//! The sign-in page, as it is drawn wherever nobody is signed in.

use super::form::Form;
use super::page::{Field, FormView, Simple};
use super::passkey_form::PasskeyForm;
use crate::gate::{Site, onward};
use directory::WaysIn;

/// How the first person comes in.
pub(super) const HOW_TO_BEGIN: &str = "Run `reveille setup-link` on the server. It prints a link by which the first person of an \
    organization chooses a passkey or a password.";

/// The sign-in page, with what was typed before; afterwards it goes on to `next`.
pub(super) fn sign_in_page(site: &Site, ways: WaysIn, typed: &Form, next: Option<&str>) -> Simple {
    let page = Simple::new(None, "Sign in");
    if !ways.is_set_up {
        return page.line("Nobody can sign in yet.").line(HOW_TO_BEGIN);
    }
    let field = |name, label, kind, autocomplete| Field { name, label, kind, autocomplete, ..Field::default() };
    let name = Field {
        value: typed.text("name").to_owned(),
        ..field("name", "Username or e-mail address", "text", "username")
    };
    let mut fields = vec![name, field("password", "Password", "password", "current-password")];
    if ways.has_organizations {
        let value = typed.text("organization").to_owned();
        fields.insert(0, Field { value, ..field("organization", "Organization", "text", "organization") });
    }
    let hidden = vec![("next", onward(next))];
    let form = FormView { action: "/app/sign-in".to_owned(), hidden, fields, button: "Sign in" };
    let links = vec![("/app/reset", "Forgot your password?")];
    // Where passkeys do not work, whoever has one is told why.
    let (passkey, why) = match site.passkeys() {
        Ok(_) if ways.has_passkeys => (Some(PasskeyForm::sign_in(onward(next))), None),
        Err(why) if ways.has_passkeys => (None, Some(why)),
        _ => (None, None),
    };
    Simple { passkey, lines: why.into_iter().collect(), form: Some(form.focused()), links, ..page }
}
