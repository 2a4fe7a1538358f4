//! The store and the organization that a command is about, and changes of its directory.

use crate::exit::WrongInput;
use crate::house::{configure, open_store};
use crate::line::{Of, Settings};
use directory::{ChangeOf, Changed, Manner, change_beside};
use domain::Instant;
use engine::{Clock, Ids, Undo};
use store::{OrganizationRow, Store};

/// What a command works on.
pub(super) struct Opened {
    pub(super) store: Store,
    pub(super) organization: OrganizationRow,
    pub(super) now: Instant,
}

impl Opened {
    pub(super) fn of(of: &Of) -> anyhow::Result<Self> {
        Self::named(&of.settings, of.organization.as_deref())
    }

    /// The organization of this name, or the only one.
    pub(super) fn named(settings: &Settings, organization: Option<&str>) -> anyhow::Result<Self> {
        let clock = Clock::system();
        let store = open_store(&configure(settings.config.as_deref())?, &clock)?;
        let name = match organization {
            Some(name) => name.to_owned(),
            None => only_organization(&store)?,
        };
        let found = store.read(|tx| store::organization_known_as(tx, &name))?;
        let organization = found.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
        Ok(Self { store, organization, now: Instant(clock.now()) })
    }

    /// Changes the directory, or only finds out what would change.
    pub(super) fn change(&self, wish: &ChangeOf, is_dry_run: bool) -> anyhow::Result<Changed> {
        let manner = Manner { is_dry_run, ..Manner::default() };
        let changed = change_beside(&self.store, &Ids::system(), self.now, self.organization.id, (wish, manner));
        changed.map_err(refused)
    }
}

/// What was refused, in the words of the API.
pub(super) fn refused(undo: Undo) -> anyhow::Error {
    match undo {
        Undo::Refused(refusal) => WrongInput::all(web::gate::Problem::from(refusal).errors),
        Undo::Store(error) => error.into(),
    }
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
