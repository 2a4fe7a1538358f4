//! `apply` and `export`: an organization from and to its directory file.

use super::lint::told;
use super::opened::{only_organization, refused};
use super::say;
use crate::exit::{Drifted, WrongInput};
use crate::house::{configure, open_store};
use crate::line::{Apply, Export, ManagedBy, Release};
use directory::audit::{self, Entry, Object};
use directory::{Adopt, Applied, ApplyError, Drift, Foreseen, Kept, Part, Wanted, file};
use domain::Instant;
use domain::directory::Definition;
use engine::{Clock, Ids};
use store::{OrganizationRow, Store};

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
            let part = Part { managed_by: Some(domain::directory::ManagedBy::Api), team: None };
            let made = directory::export(store, organization, &part);
            made.ok().flatten().unwrap_or_default()
        }
        _ => Definition::default(),
    };
    let (definition, texts) = match file::read_beside(&line.path, beside) {
        Ok(read) => read,
        Err(mistakes) => {
            if line.json {
                let refused = mistakes.iter().map(ToString::to_string).collect();
                say(&format!("{:#}\n", Foreseen { refused, ..Foreseen::default() }.told()))?;
            }
            return Err(WrongInput::all(mistakes));
        }
    };
    let store = store?;
    let wanted = Wanted {
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
        ..Wanted::of_file(&definition, &texts)
    };
    let now = Instant(clock.now());
    let applied = if line.dry_run {
        directory::dry_run(&store, &wanted, now)
    } else {
        directory::apply_file(&store, &Ids::system(), now, &wanted)
    };
    let applied = match applied {
        Ok(applied) => applied,
        Err(error) => {
            if line.json {
                say(&format!("{:#}\n", Foreseen::of_refused(error.clone())?.told()))?;
            }
            return Err(not_applied(error));
        }
    };
    let warnings = directory::warnings(&store, &definition, now)?;
    if line.json {
        return say(&format!("{:#}\n", Foreseen::of(applied, &texts, &warnings).told()));
    }
    let mut text = told(&texts, &warnings);
    let Applied { plan, kept } = applied;
    for Kept { username, field, by, at } in &kept {
        text.push_str(&format!("kept: {username}.{field}, changed by {by} {}\n", at.wire_date()));
    }
    say(&format!("{text}{plan}\n"))
}

/// Why a definition was not applied, as it is told on the command line.
pub(super) fn not_applied(error: ApplyError) -> anyhow::Error {
    let is_drift = matches!(error, ApplyError::Drifted(_));
    match error.reasons() {
        Ok(reasons) if is_drift => Drifted(reasons).into(),
        Ok(reasons) => WrongInput(reasons).into(),
        Err(error) => anyhow::Error::from(error),
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
    let found = store.read(|tx| store::organization_known_as(tx, &name))?;
    let found = found.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
    if let Some(version) = line.at {
        let mut definition = directory::export_at(&store, found.id, version).map_err(refused)?;
        definition.name.clone_from(&found.name);
        note_export(&store, &found)?;
        return say(&file::write(&definition));
    }
    let managed_by = match line.managed_by {
        ManagedBy::All => None,
        ManagedBy::File => Some(domain::directory::ManagedBy::File),
        ManagedBy::Api => Some(domain::directory::ManagedBy::Api),
    };
    let part = Part { managed_by, team: line.team.clone() };
    let definition = directory::export(&store, &name, &part)?;
    let definition = definition.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
    if let Some(team) = line.team.as_ref().filter(|_| managed_by.is_none() && definition.teams.is_empty()) {
        return Err(WrongInput::one(format!("no team is named `{team}`")));
    }
    note_export(&store, &found)?;
    say(&file::write(&definition))
}

/// Writes into the organization's audit log that its directory was exported, addresses and all.
fn note_export(store: &Store, organization: &OrganizationRow) -> anyhow::Result<()> {
    let entry =
        Entry::of_command("directory.export", Object::new("organization", None, &organization.name), Vec::new());
    let now = Instant(Clock::system().now());
    store.write(|tx| audit::record(tx, &Ids::system(), organization.id, now, &entry))?;
    Ok(())
}
