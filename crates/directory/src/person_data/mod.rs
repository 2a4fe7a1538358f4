//! All that is held about a person, as one document, for themselves and for administrators (administration §7).

mod sign_in;
mod traces;

use crate::administration::Administration;
use crate::audit::{Object, record_asked};
use crate::change::profile;
use domain::directory::{ComponentKind, Directory};
use domain::{InstanceId, RefId, Refusal, Username, limits};
use engine::{Asker, Batch, Failure, Reader, change_once, snapshot};
use serde_json::{Map, Value, json};
use store::{AttemptRow, Error, NotificationRow, Tx};

/// Messages, each with the attempts at it.
pub type Messages = Vec<(NotificationRow, Vec<AttemptRow>)>;

/// Whose data is asked for, and from where on what is long goes on.
#[derive(Clone, Debug)]
pub struct PersonDataAsked {
    /// The person, by id or username.
    pub person: String,
    /// Only incidents, and notifications about them, with a lower number.
    pub before_incident: Option<InstanceId>,
    /// Only rows of the audit log with a lower number.
    pub before_audit: Option<i64>,
}

/// What is held about a person.
#[derive(Debug)]
pub struct PersonData {
    /// All but the messages, by the names that the parts have in the document.
    pub told: Map<String, Value>,
    /// Notices about no incident, newest first.
    pub notices: Messages,
    /// Notifications about incidents, newest incidents first.
    pub notifications: Messages,
    /// The number before which older incidents and notifications follow, where there are any.
    pub next_incident: Option<InstanceId>,
    /// The number before which older rows of the audit log follow, where there are any.
    pub next_audit: Option<i64>,
}

/// Somebody of whom something is held.
struct Whose {
    ref_id: RefId,
    username: Username,
}

impl Whose {
    /// The person who is meant by an id or a username, also one who left.
    fn known(directory: &Directory, reference: &str) -> Option<Self> {
        if let Some(entry) = directory.users.known(reference) {
            return Some(Self { ref_id: entry.ref_id.clone(), username: entry.component.username.clone() });
        }
        let (ref_id, username) = directory.former.known(reference)?;
        Some(Self { ref_id: ref_id.clone(), username: username.clone() })
    }
}

impl Administration {
    /// All that is held about a person. Secrets are not told, nor what is only kept as a digest. What is long is told as far as
    /// [`limits::PERSON_DATA_ROWS`], the newest first. That it was read is itself written into the audit log, before it is
    /// read. `field` is the field of the request that names them.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn person_data(
        &self,
        asker: Asker,
        field: &'static str,
        asked: PersonDataAsked,
    ) -> Result<PersonData, Failure> {
        let organization = asker.organization;
        let reader = Reader { organization, credential: asker.credential.clone() };
        let ids = self.engine().ids().clone();
        let name = asked.person.clone();
        let unknown = move || Refusal::UnknownComponent { field, kind: ComponentKind::User, name: name.clone() };
        let (named, nobody) = (asked.person.clone(), unknown.clone());
        let note = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let whose = Whose::known(&context.snapshot.directory, &named).ok_or_else(&nobody)?;
                let object = Object::new("user", Some(whose.ref_id.as_str()), whose.username.as_str());
                Ok(record_asked(batch, &ids, (&asker, context), "user.read_data", object, Vec::new())?)
            })
        };
        self.engine().desk().submit(organization, note).await?;
        let now = self.engine().now();
        self.engine()
            .read(move |tx, shared| {
                let snapshot = snapshot(tx, shared, &reader)?;
                let whose = Whose::known(&snapshot.directory, &asked.person).ok_or_else(&unknown)?;
                let profile = profile(tx, &snapshot, whose.ref_id.as_str())?.unwrap_or_default();
                let mut told = Map::new();
                let mut put = |key: &str, value: Value| told.insert(key.to_owned(), value);
                put("organization", json!(snapshot.directory.name));
                put("read_at", json!(now.wire()));
                put("ref_id", json!(whose.ref_id));
                put("preferred_username", json!(whose.username));
                put("profile", profile);
                put("left", traces::left(tx, organization, &whose.ref_id)?);
                put("earlier_profiles", traces::earlier_profiles(tx, organization, &whose.ref_id)?);
                put("contacts", sign_in::contacts(tx, organization, &whose.username)?);
                put("sign_in", sign_in::sign_in(tx, organization, &whose.ref_id)?);
                put("tokens", sign_in::tokens(&snapshot, &whose.ref_id));
                put("devices", sign_in::devices(tx, organization, &whose.ref_id)?);
                put("saved_views", traces::saved_views(tx, organization, &whose.ref_id)?);
                put("swaps", traces::swaps(tx, organization, &whose.username)?);
                put("covers", traces::covers(tx, organization, &whose.ref_id)?);
                let (audit, next_audit) = traces::audit(tx, &snapshot, &whose.ref_id, asked.before_audit)?;
                put("audit", audit);
                let before = asked.before_incident.unwrap_or(InstanceId(i64::MAX));
                let (acted_on, next_acted_on) = traces::acted_on(tx, organization, &whose.ref_id, before)?;
                put("acted_on", acted_on);
                let (notifications, next_incident) = notifications(tx, &reader, &whose.username, before)?;
                // The higher one, so that of neither anything is passed over; what was told twice is so by its number.
                let next_incident = next_incident.max(next_acted_on);
                let notices = match asked.before_incident {
                    None => traces::notices(tx, organization, &whose.username)?,
                    Some(_) => Vec::new(),
                };
                Ok(PersonData { told, notices, notifications, next_incident, next_audit })
            })
            .await
    }
}

/// Notifications to a person about incidents, and the number of the incident before which older ones follow.
fn notifications(
    tx: &mut dyn Tx,
    reader: &Reader,
    user: &Username,
    before: InstanceId,
) -> Result<(Messages, Option<InstanceId>), Error> {
    let organization = reader.organization;
    let most = limits::PERSON_DATA_ROWS;
    let Some(after) = traces::window(tx, organization, before)? else { return Ok((Vec::new(), None)) };
    let mut rows = store::notification_to_person(tx, organization, user, (after, before), most)?;
    let is_cut = rows.len() == usize::try_from(most).unwrap_or(usize::MAX);
    // Of the last incident there may be more than was read: it comes whole with what follows, unless it is the only one.
    let last = rows.last().map(|row| row.id.instance_id).filter(|_| is_cut);
    let next = match last {
        Some(last) if rows.first().is_some_and(|first| first.id.instance_id > last) => {
            rows.retain(|row| row.id.instance_id > last);
            Some(InstanceId(last.0.saturating_add(1)))
        }
        Some(last) => Some(last),
        None => (after.0 > 0).then_some(InstanceId(after.0.saturating_add(1))),
    };
    let told = rows.into_iter().map(|row| traces::with_attempts(tx, organization, row)).collect::<Result<_, _>>()?;
    Ok((told, next))
}
