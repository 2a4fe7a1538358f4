//! Tests of incidents: every promise of contract §3 as a row of a table, and properties for what nobody thought of.

mod beginning;
mod chance;
mod house;
mod informing;
mod maintenance;
mod merging;
mod night;
mod nobody;
mod properties;
mod refusals;
mod reopening;
mod rounds;
mod spelling;
mod targets;
mod transitions;
