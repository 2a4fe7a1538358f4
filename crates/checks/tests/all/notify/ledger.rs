//! The ledger tells what became of every notification, and one can be sent once more (on-call §4).

use super::standing;
use checks::Reply::{Permanent, Silence, Temporary};
use checks::{Fittings, House, Sent, eve, in_both, in_both_with};
use domain::incident::{Command, Happening, Order};
use domain::notification::Channel::{self, Email, Sms, Voice, Webhook};
use domain::{InstanceId, Refusal, Urgency};
use engine::{Asker, Failure, Origin};
use notify::{Receipt, TokenFault};

fn for_eve(house: &mut House, urgency: Urgency) -> InstanceId {
    house.put(&eve());
    [Sms, Voice].into_iter().for_each(|channel| house.verify("eve", channel));
    let mut order = Order { service: None, urgency, ..house.organization.order("Disk full") };
    order.addressed_to.users = vec!["eve".into()];
    house.trigger_order(order)
}

fn stand(house: &House, id: InstanceId) -> Vec<(Channel, &'static str)> {
    house.notifications(id).iter().map(|(row, _)| (row.notification.channel, standing(row))).collect()
}

fn resend(house: &House, id: InstanceId, delivery_id: String) -> Result<(), Failure> {
    let by = Some("cho".to_owned());
    let asker = Asker {
        organization: house.organization.id,
        credential: engine::Credential::Key(house.key_id),
        by,
        idempotency: None,
        origin: Origin::default(),
    };
    let result = house.run(house.notifier().resend(asker, id, delivery_id));
    house.settle();
    result
}

/// The delivery id of the incident's notification at this place.
fn delivery_id(house: &House, id: InstanceId, place: usize) -> String {
    house.notifications(id)[place].0.id.delivery_id()
}

fn token(sent: &Sent) -> String {
    sent.message.status_url.as_ref().and_then(|url| url.rsplit('/').next()).expect("a token").to_owned()
}

#[test]
fn each_notification_stands_as_it_stands() {
    in_both(|house| {
        house.post.script("eve", Email, &[Temporary]);
        house.post.script("eve", Sms, &[Silence]);
        let id = for_eve(house, Urgency::High);
        let waiting = [(Voice, "waiting"); 2];
        assert_eq!(stand(house, id), [[(Email, "retrying"), (Sms, "sending")], waiting].concat());
        house.release("eve", Sms, Permanent);
        let hurried = [(Voice, "sent"), (Voice, "waiting")];
        assert_eq!(stand(house, id)[1..], [[(Sms, "failed")].as_slice(), &hurried].concat());
        house.act(id, Command::Acknowledge).unwrap();
        assert_eq!(stand(house, id)[0], (Email, "dropped"));
        let entries = house.notifications(id);
        assert_eq!(entries[0].0.fate.as_deref(), Some("somebody acted"));
        assert_eq!(entries[1].0.fate.as_deref(), Some("550 no such person"));
        let outcomes: Vec<&str> =
            entries.iter().flat_map(|(_, attempts)| attempts).map(|row| row.outcome.as_str()).collect();
        assert_eq!(outcomes, ["temporary failure", "permanent failure", "delivered"]);
        house.messages();
    });
}

#[test]
fn what_was_skipped_stands_with_the_first_notification() {
    in_both(|house| {
        house.put(&eve());
        let mut order = Order { service: None, ..house.organization.order("Disk full") };
        order.addressed_to.users = vec!["eve".into()];
        let id = house.trigger_order(order);
        let entries = house.notifications(id);
        assert!(entries[0].0.notification.content.skipped.contains(&Sms));
        house.messages();
    });
}

#[test]
fn the_ledger_of_a_stranger_is_not_shown() {
    in_both(|house| {
        let unknown = house.run(house.notifier().notifications(house.reader(), InstanceId(9_999), None, 9));
        assert!(matches!(unknown, Err(Failure::Refused(Refusal::UnknownIncident { .. }))));
    });
}

#[test]
fn a_notification_is_sent_once_more_and_the_incident_says_who_asked() {
    in_both(|house| {
        house.post.script("ana", Email, &[Permanent]);
        let id = house.trigger("Disk full");
        house.messages();
        assert_eq!(resend(house, id, delivery_id(house, id, 0)), Ok(()));
        assert_eq!(house.told(), ["0:00 ana email page 1"]);
        let details = house.details(id);
        let event = details.events.last().unwrap();
        assert_eq!(event.what, Happening::Resent { user: "ana".into(), channel: Email, is_page: true });
        assert_eq!(event.by.as_ref().and_then(|by| by.shown(&details.snapshot.directory)), Some("cho"));
        assert_eq!(stand(house, id), [(Email, "failed"), (Email, "sent")]);
        let unknown = resend(house, id, format!("ntf_{id}_7"));
        assert!(matches!(unknown, Err(Failure::Refused(Refusal::UnknownNotification { .. }))), "{unknown:?}");
    });
}

#[test]
fn a_page_of_a_resolved_incident_is_not_sent_once_more_and_a_notice_is() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        house.act(id, Command::AddSubscribers(vec!["ben".into()])).unwrap();
        house.act(id, Command::Resolve).unwrap();
        house.messages();
        let refused = Failure::Refused(Refusal::AlreadyResolved { instance_id: id });
        assert_eq!(resend(house, id, delivery_id(house, id, 0)), Err(refused));
        assert_eq!(stand(house, id)[1], (Webhook, "sent"));
        assert_eq!(resend(house, id, delivery_id(house, id, 1)), Ok(()));
        assert_eq!(house.told(), ["0:00 ben webhook resolved"]);
    });
}

#[test]
fn a_receipt_tells_what_arrived_apart_from_what_was_handed_over() {
    in_both_with(&Fittings::reachable(), |house| {
        let id = for_eve(house, Urgency::High);
        let text = house.messages().into_iter().find(|sent| sent.channel == Sms).unwrap();
        assert_eq!(stand(house, id)[..2], [(Email, "sent"), (Sms, "sent")]);
        let take = |receipt| house.run(house.notifier().take_receipt(&token(&text), receipt)).unwrap();
        take(Receipt::Arrived).unwrap();
        assert_eq!(stand(house, id)[..2], [(Email, "sent"), (Sms, "confirmed")]);
        take(Receipt::Failed("too late".to_owned())).unwrap();
        assert_eq!(stand(house, id)[1], (Sms, "confirmed"), "what arrived, arrived");
        let forged = house.run(house.notifier().take_receipt("AAAA", Receipt::Arrived)).unwrap();
        assert_eq!(forged, Err(TokenFault::Forged));
        house.act(id, Command::Acknowledge).unwrap();
    });
}

#[test]
fn a_receipt_that_a_message_did_not_arrive_asks_the_next_channel_at_once() {
    in_both_with(&Fittings::reachable(), |house| {
        let id = for_eve(house, Urgency::High);
        let text = house.messages().into_iter().find(|sent| sent.channel == Sms).unwrap();
        let fail =
            || house.run(house.notifier().take_receipt(&token(&text), Receipt::Failed("undelivered".to_owned())));
        fail().unwrap().unwrap();
        fail().unwrap().unwrap();
        house.settle();
        assert_eq!(house.told(), ["0:00 eve voice page 1"]);
        assert_eq!(stand(house, id)[1], (Sms, "failed"));
        assert_eq!(house.log(id), ["TRIGGER", "DISPATCH"], "said once, however often the carrier says it");
        house.act(id, Command::Acknowledge).unwrap();
        house.advance(9);
        assert!(house.told().is_empty());
    });
}

#[test]
fn a_receipt_that_comes_before_the_answer_of_the_carrier_is_not_lost() {
    in_both_with(&Fittings::reachable(), |house| {
        house.post.script("eve", Sms, &[Silence]);
        let id = for_eve(house, Urgency::High);
        let text = house.messages().into_iter().find(|sent| sent.channel == Sms).unwrap();
        let receipt = Receipt::Failed("undelivered".to_owned());
        house.run(house.notifier().take_receipt(&token(&text), receipt)).unwrap().unwrap();
        house.release("eve", Sms, checks::Reply::Delivered);
        assert_eq!(stand(house, id)[1], (Sms, "failed"));
        assert_eq!(house.told(), ["0:00 eve voice page 1"]);
        house.act(id, Command::Acknowledge).unwrap();
    });
}
