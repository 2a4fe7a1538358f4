//! What the engine promises, kept over the real stores.

mod breaker;
mod contacts;
mod crash;
mod dedup;
mod deliver;
mod desk;
mod directory;
mod escalate;
mod flood;
mod handover;
mod health;
mod idempotency;
mod ledger;
mod merge;
mod nodes;
mod quarantine;
mod rules;
mod storm;
mod swap;
mod telephone;
mod token;
mod upgrade;
mod watchdog;
