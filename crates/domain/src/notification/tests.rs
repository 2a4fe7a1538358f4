//! By which channels and when people are notified: defaults, own rules, what is skipped, what is left when nothing is.

use super::{Channel, Content, Reason, channels_for, plan, quiet_channel};
use crate::directory::{Directory, User};
use crate::ids::{OrganizationId, RefId};
use crate::{Instant, Urgency};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const EVERY_CONTACT: &str = "email webhook sms voice chat push";
const PAGE: Reason = Reason::Page { level: 1 };

/// A house with one person, `eve`, who has these contacts, all of them verified, and these rules.
fn house(contacts: &str, rules: Value) -> Directory {
    let every = json!({
        "email": "eve@house.example",
        "webhook": {"url": "https://eve.example", "secrets": ["whsec_AAAAAAAA"]},
        "sms": "+4915112345678",
        "voice": "+4915112345678",
        "chat": {"kind": "slack", "url": "https://chat.example/eve"},
        "push": {"url": "https://ntfy.example/eve"},
    });
    let mut written = json!({ "username": "eve", "notification_rules": rules });
    for word in contacts.split_whitespace() {
        written[word] = every[word].clone();
    }
    let user: User = serde_json::from_value(written).unwrap();
    let mut house = Directory::empty(OrganizationId(1), "house");
    house.add_user(RefId::from("eve"), RefId::from("own"), user);
    house.verified.extend(Channel::ALL.map(|channel| ("eve".into(), channel)));
    house
}

fn content(reason: Reason, urgency: i64) -> Content {
    Content {
        reason,
        title: "Disk full".to_owned(),
        urgency: urgency.try_into().unwrap(),
        created_at: Instant(0),
        task_ref_id: RefId::from("task"),
        skipped: Vec::new(),
    }
}

/// The plan for eve in one line: `0 email, 5 sms; skipped push`.
fn planned(house: &Directory, reason: Reason, urgency: i64) -> String {
    let now = Instant(1_780_282_800_000_000);
    let plan = plan(house, &"eve".into(), &content(reason, urgency), 3, now);
    assert!(plan.iter().all(|one| one.user.as_str() == "eve" && one.round == 3 && one.content.title == "Disk full"));
    assert!(plan.iter().skip(1).all(|one| one.content.skipped.is_empty()), "the trace is told once");
    let step = |at: Instant, channel: Channel| format!("{} {}", (at.0 - now.0) / 60_000_000, channel.word());
    let steps: Vec<_> = plan.iter().map(|one| step(one.due_at, one.channel)).collect();
    let skipped: Vec<_> = plan.iter().flat_map(|one| &one.content.skipped).map(|channel| channel.word()).collect();
    let skipped = if skipped.is_empty() { String::new() } else { format!("; skipped {}", skipped.join(" ")) };
    format!("{}{skipped}", steps.join(", "))
}

#[test]
fn the_defaults_grow_with_the_urgency_and_use_what_the_person_has() {
    let table: [(&str, [&str; 3]); 9] = [
        (
            EVERY_CONTACT,
            [
                "0 email, 0 webhook, 0 chat",
                "0 email, 0 webhook, 0 chat, 0 push, 5 sms",
                "0 email, 0 webhook, 0 chat, 0 push, 0 sms, 2 voice, 7 voice",
            ],
        ),
        ("email", ["0 email", "0 email; skipped push sms", "0 email; skipped push sms voice"]),
        ("email sms", ["0 email", "0 email, 5 sms; skipped push", "0 email, 0 sms; skipped push voice"]),
        ("email voice", ["0 email", "0 email; skipped push sms", "0 email, 2 voice, 7 voice; skipped push sms"]),
        ("email push", ["0 email", "0 email, 0 push; skipped sms", "0 email, 0 push; skipped sms voice"]),
        (
            "webhook",
            [
                "0 webhook; skipped email",
                "0 webhook; skipped email push sms",
                "0 webhook; skipped email push sms voice",
            ],
        ),
        ("chat", ["0 chat; skipped email", "0 chat; skipped email push sms", "0 chat; skipped email push sms voice"]),
        ("sms", ["0 sms; skipped email", "5 sms; skipped email push", "0 sms; skipped email push voice"]),
        ("", ["", "", ""]),
    ];
    for (contacts, [quiet, middle, loud]) in table {
        let house = house(contacts, json!([]));
        for (urgency, expected) in [(1, quiet), (2, quiet), (3, middle), (4, loud), (5, loud)] {
            assert_eq!(planned(&house, PAGE, urgency), expected, "{contacts}, urgency {urgency}");
        }
    }
}

#[test]
fn a_persons_own_rule_stands_in_the_place_of_the_defaults_for_its_urgencies_only() {
    let rules = json!([
        {"urgencies": [4, 5], "steps": [
            {"after_minutes": 0, "channel": "push"},
            {"after_minutes": 1, "channel": "voice"},
            {"after_minutes": 1, "channel": "sms"},
            {"after_minutes": 30, "channel": "voice"},
        ]},
        {"urgencies": [1], "steps": [{"after_minutes": 60, "channel": "email"}]},
    ]);
    let house = house(EVERY_CONTACT, rules);
    for (urgency, expected) in [
        (1, "60 email"),
        (2, "0 email, 0 webhook, 0 chat"),
        (3, "0 email, 0 webhook, 0 chat, 0 push, 5 sms"),
        (4, "0 push, 1 voice, 1 sms, 30 voice"),
        (5, "0 push, 1 voice, 1 sms, 30 voice"),
    ] {
        assert_eq!(planned(&house, PAGE, urgency), expected, "urgency {urgency}");
    }
}

#[test]
fn a_step_whose_channel_cannot_be_used_is_skipped_and_the_first_notification_says_so() {
    let steps = |steps: &[(u32, &str)]| {
        let step = |(after_minutes, channel): &(u32, &str)| json!({"after_minutes": after_minutes, "channel": channel});
        json!([{"urgencies": [4], "steps": steps.iter().map(step).collect::<Vec<_>>()}])
    };
    for (contacts, rule, expected) in [
        ("email sms", &[(0, "push"), (3, "sms"), (6, "email")][..], "3 sms, 6 email; skipped push"),
        ("email", &[(0, "voice"), (1, "voice"), (2, "email")], "2 email; skipped voice"),
        // What the person named is missed, also where the defaults would not miss it.
        ("email", &[(0, "chat"), (0, "webhook"), (0, "email")], "0 email; skipped chat webhook"),
    ] {
        assert_eq!(planned(&house(contacts, steps(rule)), PAGE, 4), expected);
    }
}

#[test]
fn somebody_whose_rules_lead_nowhere_is_told_by_e_mail_else_by_all_they_have() {
    let rule = json!([{"urgencies": [4], "steps": [{"after_minutes": 9, "channel": "push"}]}]);
    for (contacts, expected) in [
        ("email webhook sms voice", "0 email; skipped push"),
        ("webhook sms voice", "0 webhook, 0 sms, 0 voice; skipped push"),
        ("voice", "0 voice; skipped push"),
        ("", ""),
    ] {
        assert_eq!(planned(&house(contacts, rule.clone()), PAGE, 4), expected, "{contacts}");
    }
    // A call only comes at urgency 4 by the defaults; who has nothing else is called at once.
    assert_eq!(planned(&house("voice", json!([])), PAGE, 1), "0 voice; skipped email");
}

#[test]
fn a_contact_that_is_not_verified_counts_as_none() {
    let mut house = house("email sms voice chat push", json!([]));
    house.verified.remove(&("eve".into(), Channel::Sms));
    house.verified.remove(&("eve".into(), Channel::Chat));
    // The chat is there, so that it is missed; a chat that was never given is not.
    assert_eq!(planned(&house, PAGE, 4), "0 email, 0 push, 2 voice, 7 voice; skipped chat sms");
    house.verified.clear();
    assert_eq!(planned(&house, PAGE, 4), "0 email; skipped chat push sms voice");
}

#[test]
fn a_channel_without_a_carrier_counts_as_none() {
    let mut house = house("email sms", json!([]));
    house.channels = BTreeSet::from([Channel::Sms]);
    assert_eq!(planned(&house, PAGE, 4), "0 sms; skipped email push voice");
    house.channels = BTreeSet::from([Channel::Voice]);
    assert_eq!(planned(&house, PAGE, 4), "");
}

#[test]
fn what_only_informs_comes_by_what_wakes_nobody_and_leaves_no_trace() {
    let rule = json!([{"urgencies": [1, 2, 3, 4, 5], "steps": [{"after_minutes": 5, "channel": "voice"}]}]);
    for reason in [Reason::Resolved, Reason::StatusUpdate { text: "x".to_owned() }] {
        for (contacts, expected) in [
            (EVERY_CONTACT, "0 email, 0 webhook, 0 chat"),
            ("email sms voice push", "0 email"),
            ("chat voice", "0 chat"),
            ("sms push voice", "0 push"),
            ("voice sms", "0 sms"),
            ("voice", "0 voice"),
            ("", ""),
        ] {
            for rules in [json!([]), rule.clone()] {
                assert_eq!(planned(&house(contacts, rules), reason.clone(), 5), expected, "{contacts}");
            }
        }
    }
}

#[test]
fn nobody_is_planned_for_who_does_not_exist() {
    let house = house(EVERY_CONTACT, json!([]));
    assert_eq!(plan(&house, &"zoe".into(), &content(PAGE, 5), 0, Instant(0)), []);
}

#[test]
fn a_quieter_urgency_asks_for_fewer_channels() {
    use Channel::{Chat, Email, Push, Sms, Voice, Webhook};
    let rule = json!([{"urgencies": [2], "steps": [{"after_minutes": 5, "channel": "push"}]}]);
    let house = house(EVERY_CONTACT, rule);
    let asked = |urgency| channels_for(&house, &"eve".into(), urgency);
    assert_eq!(asked(Urgency::Critical), [Email, Webhook, Chat, Push, Sms, Voice]);
    assert_eq!(asked(Urgency::Medium), [Email, Webhook, Chat, Push, Sms]);
    assert_eq!(asked(Urgency::Low), [Push]);
    assert_eq!(asked(Urgency::Minor), [Email, Webhook, Chat]);
    assert_eq!(channels_for(&house, &"zoe".into(), Urgency::Critical), []);
}

#[test]
fn what_is_over_is_told_where_the_pages_came_and_by_nothing_that_wakes() {
    use Channel::{Chat, Email, Push, Sms, Voice, Webhook};
    let table: [(&[Channel], &[Channel], Option<Channel>); 8] = [
        (&[Email, Push, Sms], &[Sms, Email], Some(Email)),
        (&[Email, Push, Chat], &[Email, Push], Some(Push)),
        (&[Email, Webhook, Sms], &[Voice], Some(Email)),
        (&[Webhook], &[Webhook], Some(Webhook)),
        (&[Sms, Voice], &[Sms, Voice], Some(Sms)),
        (&[Sms, Voice], &[Voice], Some(Sms)),
        (&[Voice], &[Voice], None),
        (&[], &[Email], None),
    ];
    for (usable, paged_by, expected) in table {
        assert_eq!(quiet_channel(usable, paged_by), expected, "{usable:?} {paged_by:?}");
    }
}
