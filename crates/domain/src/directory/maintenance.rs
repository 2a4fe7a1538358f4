//! Maintenance windows: times in which what is worked on pages nobody (intake §2.5).

use crate::place::Place;
use crate::recurrence::{Exdate, Recurring, WrittenRule};
use crate::routine::Written;
use crate::routing::{CompiledConditions, Condition, condition_faults};
use crate::{Instant, Urgency, limits};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// A time, once or again and again, in which alerts open no incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenanceWindow {
    /// Its name.
    pub name: String,
    /// Name of the team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Names of the services that are worked on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Names of the integrations, and of the heartbeats, whose alerts are expected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub integrations: Vec<String>,
    /// Of the alerts of what is named, or of all where nothing is, only those are meant of which all of these hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Its first start, by the wall clock.
    pub starts: Written<DateTime>,
    /// How long it lasts each time.
    pub duration_minutes: u32,
    /// IANA name of the zone whose wall clock is meant.
    pub timezone: String,
    /// By which days it comes again, as RFC 5545 writes it; once where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rrule: Option<WrittenRule>,
    /// The times that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exdates: Vec<Written<Exdate>>,
    /// What becomes of what still fires at its end.
    #[serde(default, skip_serializing_if = "During::is_default")]
    pub during: During,
    /// What is as loud as this, or louder, passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub except_urgency: Option<Urgency>,
    /// Whether incidents that were open before it began go on paging.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub page_open_incidents: bool,
}

/// What becomes of what still fires at the end of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum During {
    /// It opens an incident then.
    #[default]
    Hold,
    /// It is quiet until it is over and comes back.
    Discard,
}

impl During {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl MaintenanceWindow {
    /// When it is.
    pub fn recurring(&self) -> Recurring {
        Recurring {
            starts: self.starts.clone(),
            duration_minutes: self.duration_minutes,
            timezone: self.timezone.clone(),
            rrule: self.rrule.clone(),
            exdates: self.exdates.clone(),
        }
    }

    /// Until when it keeps an alert of this integration, on this service, from opening an incident, if its conditions hold of the
    /// alert; `None` if it does not.
    pub fn covers(&self, at: Instant, service: Option<&str>, integration: &str, urgency: Urgency) -> Option<Instant> {
        let is_meant = service.is_some_and(|service| self.services.iter().any(|name| name == service))
            || self.integrations.iter().any(|name| name == integration)
            || (self.services.is_empty() && self.integrations.is_empty());
        let passes = self.except_urgency.is_some_and(|least| urgency >= least);
        if is_meant && !passes { self.recurring().covers(at) } else { None }
    }

    /// Whether it keeps Critical alerts back, as far as neither `except_urgency` nor a condition on how loud they are lets them
    /// pass.
    pub fn covers_critical(&self) -> bool {
        let loudness = self.conditions.iter().filter(|condition| condition.field == "urgency_level");
        let loudness: Vec<_> = loudness.cloned().collect();
        let critical = serde_json::Value::from(Urgency::Critical.number());
        let judged = CompiledConditions::new(&loudness, None);
        self.except_urgency.is_none() && judged.is_ok_and(|conditions| conditions.hold_of(|_| Some(&critical)))
    }

    /// What is wrong with it by itself.
    pub(super) fn faults(&self) -> Vec<(Place, String)> {
        let mut faults = self.recurring().faults();
        if self.services.is_empty() && self.integrations.is_empty() && self.conditions.is_empty() {
            faults.push((
                "services".into(),
                "a service, an integration or conditions must be given, or it would keep nothing".to_owned(),
            ));
        }
        if self.conditions.len() > limits::CONDITIONS {
            faults.push(("conditions".into(), format!("at most {}", limits::CONDITIONS)));
        }
        let conditions = condition_faults(&self.conditions, None).into_iter();
        faults.extend(conditions.map(|(item, problem)| match item {
            Some(item) => (Place::item("conditions", item), problem),
            None => ("conditions".into(), problem),
        }));
        faults
    }
}
