//! By what one is reached: contacts with good beginnings, and the codes that show that they are one's own.

use super::Done;
use super::field::{Field, FormView, Input};
use super::part::{Parts, There};
use super::progress::{Progress, Step};
use super::standing::missing;
use super::zone::change_own;
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::piece::channel_word;
use crate::console::qr::picture;
use crate::console::seen::{Seen, wish};
use crate::console::set_up::Kind;
use crate::gate::{Problem, failed};
use directory::Contact;
use domain::directory::{ComponentKind, User};
use domain::notification::Channel;
use serde_json::{Map, Value, json};

/// Where topics are that need no server of one's own.
const TOPICS: &str = "https://ntfy.sh/";

/// Errors are about these fields.
const PLACES: &[(&str, &str)] = &[("push", "push"), ("email", "email"), ("sms", "phone"), ("voice", "phone")];

/// One's contacts with what is to be done about each, and the form for more.
pub(super) async fn parts(seen: &Seen<'_>, sent: Option<&Form>) -> Result<Parts, Problem> {
    let me = &seen.session.person.username;
    let contacts = seen.visit.app.administration.contacts(seen.reader(), me.clone()).await.map_err(failed)?;
    let own = seen.snapshot.directory.user(me.as_str());
    let more = Kind::of(ComponentKind::User).edit(me.as_str());
    let is_reached = contacts.iter().any(|contact| contact.is_usable);
    let unproved = contacts.iter().filter(|contact| is_to_prove(seen, contact));
    let mut forms: Vec<_> = unproved.flat_map(|contact| proof(seen, own, contact, sent)).collect();
    // Where a code was sent to, one goes on.
    forms.sort_by_key(|form| {
        !sent.is_some_and(|sent| form.hidden.iter().any(|(_, channel)| channel == sent.text("channel")))
    });
    forms.push(saving(seen, own, is_reached, !forms.is_empty()));
    Ok(Parts {
        there: contacts.iter().map(|contact| told(seen, contact, &more)).collect(),
        notes: missing(seen),
        forms,
        places: PLACES,
        ..Parts::default()
    })
}

fn is_to_prove(seen: &Seen<'_>, contact: &Contact) -> bool {
    let is_unproved = contact.channel.needs_verification() && contact.verified_at.is_none();
    is_unproved && seen.visit.app.notifier.carrier(contact.channel).is_some()
}

fn told(seen: &Seen<'_>, contact: &Contact, more: &str) -> There {
    let more_words = match (contact.is_usable, seen.visit.app.notifier.carrier(contact.channel).is_some()) {
        (true, _) => "reaches you",
        (false, false) => "this server cannot send there",
        (false, true) => "reaches you once a code has shown that it is yours",
    };
    let words = format!("{}: {}", channel_word(contact.channel), contact.address);
    There { words, more: more_words.to_owned(), address: more.to_owned() }
}

/// The forms by which a code is sent to a contact and given back.
fn proof(seen: &Seen<'_>, own: Option<&User>, contact: &Contact, sent: Option<&Form>) -> [FormView; 2] {
    let (channel, name) = (contact.channel.word(), channel_word(contact.channel));
    let hidden = vec![("channel", channel.to_owned())];
    let mut send = FormView {
        title: format!("Show that the {name} is yours"),
        hidden: hidden.clone(),
        ..FormView::primary(seen, &format!("code-{channel}"), Vec::new(), "Send a code there")
    };
    if let Some(push) = own.and_then(|user| user.push.as_ref()).filter(|_| contact.channel == Channel::Push) {
        send.lines = vec![
            "On your phone, install the app ntfy (free, for Android and iPhone), press +, and subscribe to this topic:"
                .to_owned(),
        ];
        send.link = Some((push.url.clone(), push.url.clone()));
        send.picture = picture(&push.url);
    }
    let code = Field::line(format!("code-{channel}"), "Code that came there", "");
    let back = FormView { hidden, ..FormView::primary(seen, &format!("verify-{channel}"), vec![code], "It is mine") };
    match sent.is_some_and(|sent| sent.text("channel") == channel) {
        true => [
            FormView { title: send.title.clone(), ..back },
            FormView { title: String::new(), is_primary: false, ..send },
        ],
        false => [send, FormView { is_primary: false, ..back }],
    }
}

fn saving(seen: &Seen<'_>, own: Option<&User>, is_reached: bool, is_proving: bool) -> FormView {
    let topic = own.and_then(|user| user.push.as_ref()).map(|push| push.url.clone());
    let has_some = own.is_some_and(|user| Channel::ALL.into_iter().any(|channel| user.has_contact(channel)));
    let suggested = || format!("{TOPICS}reveille-{}", seen.visit.app.engine.ids().ref_id());
    let topic = topic.unwrap_or_else(|| if has_some { String::new() } else { suggested() });
    let text = |read: fn(&User) -> Option<&String>| own.and_then(read).cloned().unwrap_or_default();
    let fields = vec![
        Field::new("push", "Push: topic of ntfy", Input::Line("url"))
            .hint("Rings on a phone by a free app, and nothing has to be set up for it. Whoever knows the topic can read it.")
            .saying([topic]),
        Field::new("email", "E-mail", Input::Line("email")).saying([text(|user| user.email.as_ref())]),
        Field::new("phone", "Telephone, for text messages and calls", Input::Line("tel"))
            .hint("With the prefix of the country: +4915112345678.")
            .saying([text(|user| user.sms.as_ref().or(user.voice.as_ref()))]),
    ];
    let form = FormView::primary(seen, "save", fields, if is_reached { "Save and go on" } else { "Save" });
    let title = if is_proving { "Other contacts".to_owned() } else { String::new() };
    FormView { title, is_primary: !is_proving, ..form }
}

/// Keeps contacts, sends a code, or takes one.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    match form.text("do") {
        "save" => save(seen, form).await,
        act if act.starts_with("code-") => send(seen, form).await,
        _ => verify(seen, form).await,
    }
}

/// Whether it gives another address for links to a new password, which wants that one signed in just now.
pub(super) fn is_dangerous(seen: &Seen<'_>, form: &Form) -> bool {
    let own = seen.snapshot.directory.user(seen.session.person.username.as_str());
    let said = form.get("email").map(str::trim).filter(|said| !said.is_empty());
    said.is_some() && said != own.and_then(|user| user.email.as_deref())
}

async fn save(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let own = seen.snapshot.directory.user(seen.session.person.username.as_str());
    let said = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    let mut body = Map::new();
    if let Some(url) = said("push")
        && own.and_then(|user| user.push.as_ref()).is_none_or(|push| push.url != url)
    {
        body.insert("push".to_owned(), json!({"url": url}));
    }
    for (key, field) in [("email", "email"), ("sms", "phone"), ("voice", "phone")] {
        body.extend(said(field).map(|text| (key.to_owned(), Value::from(text))));
    }
    if body.is_empty() && !Progress::of(seen).await?.is_done(Step::Contact) {
        return Err(Problem::invalid(vec!["push: must be said, or another contact".to_owned()]));
    }
    if !body.is_empty() {
        change_own(seen, form, body).await?;
    }
    let stand = seen.visit.app.administration.contacts(seen.reader(), seen.session.person.username.clone());
    let stand = stand.await.map_err(failed)?;
    let is_proving = stand.iter().any(|contact| is_to_prove(seen, contact));
    Ok(match (is_proving, stand.iter().any(|contact| contact.is_usable)) {
        (true, _) => Done::here("It is kept. A code shows now that it is yours."),
        (false, true) => Done::on("You can be reached."),
        (false, false) => Done::here("It is kept, but nothing reaches you by it yet."),
    })
}

fn of_contact(seen: &Seen<'_>, form: &Form, wish: Wish) -> Wish {
    let wish = wish.at("preferred_username", &seen.session.person.username);
    wish.at("channel", form.text("channel"))
}

async fn send(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let answer = seen.answer("send-code", of_contact(seen, form, wish("send-code", form))).await?;
    if answer.get("is_delivered") == Some(&Value::Bool(true)) {
        return Ok(Done::here("A code is on its way. It counts for ten minutes."));
    }
    let came_back = answer.get("answer").and_then(Value::as_str).unwrap_or_default();
    Err(Problem::invalid(vec![format!("{}: the code could not be sent: {came_back}", form.text("channel"))]))
}

async fn verify(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let field = format!("code-{}", form.text("channel"));
    let body = Map::from_iter([("code".to_owned(), Value::from(form.text(&field).trim()))]);
    let idempotency_key = form.get("idempotency_key").map(str::to_owned);
    let asked = of_contact(seen, form, Wish { body, idempotency_key, ..Wish::default() });
    let beside = |mut problem: Problem| {
        for error in &mut problem.errors {
            if let Some(words) = error.strip_prefix("code: ") {
                *error = format!("{field}: {words}");
            }
        }
        problem
    };
    seen.ask("verify-contact", asked).await.map_err(beside)?;
    Ok(Done::on("It is yours: it reaches you from now on."))
}
