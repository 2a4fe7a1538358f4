//! The transcript of a night: every event of every incident and every message, without numbers that a database gives by
//! its own ways, so that two runs can be compared.

use std::collections::BTreeMap;

use super::World;

impl World {
    /// All that happened, a line each.
    pub(super) fn transcript(&self) -> Vec<String> {
        let numbers: BTreeMap<String, i64> = self
            .sight
            .incidents
            .iter()
            .map(|(id, known)| (id.to_string(), known.incident.organization_instance_id))
            .collect();
        let renamed = |text: &str| rename(text, &numbers);
        let events = self.sight.incidents.values().flat_map(|known| {
            let number = known.incident.organization_instance_id;
            known.log.iter().map(move |line| {
                let (event, version) = (&line.event, line.version);
                (event.at.0, format!("#{number} v{version} {:?} {:?} {:?}", event.method, event.by, event.what))
            })
        });
        let mut events: Vec<_> = events.map(|(at, line)| (at, renamed(&line))).collect();
        events.sort();
        let messages = self.carriers.handed_since(0).into_iter().map(|handed| {
            let about: Vec<i64> =
                handed.about.iter().filter_map(|(id, _)| numbers.get(&id.to_string()).copied()).collect();
            let (user, channel, kind) = (&handed.user, handed.channel.word(), handed.kind());
            let (node, attempt) = (handed.node, handed.message.attempt);
            (handed.at, format!("node {node}: {kind} to {user} by {channel}, attempt {attempt}, about {about:?}"))
        });
        let lines = events.into_iter().chain(messages);
        lines.map(|(at, line)| format!("{} {line}", domain::Instant(at).wire())).collect()
    }

    /// What was done and what happened, for people to read.
    pub(super) fn log(&self) -> &[String] {
        &self.log
    }
}

/// Replaces `InstanceId(N)` by the number within the organization.
fn rename(text: &str, numbers: &BTreeMap<String, i64>) -> String {
    const MARK: &str = "InstanceId(";
    let mut parts = text.split(MARK);
    let mut renamed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (id, rest) = part.split_once(')').unwrap_or((part, ""));
        let number = numbers.get(id).map_or_else(|| "?".to_owned(), i64::to_string);
        renamed.push_str(&format!("#{number}{rest}"));
    }
    renamed
}
