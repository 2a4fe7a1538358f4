//! The order of the list of incidents, and those of one escalation policy, which both stand in the address.

use super::{says, welcomed};
use checks::{Answer, Api, Browser};
use serde_json::json;

/// The numbers of the incidents that a page lists, as they stand there.
fn numbers(page: &Answer) -> Vec<u32> {
    let rows = page.text().split("<td class=\"slim\" data-label=\"Number\">").skip(1);
    let number = |row: &str| row.split("href=\"/app/incidents/").nth(1)?.split('"').next()?.parse().ok();
    rows.map(|row| number(row).expect("a number")).collect()
}

fn listed(browser: &Browser<'_>, query: &str) -> Vec<u32> {
    let page = browser.get(&format!("/app/incidents?{query}"));
    says(&page, 200, "</h1>");
    numbers(&page)
}

#[test]
fn a_list_stands_in_the_order_of_its_address_page_by_page() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        for number in 1..=60 {
            let urgency = if number % 20 == 0 { 5 } else { 3 };
            let made = json!({"title": format!("Number {number}"), "users": ["ana"], "urgency_level": urgency});
            let made = api.ok("create", &made);
            if number <= 3 {
                api.ok("acknowledge", &json!({"instance_id": made["instance_id"]}));
            }
        }
        assert_eq!(listed(&ana, "")[..3], [60, 59, 58]);
        assert_eq!(listed(&ana, "order=urgency")[..5], [60, 40, 20, 59, 58]);
        assert_eq!(listed(&ana, "order=open")[..3], [4, 5, 6]);
        says(&ana.get("/app/incidents?order=open"), 200, "Incidents, longest unacknowledged first</caption>");
        for (order, last) in [("urgency", [3, 2, 1]), ("open", [1, 2, 3])] {
            let first = ana.get(&format!("/app/incidents?order={order}"));
            let next = first.text().split_once("\" rel=\"next\"").expect("a link").0.rsplit_once('"').expect("it").1;
            let second = ana.get(&next.replace("&#38;", "&"));
            let all = [numbers(&first), numbers(&second)].concat();
            assert_eq!((all.len(), &all[57..]), (60, &last[..]), "{order}: {all:?}");
        }
        // A view keeps it.
        let view = [("do", "save"), ("name", "Loudest"), ("shared", "")];
        says(&ana.post("/app/incidents/views?order=urgency&before=3-9", &view), 200, "is saved");
        says(&ana.get("/app/incidents"), 200, "<a href=\"/app/incidents?order=urgency\">");
    });
}

#[test]
fn a_list_is_that_of_one_escalation_policy_which_counts_for_all_that_match() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let make = |title: &str, policies: &[&str]| {
            let policies: Vec<_> = policies.iter().map(|name| api.ref_id("escalation-policies", name)).collect();
            api.ok("create", &json!({"title": title, "policy_ref_id": policies}));
        };
        make("Of one", &["primary"]);
        make("Of another", &["payments"]);
        make("Of both", &["payments", "primary"]);
        api.ok("create", &json!({"title": "Of a person", "users": ["ana"]}));
        assert_eq!(listed(&ana, "policy=primary"), [3, 1]);
        assert_eq!(listed(&ana, "policy=payments&order=open"), [2, 3]);
        assert_eq!(listed(&ana, "policy=none+of+ours"), [0; 0]);
        says(&ana.get("/app/incidents?policy=payments"), 200, "<option value=\"payments\" selected>");
        let all = [("operation", "acknowledge"), ("all", "yes"), ("idempotency_key", "all")];
        says(&ana.post("/app/incidents?policy=payments", &all), 200, "Done: 2");
        assert_eq!(listed(&ana, "state=open"), [4, 1]);
    });
}
