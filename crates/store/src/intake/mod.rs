//! Intake: keys of integrations, problems that senders speak of, groups, fates of alerts, and the last bodies.

pub(crate) mod fate;
pub(crate) mod group;
pub(crate) mod heartbeat;
pub(crate) mod key;
pub(crate) mod listing;
pub(crate) mod payload;
pub(crate) mod problem;
