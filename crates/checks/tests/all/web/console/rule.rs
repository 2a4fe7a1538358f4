//! The routing rules: their order, how often they were applied, and trying an alert on them.

use super::{hidden, says, welcomed};
use checks::{Answer, Api, Browser, Database};
use serde_json::{Value, json};

const RULES: &str = "/app/rules";

/// Somebody who only looks, and a rule that another one leaves nothing to.
const MORE: &str = r#"
[[user]]
username = "oli"
email = "oli@example.com"
role = "observer"

[[routing_rule]]
name = "never <b>reached</b>"
conditions = [{ field = "title", contains = "[test]" }, { field = "tags", equals = "x" }]
actions = { set_urgency = 1 }
"#;

fn furnished() -> Api {
    let api = Api::reachable(Database::Sqlite);
    api.extend(MORE);
    api
}

fn names(api: &Api) -> Vec<Value> {
    let mut rules = api.get("/v1/routing-rules").as_array().expect("a list").clone();
    rules.sort_by_key(|rule| rule["position"].as_i64());
    rules.into_iter().map(|rule| rule["name"].clone()).collect()
}

fn id(api: &Api, name: &str) -> String {
    api.get(&format!("/v1/routing-rules/{name}"))["ref_id"].as_str().expect("an id").to_owned()
}

/// Presses a button of a rule's form.
fn press(browser: &Browser<'_>, rule: &str, order: &str, (button, to): (&str, &str)) -> Answer {
    browser.post(RULES, &[("order", order), ("rule", rule), ("do", button), ("to", to)])
}

#[test]
fn a_rule_is_moved_by_a_number_and_by_buttons() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        // Else the order of its rules is the file's.
        let drift = serde_json::json!({"file_lock": "drift"});
        api.send(checks::Call::new("PATCH", "/v1/organization").key(&api.key).header("if-match", "*").json(&drift))
            .ok();
        let before = names(api);
        let rule = id(api, "critical%20calls%20everyone%20it%20takes");
        let order = || hidden(&ana.get(RULES), "order");
        let seen = order();
        says(&press(&ana, &rule, &seen, ("to", "1")), 200, "critical calls everyone it takes is number 1 now.");
        assert_eq!(names(api), [&before[2], &before[0], &before[1]].map(Clone::clone));
        says(&press(&ana, &rule, &order(), ("down", "1")), 200, "is number 2 now.");
        says(&press(&ana, &rule, &order(), ("up", "2")), 200, "is number 1 now.");
        // Whoever saw them in another order moves nothing.
        let refused = press(&ana, &rule, &seen, ("to", "3"));
        says(&refused, 412, "changed meanwhile");
        says(&press(&ana, &rule, &order(), ("to", "4")), 400, "must be a number from 1 to 3");
        says(&press(&ana, "no such rule", &order(), ("to", "1")), 404, "no such rule");
        assert_eq!(names(api)[0], before[2]);
    });
}

#[test]
fn whoever_only_reads_sees_no_form_and_moves_nothing_but_tries() {
    let api = furnished();
    let oli = welcomed(&api, "oli", "192.0.2.1");
    let before = names(&api);
    let page = oli.get(RULES);
    says(&page, 200, "never &#60;b&#62;reached&#60;/b&#62;");
    assert!(!page.text().contains("name=\"order\"") && !page.text().contains("/app/edit/"), "{}", page.text());
    let rule = id(&api, "tests%20wake%20nobody");
    says(&press(&oli, &rule, "", ("to", "2")), 403, "needs");
    assert_eq!(names(&api), before);
    says(&oli.post("/app/rules/try", &[("title", "[test] it")]), 200, "The rule tests wake nobody is applied.");
    says(&welcomed(&api, "eva", "192.0.2.2").get(RULES), 403, "</h1>");
}

#[test]
fn each_rule_says_how_often_it_was_applied_and_which_one_shadows_it() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let cells = |page: &Answer| {
            let cell = |row: &str| row.split("</td>").next().expect("a cell").to_owned();
            page.text().split("<td data-label=\"In 7 days\">").skip(1).map(cell).collect::<Vec<_>>()
        };
        let before = cells(&ana.get(RULES));
        assert!(before.iter().all(|cell| cell.starts_with("none in 7 days")), "{before:?}");
        assert_eq!(api.deliver("scripts", &json!({"id": "it", "title": "[test] it"})).status, 200);
        let service = api.ref_id("services", "checkout");
        api.ok("create", &json!({"title": "all is down", "urgency_level": 5, "service_ref_id": service}));
        api.ok("create", &json!({"title": "all is down again", "urgency_level": 5, "service_ref_id": service}));
        let after = cells(&ana.get(RULES));
        assert!(after[0].starts_with("applied 1 time") && after[0].contains("<time"), "{after:?}");
        assert!(after[0].contains("without what was reported by the API"), "{after:?}");
        assert!(after[1].starts_with("none") && after[2].starts_with("applied 2 times"), "{after:?}");
        api.pass_minutes(8 * 24 * 60);
        let later = cells(&welcomed(api, "ana", "192.0.2.1").get(RULES));
        assert!(later.iter().all(|cell| cell.starts_with("none in 7 days")), "{later:?}");
    });
    let api = furnished();
    let page = welcomed(&api, "ana", "192.0.2.1").get(RULES);
    says(&page, 200, "never applied: shadowed by <a href=\"/app/rules/tests%20wake%20nobody\">");
    assert_eq!(page.text().matches("shadowed by").count(), 1);
}

#[test]
fn an_alert_that_came_is_pasted_or_described_is_tried_condition_by_condition() {
    let api = furnished();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let attempt = |fields: &[(&str, &str)]| ana.post("/app/rules/try", fields);
    let described = attempt(&[("title", "All <is> down"), ("urgency", "5"), ("service", "checkout")]);
    says(&described, 200, "The rule critical calls everyone it takes is applied.");
    says(
        &described,
        200,
        "<bdi>title contains &#34;[test]&#34;</bdi>, saw <code>&#34;All &#60;is&#62; down&#34;</code>",
    );
    says(&described, 200, "An incident is made: All &#60;is&#62; down, Critical on checkout.");
    says(&described, 200, "Asked would be, if it came now:");
    // What was typed is still there.
    says(&described, 200, "name=\"title\" value=\"All &#60;is&#62; down\"");
    let body = r#"{"title": "[test] pasted", "id": "pasted"}"#;
    says(&attempt(&[("payload", body), ("integration", "scripts")]), 200, "No incident is made, and nobody is asked.");
    says(&attempt(&[("payload", body)]), 400, "choose the integration that reads it");
    says(&attempt(&[("payload", "{"), ("title", "x")]), 400, "is no JSON");
    says(&attempt(&[("payload", "{"), ("integration", "scripts")]), 400, "payload");
    says(&attempt(&[]), 400, "choose one that came, paste one, or describe one");
    assert_eq!(api.ok("list", &json!({})), json!([]));
    assert_eq!(api.get("/v1/alerts"), json!([]));
    let sent = api.deliver("scripts", &json!({"id": "it", "title": "[test] it"})).ok();
    let id = sent["alerts"][0]["alert_id"].as_str().expect("an id");
    says(&ana.get(RULES), 200, &format!("<option value=\"{id}\">"));
    says(&attempt(&[("alert_id", id)]), 200, "The rule tests wake nobody is applied.");
    says(&attempt(&[("alert_id", "none")]), 404, "It was not tried.");
}
