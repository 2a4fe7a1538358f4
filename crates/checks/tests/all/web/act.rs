//! Links in messages: anybody may look, the person acts once, by a click on a page.

use super::{column, everything};
use checks::{Answer, Api, Call, PUBLIC_URL};
use domain::notification::Channel;
use notify::{
    Purpose,
    carrier::{Address, Message},
};
use serde_json::{Value, json};

const CHAT: &str = "chat = { kind = \"slack\", url = \"https://hooks.example.com/x\" }";

/// The newest message by e-mail.
fn mail(api: &Api) -> Message {
    api.beat();
    let sent = api.sent.lock().expect("no panic");
    let is_mail = |message: &&Message| matches!(message.address, Address::Email(_));
    sent.iter().rfind(is_mail).expect("a message").clone()
}

/// Where the link with this label leads, as a path.
fn path(message: &Message, label: &str) -> String {
    let link = message.actions.iter().find(|link| link.label == label).expect("a link");
    link.url.strip_prefix(PUBLIC_URL).expect("it leads to us").to_owned()
}

fn look(api: &Api, path: &str) -> Answer {
    api.send(Call::get(path))
}

fn click(api: &Api, path: &str) -> Answer {
    api.send(Call::post(path))
}

/// The page says this, with this status, and a browser runs nothing of it.
#[track_caller]
fn says(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.text().contains(words), "{}", answer.text());
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(!answer.text().contains("<script"));
    assert!(answer.header("content-security-policy").contains("form-action 'self'"));
    answer.guarded();
}

fn last_event(api: &Api, incident: i64) -> Value {
    api.details(incident)["events"].as_array().expect("a list").last().expect("an event").clone()
}

#[test]
fn a_mail_scanner_that_fetches_every_link_acknowledges_nothing() {
    Api::reached_on_both(|api| {
        api.incident("Disk full");
        let message = mail(api);
        let before = everything(api);
        for label in ["Acknowledge", "Resolve", "Escalate"] {
            for _ in 0..3 {
                let page = look(api, &path(&message, label));
                says(&page, 200, &format!("{label} incident #1?"));
                assert!(page.text().contains(&format!("<button type=\"submit\">{label}</button>")));
                assert!(page.text().contains("Disk full. It is done in the name of Ana Alves."));
                assert_eq!(api.send(Call::new("HEAD", &path(&message, label))).status, 200);
            }
        }
        assert_eq!(everything(api), before);
        api.send(Call::new("PUT", &path(&message, "Resolve"))).refused(405, "method_not_allowed");
    });
}

#[test]
fn a_title_stands_on_the_page_as_text() {
    Api::reached_on_both(|api| {
        api.incident("<script>alert(1)</script> \"'&<b onclick=x>");
        let link = path(&mail(api), "Acknowledge");
        for page in [look(api, &link), click(api, &link), look(api, &link)] {
            assert_eq!(page.status, 200);
            assert!(!page.text().contains("<script") && !page.text().contains("<b onclick"), "{}", page.text());
        }
        assert!(click(api, &path(&mail(api), "Escalate")).text().contains("script"), "it is shown");
    });
}

#[test]
fn a_click_acts_in_the_name_of_the_person_who_was_sent_the_link() {
    for (label, done, kind) in [
        ("Acknowledge", "Incident #1 is acknowledged", "ACKNOWLEDGE"),
        ("Resolve", "Incident #1 is resolved", "RESOLVE"),
        ("Escalate", "Incident #1 is escalated", "ESCALATE"),
    ] {
        Api::reached_on_both(|api| {
            let incident = api.incident("Disk <full>");
            let page = click(api, &path(&mail(api), label));
            says(&page, 200, done);
            assert!(page.text().contains("Disk &#60;full&#62;"), "{}", page.text());
            let event = last_event(api, incident);
            assert_eq!((&event["event_type"], &event["event_method"]), (&json!(kind), &json!("LINK")));
            assert_eq!(event["event_by"], "Ana Alves");
        });
    }
}

#[test]
fn a_link_works_once_and_the_one_in_the_next_message_works_again() {
    Api::reached_on_both(|api| {
        let incident = api.incident("Disk full");
        let first = mail(api);
        says(&click(api, &path(&first, "Acknowledge")), 200, "is acknowledged");
        api.ok("unacknowledge", &json!({"instance_id": incident}));
        let second = mail(api);
        assert_ne!(path(&first, "Acknowledge"), path(&second, "Acknowledge"));
        let before = everything(api);
        says(&click(api, &path(&first, "Acknowledge")), 200, "This was acknowledged already");
        says(&look(api, &path(&first, "Acknowledge")), 200, "This was acknowledged already");
        assert_eq!(everything(api), before);
        says(&click(api, &path(&second, "Acknowledge")), 200, "is acknowledged");
        says(&click(api, &path(&first, "Resolve")), 200, "is resolved");
    });
}

#[test]
fn a_link_that_two_people_click_at_the_same_time_is_followed_once() {
    Api::reached_on_both(|api| {
        let incident = api.incident("Disk full");
        let escalate = path(&mail(api), "Escalate");
        let answers = api.send_together(vec![Call::post(&escalate); 8], 0, ());
        let said = |words: &str| answers.iter().filter(|answer| answer.text().contains(words)).count();
        assert_eq!((said("Incident #1 is escalated"), said("This was escalated already")), (1, 7));
        assert_eq!(api.details(incident)["assignee_level"], 2);
    });
}

#[test]
fn a_link_is_for_its_own_incident_and_says_what_stands_in_the_way() {
    Api::reached_on_both(|api| {
        let one = api.incident("Disk full");
        let message = mail(api);
        let other = api.incident("Database down");
        says(&click(api, &path(&message, "Resolve")), 200, "Incident #1 is resolved");
        assert_eq!(api.details(other)["status"], "OPEN");
        let before = everything(api);
        for label in ["Acknowledge", "Escalate"] {
            says(&look(api, &path(&message, label)), 409, "Incident #1 is resolved already");
            says(&click(api, &path(&message, label)), 409, "Incident #1 is resolved already");
        }
        let of_other = mail(api);
        api.ok("reassign", &json!({"instance_id": other, "reassign_to": "ana"}));
        says(&click(api, &path(&of_other, "Escalate")), 409, "Nobody on a further level can be asked");
        assert_eq!(api.details(one)["status"], "RESOLVED");
        assert_ne!(everything(api), before, "the other one was reassigned, and no more");
        assert_eq!(column(&api.details(other)["events"], "event_type"), ["TRIGGER", "REASSIGN"]);
    });
}

#[test]
fn a_link_that_is_old_forged_cut_or_made_for_something_else_changes_nothing() {
    Api::reached_on_both(|api| {
        api.incident("Disk full");
        let link = path(&mail(api), "Acknowledge");
        let before = everything(api);
        let subject = json!([1, "ntf_1_100000", "A"]);
        let feed = api.token(Purpose::Feed, &subject);
        let mut changed = link.clone();
        changed.pop();
        changed.push(if link.ends_with('A') { 'B' } else { 'A' });
        for strange in [changed, link[..link.len() - 1].to_owned(), format!("/act/{feed}"), "/act/x".to_owned()] {
            says(&look(api, &strange), 404, "This is not known here");
            says(&click(api, &strange), 404, "This is not known here");
        }
        assert_eq!(everything(api), before);
        api.clock.advance(24 * 3_600_000_000 - 1);
        says(&look(api, &link), 200, "Acknowledge incident #1?");
        api.clock.advance(1);
        says(&look(api, &link), 410, "This came too late");
        says(&click(api, &link), 410, "This came too late");
        assert_eq!(column(&api.details(1)["events"], "event_type"), ["TRIGGER"]);
    });
}

#[test]
fn a_link_that_went_by_chat_is_recorded_as_chat() {
    Api::reached_on_both(|api| {
        api.equip("ana", CHAT, &[Channel::Chat]);
        let incident = api.incident("Disk full");
        api.beat();
        let message = api
            .sent
            .lock()
            .expect("no panic")
            .iter()
            .find(|message| matches!(message.address, Address::Chat { .. }))
            .expect("a message")
            .clone();
        says(&click(api, &path(&message, "Acknowledge")), 200, "is acknowledged");
        assert_eq!(last_event(api, incident)["event_method"], "CHAT");
    });
}

#[test]
fn a_server_that_does_not_know_its_address_sends_no_links() {
    let api = Api::new();
    api.incident("Disk full");
    assert!(mail(&api).actions.is_empty());
}

#[test]
fn two_people_act_in_their_own_names_and_the_second_is_told_of_the_first() {
    Api::reached_on_both(|api| {
        let incident = api.incident("Disk full");
        let of_ana = mail(api);
        api.pass_minutes(5);
        let of_ben = mail(api);
        assert_eq!(of_ben.address, Address::Email("ben@example.com".to_owned()));
        assert_ne!(path(&of_ana, "Acknowledge"), path(&of_ben, "Acknowledge"));
        says(&click(api, &path(&of_ana, "Acknowledge")), 200, "Incident #1 is acknowledged");
        assert_eq!(last_event(api, incident)["event_by"], "Ana Alves");
        let page = look(api, &path(&of_ben, "Acknowledge"));
        says(&page, 200, "Ana Alves has acknowledged it already. It is done in the name of Ben Bauer.");
        let page = click(api, &path(&of_ben, "Acknowledge"));
        says(&page, 200, "Disk full. Ana Alves had acknowledged it before.");
        let event = last_event(api, incident);
        assert_eq!((&event["event_method"], &event["event_by"]), (&json!("LINK"), &json!("Ben Bauer")));
        says(&click(api, &path(&of_ben, "Resolve")), 200, "Incident #1 is resolved");
        let before = everything(api);
        says(&look(api, &path(&of_ana, "Resolve")), 409, "Incident #1 is resolved already");
        says(&click(api, &path(&of_ana, "Resolve")), 409, "Incident #1 is resolved already");
        assert_eq!(everything(api), before);
    });
}

#[test]
fn who_answers_for_an_incident_that_was_merged_is_told_where_it_goes_on() {
    Api::reached_on_both(|api| {
        let incident = api.incident("Disk full");
        let of_ana = mail(api);
        let other = api.incident("All disks are full");
        api.ok("merge", &json!({"instance_id": incident, "related_instance_id": other}));
        for answer in [look(api, &path(&of_ana, "Resolve")), click(api, &path(&of_ana, "Resolve"))] {
            says(&answer, 409, "Incident #1 was merged into #2");
            says(&answer, 409, "Incident #2 is not resolved: it goes on there.");
        }
        api.ok("resolve", &json!({"instance_id": other}));
        says(&look(api, &path(&of_ana, "Resolve")), 409, "Incident #1 is resolved already");
    });
}

#[test]
fn a_link_may_end_in_a_slash_whatever_is_sent_with_it_counts_for_nothing_and_no_robot_keeps_it() {
    Api::reached_on_both(|api| {
        let incident = api.incident("Disk full");
        let link = format!("{}/", path(&mail(api), "Acknowledge"));
        let page = look(api, &link);
        says(&page, 200, "Acknowledge incident #1?");
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
        assert!(page.text().contains("<meta name=\"robots\" content=\"noindex\">"), "{}", page.text());
        api.send(Call::new("DELETE", &link)).refused(405, "method_not_allowed");
        says(&api.send(Call::post(&link).body("action=resolve&by=eva")), 200, "Incident #1 is acknowledged");
        assert_eq!(last_event(api, incident)["event_by"], "Ana Alves");
        assert_eq!(api.details(incident)["status"], "ACKNOWLEDGED");
    });
}

#[test]
fn a_link_tells_what_its_reader_must_know_before_they_answer_and_leads_to_the_whole_incident() {
    Api::reached_on_both(|api| {
        api.incident("Disk <full>");
        let link = path(&mail(api), "Acknowledge");
        let page = look(api, &link);
        for words in [
            "</span> High</strong> · OPEN · <span class=\"now\">Lisbon 18:20</span>",
            "<dt>Service</dt><dd><bdi>checkout</bdi></dd>",
            "\">18:20 today · now</time>",
            "<dt>If nobody acts</dt><dd>Next: Ben Bauer <time",
            "18:25 today · in 5:00 min",
            "<dd>1 alert</dd>",
            "<a href=\"/app/i/1\">",
        ] {
            says(&page, 200, words);
        }
        assert!(page.body.len() < 4096, "{}", page.body.len());
        let done = click(api, &link);
        says(&done, 200, "</strong> · ACK · ");
        says(&done, 200, "Asks Ana Alves again <time");
        says(&done, 200, "<a href=\"/app/i/1\">");
        api.clock.advance(24 * 3_600_000_000);
        assert!(!look(api, &link).text().contains("/app/i/1"), "what is too old tells nothing");
    });
}

#[test]
fn a_link_tells_nothing_of_an_incident_that_its_reader_may_not_see_any_more() {
    let api = Api::reachable(checks::Database::Sqlite);
    api.extend(concat!(
        "\n[[team]]\nname = \"vault\"\nprivate = true\nmembers = [\"ben\"]\n",
        "\n[[escalation_policy]]\nname = \"vault\"\nteam = \"vault\"\nlevels = [{ minutes = 5, users = [\"mofab\"] }]\n",
        "\n[[service]]\nname = \"vault\"\nteam = \"vault\"\nescalation_policy = \"vault\"\n"
    ));
    let service = api.ref_id("services", "vault");
    let made = api.ok("create", &json!({"title": "Keys are lost", "service_ref_id": service}));
    let link = path(&mail(&api), "Acknowledge");
    says(&look(&api, &link), 200, "<bdi>vault</bdi>");
    api.ok("reassign", &json!({"instance_id": made["instance_id"], "reassign_to": "ben"}));
    let page = look(&api, &link);
    assert!(!page.text().contains("vault") && !page.text().contains("/app/i/"), "{}", page.text());
}
