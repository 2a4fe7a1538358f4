//! The first page: what is wrong, in words and where it is mended, and answering from there.

use super::{filled, says, welcomed};
use checks::{Api, Call, Database};
use domain::notification::{Breaker, Channel};
use domain::{Instant, OrganizationId};
use serde_json::json;
use store::{BreakerRow, Destination};

#[test]
fn what_is_wrong_is_said_once_in_words_with_a_link_to_where_it_is_mended() {
    let api = Api::reachable(Database::Sqlite);
    let page = welcomed(&api, "ana", "192.0.2.1").get("/app/now");
    for words in [
        "<li><a href=\"/app/people/gil\"><bdi>Gil Gomes</bdi></a> is on call and has no contact, so nobody can reach them</li>",
        "<li>Policy <a href=\"/app/policies/partners\"><bdi>partners</bdi></a>: level 2: nobody who can be on it",
        "<li>Nobody is on call first by <a href=\"/app/policies/partners\"><bdi>partners</bdi></a>: ",
    ] {
        says(&page, 200, words);
    }
    let wrong = page.text().split_once("<h2 id=\"wrong\">").expect("a part").1;
    assert!(!wrong.contains("levels[") && !wrong.contains(" UTC"), "{wrong}");
    // A weekend of Berlin, by the clock of Lisbon.
    assert!(wrong.contains("Fri 7 May 23:00 – Sun 9 May 23:00"), "{wrong}");
    assert_eq!(wrong.matches("Fri 7 May 23:00").count(), 1, "{wrong}");
    // What is one's own is mended on one's own page.
    let gil = welcomed(&api, "gil", "192.0.2.2").get("/app/now");
    says(&gil, 200, "<a href=\"/app/me#contacts\"><bdi>You</bdi></a> are on call and has no contact");
}

#[test]
fn channels_that_fail_are_said_with_what_came_back_for_whoever_sees_addresses() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    assert!(!ana.get("/app/now").text().contains("left alone"));
    let fail = |digest: &str, breaker: Breaker| {
        let (organization, channel) = (OrganizationId(1), Channel::Sms);
        let destination = Destination { organization, channel, address_digest: digest.to_owned() };
        let row = BreakerRow { breaker, answer: "503 from <b>".to_owned(), is_told: true };
        api.test.store().write(|tx| store::breaker_save(tx, &destination, &row)).expect("it is kept");
    };
    fail("a", Breaker::Paused { until: Instant(api.clock.now()).plus_minutes(1), seconds: 60 });
    fail("b", Breaker::Closed { failures: 2 });
    says(&ana.get("/app/now"), 200, "<bdi>Text message</bdi></a>: one address is left alone for a while");
    says(&ana.get("/app/now"), 200, "the last answer: 503 from &#60;b&#62;");
    let seen = ben.get("/app/now");
    says(&seen, 200, "one address is left alone");
    assert!(!seen.text().contains("503"), "{}", seen.text());
}

#[test]
fn what_is_not_as_its_file_says_is_said_to_whoever_may_mend_it() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    says(&ana.post("/app/settings", &[("file_lock", "drift"), ("password_sign_in", "true")]), 200, "are saved");
    let change = json!({"description": "Carts alone"});
    api.send(Call::new("PATCH", "/v1/services/checkout").key(&api.key).header("if-match", "*").json(&change)).ok();
    let page = ana.get("/app/now");
    says(&page, 200, "Service <a href=\"/app/services/checkout\"><bdi>checkout</bdi></a> is not as its file says");
    says(&page, 200, ": description was changed here");
    assert!(!ben.get("/app/now").text().contains("was changed here"));
    api.send(Call::new("DELETE", "/v1/business-services/trading").key(&api.key).header("if-match", "*")).ok();
    let page = ana.get("/app/now");
    says(&page, 200, "Business service <a href=\"/app/history\"><bdi>trading</bdi></a> is not as its file says");
    says(&page, 200, ": it was removed here");
    assert!(!ben.get("/app/now").text().contains("was removed here"));
}

#[test]
fn what_one_is_asked_for_is_answered_on_the_first_page_one_by_one_or_all_at_once() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let all = "Acknowledge all";
    let first = api.incident("Checkout is slow");
    assert!(!ana.get("/app/now").text().contains(all), "one is acknowledged by its own button");
    let (second, third) = (api.incident("Cards are refused"), api.incident("Carts are lost"));
    let page = ana.get("/app/now");
    says(&page, 200, "Acknowledge all 3 that are yours");
    let (path, fields) = filled(&page, "/app/incidents/3/resolve");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        says(&ana.post(&path, &fields), 200, "Resolved.");
    }
    assert_eq!(api.details(third)["status"], "RESOLVED");
    let (path, fields) = filled(&ana.get("/app/now"), "/app/incidents?assignee=me");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    says(&ana.post(&path, &fields), 200, "Done: 2");
    for id in [first, second] {
        assert_eq!(api.details(id)["status"], "ACKNOWLEDGED");
    }
    assert!(!ana.get("/app/now").text().contains(all));
}

#[test]
fn what_is_with_others_is_taken_by_one_button_on_the_first_page_by_whoever_may() {
    let api = Api::reachable(Database::Sqlite);
    api.amend("username = \"mofab\"", "username = \"mofab\"\nrole = \"observer\"");
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    let id = api.incident("Checkout is slow");
    let page = ben.get("/app/now");
    says(&page, 200, ">Take<span class=\"unseen\"> #1</span></button>");
    let (path, fields) = filled(&page, "/app/incidents/1/acknowledge");
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    says(&ben.post(&path, &fields), 200, "Acknowledged: it is yours.");
    let taken =
        |api: &Api| api.details(id)["events"].as_array().expect("events").last().expect("one")["event_by"].clone();
    assert_eq!(taken(&api), "Ben Bauer");
    api.ok("reassign", &json!({"instance_id": id, "reassign_to": ["ben"]}));
    says(&ana.get("/app/now"), 200, ">Take<span class=\"unseen\"> #1</span></button>");
    says(&ben.post("/app/incidents/1/acknowledge", &[("status", "OPEN")]), 200, "Acknowledged: it is yours.");
    says(&ana.get("/app/now"), 200, ">Take over<span class=\"unseen\"> #1</span></button>");
    // What was meant has changed meanwhile, and is not done.
    says(&ana.post("/app/incidents/1/acknowledge", &[("status", "OPEN")]), 412, "Ben Bauer acknowledged");
    assert_eq!(taken(&api), "Ben Bauer");
    let looks = welcomed(&api, "mofab", "192.0.2.3").get("/app/now");
    says(&looks, 200, "Checkout is slow");
    assert!(!looks.text().contains("/acknowledge"), "{}", looks.text());
}
