//! The page of a service: maintenance that is on and its end, and what came last.

use super::{says, welcomed};
use checks::{Answer, Api, Call, Database};
use serde_json::json;

/// What the button sends that ends a window.
fn end(page: &Answer) -> String {
    let rest = page.text().split_once("name=\"end\" value=\"").expect("a button").1;
    rest.split('"').next().expect("an id").to_owned()
}

#[test]
fn maintenance_that_is_on_is_seen_on_the_page_of_its_service_and_ended_there() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    api.send(Call::post("/v1/users").key(&api.key).json(&json!({"username": "obs", "role": "observer"}))).ok();
    let observer = welcomed(&api, "obs", "192.0.2.2");
    let page = || ana.get("/app/services/checkout");
    // It is 18:20 in Lisbon.
    says(&page(), 200, "<button type=\"submit\" name=\"minutes\" value=\"820\">Until 08:00 tomorrow</button>");
    assert!(!page().text().contains("It is on"));
    let act = |name: &str, value: &str| ana.post("/app/services/checkout/maintenance", &[(name, value)]);
    says(&act("minutes", "120"), 200, "Maintenance has begun, for 120 minutes.");
    says(&page(), 200, "20:20 today");
    let seen = observer.get("/app/services/checkout");
    says(&seen, 200, "<strong>It is on</strong>");
    assert!(!seen.text().contains("End it now") && !seen.text().contains("For 2 hours"), "{}", seen.text());
    let window = end(&page());
    says(&observer.post("/app/services/checkout/maintenance", &[("end", &window)]), 403, "needs");
    api.pass_minutes(10);
    let ended = act("end", &window);
    says(&ended, 200, "It is over.");
    assert!(!ended.text().contains("It is on") && !page().text().contains("It is on"));
    let windows = api.get("/v1/maintenance-windows");
    assert_eq!(super::super::column(&windows, "duration_minutes"), [10]);
    // What has only just begun is as if it had never been.
    act("minutes", "30");
    act("end", &end(&page()));
    assert!(!page().text().contains("It is on"));
    says(&act("end", "nothing"), 404, "class=\"notice bad\"");
}

#[test]
fn the_last_alerts_of_a_service_stand_on_its_page_with_what_became_of_them() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    says(&ana.get("/app/services/checkout"), 200, "None has come by an integration yet.");
    api.deliver("scripts", &json!({"title": "Disk <full>", "dedup_key": "disk"})).ok();
    let page = ana.get("/app/services/checkout");
    says(
        &page,
        200,
        "<span class=\"chip\">opened</span> <a href=\"/app/incidents/1\">#1</a> <bdi>Disk &#60;full&#62;</bdi>",
    );
    says(&page, 200, "by <a href=\"/app/integrations/scripts\"><bdi>scripts</bdi></a>");
    assert!(!ana.get("/app/services/payments").text().contains("Disk"));
}
