//! What the engine promises, kept over the real stores.

mod changes;
mod crash;
mod dedup;
mod desk;
mod escalate;
mod flood;
mod groups;
mod health;
mod idempotency;
mod intake;
mod mail;
mod merge;
mod nodes;
mod quarantine;
mod storm;
mod upgrade;
mod versions;
