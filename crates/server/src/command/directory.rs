//! `apply` and `export`: an organization from and to its directory file.

use super::lint::told;
use super::say;
use crate::exit::WrongInput;
use crate::house::{configure, open_store};
use crate::line::{Apply, Export};
use directory::{ApplyError, file};
use domain::Instant;
use engine::{Clock, Ids};
use store::Store;

/// Shows what changes, and changes it unless only asked to show.
pub(crate) fn apply(line: &Apply) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let (wanted, texts) = file::read_with_texts(&line.path).map_err(WrongInput::all)?;
    let clock = Clock::system();
    let store = open_store(&configuration, &clock)?;
    let plan = if line.dry_run {
        directory::dry_run(&store, &wanted)
    } else {
        directory::apply(&store, &Ids::system(), Instant(clock.now()), &wanted)
    };
    let plan = plan.map_err(not_applied)?;
    let warnings = directory::warnings(&store, &wanted, Instant(clock.now()))?;
    say(&format!("{}{plan}\n", told(&texts, &warnings)))
}

/// Why a definition was not applied, as it is told on the command line.
pub(super) fn not_applied(error: ApplyError) -> anyhow::Error {
    match error {
        ApplyError::Referenced(reasons) => WrongInput(reasons).into(),
        ApplyError::KeyTaken(integration) => {
            WrongInput::one(format!("integration `{integration}`: its key is that of another integration"))
        }
        ApplyError::Store(error) => anyhow::Error::from(error),
    }
}

/// Writes an organization as a directory file.
pub(crate) fn export(line: &Export) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let store = open_store(&configuration, &Clock::system())?;
    let name = match &line.organization {
        Some(name) => name.clone(),
        None => only_organization(&store)?,
    };
    let definition = directory::export(&store, &name)?;
    let definition = definition.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
    say(&file::write(&definition))
}

/// The name of the organization, where there is only one.
pub(super) fn only_organization(store: &Store) -> anyhow::Result<String> {
    let all = store.read(store::organization_list)?;
    match all.as_slice() {
        [one] => Ok(one.name.clone()),
        [] => Err(WrongInput::one("there is no organization yet; `reveille apply` makes one")),
        several => {
            let names: Vec<&str> = several.iter().map(|organization| organization.name.as_str()).collect();
            Err(WrongInput::one(format!("say which organization with --organization: {}", names.join(", "))))
        }
    }
}
