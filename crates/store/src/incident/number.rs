//! Numbers of new incidents: one within the organization, without gaps, and one on the whole server.

use crate::seam::statement::statements;
use crate::{Error, Tx};
use domain::{InstanceId, OrganizationId};

statements! {
    NUMBER_LAST = "select last_number from incident_counter where organization_id = $1";
    NUMBER_SAVE = "update incident_counter set last_number = $2 where organization_id = $1";
    NUMBER_FRESH = "with recursive counted(n) as
        (select cast(1 as bigint) union all select n + 1 from counted where n < $1)
        select {fresh: incident.instance_id} from counted";
}

/// The number within the organization that an incident was given last; 0 before the first. It stays so while the
/// organization is held ([`crate::organization_hold`]).
pub fn number_last(tx: &mut dyn Tx, organization: OrganizationId) -> Result<i64, Error> {
    let row = tx.one(NUMBER_LAST, &[organization.0.into()])?;
    row.ok_or_else(|| Error::Corrupt(format!("organization {} has no counter", organization.0)))?.integer(0)
}

/// Remembers the number that was given last.
pub fn number_save(tx: &mut dyn Tx, organization: OrganizationId, last: i64) -> Result<(), Error> {
    tx.run(NUMBER_SAVE, &[organization.0.into(), last.into()]).map(drop)
}

/// Draws so many numbers, ascending, that no incident on the server has or will be given again. On SQLite they are
/// only the caller's until another is drawn: use them up first.
pub fn number_fresh(tx: &mut dyn Tx, count: usize) -> Result<Vec<InstanceId>, Error> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let count = i64::try_from(count).map_err(|error| Error::Statement(error.to_string()))?;
    let rows = tx.all(NUMBER_FRESH, &[count.into()])?;
    let mut fresh: Vec<_> = rows.iter().map(|row| row.integer(0).map(InstanceId)).collect::<Result<_, _>>()?;
    fresh.sort_unstable();
    Ok(fresh)
}
