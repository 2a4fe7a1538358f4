//! What a message offers by each channel, with and without links, for one notification and for many.

use super::{Asks, Envelope, Words, seal};
use crate::carrier::{Address, Message};
use crate::message::link::{Links, Replies};
use crate::token::TokenSecret;
use domain::notification::Channel;
use domain::{Instant, OrganizationId, Urgency};
use std::sync::Arc;

const ALL: [Channel; 6] = Channel::ALL;

fn links(replies: Replies) -> Links {
    let secret = Arc::new(TokenSecret("a secret of this test".to_owned()));
    Links { base: "https://reveille.example.org".to_owned(), secret, replies }
}

fn written(channel: Channel, asks: Asks, title: &str, links: Option<&Links>) -> Message {
    let envelope = Envelope {
        organization: OrganizationId(1),
        delivery_id: "ntf_42_100000".to_owned(),
        attempt: 1,
        channel,
        due_at: Instant(0),
        code: (channel == Channel::Sms && links.is_some()).then(|| "12345".to_owned()),
    };
    let words = Words {
        subject: format!("[#12] High: {title}"),
        text: "What happened".to_owned(),
        brief: format!("[#12] High: {title}"),
        spoken: format!("High: {title}."),
        thread: "incident-42".to_owned(),
        urgency: Urgency::High,
        payload: serde_json::Value::Null,
        asks,
        about: None,
        page: "/app/i/7".to_owned(),
        useful_until: None,
    };
    seal(words, &envelope, Address::Terminal("ana".to_owned()), links)
}

#[test]
fn a_page_offers_three_actions_and_a_notice_none() {
    let links = links(Replies::Taken);
    for channel in ALL {
        let message = written(channel, Asks::OfOne, "Disk full", Some(&links));
        let labels: Vec<&str> = message.actions.iter().map(|link| link.label.as_str()).collect();
        assert_eq!(labels, ["Acknowledge", "Resolve", "Escalate"]);
        assert!(message.actions.iter().all(|link| link.url.starts_with("https://reveille.example.org/act/")));
        let notice = written(channel, Asks::Nothing, "Disk full", Some(&links));
        assert!(notice.actions.is_empty() && !notice.brief.contains("Reply") && !notice.spoken.contains("Press"));
        assert_eq!(notice.digits_url, None);
    }
    let many = written(Channel::Email, Asks::OfAll, "Disk full", Some(&links));
    assert_eq!(many.actions[0].label, "Acknowledge all");
}

#[test]
fn without_an_address_of_ours_a_message_offers_nothing() {
    for channel in ALL {
        let message = written(channel, Asks::OfOne, "Disk full", None);
        assert!(message.actions.is_empty() && message.status_url.is_none() && message.digits_url.is_none());
        assert_eq!((message.brief.as_str(), message.spoken.as_str()), ("[#12] High: Disk full", "High: Disk full."));
    }
}

#[test]
fn only_a_telephone_reports_and_takes_digits_and_only_if_the_carrier_can_be_believed() {
    for (replies, believed) in [(Replies::Taken, true), (Replies::Refused, false)] {
        let links = links(replies);
        for channel in ALL {
            let message = written(channel, Asks::OfOne, "Disk full", Some(&links));
            let is_telephone = matches!(channel, Channel::Sms | Channel::Voice);
            assert_eq!(message.status_url.is_some(), is_telephone && believed, "{channel:?}");
            assert_eq!(message.digits_url.is_some(), channel == Channel::Voice && believed, "{channel:?}");
        }
    }
}

#[test]
fn a_call_says_which_digits_do_what() {
    let links = links(Replies::Taken);
    let one = written(Channel::Voice, Asks::OfOne, "Disk full", Some(&links));
    assert_eq!(one.spoken, "High: Disk full. Press 4 to acknowledge, 6 to resolve, 8 to escalate.");
    let many = written(Channel::Voice, Asks::OfAll, "Disk full", Some(&links));
    assert!(many.spoken.ends_with("Press 4 to acknowledge all, 6 to resolve all, 8 to escalate all."));
}

#[test]
fn a_text_message_is_short_and_its_reply_codes_are_never_cut() {
    let links = links(Replies::Taken);
    let short = written(Channel::Sms, Asks::OfOne, "Disk full", Some(&links)).brief;
    let offer = ". Reply A12345 to acknowledge, R12345 to resolve, E12345 to escalate.";
    assert_eq!(short, format!("[#12] High: Disk full{offer}"));
    assert!(short.is_ascii());
    for title in ["x".repeat(512), "ü ".repeat(256), "line\n".repeat(100)] {
        let brief = written(Channel::Sms, Asks::OfOne, &title, Some(&links)).brief;
        assert!(brief.chars().count() <= 300 && !brief.contains('\n'), "{brief}");
        assert!(brief.ends_with(&format!("...{offer}")), "{brief}");
    }
}

#[test]
fn a_message_that_is_written_again_says_the_same() {
    let links = links(Replies::Taken);
    for channel in ALL {
        let [first, second] = [(); 2].map(|()| written(channel, Asks::OfOne, "Disk full", Some(&links)));
        assert_eq!(
            (first.actions, first.status_url, first.digits_url),
            (second.actions, second.status_url, second.digits_url)
        );
    }
}

#[test]
fn no_title_adds_an_element_to_a_mail_and_no_word_of_a_message_stands_in_a_log() {
    let html = super::html("<script>x</script> & \"y\"");
    assert!(html.contains(">&lt;script&gt;x&lt;/script&gt; &amp; &quot;y&quot;</pre>"), "{html}");
    let message = written(Channel::Sms, Asks::OfOne, "Disk full", Some(&links(Replies::Taken)));
    assert!(message.brief.contains("12345") && message.status_url.is_some());
    assert_eq!(format!("{message:?}"), "Message(ntf_42_100000, attempt 1, Terminal(\"ana\"))");
}
