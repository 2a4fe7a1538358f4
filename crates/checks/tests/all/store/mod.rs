//! The store keeps the same promises on both databases: one file per noun, as in `crates/store/src`.

mod alert;
mod audit;
mod bounds;
mod call_off;
mod component;
mod contact;
mod cover;
mod event;
mod feed;
mod history;
mod idempotency;
mod incident;
mod key;
mod listing;
mod mailbox;
mod message;
mod notification;
mod organization;
mod plan;
mod sample;
mod saved_view;
mod seam;
mod swap;
mod word;

use checks::TestStore;
use domain::OrganizationId;
use store::{Error, Tx};

/// Writes in a transaction that must succeed.
fn write<T>(test: &TestStore, body: impl FnOnce(&mut dyn Tx) -> Result<T, Error>) -> T {
    test.store().write(body).unwrap()
}

/// Reads in a transaction that must succeed.
fn read<T>(test: &TestStore, body: impl FnOnce(&mut dyn Tx) -> Result<T, Error>) -> T {
    test.store().read(body).unwrap()
}

/// Tries a transaction that must be a conflict.
fn conflict<T>(test: &TestStore, body: impl FnOnce(&mut dyn Tx) -> Result<T, Error>) {
    assert!(matches!(test.store().write(body), Err(Error::Conflict(_))), "not a conflict");
}

/// Makes an organization.
fn organization(test: &TestStore, name: &str) -> OrganizationId {
    write(test, |tx| store::organization_insert(tx, name))
}
