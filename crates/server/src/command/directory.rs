//! `apply` and `export`: an organization from and to its directory file.

use super::lint::told;
use super::opened::{only_organization, refused};
use super::say;
use crate::exit::{Drifted, WrongInput};
use crate::house::{configure, open_store};
use crate::line::{Apply, Export, ManagedBy, Release};
use directory::{Adopt, Applied, ApplyError, Author, Drift, Kept, Wanted, file};
use domain::Instant;
use domain::directory::Definition;
use engine::{Clock, Ids};

/// Shows what changes, and changes it unless only asked to show.
pub(crate) fn apply(line: &Apply) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let clock = Clock::system();
    // Mistakes that are the file's own are told without a database.
    let opened = file::read_with_texts(&line.path).is_ok();
    let store = open_store(&configuration, &clock);
    let beside = |organization: &str| match &store {
        // What the API made may be named by the file, too.
        Ok(store) if !opened => {
            let made = directory::export(store, organization, Some(domain::directory::ManagedBy::Api));
            made.ok().flatten().unwrap_or_default()
        }
        _ => Definition::default(),
    };
    let (definition, texts) = file::read_beside(&line.path, beside).map_err(WrongInput::all)?;
    let store = store?;
    let wanted = Wanted {
        sources: texts.places(),
        renamed: texts.renamed(),
        organization_renamed_from: texts.organization_renamed_from(),
        adopt: match (line.adopt_all, line.adopt.as_slice()) {
            (true, _) => Adopt::All,
            (false, []) => Adopt::Nothing,
            (false, names) => Adopt::Named(names.to_vec()),
        },
        drift: match (line.overwrite_drift, line.keep_drift) {
            (true, _) => Drift::Overwrite,
            (_, true) => Drift::Keep,
            _ => Drift::Stop,
        },
        author: Author::of_file(Some(texts.digest())),
        ..Wanted::of(&definition)
    };
    let now = Instant(clock.now());
    let applied = if line.dry_run {
        directory::dry_run(&store, &wanted, now)
    } else {
        directory::apply_file(&store, &Ids::system(), now, &wanted)
    };
    let Applied { plan, kept } = applied.map_err(not_applied)?;
    let warnings = directory::warnings(&store, &definition, now)?;
    let mut text = told(&texts, &warnings);
    for Kept { username, field, by, at } in &kept {
        text.push_str(&format!("kept: {username}.{field}, changed by {by} {}\n", at.wire_date()));
    }
    say(&format!("{text}{plan}\n"))
}

/// Why a definition was not applied, as it is told on the command line.
pub(super) fn not_applied(error: ApplyError) -> anyhow::Error {
    match error {
        ApplyError::Referenced(reasons) | ApplyError::NotOwned(reasons) | ApplyError::Faults(reasons) => {
            WrongInput(reasons).into()
        }
        ApplyError::Drifted(sentences) => Drifted(sentences).into(),
        ApplyError::KeyTaken(integration) => {
            WrongInput::one(format!("integration `{integration}`: its key is that of another integration"))
        }
        ApplyError::OldName { old, new } => WrongInput::one(format!(
            "organization `{old}` is named `{new}` now: write that name, or give it this one by renamed_from = \"{new}\""
        )),
        ApplyError::Store(error) => anyhow::Error::from(error),
    }
}

/// Hands components of a directory file to the API.
pub(crate) fn release(line: &Release) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let clock = Clock::system();
    let store = open_store(&configuration, &clock)?;
    let name = match &line.organization {
        Some(name) => name.clone(),
        None => only_organization(&store)?,
    };
    let found = store.read(|tx| store::organization_known_as(tx, &name))?;
    let found = found.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
    let now = Instant(clock.now());
    let released = directory::release(&store, &Ids::system(), now, found.id, &line.names);
    let (released, unknown) = released.map_err(not_applied)?;
    let text: String = released.iter().map(|component| format!("{component} is managed by the API now\n")).collect();
    say(&text)?;
    let nothing = |name: &String| format!("the directory file manages nothing that is named `{name}`");
    if unknown.is_empty() { Ok(()) } else { Err(WrongInput::all(unknown.iter().map(nothing))) }
}

/// Writes an organization as a directory file.
pub(crate) fn export(line: &Export) -> anyhow::Result<()> {
    let configuration = configure(line.settings.config.as_deref())?;
    let store = open_store(&configuration, &Clock::system())?;
    let name = match &line.organization {
        Some(name) => name.clone(),
        None => only_organization(&store)?,
    };
    if let Some(version) = line.at {
        let found = store.read(|tx| store::organization_known_as(tx, &name))?;
        let found = found.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
        let mut definition = directory::export_at(&store, found.id, version).map_err(refused)?;
        definition.name = found.name;
        return say(&file::write(&definition));
    }
    let managed_by = match line.managed_by {
        ManagedBy::All => None,
        ManagedBy::File => Some(domain::directory::ManagedBy::File),
        ManagedBy::Api => Some(domain::directory::ManagedBy::Api),
    };
    let definition = directory::export(&store, &name, managed_by)?;
    let definition = definition.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
    say(&file::write(&definition))
}
