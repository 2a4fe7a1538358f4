//! Senders: what monitoring tools post, read into the words of `domain::intake` (intake §1, §3, §4). Pure: bytes and
//! text go in, what they say comes out; no I/O, no clock, no state. Data meets the files in this order:
//!
//! 1. `input`: what came in over HTTP, and the settings of the integration.
//! 2. `json` with `repair`: from bytes to JSON, repaired, never guessed.
//! 3. one file for each sender, which knows its fields: `alertmanager`, `grafana`, `prometheus` (their common part is
//!    `labelled`), `nagios` (also Icinga 2, and `checkmk` by other names), `zabbix`, `cloudwatch`, `azure`, `google_cloud`,
//!    `uptime_kuma`, `healthchecks`, those of `hosted` and `forge`, `pagerduty`, `opsgenie`, `preset` (one table for those
//!    whose bodies are flat), and `generic` (with `form` and `multipart`) for all that is none of these, or `mapped` where an integration
//!    says itself where what stands. `mail` reads what comes by e-mail.
//! 4. what they share: `members` takes fields leniently, `times` reads times, `links` keeps what can be opened,
//!    `titles` makes titles one line, `remarks` says what could not be read, `severity` knows the field's words, `secrets`
//!    what must not be shown.
//!
//! `signature` says whether a sender signed what came, `sns` the same of Amazon's messages, and `table` how a person points
//! each kind here. What becomes of an alert is decided elsewhere.

mod alertmanager;
mod azure;
mod checkmk;
mod cloudwatch;
mod forge;
mod form;
mod generic;
mod google_cloud;
mod grafana;
mod group;
mod healthchecks;
mod hosted;
mod input;
mod json;
mod labelled;
mod links;
pub mod mail;
mod mapped;
mod members;
mod multipart;
mod nagios;
pub mod opsgenie;
pub mod pagerduty;
mod preset;
mod prometheus;
mod read;
mod remarks;
pub mod repair;
mod secrets;
mod severity;
mod signature;
pub mod sns;
mod table;
mod times;
mod titles;
mod uptime_kuma;
mod zabbix;

pub use form::changed_form;
pub use input::{Input, Options};
pub use json::json;
pub use mapped::read_mapped;
pub use multipart::multipart;
pub use prometheus::{ends_at, read_prometheus};
pub use read::read;
pub use signature::{Unsigned, signed};
pub use table::{Sender, table};
