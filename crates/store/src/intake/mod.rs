//! Intake: keys of integrations, problems that senders speak of, groups, fates of alerts, mails that came, change events, the last bodies,
//! topics, and what was turned away.

pub(crate) mod change_event;
pub(crate) mod delivery;
pub(crate) mod fate;
pub(crate) mod group;
pub(crate) mod heartbeat;
pub(crate) mod key;
pub(crate) mod listing;
pub(crate) mod payload;
pub(crate) mod problem;
pub(crate) mod topic;
pub(crate) mod turned_away;
