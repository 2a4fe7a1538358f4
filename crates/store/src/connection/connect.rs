//! Opening one connection of whichever database the address names.

use crate::Error;
use crate::connection::url::{Place, Url};
use crate::seam::Connection;
use crate::seam::postgresql::PostgresqlConnection;
use crate::seam::sqlite::SqliteConnection;

/// Whether a connection may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Opens one connection.
pub(crate) fn connect(url: &Url, access: Access) -> Result<Box<dyn Connection>, Error> {
    Ok(match (&url.0, access) {
        (Place::File(path), Access::Write) => Box::new(SqliteConnection::open_writer(path)?),
        (Place::File(path), Access::Read) => Box::new(SqliteConnection::open_reader(path)?),
        (Place::Server(server), _) => {
            let tls = server.authorities.client_config().map_err(|error| Error::Unsupported(error.to_string()))?;
            Box::new(PostgresqlConnection::open(&server.config, tls)?)
        }
    })
}
