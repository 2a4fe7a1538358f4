//! Changes by callers of the API: any number of edits, judged together and written together, or not at all.

use super::author::Author;
use super::commit::{check_removed, commit};
use super::draft::{Draft, body_of};
use super::edit::{carry_out, invalid, placed};
use super::kept::keep_past;
use super::layer::{LayerEdit, set_layer};
use super::named::check_named;
use super::not_written::NotWritten;
use super::of_provider::check_given;
use super::outgoing::check_outgoing;
use super::outlook::outlook;
use super::people::{check_addresses, check_people, last_owner, to_tell};
use super::personal::changed_by;
use super::repointed::check_repointed;
use super::settle::{check_ways_in, order_rules, settle};
use super::shown::shown;
use super::version::go_back;
use super::warnings::sentence;
use super::weighed::{Weighed, weigh};
use super::wish::{Act, Edit, Instead};
use crate::administration::Administration;
use domain::directory::{ChangeRefusal, ComponentKind, Definition, Fault, User};
use domain::{Instant, OrganizationId, Refusal};
use engine::{Asker, Batch, Failure, Ids, Reader, Rights, Undo, change_once, snapshot};
use notify::Notifier;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use store::{ComponentRow, Error, OrganizationRow, Tx};

/// What is to be changed.
#[derive(Clone, Debug)]
pub enum ChangeOf {
    /// Single components, whose order does not matter.
    Components(Vec<Edit>),
    /// The order in which routing rules are tried: the names of all of them.
    RuleOrder(Vec<String>),
    /// Settings of the organization, by a JSON merge patch.
    Settings(Map<String, Value>),
    /// Everything that the API manages, to what it was at this version of the directory.
    Version(i64),
    /// One layer or exception of a routine.
    Layer(LayerEdit),
}

impl ChangeOf {
    /// What is asked of single components.
    fn edits(&self) -> &[Edit] {
        if let Self::Components(edits) = self { edits } else { &[] }
    }

    /// Whether something that is removed has another in its place wherever it was named, or nothing.
    fn puts_others_in_places(&self) -> bool {
        self.edits().iter().any(|edit| matches!(&edit.act, Act::Remove(_, Instead::Other(..) | Instead::Gap)))
    }
}

/// What is asked beside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// The version of the directory that the caller saw: another one is refused.
    pub only_at: Option<i64>,
    /// Nothing is stored.
    pub is_dry_run: bool,
    /// What would bring new warnings is refused.
    pub fails_on_warning: bool,
    /// What is said of a routine counts for what has been, too.
    pub rewrites: bool,
}

/// What edits came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// What is different, in the words of `apply`.
    pub plan: String,
    /// The same as a structure.
    #[serde(default)]
    pub changes: Vec<Value>,
    /// Each edit's component as it is now; `None` where it was removed.
    pub components: Vec<Option<Value>>,
    /// What somebody should look at in what was edited, and what is new elsewhere.
    pub warnings: Vec<String>,
    /// When nobody is on the first level of a policy, within 28 days, where that is different now or was edited: each with
    /// `escalation_policy`, `before` and `after`.
    pub gaps: Value,
    /// The version of the directory afterwards.
    #[serde(default)]
    pub version: i64,
    /// The settings afterwards, where they were what was to be changed.
    #[serde(default)]
    pub settings: Option<Map<String, Value>>,
}

/// What was judged, with what is told of it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) weighed: Weighed,
    pub(super) changed: Changed,
    /// Kind and name of what the edits are about.
    edited: HashSet<(ComponentKind, String)>,
}

impl Administration {
    /// Changes the directory, all of it or nothing.
    ///
    /// # Errors
    /// `Refused` with `Change`, `UnknownComponent`, `UnknownVersion`, `KeyRevoked`, `IdempotencyKeyReused`; otherwise see [`Failure`].
    pub async fn change_directory(&self, asker: Asker, wish: ChangeOf, manner: Manner) -> Result<Changed, Failure> {
        let organization = asker.organization;
        let (reader, notifier) = (self.engine().clone(), self.notifier().clone());
        let (ids, now) = (self.engine().ids().clone(), self.engine().now());
        // Judged outside of the writer: a directory is read, checked and compared as a whole.
        let foreseen = {
            let (ids, wish, notifier) = (ids.clone(), wish.clone(), notifier.clone());
            let who = Reader { organization, credential: asker.credential.clone() };
            let author = Author::unknown();
            let judged = reader.read(move |tx, shared| {
                let snapshot = snapshot(tx, shared, &who)?;
                let judged = judge(tx, organization, &wish, manner, &ids, &author, now);
                let judged = judged.and_then(|judged| judged.allowed_to(&who.rights(&snapshot), &wish, &notifier));
                let judged = judged.and_then(|judged| match manner.is_dry_run {
                    true => check_removed(tx, organization, &judged.weighed.removed).map_err(undo).map(|()| judged),
                    false => Ok(judged),
                });
                match judged {
                    Ok(judged) => Ok(Ok(judged)),
                    Err(Undo::Refused(refusal)) => Ok(Err(refusal)),
                    Err(Undo::Store(error)) => Err(error.into()),
                }
            });
            judged.await?
        };
        if manner.is_dry_run {
            return foreseen.map(|judged| judged.changed).map_err(Failure::Refused);
        }
        let mut foreseen = foreseen.ok();
        let write = move |batch: &mut Batch<'_>| {
            let mut told = Vec::new();
            let changed = change_once(batch, &asker, |batch, context| {
                let author = Author::of_asker(&asker, context);
                let fits = |judged: &Judged| judged.weighed.base == context.snapshot.directory.version;
                let judged = match foreseen.take().filter(fits) {
                    Some(judged) => judged.written_by(&author),
                    // Somebody else changed something meanwhile, or what was refused is told as it is now.
                    None => judge(batch.tx, organization, &wish, manner, &ids, &author, context.now)?,
                };
                let judged = judged.allowed_to(&Rights::of(&asker.credential, &context.snapshot), &wish, &notifier)?;
                let name = context.snapshot.directory.name.as_str();
                told = to_tell(&judged.weighed, (organization, name))?;
                keep(batch, organization, judged, &ids, &author, context.now)
            })?;
            Ok((changed, told))
        };
        let (changed, told) = self.change(organization, write).await?;
        told.iter().for_each(|person| self.tell_of_address(person));
        Ok(changed)
    }
}

impl Judged {
    /// The same, where whoever asks may do to people, and to what others own, what it does, and this server may call what it is to.
    fn allowed_to(self, rights: &Rights<'_>, wish: &ChangeOf, notifier: &Notifier) -> Result<Self, Undo> {
        check_named(rights, &self.weighed)?;
        check_people(rights, &self.weighed)?;
        if wish.puts_others_in_places() {
            check_repointed(rights, &self.weighed, &self.edited)?;
        }
        check_addresses(&self.weighed)?;
        check_outgoing(&self.weighed, wish.edits(), |url| notifier.may_call(url))?;
        Ok(self)
    }

    /// The same, by whom the writer found to have asked for it.
    fn written_by(mut self, author: &Author) -> Self {
        for write in self.weighed.writes.iter_mut().filter(|write| write.is_changed) {
            let provenance = &mut write.row.provenance;
            provenance.updated_by = Some(author.name.clone());
            provenance.personal = provenance.personal.take().map(|personal| changed_by(&personal, author));
        }
        for component in self.changed.components.iter_mut().flatten().filter_map(Value::as_object_mut) {
            component.insert("updated_by".to_owned(), Value::from(author.name.as_str()));
        }
        self
    }
}

/// Changes the directory within a transaction that does something else, too; the organization is held by it.
///
/// # Errors
/// As [`Administration::change_directory`].
pub(crate) fn change_in(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    wish: &ChangeOf,
    ids: &Ids,
    author: &Author,
    now: Instant,
) -> Result<Changed, Undo> {
    let judged = judge(batch.tx, organization, wish, Manner::default(), ids, author, now)?;
    keep(batch, organization, judged, ids, author, now)
}

/// Changes one component within a transaction that nobody's batch need be; the organization is held by it.
///
/// # Errors
/// As [`Administration::change_directory`].
pub(super) fn edit_in(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    edit: Edit,
    ids: &Ids,
    author: &Author,
    now: Instant,
) -> Result<(), Undo> {
    let wish = ChangeOf::Components(vec![edit]);
    let judged = judge(tx, organization, &wish, Manner::default(), ids, author, now)?;
    write(tx, organization, &judged.weighed, ids, author, now)
}

/// Writes what was judged, and lets everybody know.
fn keep(
    batch: &mut Batch<'_>,
    organization: OrganizationId,
    judged: Judged,
    ids: &Ids,
    author: &Author,
    now: Instant,
) -> Result<Changed, Undo> {
    let Judged { weighed, mut changed, .. } = judged;
    if weighed.is_empty() {
        return Ok(changed);
    }
    write(batch.tx, organization, &weighed, ids, author, now)?;
    batch.directory_changed(organization)?;
    changed.version = store::organization_load(batch.tx, organization)?.map_or(0, |found| found.version);
    Ok(changed)
}

/// Writes what was judged, in a transaction that holds the organization.
pub(super) fn write(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    weighed: &Weighed,
    ids: &Ids,
    author: &Author,
    now: Instant,
) -> Result<(), Undo> {
    check_removed(tx, organization, &weighed.removed).map_err(undo)?;
    commit(tx, organization, weighed, ids, author, now).map_err(undo)
}

fn undo(not_written: NotWritten) -> Undo {
    let refusal = match not_written {
        NotWritten::Store(error) => return Undo::Store(error),
        NotWritten::Referenced(reasons) => ChangeRefusal::Referenced { reasons },
        NotWritten::KeyTaken(name) => ChangeRefusal::KeyTaken { name },
    };
    Undo::Refused(Refusal::Change(Box::new(refusal)))
}

/// What a change comes to, over what is stored.
pub(super) fn judge(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    wish: &ChangeOf,
    manner: Manner,
    ids: &Ids,
    author: &Author,
    now: Instant,
) -> Result<Judged, Undo> {
    let found = store::organization_load(tx, organization)?;
    let found = found.ok_or_else(|| Error::Corrupt(format!("no organization {}", organization.0)))?;
    if manner.only_at.is_some_and(|seen| seen != found.version) {
        return Err(changed_meanwhile(tx, &found)?.into());
    }
    let mut draft = Draft::of(found, store::component_list(tx, organization)?)?;
    let edits = wish.edits();
    let places = match wish {
        ChangeOf::Components(edits) => carry_out(&mut draft, edits, author, now)?,
        ChangeOf::RuleOrder(names) => order_rules(&mut draft, names)?,
        ChangeOf::Settings(patch) => settle(tx, &mut draft, patch)?,
        ChangeOf::Version(version) => go_back(tx, organization, &mut draft, *version)?,
        ChangeOf::Layer(edit) => set_layer(&mut draft, edit, now)?,
    };
    check_ways_in(tx, &draft)?;
    keep_past(&mut draft, now, manner.rewrites)?;
    let definition = draft.definition().map_err(invalid)?;
    let edited: HashSet<_> =
        places.iter().flatten().map(|place| (draft.pieces[*place].kind, draft.pieces[*place].name.clone())).collect();
    let stands = draft.stands()?;
    keeps_an_owner(&stands, &definition)?;
    are_new(tx, organization, (&stands, &draft.before), &definition)?;
    faults(&draft, edits, &places, &new_faults(&stands, &definition))?;
    let settings = matches!(wish, ChangeOf::Settings(_)).then(|| draft.told_settings());
    let weighed = Weighed { rewrites: manner.rewrites, ..weigh(draft, definition, ids, author, now)? };
    if !edits.is_empty() {
        check_given(tx, organization, &weighed, author)?;
    }
    let outlook = outlook(tx, organization, &stands, &weighed.definition, &edited, now)?;
    if manner.fails_on_warning && !outlook.new_warnings.is_empty() {
        let refused = ChangeRefusal::LintFailed { warnings: outlook.new_warnings };
        return Err(Undo::Refused(Refusal::Change(Box::new(refused))));
    }
    let mut components = Vec::with_capacity(places.len());
    for place in &places {
        components.push(match place.and_then(|place| weighed.rows.get(place)) {
            Some(row) => Some(shown(row, &body_of(row)?)),
            None => None,
        });
    }
    let gaps = serde_json::to_value(outlook.gaps).map_err(|error| Error::Statement(error.to_string()))?;
    let (plan, changes) = (weighed.plan.to_string(), weighed.plan.changes());
    let version = weighed.base;
    let changed = Changed { plan, changes, components, warnings: outlook.warnings, gaps, version, settings };
    Ok(Judged { weighed, changed, edited })
}

/// That the directory is at another version than the caller saw, and who made it.
fn changed_meanwhile(tx: &mut dyn Tx, found: &OrganizationRow) -> Result<Refusal, Error> {
    let newest = store::version_list(tx, found.id, i64::MAX, 1)?.pop();
    let changed = ChangeRefusal::ChangedMeanwhile {
        wanted_none: false,
        current: Box::new(json!({"version": found.version})),
        changed_by: newest.as_ref().map(|newest| newest.author.clone()),
        changed_at: newest.map(|newest| newest.made_at),
        fields: Vec::new(),
    };
    Ok(Refusal::Change(Box::new(changed)))
}

/// Refuses to leave an organization without an owner who can sign in, where it has one.
fn keeps_an_owner(stands: &Definition, wanted: &Definition) -> Result<(), Refusal> {
    let refused = |username| Refusal::Change(Box::new(ChangeRefusal::LastOwner { username }));
    last_owner(stands, wanted).map_or(Ok(()), |username| Err(refused(username)))
}

/// Refuses people whose username was somebody's who left: it stands for them in all that happened. Nor is it the id of
/// somebody, who is meant by it.
fn are_new(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (stands, before): (&Definition, &[ComponentRow]),
    wanted: &Definition,
) -> Result<(), Undo> {
    let is_new = |user: &&User| !stands.has(ComponentKind::User, user.username.as_str());
    for user in wanted.users.iter().filter(is_new) {
        let username = user.username.to_string();
        if before.iter().any(|row| row.ref_id.as_str() == username) {
            return Err(invalid(vec![format!("username: `{username}` is the id of something")]).into());
        }
        if store::former_person_exists(tx, organization, &username)? {
            return Err(Refusal::Change(Box::new(ChangeRefusal::FormerPerson { username })).into());
        }
    }
    Ok(())
}

/// What would be wrong and is not now. What was wrong already, since a newer program judges it so, can be mended one by one.
fn new_faults(stands: &Definition, wanted: &Definition) -> Vec<Fault> {
    let mut faults = wanted.faults();
    if !faults.is_empty() {
        let known = stands.faults();
        faults.retain(|fault| !known.contains(fault));
    }
    faults
}

/// Refuses what the directory as a whole would have wrong: by the path where an edit caused it, else in words.
fn faults(draft: &Draft, edits: &[Edit], places: &[Option<usize>], faults: &[Fault]) -> Result<(), Undo> {
    if faults.is_empty() {
        return Ok(());
    }
    let mut mistakes = Vec::new();
    for fault in faults {
        let is_it = |(place, _): &(&Option<usize>, &Edit)| {
            let piece = place.and_then(|place| draft.pieces.get(place));
            piece.is_some_and(|piece| Some(piece.kind) == fault.kind && piece.name == fault.name)
        };
        match places.iter().zip(edits).find(is_it) {
            Some((_, edit)) => {
                mistakes.extend(placed(edit, vec![format!("{}: {}", fault.place.spelled(), fault.problem)]));
            }
            None => mistakes.push(sentence(fault)),
        }
    }
    Err(Undo::Refused(invalid(mistakes)))
}
