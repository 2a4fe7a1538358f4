//! Devices: the channel `push` of a person who allowed browsers to be pushed to, beside their topic or without one.

use checks::{House, Reply, eve, in_both};
use domain::directory::{NotificationRule, PushDevice, RuleStep, User};
use domain::notification::Channel::{self, Push};
use domain::{InstanceId, Instant, Urgency};
use notify::carrier::Address;
use store::PushDeviceRow;

/// Gives somebody browsers of these names, as they do themselves.
fn allow(house: &House, user: &str, names: &[&str]) {
    let (organization, person) = (house.organization.id, house.organization.ref_id(user));
    let made = house.outside().write(|tx| {
        for name in names {
            let device = PushDevice {
                id: format!("{user} {name}"),
                name: (*name).to_owned(),
                endpoint: format!("https://push.example.net/{user}/{name}"),
                p256dh: "key".to_owned(),
                auth: "secret".to_owned(),
            };
            let (person, made_at) = (person.clone(), Instant(house.clock.now()));
            store::push_device_save(
                tx,
                organization,
                &PushDeviceRow { person, device, made_at, last_success_at: None },
            )?;
        }
        store::organization_touch(tx, organization)
    });
    made.expect("devices");
}

/// The names of somebody's browsers, with whether one took a message.
fn devices(house: &House, user: &str) -> Vec<(String, bool)> {
    let person = house.organization.ref_id(user);
    let rows = house.outside().read(|tx| store::push_device_of_person(tx, house.organization.id, &person));
    rows.expect("devices").into_iter().map(|row| (row.device.name, row.last_success_at.is_some())).collect()
}

/// Somebody who is pushed to and, five minutes later, sent a text message.
fn pushed_first() -> User {
    let steps = [(0, Push), (5, Channel::Sms)].map(|(after_minutes, channel)| RuleStep { after_minutes, channel });
    User {
        notification_rules: vec![NotificationRule { urgencies: vec![Urgency::High], steps: steps.to_vec() }],
        ..eve()
    }
}

fn with_eve(body: impl Fn(&mut House)) {
    in_both(|house| {
        house.put(&pushed_first());
        house.verify("eve", Channel::Sms);
        body(house);
    });
}

fn alarm(house: &House) -> InstanceId {
    house.trigger_order(house.organization.order_on("lines", "Line down"))
}

/// What came back of the attempts by push.
fn answers(house: &House, id: InstanceId) -> Vec<String> {
    let pushed = house.notifications(id).into_iter().filter(|(row, _)| row.notification.channel == Push);
    pushed
        .flat_map(|(_, attempts)| attempts)
        .map(|attempt| format!("{}: {}", attempt.outcome, attempt.answer))
        .collect()
}

#[test]
fn a_browser_needs_no_proof_and_makes_the_channel_usable_without_a_topic() {
    with_eve(|house| {
        // The topic of eve is not verified.
        let id = alarm(house);
        assert!(house.told().is_empty());
        house.act(id, domain::incident::Command::Resolve).unwrap();
        allow(house, "eve", &["Fairphone"]);
        drop(house.told());
        let id = alarm(house);
        let sent = house.messages();
        let places: Vec<_> = sent.iter().map(|sent| format!("{:?}", sent.message.address)).collect();
        assert_eq!(places, ["PushDevice(\"Fairphone\", subscription hidden)"]);
        assert_eq!(sent[0].message.about.as_deref(), Some("lines"));
        assert_eq!(answers(house, id), ["delivered: Fairphone: 250 taken"]);
        assert_eq!(devices(house, "eve"), [("Fairphone".to_owned(), true)]);
    });
}

#[test]
fn every_place_is_pushed_to_in_one_attempt_that_names_each() {
    with_eve(|house| {
        house.verify("eve", Push);
        allow(house, "eve", &["Fairphone", "laptop"]);
        let id = alarm(house);
        let mut kinds: Vec<_> =
            house.messages().iter().map(|sent| matches!(sent.message.address, Address::Push { .. })).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, [false, false, true]);
        assert_eq!(answers(house, id), ["delivered: ntfy: 250 taken; Fairphone: 250 taken; laptop: 250 taken"]);
    });
}

#[test]
fn a_browser_that_is_gone_is_removed_and_the_next_channel_is_asked_at_once() {
    with_eve(|house| {
        allow(house, "eve", &["Fairphone"]);
        house.post.always("eve", Push, Reply::Gone);
        let id = alarm(house);
        let mut told = house.told();
        told.sort();
        assert_eq!(told, ["0:00 eve push page 1", "0:00 eve sms page 1"]);
        assert_eq!(answers(house, id), ["permanent failure: Fairphone: 410 gone, removed"]);
        assert_eq!(devices(house, "eve"), []);
        // Nothing is left that would make the channel usable.
        house.act(id, domain::incident::Command::Escalate).unwrap();
        drop(house.told());
    });
}

#[test]
fn a_browser_that_is_busy_stays_and_is_asked_again() {
    with_eve(|house| {
        allow(house, "eve", &["Fairphone"]);
        house.post.script("eve", Push, &[Reply::After(30)]);
        let id = alarm(house);
        house.advance(1);
        let told = house.told();
        assert!(told.len() == 2 && told.iter().all(|line| line.ends_with(" eve push page 1")), "{told:?}");
        assert_eq!(answers(house, id), ["temporary failure: Fairphone: 429 later", "delivered: Fairphone: 250 taken"]);
        assert_eq!(devices(house, "eve"), [("Fairphone".to_owned(), true)]);
    });
}
