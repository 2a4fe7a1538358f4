//! Who there is, who may, and who is on call: kept over the real stores, and held against a slow, obvious oracle and calendar
//! programs of others.

mod audit;
mod change;
mod contact;
mod cover;
mod feed;
mod on_call;
mod random;
mod snapshot;
mod swap;

use checks::House;
use engine::{Asker, Credential, Origin};

/// Who asks by the key of a house.
fn asker(house: &House) -> Asker {
    let credential = Credential::Key(house.key_id);
    Asker { organization: house.organization.id, credential, by: None, idempotency: None, origin: Origin::default() }
}
