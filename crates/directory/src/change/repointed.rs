//! What a removal changes in components that it is not about: another is named in them from then on. Who may not change them
//! may not do that either.

use super::draft::body_of;
use super::read::team_of;
use super::weighed::Weighed;
use domain::Refusal;
use domain::directory::{ComponentKind, Role};
use domain::permission::{Action, Answer, Needs, Object};
use engine::{Rights, Undo};
use std::collections::HashSet;

/// Refuses a change of what `edited` does not name and whoever asks may not change.
///
/// # Errors
/// `NotAllowed`, which says what would be needed; `Corrupt` when what is stored cannot be read.
pub(super) fn check_repointed(
    rights: &Rights<'_>,
    weighed: &Weighed,
    edited: &HashSet<(ComponentKind, String)>,
) -> Result<(), Undo> {
    for write in weighed.writes.iter().filter(|write| write.is_changed) {
        let row = &write.row;
        if edited.contains(&(row.kind, row.name.clone())) {
            continue;
        }
        let body = body_of(row)?;
        let object = Object { team: team_of(row.kind, &body), ..Object::default() };
        let what = format!("{} `{}`", row.kind.word().replace('_', " "), row.name);
        check(rights, (Action::ChangeComponents, object), what)?;
    }
    for setting in &weighed.plan.settings {
        check(rights, (Action::ChangeSettings, Object::default()), setting.field.clone())?;
    }
    Ok(())
}

fn check(rights: &Rights<'_>, (action, object): (Action, Object<'_>), what: String) -> Result<(), Refusal> {
    match rights.to(action, object) {
        Answer::Allowed => Ok(()),
        Answer::Refused(needs) => Err(Refusal::NotAllowed { what, needs }),
        // Whoever must not know of it is not told its name either.
        Answer::Hidden => {
            let what = "something that a private team owns".to_owned();
            Err(Refusal::NotAllowed { what, needs: Needs::Role(Role::Admin) })
        }
    }
}
