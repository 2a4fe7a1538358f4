//! Applying a directory file: what it manages is made what it says, in one transaction, or not at all. What the API made is
//! left alone.

use super::apply_error::ApplyError;
use super::author::Author;
use super::commit::{check_removed, commit};
use super::draft::{Draft, Piece, differing};
use super::kept::{keep_past, laid_beside};
use super::meant::{Meant, meant, nobody_yet};
use super::people::last_owner;
use super::personal::{Kept, keep_changed, without_own};
use super::recorded::taken_over;
use super::removed::{missing, reconcile, sentence as removed_sentence, still_said};
use super::renamed::name_as_in_file;
use super::said::{Said, Written, bodies_of};
use super::warnings::sentence;
use super::weighed::{Weighed, weigh};
use crate::audit;
use crate::file::{Plan, Texts};
use domain::directory::{ComponentKind, Definition, Fault, ManagedBy, PersonalOf};
use domain::{Instant, OrganizationId};
use engine::Ids;
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::{Error, OrganizationRow, RemovedBesideRow, Store, Tx};

/// What a directory file says, and what is to become of what it does not own.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// What it says; it was found to be without faults.
    pub definition: &'a Definition,
    /// Where each component stands in it, such as `acme.toml:41`.
    pub sources: HashMap<(ComponentKind, String), String>,
    /// Components that get another name: kind, old name, new one.
    pub renamed: Vec<(ComponentKind, String, String)>,
    /// The name that the organization had before, where the file says one.
    pub organization_renamed_from: Option<String>,
    /// Components of the API that the file takes over.
    pub adopt: Adopt,
    /// What becomes of what was changed beside the file.
    pub drift: Drift,
    /// Who manages what is made; the API for what a demo brings along.
    pub managed_by: ManagedBy,
    /// Who applies it.
    pub author: Author,
}

/// Which components of the API a file takes over, if it says something else of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Adopt {
    /// None: a file that says something else of one is refused.
    #[default]
    Nothing,
    /// Those of these names.
    Named(Vec<String>),
    /// All of them.
    All,
}

/// What becomes of components of the file that the API changed since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Drift {
    /// The file is refused.
    #[default]
    Stop,
    /// What the file says counts.
    Overwrite,
    /// They stay as they are.
    Keep,
}

/// What applying a file comes to.
#[derive(Debug)]
pub struct Applied {
    /// What changes.
    pub plan: Plan,
    /// What people have changed themselves, so that the file does not.
    pub kept: Vec<Kept>,
}

impl<'a> Wanted<'a> {
    /// A definition by itself: everything is managed by the file, which takes nothing over.
    #[must_use]
    pub fn of(definition: &'a Definition) -> Self {
        Self {
            definition,
            sources: HashMap::new(),
            renamed: Vec::new(),
            organization_renamed_from: None,
            adopt: Adopt::Nothing,
            drift: Drift::Stop,
            managed_by: ManagedBy::File,
            author: Author::of_file(None),
        }
    }

    /// A definition with what its texts say beside.
    #[must_use]
    pub fn of_file(definition: &'a Definition, texts: &Texts) -> Self {
        Self {
            sources: texts.places(),
            renamed: texts.renamed(),
            organization_renamed_from: texts.organization_renamed_from(),
            author: Author::of_file(Some(texts.digest())),
            ..Self::of(definition)
        }
    }

    /// What it calls its components.
    fn said(&self) -> Said<'_> {
        Said::of(self.definition, &self.renamed)
    }
}

/// What would change if `wanted` were applied.
///
/// # Errors
/// As [`apply_file`]; nothing is changed in any case.
pub fn dry_run(store: &Store, wanted: &Wanted<'_>, now: Instant) -> Result<Applied, ApplyError> {
    store.read(|tx| dry_run_in(tx, wanted, now))
}

/// The same within a transaction.
pub(super) fn dry_run_in(tx: &mut dyn Tx, wanted: &Wanted<'_>, now: Instant) -> Result<Applied, ApplyError> {
    let found = organization_of(tx, wanted)?;
    let (weighed, kept) = judge(tx, found.as_ref(), wanted, &Ids::seeded(0), now)?;
    if let Some(found) = &found {
        check_removed(tx, found.id, &weighed.removed)?;
    }
    Ok(Applied { plan: weighed.plan, kept })
}

/// Makes the organization that a definition names what it says, and returns what changed. The definition was found to be
/// without faults. Applying it again changes nothing.
///
/// # Errors
/// As [`apply_file`].
pub fn apply(store: &Store, ids: &Ids, now: Instant, definition: &Definition) -> Result<Plan, ApplyError> {
    Ok(apply_file(store, ids, now, &Wanted::of(definition))?.plan)
}

/// Makes what a directory file manages what it says, and returns what changed. Applying it again changes nothing.
///
/// # Errors
/// When unresolved incidents refer to what would be removed, a key of an integration is another's, the file says something
/// else of what it does not own, something was changed beside it, or the store fails.
pub fn apply_file(store: &Store, ids: &Ids, now: Instant, wanted: &Wanted<'_>) -> Result<Applied, ApplyError> {
    store.write(|tx| {
        if let Some(organization) = organization_of(tx, wanted)? {
            // From here on nobody makes an incident that refers to what is about to be removed.
            store::organization_hold(tx, organization.id)?;
        }
        let found = organization_of(tx, wanted)?;
        let (weighed, kept) = judge(tx, found.as_ref(), wanted, ids, now)?;
        let id = match &found {
            Some(organization) => organization.id,
            None => store::organization_insert(tx, &wanted.definition.name)?,
        };
        check_removed(tx, id, &weighed.removed)?;
        if !weighed.plan.is_empty() || found.is_none() {
            commit(tx, id, &weighed, ids, &wanted.author, now)?;
        } else if !weighed.writes.is_empty() {
            // Where things stand in a file, and that it owns them now, is no change of what they are. But whoever judged a change
            // on what was known before judges it anew.
            for write in &weighed.writes {
                store::component_save(tx, id, &write.row)?;
            }
            let taken_over = taken_over(&weighed, &wanted.author);
            if !taken_over.is_empty() {
                audit::record_all(tx, ids, id, now, &taken_over)?;
            }
            store::organization_touch(tx, id)?;
        }
        // Whoever counts drift looks anew where there is other drift than there was.
        if wanted.managed_by == ManagedBy::File && reconcile(tx, id, &weighed.rows, &wanted.said())? {
            store::organization_touch(tx, id)?;
        }
        Ok(Applied { plan: weighed.plan, kept })
    })
}

/// The organization that a file is about; none where it makes a new one.
fn organization_of(tx: &mut dyn Tx, wanted: &Wanted<'_>) -> Result<Option<OrganizationRow>, ApplyError> {
    let name = &wanted.definition.name;
    match meant(tx, name, wanted.organization_renamed_from.as_deref())? {
        Meant::Organization(found) => Ok(Some(found)),
        Meant::Nobody => Ok(None),
        Meant::Former(known) => Err(ApplyError::OldName { old: name.clone(), new: known.name }),
    }
}

/// What the file comes to, over what is stored.
fn judge(
    tx: &mut dyn Tx,
    found: Option<&OrganizationRow>,
    wanted: &Wanted<'_>,
    ids: &Ids,
    now: Instant,
) -> Result<(Weighed, Vec<Kept>), ApplyError> {
    let (organization, rows) = match found {
        Some(organization) => (organization.clone(), store::component_list(tx, organization.id)?),
        None => (nobody_yet(wanted.definition), Vec::new()),
    };
    let mut draft = Draft::of(organization, rows)?;
    draft.name.clone_from(&wanted.definition.name);
    draft.fallback_policy.clone_from(&wanted.definition.fallback_policy);
    for (kind, old, new) in &wanted.renamed {
        if let Some(place) = draft.named(*kind, old).filter(|_| draft.named(*kind, new).is_none()) {
            draft.rename(place, new);
        }
    }
    let stands = draft.definition().map_err(ApplyError::Faults)?;
    let gone = match found.filter(|_| wanted.managed_by == ManagedBy::File) {
        Some(organization) => still_said(missing(tx, organization.id, &draft.before)?, &wanted.said()),
        None => Vec::new(),
    };
    let kept = lay_over(&mut draft, wanted, &gone)?;
    if let Some(organization) = found {
        know_again(tx, organization.id, &mut draft)?;
    }
    keep_past(&mut draft, now, false)?;
    let definition = draft.definition().map_err(ApplyError::Faults)?;
    if let Some(username) = last_owner(&stands, &definition) {
        let sentence =
            format!("user `{username}`: is the last owner who can sign in; make somebody else an owner first");
        return Err(ApplyError::Faults(vec![sentence]));
    }
    // What is left as it is may not fit to what the file says.
    if wanted.drift == Drift::Keep || draft.pieces.iter().any(|piece| piece.managed_by == ManagedBy::Api) {
        let own = wanted.definition.faults();
        let new = |fault: &&Fault| !own.contains(fault);
        let faults: Vec<String> = definition.faults().iter().filter(new).map(sentence).collect();
        if !faults.is_empty() {
            return Err(ApplyError::Faults(faults));
        }
    }
    let mut weighed = weigh(draft, definition, ids, &wanted.author, now)?;
    if found.is_none() {
        weighed.plan = crate::file::plan(&Definition::default(), &weighed.definition);
    }
    Ok((weighed, kept))
}

/// What is made anew of a name that one component had which is gone is that one: it has its id, and whatever knew it knows it again.
fn know_again(tx: &mut dyn Tx, organization: OrganizationId, draft: &mut Draft) -> Result<(), Error> {
    let Draft { pieces, before, .. } = draft;
    let is_new =
        |piece: &&mut Piece| piece.stored.is_none() && piece.ref_id.is_none() && piece.kind != ComponentKind::User;
    for piece in pieces.iter_mut().filter(is_new) {
        let mut gone = store::former_component_named(tx, organization, piece.kind, &piece.name)?;
        gone.retain(|id| !before.iter().any(|row| row.ref_id == *id));
        if let [id] = gone.as_slice() {
            piece.ref_id = Some(id.clone());
        }
    }
    Ok(())
}

/// Puts what the file says over what is stored, as far as the file owns it; `gone` is what it says and was removed beside it.
fn lay_over(draft: &mut Draft, wanted: &Wanted<'_>, gone: &[RemovedBesideRow]) -> Result<Vec<Kept>, ApplyError> {
    let (mut not_owned, mut drifted, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    let mut order = HashMap::new();
    let components = bodies_of(wanted.definition)?;
    name_as_in_file(draft, &wanted.said(), wanted.drift == Drift::Overwrite)?;
    for (number, (kind, name, mut body)) in components.into_iter().enumerate() {
        order.insert((kind, name.clone()), number);
        let source = wanted.sources.get(&(kind, name.clone())).cloned();
        let Some(place) = draft.named(kind, &name) else {
            let removed = gone.iter().find(|row| row.kind == kind && row.name_in_file == name);
            match (removed, wanted.drift) {
                (Some(removed), Drift::Stop) => drifted.push(removed_sentence(removed)),
                (Some(_), Drift::Keep) => {}
                (_, Drift::Overwrite) | (None, _) => {
                    draft.pieces.push(made((kind, name, body), wanted.managed_by, source, removed));
                }
            }
            continue;
        };
        let stored = draft.pieces[place].body.clone();
        let is_theirs = draft.settings.personal == PersonalOf::Person;
        if kind == ComponentKind::User {
            if !is_theirs {
                draft.pieces[place].personal = without_own(draft.pieces[place].personal.as_deref());
            }
            kept.extend(keep_changed(&name, draft.pieces[place].personal.as_deref(), &stored, &mut body));
        }
        let said = body.clone();
        let is_drift = laid_beside(&draft.pieces[place], &mut body);
        let is_same = body == stored;
        let piece = &mut draft.pieces[place];
        if piece.managed_by == ManagedBy::Api {
            if !wanted.adopt.takes(&name) {
                if !is_same {
                    not_owned.push(format!(
                        "{} `{name}` was made by the API, and the file says something else of it: take it over with \
                         --adopt, or leave it out",
                        kind.word().replace('_', " ")
                    ));
                }
                continue;
            }
            piece.managed_by = ManagedBy::File;
        }
        if !is_same && piece.applied.is_some() && is_drift {
            match wanted.drift {
                Drift::Stop => drifted.extend(differences(draft, place, &body)),
                Drift::Keep => {}
                Drift::Overwrite => replace(piece, (body, said), source),
            }
            continue;
        }
        replace(piece, (body, said), source);
    }
    if !not_owned.is_empty() {
        return Err(ApplyError::NotOwned(not_owned));
    }
    if !drifted.is_empty() {
        return Err(ApplyError::Drifted(drifted));
    }
    draft
        .pieces
        .retain(|piece| piece.managed_by == ManagedBy::Api || order.contains_key(&(piece.kind, piece.name.clone())));
    order_as_said(draft, &order, wanted.managed_by);
    Ok(kept)
}

/// A component that the file makes; one that was removed beside it is made anew as the one that it was.
fn made(
    (kind, name, body): Written,
    managed_by: ManagedBy,
    source: Option<String>,
    removed: Option<&RemovedBesideRow>,
) -> Piece {
    // Who comes back is another person for all that happened.
    let ref_id = removed.filter(|_| kind != ComponentKind::User).map(|row| row.ref_id.clone());
    let (stored, applied, personal) = (None, None, None);
    Piece { stored, kind, name, body, is_touched: true, managed_by, source, applied, personal, ref_id }
}

/// Rules are tried in the file's order; those of the API come after them, in theirs.
fn order_as_said(draft: &mut Draft, order: &HashMap<(ComponentKind, String), usize>, managed_by: ManagedBy) {
    let place = |piece: &Piece| order.get(&(piece.kind, piece.name.clone())).copied().unwrap_or(usize::MAX);
    let mut rules = draft.pieces.iter().filter(|piece| piece.kind == ComponentKind::RoutingRule);
    if managed_by == ManagedBy::Api || rules.any(|rule| rule.managed_by != ManagedBy::Api) {
        draft.pieces.sort_by_key(place);
    }
}

impl Adopt {
    fn takes(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Named(names) => names.iter().any(|adopted| adopted == name),
            Self::All => true,
        }
    }
}

/// Makes a component what the file says of it, with what is never the file's.
fn replace(piece: &mut Piece, (body, said): (Map<String, Value>, Map<String, Value>), source: Option<String>) {
    piece.is_touched = piece.is_touched || piece.body != body;
    piece.body = body;
    piece.source = source.or(piece.source.take());
    // Where a routine is what it says, that need not be kept.
    piece.applied = (piece.kind == ComponentKind::Routine).then(|| Value::Object(said).to_string());
}

/// What was changed beside the file, field by field.
fn differences(draft: &Draft, place: usize, body: &Map<String, Value>) -> Vec<String> {
    let piece = &draft.pieces[place];
    let row = draft.row(piece);
    let by = row.and_then(|row| row.provenance.updated_by.as_deref()).unwrap_or("somebody");
    let at = row.and_then(|row| row.provenance.updated_at).map(|at| format!(" at {}", at.wire())).unwrap_or_default();
    let keys = differing(&piece.body, body);
    let noun = piece.kind.word().replace('_', " ");
    keys.into_iter().map(|key| format!("{noun} `{}`: {key} was changed by {by}{at}", piece.name)).collect()
}
