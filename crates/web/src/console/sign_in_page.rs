//! The sign-in page, as it is drawn wherever nobody is signed in.

use super::form::Form;
use super::page::{Field, FormView, Frame, Simple};
use super::passkey_form::PasskeyForm;
use crate::gate::{Site, onward};
use directory::WaysIn;

/// How the first person comes in.
pub(super) const HOW_TO_BEGIN: &str = "Run `reveille setup-link` on the server. It prints a link by which the first person of an \
    organization chooses a passkey or a password.";

/// The sign-in page, with what was typed before; afterwards it goes on to `next`.
pub(super) fn sign_in_page(site: &Site, ways: WaysIn, typed: &Form, next: Option<&str>) -> Simple {
    let page = Simple::new(Frame::closed(), "Sign in");
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
    let next = onward(next);
    let mut links: Vec<_> = ways.providers.iter().map(|name| (by_provider(name, typed, &next), by(name))).collect();
    if ways.takes_passwords {
        links.push(("/app/reset".to_owned(), "Forgot your password?".to_owned()));
    }
    let to = next.clone();
    let hidden = vec![("next", next)];
    let form = FormView { action: "/app/sign-in".to_owned(), hidden, fields, button: "Sign in" };
    // Where passkeys do not work, whoever has one is told why.
    let (passkey, why) = match site.passkeys() {
        Ok(_) if ways.has_passkeys => (Some(PasskeyForm::sign_in(to)), None),
        Err(why) if ways.has_passkeys => (None, Some(why)),
        _ => (None, None),
    };
    let form = ways.takes_passwords.then(|| form.focused());
    Simple { passkey, lines: why.into_iter().collect(), form, links, ..page }
}

fn by(name: &str) -> String {
    format!("Sign in by {name}")
}

/// Where a provider is gone to. A link and not a form: a browser applies the policy for forms to where it is sent on, too.
fn by_provider(name: &str, typed: &Form, next: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", next);
    if let Some(organization) = typed.get("organization") {
        query.append_pair("organization", organization);
    }
    format!("/app/sign-in/oidc/{name}?{}", query.finish())
}
