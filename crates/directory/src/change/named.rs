//! What a change names anew: nobody names what they do not know of, so that no error and no warning confirms a guess.

use super::draft::body_of;
use super::edit::invalid;
use super::read::team_of;
use super::reference::visit;
use super::weighed::Weighed;
use domain::directory::ComponentKind;
use engine::{Rights, Undo};
use std::collections::{HashMap, HashSet};
use store::{ComponentRow, Error};

/// Refuses names of components that whoever asks does not see, in the words for names of what there is not.
///
/// # Errors
/// `Invalid` with a mistake for each; `Corrupt` when what is stored cannot be read.
pub(super) fn check_named(rights: &Rights<'_>, weighed: &Weighed) -> Result<(), Undo> {
    if rights.sees_everything() {
        return Ok(());
    }
    let before: HashMap<_, _> = weighed.before.iter().map(|row| (&row.ref_id, row)).collect();
    let mut mistakes = Vec::new();
    for write in weighed.writes.iter().filter(|write| write.is_changed) {
        let known: HashSet<_> = match before.get(&write.row.ref_id) {
            Some(row) => names_in(row)?.into_iter().map(|(_, kinds, name)| (kinds, name)).collect(),
            None => HashSet::new(),
        };
        for (place, kinds, name) in names_in(&write.row)? {
            let named = || weighed.rows.iter().filter(|row| kinds.contains(&row.kind) && row.name == name);
            if !known.contains(&(kinds, name.clone())) && named().next().is_some() && !any_is_seen(rights, named())? {
                let noun = kinds.first().map_or("component", |kind| kind.word()).replace('_', " ");
                mistakes.push(format!("{place}: no {noun} is named `{name}`"));
            }
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(invalid(mistakes).into()) }
}

/// Each name in a component of another one: the place, the kinds that can be meant, and the name.
type Name = (String, &'static [ComponentKind], String);

fn names_in(row: &ComponentRow) -> Result<Vec<Name>, Error> {
    let (mut body, mut names) = (body_of(row)?, Vec::new());
    visit(row.kind, &mut body, |place, kinds, name| names.push((place.to_owned(), kinds, name.clone())));
    Ok(names)
}

fn any_is_seen<'a>(rights: &Rights<'_>, rows: impl Iterator<Item = &'a ComponentRow>) -> Result<bool, Error> {
    for row in rows {
        if rights.sees_component(row.kind, team_of(row.kind, &body_of(row)?)) {
            return Ok(true);
        }
    }
    Ok(false)
}
