//! What each monitoring tool sends, read into the same words for all of them (intake §3 and §4). Pure: a body in, alerts out.
//! In the order in which a body meets them: the lenient reader, the table of senders, and a file for each form.

mod repair;

mod input;
mod json;
mod table;

mod alertmanager;
mod generic;
mod grafana;
mod nagios;
pub mod opsgenie;
pub mod pagerduty;
mod prometheus;
mod zabbix;

pub use input::{Input, Options};
pub use json::json;
pub use prometheus::read_prometheus;
pub use repair::{Repair, repair};
pub use table::{Sender, read, table};

#[cfg(test)]
mod tests;
