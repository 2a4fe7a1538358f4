//! The time of the database server, for nodes that share one.

use crate::Error;
use crate::seam::Tx;

/// The dialect has no word for it, and needs none: a SQLite file has no clock but the machine's.
const TIME_POSTGRESQL: &str = "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";

/// The PostgreSQL server's time at this moment, and not at the beginning of the transaction, in microseconds since 1970,
/// UTC. SQLite answers `Error::Statement`.
pub fn server_time(tx: &mut dyn Tx) -> Result<i64, Error> {
    let row = tx.one(TIME_POSTGRESQL, &[])?;
    row.ok_or_else(|| Error::Corrupt("the server does not know the time".to_owned()))?.integer(0)
}
