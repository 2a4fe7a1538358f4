//! Services: what alerts come in on.

use super::group_by::GroupBy;
use super::support_hours::SupportHours;
use crate::Instant;
use serde::{Deserialize, Serialize};

/// What alerts come in on; it has exactly one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Name of its escalation policy.
    pub escalation_policy: String,
    /// Wait of its acknowledged incidents, minutes; 15 where none is given (contract §3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledgement_minutes: Option<u32>,
    /// Incidents that integrations open on it within a minute, after which further alerts are one storm; 60 where none is
    /// given, 0 for no limit (intake §2.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storm_incidents: Option<u32>,
    /// Seconds for which an alert of an integration waits, in case that it is over by itself; none where nothing is given
    /// (intake §2.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_seconds: Option<u32>,
    /// The loudest alerts that wait; 4 where nothing is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_max_urgency: Option<crate::Urgency>,
    /// Changes of an alert after which it is flapping; 6 where nothing is given, 0 for never (intake §2.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flap_changes: Option<u32>,
    /// Minutes within which it changes so often; 30 where nothing is given, 0 for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flap_minutes: Option<u32>,
    /// Quiet minutes after which it is flapping no more; 15 where nothing is given, 0 for never flapping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flap_quiet_minutes: Option<u32>,
    /// Minutes within which an incident that ended by itself is opened again if what it was about comes back; none where
    /// nothing is given, or 0 (intake §2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopen_minutes: Option<u32>,
    /// By what the alerts of integrations that come in on it are grouped into incidents, where their integrations do not group
    /// them; each has its own where nothing is given (intake §2.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_by: Option<GroupBy>,
    /// Whether alerts that came by `create`, of which nobody would say that they are over, keep an incident open when all its
    /// others are over; they do where nothing is given (intake §2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_keep_open: Option<bool>,
    /// When it is supported, and what is different at other times; always where nothing is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_hours: Option<SupportHours>,
}

impl Service {
    /// What is different now, where it is not supported at this time.
    pub fn outside_hours(&self, now: Instant) -> Option<&SupportHours> {
        self.support_hours.as_ref().filter(|hours| !hours.hold(now))
    }
}
