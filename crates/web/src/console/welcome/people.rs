//! Who else there is: made one by one, let in by links.

use super::Done;
use super::field::{Field, FormView, Input};
use super::part::{Parts, There};
use super::progress::Step;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::console::set_up::Kind;
use crate::gate::Problem;
use domain::directory::ComponentKind;
use serde_json::{Map, Value};

/// Everybody, and the form for one more.
pub(super) fn parts(seen: &Seen<'_>) -> Parts {
    let directory = &seen.snapshot.directory;
    let kind = Kind::of(ComponentKind::User);
    let there = |entry: &&domain::directory::Entry<domain::directory::User>| {
        let user = &entry.component;
        let is_reached = !directory.channels_of(&user.username).is_empty();
        There {
            words: user.shown_name().to_owned(),
            more: if is_reached { "can be reached" } else { "nothing reaches them yet" }.to_owned(),
            address: kind.page(user.username.as_str()),
        }
    };
    let people = directory.users.by_name();
    let fields = vec![
        Field::line("display_name", "Name", "").hint("Such as Ben Bauer. Leave it empty to go on."),
        Field::new("email", "E-mail", Input::Line("email")),
        Field::line("username", "Username", "").hint("By which others name them; made of the name where it is empty."),
    ];
    let notes = vec![
        "Each of them is let in by a link that works once: `reveille user invite --user NAME` on the server prints it. There \
         they choose a password or a passkey, and say by what they are reached."
            .to_owned(),
    ];
    let form = FormView::primary(seen, "add", fields, "Add, or go on");
    Parts { there: people.iter().map(there).collect(), notes, forms: vec![form], ..Parts::default() }
}

/// Makes somebody; who names nobody goes on.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let text = |name: &str| form.text(name).trim().to_owned();
    let (name, email, username) = (text("display_name"), text("email"), text("username"));
    if [&name, &email, &username].iter().all(|text| text.is_empty()) {
        return Ok(Done::on(format!("{} comes next.", Step::Routine.title())));
    }
    let username = if username.is_empty() { username_of(&name, &email) } else { username };
    let said = [("username", username), ("display_name", name.clone()), ("email", email)];
    let said = said.into_iter().filter(|(_, value)| !value.is_empty());
    let body: Map<_, _> = said.map(|(key, value)| (key.to_owned(), Value::from(value))).collect();
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    let made = seen.answer("add-user", Wish { body, idempotency_key, ..Wish::default() }).await?;
    let username = made.get("username").and_then(Value::as_str).unwrap_or_default();
    Ok(Done::here(format!("{username} is there. Add somebody else, or leave the name empty and go on.")))
}

/// The first word of a name in small letters, or what stands before the sign in an address.
fn username_of(name: &str, email: &str) -> String {
    let from = name.split_whitespace().next().or_else(|| email.split('@').next()).unwrap_or_default();
    from.chars()
        .filter(|letter| letter.is_alphanumeric() || "-_.".contains(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::username_of;

    #[test]
    fn a_username_is_made_of_a_name_or_an_address() {
        assert_eq!(username_of("Ben Bauer", ""), "ben");
        assert_eq!(username_of("Åsa (night)", "x@example.org"), "åsa");
        assert_eq!(username_of("", "Cho.Min@example.org"), "cho.min");
    }
}
