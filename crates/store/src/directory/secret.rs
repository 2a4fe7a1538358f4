//! Secrets of the installation, which all nodes sign with.

use crate::seam::statement::statements;
use crate::{Error, Tx};

/// Secrets belong to no organization, which is number 0.
const NOBODYS: i64 = 0;

statements! {
    SECRET_LOAD = "select value from secret where organization_id = $1 and name = $2";
    SECRET_INSERT = "insert into secret (organization_id, name, value) values ($1, $2, $3) on conflict do nothing";
}

/// The secret of this name; `fresh` from now on, if there was none. Whoever asks, at the same time and later, is given
/// the same.
pub fn secret_keep(tx: &mut dyn Tx, name: &str, fresh: &str) -> Result<String, Error> {
    let key = [NOBODYS.into(), name.into()];
    if let Some(row) = tx.one(SECRET_LOAD, &key)? {
        return row.text(0).map(str::to_owned);
    }
    let [a, b] = key.clone();
    tx.run(SECRET_INSERT, &[a, b, fresh.into()])?;
    let row = tx.one(SECRET_LOAD, &key)?;
    row.ok_or_else(|| Error::Corrupt("an inserted secret is not there".to_owned()))?.text(0).map(str::to_owned)
}
