//! Browsers that people allowed to be pushed to.

use crate::seam::statement::statements;
use crate::{Error, Row, Tx};
use domain::directory::PushDevice;
use domain::{Instant, OrganizationId, RefId};

/// A device's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushDeviceRow {
    /// The id of the person whose it is.
    pub person: RefId,
    /// The device; its id is that of the row.
    pub device: PushDevice,
    /// When it was made.
    pub made_at: Instant,
    /// When its push service last took a message.
    pub last_success_at: Option<Instant>,
}

statements! {
    PUSH_DEVICE_SAVE = "insert into push_device (organization_id, id, ref_id, name, endpoint, p256dh, auth, made_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (organization_id, id) do update set
        ref_id = excluded.ref_id, name = excluded.name, endpoint = excluded.endpoint, p256dh = excluded.p256dh,
        auth = excluded.auth, made_at = excluded.made_at, last_success_at = null";
    PUSH_DEVICE_LIST = "select id, ref_id, name, endpoint, p256dh, auth, made_at, last_success_at from push_device
        where organization_id = $1";
    PUSH_DEVICE_OF_PERSON = "select id, ref_id, name, endpoint, p256dh, auth, made_at, last_success_at from push_device
        where organization_id = $1 and ref_id = $2";
    PUSH_DEVICE_SUCCEEDED = "update push_device set last_success_at = $3 where organization_id = $1 and id = $2";
    PUSH_DEVICE_GONE = "delete from push_device where organization_id = $1 and id = $2";
    PUSH_DEVICE_DELETE = "delete from push_device where organization_id = $1 and id = $2 and ref_id = $3";
    PUSH_DEVICE_DELETE_ALL = "delete from push_device where organization_id = $1 and ref_id = $2";
}

fn read(row: &Row) -> Result<PushDeviceRow, Error> {
    Ok(PushDeviceRow {
        person: row.text(1)?.into(),
        device: PushDevice {
            id: row.text(0)?.to_owned(),
            name: row.text(2)?.to_owned(),
            endpoint: row.text(3)?.to_owned(),
            p256dh: row.text(4)?.to_owned(),
            auth: row.text(5)?.to_owned(),
        },
        made_at: Instant(row.integer(6)?),
        last_success_at: row.optional_integer(7)?.map(Instant),
    })
}

/// The rows, the one that was made first first.
fn in_order(rows: &[Row]) -> Result<Vec<PushDeviceRow>, Error> {
    let mut rows: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
    rows.sort_by(|one, other| (one.made_at, &one.device.id).cmp(&(other.made_at, &other.device.id)));
    Ok(rows)
}

/// Keeps a device, in the place of what was known of it, whosever it was.
pub fn push_device_save(tx: &mut dyn Tx, organization: OrganizationId, row: &PushDeviceRow) -> Result<(), Error> {
    let values = [
        organization.0.into(),
        row.device.id.as_str().into(),
        row.person.as_str().into(),
        row.device.name.as_str().into(),
        row.device.endpoint.as_str().into(),
        row.device.p256dh.as_str().into(),
        row.device.auth.as_str().into(),
        row.made_at.0.into(),
    ];
    tx.run(PUSH_DEVICE_SAVE, &values).map(drop)
}

/// The devices of all people of an organization.
pub fn push_device_list(tx: &mut dyn Tx, organization: OrganizationId) -> Result<Vec<PushDeviceRow>, Error> {
    in_order(&tx.all(PUSH_DEVICE_LIST, &[organization.0.into()])?)
}

/// A person's devices.
pub fn push_device_of_person(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    person: &RefId,
) -> Result<Vec<PushDeviceRow>, Error> {
    in_order(&tx.all(PUSH_DEVICE_OF_PERSON, &[organization.0.into(), person.as_str().into()])?)
}

/// Records that a device's push service took a message.
pub fn push_device_succeeded(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    id: &str,
    at: Instant,
) -> Result<(), Error> {
    tx.run(PUSH_DEVICE_SUCCEEDED, &[organization.0.into(), id.into(), at.0.into()]).map(drop)
}

/// Forgets a device that does not exist any more.
pub fn push_device_gone(tx: &mut dyn Tx, organization: OrganizationId, id: &str) -> Result<(), Error> {
    tx.run(PUSH_DEVICE_GONE, &[organization.0.into(), id.into()]).map(drop)
}

/// Forgets a person's device; `false` where there is none.
pub fn push_device_delete(
    tx: &mut dyn Tx,
    organization: OrganizationId,
    (person, id): (&RefId, &str),
) -> Result<bool, Error> {
    Ok(tx.run(PUSH_DEVICE_DELETE, &[organization.0.into(), id.into(), person.as_str().into()])? == 1)
}

/// Forgets all devices of a person.
pub fn push_device_delete_all(tx: &mut dyn Tx, organization: OrganizationId, person: &RefId) -> Result<(), Error> {
    tx.run(PUSH_DEVICE_DELETE_ALL, &[organization.0.into(), person.as_str().into()]).map(drop)
}
