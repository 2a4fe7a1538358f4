//! Devices: browsers that are pushed to, made by whoever they are of, listed, removed.

use super::person;
use crate::administration::Administration;
use crate::audit::{Changed, Object, Value, record_asked};
use domain::directory::{ChangeRefusal, Directory, PushDevice};
use domain::{Instant, RefId, Refusal, Username, limits};
use engine::{Asker, Batch, ChangeContext, Failure, Reader, Undo, change_once, digest, snapshot};
use serde::{Deserialize, Serialize};
use store::PushDeviceRow;

/// A device as its owner sees it: without its subscription, by which anybody could push to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedDevice {
    /// By which it is removed.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub made_at: Instant,
    /// When its push service last took a message.
    pub last_success_at: Option<Instant>,
}

/// What a browser says of its subscription.
#[derive(Clone)]
pub struct NewDevice {
    /// What its owner calls it.
    pub name: String,
    /// Its address at its push service.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// The secret that it made beside.
    pub auth: String,
}

impl NewDevice {
    /// The device that it makes: the same browser is always the same one.
    #[must_use]
    pub fn device(self) -> PushDevice {
        let Self { name, endpoint, p256dh, auth } = self;
        PushDevice { id: digest(&format!("push_device\n{endpoint}")), name, endpoint, p256dh, auth }
    }
}

impl Administration {
    /// The devices of a person, the one that was made first first.
    ///
    /// # Errors
    /// `Refused(UnknownComponent)`, `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn devices(&self, reader: Reader, user: Username) -> Result<Vec<ListedDevice>, Failure> {
        self.engine()
            .read(move |tx, shared| {
                let snapshot = snapshot(tx, shared, &reader)?;
                let owner = owner(&snapshot.directory, &user)?;
                let rows = store::push_device_of_person(tx, reader.organization, &owner)?;
                Ok(rows.into_iter().map(listed).collect())
            })
            .await
    }

    /// Makes a device of a person, whose channel `push` leads there from now on. A browser that was somebody else's, or is
    /// made once more, is theirs with what it says now. Its form was found to be without faults.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `TooMany`, `Change` where it may not be pushed there, `IdempotencyKeyReused` or `KeyRevoked`;
    /// otherwise see [`Failure`].
    pub async fn add_device(&self, asker: Asker, user: Username, device: PushDevice) -> Result<ListedDevice, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        if let Err(why) = self.notifier().may_call(&device.endpoint) {
            let mistakes = vec![format!("endpoint: {why}")];
            return Err(Failure::Refused(Refusal::Change(Box::new(ChangeRefusal::Invalid { mistakes }))));
        }
        let add = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let owner = owner(&context.snapshot.directory, &user)?;
                let known = store::push_device_of_person(batch.tx, organization, &owner)?;
                let others = known.iter().filter(|row| row.device.id != device.id).count();
                if others >= limits::DEVICES {
                    return Err(Refusal::TooMany { field: "endpoint", limit: limits::DEVICES }.into());
                }
                let (device, made_at) = (device.clone(), context.now);
                let row = PushDeviceRow { person: owner, device, made_at, last_success_at: None };
                store::push_device_save(batch.tx, organization, &row)?;
                batch.directory_changed(organization)?;
                let changes = vec![Changed::set("name", Value::text(&row.device.name))];
                let object = object(context, &user, &row.device);
                record_asked(batch, &ids, (&asker, context), "push_device.create", object, changes)?;
                Ok(listed(row))
            })
        };
        self.change(organization, add).await
    }

    /// Removes a device of a person, to which nothing goes from now on.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `UnknownDevice`, `IdempotencyKeyReused` or `KeyRevoked`; otherwise see
    /// [`Failure`].
    pub async fn remove_device(&self, asker: Asker, user: Username, id: String) -> Result<(), Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let remove = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let owner = owner(&context.snapshot.directory, &user)?;
                let known = store::push_device_of_person(batch.tx, organization, &owner)?;
                let row = known.into_iter().find(|row| row.device.id == id);
                let row = row.ok_or_else(|| Refusal::UnknownDevice { device_id: id.clone() })?;
                store::push_device_delete(batch.tx, organization, (&owner, &id))?;
                batch.directory_changed(organization)?;
                let before = Value::text(&row.device.name);
                let changes = vec![Changed { field: "name".to_owned(), before, after: Value::Unset }];
                let object = object(context, &user, &row.device);
                record_asked(batch, &ids, (&asker, context), "push_device.remove", object, changes)?;
                Ok::<(), Undo>(())
            })
        };
        self.change(organization, remove).await
    }
}

fn owner(directory: &Directory, user: &Username) -> Result<RefId, Refusal> {
    let user = person(directory, user)?;
    let unknown = || Refusal::UnknownDevice { device_id: String::new() };
    directory.users.named(user.username.as_str()).map(|entry| entry.ref_id.clone()).ok_or_else(unknown)
}

/// A device, named after its person, for the audit log.
fn object(context: &ChangeContext, user: &Username, device: &PushDevice) -> Object {
    let ref_id = context.snapshot.directory.users.named(user.as_str()).map(|entry| entry.ref_id.as_str());
    Object::new("push_device", ref_id, &format!("{user} {}", device.name))
}

fn listed(row: PushDeviceRow) -> ListedDevice {
    let PushDeviceRow { device: PushDevice { id, name, .. }, made_at, last_success_at, .. } = row;
    ListedDevice { id, name, made_at, last_success_at }
}
