//! What is wrong with something recurring by itself.

use super::Recurring;
use super::expansion::Expansion;
use super::rule::{End, Rule};
use crate::instant::zone_is_known;
use crate::limits;
use crate::place::Place;
use jiff::civil::Date;

impl Recurring {
    /// What is wrong with it by itself: `(place, problem)`.
    pub fn faults(&self) -> Vec<(Place, String)> {
        let mut faults: Vec<(Place, String)> = Vec::new();
        faults.extend(self.starts.fault().map(|problem| ("starts".into(), problem)));
        let most = limits::WINDOW_MINUTES_MOST;
        if !(1..=most).contains(&self.duration_minutes) {
            faults.push(("duration_minutes".into(), format!("duration_minutes must be from 1 to {most}")));
        }
        if !zone_is_known(&self.timezone) {
            faults.push(("timezone".into(), format!("`{}` is not an IANA time zone", self.timezone)));
        }
        if let Some(rule) = &self.rrule {
            let problem = rule.fault().or_else(|| self.rule_fault(rule.get()?));
            faults.extend(problem.map(|problem| ("rrule".into(), problem)));
        }
        if self.exdates.len() > limits::EXDATES {
            faults.push(("exdates".into(), format!("at most {} exdates", limits::EXDATES)));
        }
        let strange = self.exdates.iter().take(limits::EXDATES).enumerate();
        faults.extend(strange.filter_map(|(item, exdate)| Some((Place::item("exdates", item), exdate.fault()?))));
        faults
    }

    /// What is wrong with a rule that could be read, from the first start on.
    fn rule_fault(&self, rule: &Rule) -> Option<String> {
        let starts = self.starts.get()?;
        if !self.ever_starts(rule) {
            let years = limits::RECURRENCE_YEARS;
            return Some(format!("`{rule}` has no occurrence within {years} years of {starts}"));
        }
        let End::Count(count) = rule.end else { return None };
        let reached = Expansion::new(rule, starts, starts.date(), Date::MAX).count();
        let problem = || {
            let steps = limits::RECURRENCE_STEPS;
            format!("COUNT: only {reached} of {count} occurrences come within {steps} steps of the rule; use UNTIL")
        };
        usize::try_from(count).is_ok_and(|count| reached < count).then(problem)
    }
}
