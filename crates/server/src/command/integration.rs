//! `integration list`, `integration rotate-key`.

use super::say;
use crate::configuration::Configuration;
use crate::exit::WrongInput;
use crate::house::{configure, open_store};
use crate::line::{Integration, IntegrationList, IntegrationRotateKey};
use directory::{Renewal, integration_renew_key};
use domain::Refusal;
use domain::directory::{ChangeRefusal, Integration as Component, SenderKind, dashed_key};
use engine::{Clock, Failure, Ids};
use std::fmt::Write;
use store::{OrganizationRow, Store};

/// Runs one of them.
pub(crate) fn integration(integration: &Integration) -> anyhow::Result<()> {
    match integration {
        Integration::List(line) => list(line),
        Integration::RotateKey(line) => rotate_key(line),
    }
}

fn organization(store: &Store, name: &str) -> anyhow::Result<OrganizationRow> {
    let found = store.read(|tx| store::organization_known_as(tx, name))?;
    found.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`; `reveille apply` makes one")))
}

fn list(line: &IntegrationList) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let store = open_store(&configuration, &Clock::system())?;
    let organization = organization(&store, &line.organization)?;
    let base = base(&configuration);
    let mut text = format!("{:32} {:14} {}\n", "name", "kind", "url");
    for (component, key) in integrations(&store, &organization)? {
        let key = key.map_or("(no key)".to_owned(), |digits| dashed_key(&digits));
        let domain = configuration.mail_intake.as_ref().and_then(|intake| intake.domains.first());
        let place = match domain.filter(|_| component.kind == SenderKind::Email) {
            Some(domain) => format!("{key}@{domain}"),
            None => format!("{base}/{}/{key}", component.kind.word()),
        };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{:32} {:14} {place}", component.name, component.kind.word());
    }
    say(&text)
}

/// Each integration, in the order of the directory, with the digits of its newest key.
pub(super) fn integrations(
    store: &Store,
    organization: &OrganizationRow,
) -> anyhow::Result<Vec<(Component, Option<String>)>> {
    let (rows, keys) = store.read(|tx| {
        let rows = store::component_list(tx, organization.id)?;
        Ok::<_, store::Error>((rows, store::integration_key_list(tx, organization.id)?))
    })?;
    let definition = engine::definition_of(&rows)?;
    let key_of = |component: &Component| {
        let row = rows
            .iter()
            .find(|row| row.kind == domain::directory::ComponentKind::Integration && row.name == component.name)?;
        let key = keys.iter().rfind(|key| key.integration == row.ref_id && key.ends_at.is_none())?;
        Some(key.digits.clone())
    };
    Ok(definition
        .integrations
        .into_iter()
        .map(|component| {
            let key = key_of(&component);
            (component, key)
        })
        .collect())
}

/// Where senders reach this server.
fn base(configuration: &Configuration) -> String {
    let listen = || format!("http://{}", configuration.server.listen);
    configuration.server.public_url.as_deref().map_or_else(listen, |url| url.trim_end_matches('/').to_owned())
}

fn rotate_key(line: &IntegrationRotateKey) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let clock = Clock::system();
    let store = open_store(&configuration, &clock)?;
    let organization = organization(&store, &line.organization)?;
    let renewal = Renewal { integration: line.name.clone(), overlap_hours: line.overlap_hours };
    let renewed = integration_renew_key(&store, &clock, &Ids::system(), organization.id, &renewal);
    let renewed = renewed.map_err(|failure| not_renewed(&line.name, failure))?;
    let before = match line.overlap_hours {
        0 => "The key before counts no more.".to_owned(),
        _ => format!("The key before counts until {} UTC.", renewed.before_ends_at.wire()),
    };
    say(&format!("{}\n{before}\n", dashed_key(&renewed.digits)))
}

fn not_renewed(name: &str, failure: Failure) -> anyhow::Error {
    match &failure {
        Failure::Refused(Refusal::UnknownComponent { .. }) => {
            WrongInput::one(format!("no integration is named `{name}`"))
        }
        Failure::Refused(Refusal::Change(change)) => match change.as_ref() {
            ChangeRefusal::ManagedByFile { source, .. } => {
                let source = source.as_deref().unwrap_or("a directory file");
                WrongInput::one(format!("{source} gives the key of `{name}`: give another one there, and apply"))
            }
            _ => failure.into(),
        },
        _ => failure.into(),
    }
}
