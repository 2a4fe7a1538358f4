//! The directory as rows: organizations, their components, keys, contacts and their proof, swaps, requests for cover, feeds, what
//! was told of handovers, what is counted by the hour, what directories were, the audit log, and the installation's secret.

pub(crate) mod audit;
pub(crate) mod component;
pub(crate) mod contact;
pub(crate) mod feed;
pub(crate) mod history;
pub(crate) mod hourly;
pub(crate) mod key;
pub(crate) mod organization;
pub(crate) mod push_device;
pub(crate) mod secret;
pub(crate) mod shift;
