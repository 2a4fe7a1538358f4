//! Where alerts come from: the address for a first tool, and what is to be pasted there.

use super::Done;
use super::field::{Field, FormView, Input};
use super::part::{Parts, There};
use super::service::{make, said};
use crate::api::Wish;
use crate::console::form::Form;
use crate::console::seen::Seen;
use crate::console::set_up::{Kind, Snippet, snippet};
use crate::gate::Problem;
use domain::directory::{ComponentKind, Entry, Integration, SenderKind};

/// The kind that anything can send to.
const FIRST: &str = "generic";

/// The integrations with the address of the last one, and the form for one more.
pub(super) async fn parts(seen: &Seen<'_>) -> Result<Parts, Problem> {
    let directory = &seen.snapshot.directory;
    let kind = Kind::of(ComponentKind::Integration);
    let there = |entry: &&Entry<Integration>| There {
        words: entry.component.name.clone(),
        more: entry
            .component
            .service
            .as_ref()
            .map(|service| format!("opens incidents at {service}"))
            .unwrap_or_default(),
        address: kind.page(&entry.component.name),
    };
    let integrations = directory.integrations.by_name();
    let kinds = SenderKind::WORDS.iter().map(|word| ((*word).to_owned(), words_of(word))).collect();
    let services: Vec<_> = directory.services.by_name().iter().map(|entry| entry.component.name.clone()).collect();
    let notes = match services.is_empty() {
        true => vec!["There is no service yet, which an integration needs.".to_owned()],
        false => Vec::new(),
    };
    let first = services.first().cloned();
    let services = services.into_iter().map(|name| (name.clone(), name)).collect();
    let fields = vec![
        Field::line("name", "Name", if integrations.is_empty() { "alerts" } else { "" }),
        Field::new("kind", "What sends", Input::Choice(kinds))
            .saying([FIRST.to_owned()])
            .hint("Generic takes any JSON, such as from a script."),
        Field::new("service", "Service", Input::Choice(services)).saying(first),
    ];
    let form = FormView::primary(seen, "make", fields, "Make the integration");
    let snippet = match integrations.first() {
        Some(entry) => of(seen, entry).await?,
        None => None,
    };
    Ok(Parts { there: integrations.iter().map(there).collect(), snippet, notes, forms: vec![form], ..Parts::default() })
}

fn words_of(kind: &str) -> String {
    let mut letters = kind.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect::<String>())
        .unwrap_or_default()
        .replace('_', " ")
}

/// Where an integration is sent to.
pub(super) async fn of(seen: &Seen<'_>, entry: &Entry<Integration>) -> Result<Option<Snippet>, Problem> {
    let wish = Wish::default().at("integration_ref_id", &entry.ref_id);
    let component = seen.answer("integration", wish).await?;
    Ok(snippet(ComponentKind::Integration, &component).filter(|snippet| snippet.url.is_some()))
}

/// Makes one.
pub(super) async fn act(seen: &Seen<'_>, form: &Form) -> Result<Done, Problem> {
    let name = make(seen, "add-integration", form, said(form, &["name", "kind", "service"])).await?;
    Ok(Done::on(format!("The integration {name} is there: what is sent to its address opens incidents.")))
}
