//! Samples of what is stored, and texts that are hard to store.

use domain::alert::{Addressees, Alert, Grouping};
use domain::incident::{By, Event, Happening, Incident, Method, Status, Target};
use domain::notification::{Channel, Content, Notification, Reason};
use domain::{InstanceId, Instant, RefId, Urgency, Username};

/// Texts with quotes, placeholders, words of the seam, line ends, and messages of one to four bytes.
pub(super) const HARD: [&str; 8] = [
    "",
    " ",
    "it's \"quoted\"; -- $1 {skip_locked} ?1 :name @name %s \\",
    "line\nline\r\n\ttab",
    "Störung größer als 5 € — Ausfall",
    "データベース停止 قاعدة البيانات",
    "👩‍🚒🔥 e\u{301} \u{202e}\u{feff}\u{10ffff}",
    "\u{1}\u{1f}\u{7f}\u{2028}{\"a\": null}",
];

/// A description as long as one may be (contract §1), of messages of two bytes.
pub(super) fn long_text() -> String {
    "ß'".repeat(128 * 1024 / 3)
}

/// An unsaved incident, open since `at`, due five minutes later.
pub(super) fn incident(at: i64) -> Incident {
    Incident {
        began_for: Some("policy-before".into()),
        instance_id: InstanceId::UNSAVED,
        organization_instance_id: 0,
        version: 0,
        status: Status::Open,
        title: "Disk full".to_owned(),
        urgency: Urgency::High,
        service: None,
        task_ref_id: "task".into(),
        created_by: None,
        integration_name: None,
        created_at: Instant(at),
        resolved_at: None,
        last_alert_at: Instant(at),
        next_alert_at: Instant(at).plus_minutes(5),
        resolve_at: None,
        raise: None,
        level: 1,
        targets: vec![Target { policy: "policy".into(), joined_at_level: 1 }],
        assignees: Vec::new(),
        tags: Vec::new(),
        subscribers: Vec::new(),
        impacts: Vec::new(),
        status_updates: 0,
        bridges: Vec::new(),
        dedup_key: None,
        suppressed_count: 0,
        last_suppressed_at: None,
        ended_by_itself: false,
        kept_back: None,
        merged_into: None,
        round: 1,
        stranded: false,
        passed_over: Vec::new(),
    }
}

/// An incident with every field filled, with `text` wherever text goes.
pub(super) fn full_incident(text: &str) -> Incident {
    Incident {
        status: Status::Resolved,
        title: text.to_owned(),
        urgency: Urgency::Critical,
        service: Some(text.into()),
        created_by: Some(By::Named(text.to_owned())),
        integration_name: Some(text.to_owned()),
        resolved_at: Some(Instant::LATEST),
        resolve_at: Some(Instant::EARLIEST),
        level: u32::MAX,
        assignees: vec![text.into(), "other".into()],
        tags: vec!["other".to_owned(), text.to_owned()],
        subscribers: vec![text.into()],
        impacts: vec![text.into()],
        bridges: vec![text.to_owned()],
        status_updates: 3,
        dedup_key: Some(text.to_owned()),
        suppressed_count: 7,
        last_suppressed_at: Some(Instant(-1)),
        merged_into: Some(InstanceId(i64::MAX)),
        stranded: true,
        ..incident(1)
    }
}

/// An alert received at `at`.
pub(super) fn alert(ref_id: &str, at: i64) -> Alert {
    Alert {
        ref_id: ref_id.into(),
        created_at: Instant(at),
        title: "Disk full".to_owned(),
        text: String::new(),
        urgency: Urgency::High,
        service: None,
        addressed_to: Addressees::default(),
        integration_name: None,
        dedup_key: None,
        grouping: Grouping::Triggered,
        resolved_at: None,
        source: None,
    }
}

/// An alert with every field filled, with `text` wherever text goes.
pub(super) fn full_alert(ref_id: &str, text: &str) -> Alert {
    Alert {
        title: text.to_owned(),
        text: text.to_owned(),
        urgency: Urgency::Minor,
        service: Some(text.into()),
        addressed_to: Addressees { policies: vec![text.into()], users: vec![text.into()] },
        integration_name: Some(text.to_owned()),
        dedup_key: Some(format!("{ref_id} {}", text.len())),
        grouping: Grouping::Grouped,
        ..alert(ref_id, 5)
    }
}

/// A note written at `at`.
pub(super) fn note(at: i64, notes: &str) -> Event {
    let what = Happening::Notate { notes: notes.to_owned() };
    Event { at: Instant(at), method: Method::Web, by: Some(By::Named(notes.to_owned())), what }
}

/// A page to `user` by mail, due at `at`.
pub(super) fn page(user: &str, at: i64) -> Notification {
    told(user, at, Reason::Page { level: 1 })
}

/// A notice to a subscriber by mail, due at `at`.
pub(super) fn notice(user: &str, at: i64) -> Notification {
    told(user, at, Reason::StatusUpdate { text: "Under way".to_owned() })
}

fn told(user: &str, at: i64, reason: Reason) -> Notification {
    let content = Content {
        reason,
        title: "Disk full".to_owned(),
        urgency: Urgency::High,
        created_at: Instant(at),
        task_ref_id: RefId::from("task"),
        skipped: Vec::new(),
    };
    Notification { user: Username::from(user), channel: Channel::Email, due_at: Instant(at), round: 1, content }
}
