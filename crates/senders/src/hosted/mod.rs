//! Services that watch from elsewhere: Datadog, New Relic, Sentry, Splunk and Sysdig (intake §3.5).

pub(crate) mod datadog;
pub(crate) mod newrelic;
pub(crate) mod sentry;
pub(crate) mod splunk;
pub(crate) mod sysdig;
