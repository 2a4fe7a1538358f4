//! Fields within a field in the editor of components: rows and groups, filled in, arranged and refused without any script.

use super::{filled, says, welcomed};
use checks::{Answer, Api, Browser, Call, Database};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Sends the form of the page with this button, and with these fields in the place of what is filled in.
fn press(browser: &Browser<'_>, page: &Answer, button: &str, typed: &[(&str, &str)]) -> Answer {
    let (action, mut fields) = filled(page, "/app/edit/");
    fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = fields.chain(typed.iter().copied()).chain([("do", button)]).collect();
    browser.post(&action, &fields)
}

/// What the form of a page says, without what is empty.
fn said(page: &Answer, begin: &str) -> Vec<String> {
    let fields = filled(page, "/app/edit/").1.into_iter();
    let fields = fields.filter(|(name, value)| name.starts_with(begin) && !value.is_empty());
    fields.map(|(name, value)| format!("{name}={value}")).collect()
}

/// An organization that lets what its file manages be changed here, too.
fn opened() -> Api {
    let api = Api::reachable(Database::Sqlite);
    let settings = json!({"file_lock": "drift"});
    api.send(Call::new("PATCH", "/v1/organization").key(&api.key).header("if-match", "*").json(&settings)).ok();
    api
}

/// A component without what every change sets anew.
fn stored(api: &Api, path: &str) -> Value {
    let mut component = api.get(path);
    for key in ["version", "updated_at", "updated_by", "managed_by", "drifted", "source"] {
        component.as_object_mut().expect("a component").remove(key);
    }
    // Boxes that are ticked are sent in the order in which they stand there.
    for ticked in component.as_object_mut().expect("a component").values_mut().filter_map(Value::as_array_mut) {
        if ticked.iter().all(Value::is_string) {
            ticked.sort_by_key(Value::to_string);
        }
    }
    component
}

#[test]
fn levels_of_a_policy_are_filled_in_row_by_row_put_in_order_and_taken_away_without_a_script() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let page = ana.get("/app/edit/escalation-policies");
        let typed = [("name", "two steps"), ("levels[0].minutes", "5"), ("levels[0].users", "ana")];
        let page = press(&ana, &page, "more levels", &typed);
        says(&page, 200, "<legend>Level 2</legend>");
        // A second person beside the first, and a level that is filled in before anybody is asked to save.
        let page = press(&ana, &page, "one levels[0].users", &[("levels[1].minutes", "10")]);
        let typed = [("levels[0].users", "ana"), ("levels[0].users", "cho"), ("levels[1].routines", "payments")];
        let page = press(&ana, &page, "up levels[1]", &typed);
        let expect = [
            "levels[0].minutes=10",
            "levels[1].minutes=5",
            "levels[0].routines=payments",
            "levels[1].users=ana",
            "levels[1].users=cho",
        ];
        assert_eq!(said(&page, "levels"), expect);
        says(&ana.get("/app/policies"), 200, "<h1>");
        assert!(!ana.get("/app/policies").text().contains("two steps"), "buttons store nothing");
        let page = press(&ana, &page, "more levels", &[]);
        let page = press(&ana, &page, "drop levels[0]", &[("levels[2].minutes", "1"), ("levels[2].users", "ben")]);
        says(&press(&ana, &page, "look", &[]), 200, "What it comes to");
        says(&press(&ana, &page, "save", &[]), 200, "two steps is saved.");
        let levels = &api.get("/v1/escalation-policies/two%20steps")["levels"];
        let told = |level: &Value| (level["minutes"].clone(), level["users"].clone());
        let expect = [(json!(5), json!(["ana", "cho"])), (json!(1), json!(["ben"]))];
        assert_eq!(levels.as_array().expect("levels").iter().map(told).collect::<Vec<_>>(), expect);
        // A row of which nothing is left is no level.
        let page = ana.get("/app/edit/escalation-policies/two%20steps");
        let page = press(&ana, &page, "save", &[("levels[1].minutes", ""), ("levels[1].users", "")]);
        says(&page, 200, "two steps is saved.");
        assert_eq!(api.get("/v1/escalation-policies/two%20steps")["levels"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn what_is_refused_in_a_row_stands_beside_its_field_and_what_was_typed_stays() {
    let api = opened();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let page = ana.get("/app/edit/escalation-policies");
    let page = press(&ana, &page, "more levels", &[("name", "odd")]);
    let typed = [
        ("levels[0].minutes", "5"),
        ("levels[0].users", "ana"),
        ("levels[1].minutes", "<soon>"),
        ("levels[1].users", "ben"),
    ];
    for button in ["look", "save"] {
        let refused = press(&ana, &page, button, &typed);
        let beside = "name=\"levels[1].minutes\" value=\"&#60;soon&#62;\" autocomplete=\"off\" inputmode=\"numeric\" \
            aria-invalid=\"true\" aria-describedby=\"levels-1-minutes-problem\"";
        says(&refused, 400, beside);
        says(
            &refused,
            400,
            "id=\"levels-1-minutes-problem\">Minutes until the next level is asked must be a whole number",
        );
        says(&refused, 400, "<a href=\"#levels-1-minutes\">Level 2: Minutes until the next level is asked must be");
        says(&refused, 400, "<option value=\"ben\" selected>");
    }
    // Somebody who left meanwhile is still shown, and named beside the level that asks them.
    let refused = press(&ana, &page, "save", &[("levels[0].minutes", "5"), ("levels[0].users", "nobody")]);
    assert_ne!(refused.status, 200);
    says(&refused, refused.status, "id=\"levels-0-users-problem\"");
    says(&refused, refused.status, "<option value=\"nobody\" selected>nobody</option>");
    // A key that opens nothing, and buttons that are about nothing, change nothing.
    for button in ["up levels[9]", "drop levels[", "more nothing", "one"] {
        assert_eq!(said(&press(&ana, &page, button, &typed), "levels").len(), 4, "{button}");
    }
}

#[test]
fn every_component_that_is_saved_as_its_form_was_drawn_stays_what_it_was() {
    let api = opened();
    api.extend(
        "[[service]]\nname = \"by day\"\nescalation_policy = \"primary\"\n[service.support_hours]\ntimezone = \"UTC\"\n\
        hours = [{ days = [\"monday\", \"friday\"], from = \"09:00\", until = \"24:00\" }, { from = \"01:00\", until = \"02:00\" }]\n\
        holidays = [\"2026-12-25\"]\nurgency_at_most = 2\nescalation_policy = \"management\"\nraise_at_start = false\n\
        [[routing_rule]]\nname = \"many tests\"\nminimum = 2\nactions = { set_urgency = 2, add_tags = [\"a\"], set_policies = [\"primary\"] }\n\
        conditions = [{ field = \"title\", contains = \" x\" }, { field = \"/n\", equals = \"4\" }, { field = \"/n\", not_equals = 4 }, { field = \"/t\", exists = false }]\n",
    );
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let mut walked = 0;
    for collection in [
        "escalation-policies",
        "services",
        "routing-rules",
        "integrations",
        "users",
        "response-sets",
        "workflows",
        "business-services",
        "heartbeats",
        "maintenance-windows",
    ] {
        let list = api.get(&format!("/v1/{collection}"));
        for component in list.as_array().expect("a list") {
            let name = component.get("name").or(component.get("username")).and_then(Value::as_str).expect("a name");
            let path = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
            let before = stored(&api, &format!("/v1/{collection}/{path}"));
            let saved = press(&ana, &ana.get(&format!("/app/edit/{collection}/{path}")), "save", &[]);
            says(&saved, 200, " is saved.");
            assert_eq!(stored(&api, &format!("/v1/{collection}/{path}")), before, "{collection} {name}");
            walked += 1;
        }
    }
    assert!(walked > 20, "{walked}");
}

#[test]
fn rules_by_which_somebody_is_told_are_rows_of_steps_and_a_chat_is_a_group() {
    let api = opened();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let edit = "/app/edit/users/ana";
    let page =
        press(&ana, &ana.get(edit), "more notification_rules[0].steps", &[("notification_rules[0].urgencies", "5")]);
    says(&page, 200, "<legend>Rule 1, step 2</legend>");
    let steps = [
        ("notification_rules[0].steps[0].after_minutes", "0"),
        ("notification_rules[0].steps[0].channel", "sms"),
        ("notification_rules[0].steps[1].after_minutes", "3"),
        ("notification_rules[0].steps[1].channel", "voice"),
    ];
    let chat = [("chat.kind", "slack"), ("chat.url", "ftp://example.com")];
    let refused = press(&ana, &page, "save", &[&steps[..], &chat].concat());
    says(&refused, 400, "id=\"chat-url-problem\"");
    says(&refused, 400, "value=\"ftp://example.com\"");
    let chat = [("chat.url", "https://chat.example.com/services/ana")];
    says(&press(&ana, &refused, "save", &chat), 200, "ana is saved.");
    let user = api.get("/v1/users/ana");
    let expect = json!([{"urgencies": [5], "steps": [{"after_minutes": 0, "channel": "sms"},
        {"after_minutes": 3, "channel": "voice"}]}]);
    assert_eq!((&user["notification_rules"], &user["chat"]["kind"]), (&expect, &json!("slack")));
    let page = press(&ana, &ana.get(edit), "drop notification_rules[0]", &[]);
    let page = press(&ana, &page, "drop chat", &[]);
    says(&press(&ana, &page, "save", &[]), 200, "ana is saved.");
    let user = api.get("/v1/users/ana");
    assert!(user["chat"].is_null(), "{user}");
    assert!(user["notification_rules"].as_array().is_none_or(Vec::is_empty), "{user}");
}

#[test]
fn a_rule_is_made_of_conditions_and_what_it_does_and_support_hours_of_stretches_of_a_week() {
    let api = opened();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let typed = [
        ("name", "quiet tests"),
        ("conditions[0].field", "title"),
        ("conditions[0].test", "contains"),
        ("conditions[0].value", "[test]"),
    ];
    let page = press(&ana, &ana.get("/app/edit/routing-rules"), "more conditions", &typed);
    let typed =
        [("conditions[1].field", "urgency_level"), ("conditions[1].test", "lte"), ("conditions[1].value", "loud")];
    let refused = press(&ana, &page, "save", &typed);
    says(&refused, 400, "id=\"conditions-1-value-problem\"");
    says(&refused, 400, "id=\"actions-problem\"");
    let typed = [("conditions[1].value", "3"), ("actions.set_urgency", "1"), ("actions.add_tags", "a\r\nb")];
    says(&press(&ana, &refused, "save", &typed), 200, "quiet tests is saved.");
    let rule = api.get("/v1/routing-rules/quiet%20tests");
    let conditions = json!([{"field": "title", "contains": "[test]"}, {"field": "urgency_level", "lte": 3.0}]);
    assert_eq!((&rule["conditions"], &rule["actions"]["add_tags"]), (&conditions, &json!(["a", "b"])));
    let edit = "/app/edit/services/checkout";
    let hours = [
        ("support_hours.timezone", "Europe/Berlin"),
        ("support_hours.hours[0].days", "monday"),
        ("support_hours.hours[0].days", "tuesday"),
        ("support_hours.hours[0].from", "09:00"),
        ("support_hours.hours[0].until", "25:00"),
        ("support_hours.urgency_at_most", "2"),
    ];
    let refused = press(&ana, &ana.get(edit), "save", &hours);
    says(&refused, 400, "support_hours-hours-0");
    says(&refused, 400, "value=\"25:00\"");
    says(&press(&ana, &refused, "save", &[("support_hours.hours[0].until", "17:00")]), 200, "checkout is saved.");
    let service = api.get("/v1/services/checkout");
    let expect = json!([{"days": ["monday", "tuesday"], "from": "09:00", "until": "17:00"}]);
    assert_eq!(service["support_hours"]["hours"], expect);
    let page = press(&ana, &ana.get(edit), "drop support_hours", &[]);
    says(&press(&ana, &page, "save", &[]), 200, "checkout is saved.");
    assert!(api.get("/v1/services/checkout")["support_hours"].is_null());
}

#[test]
fn where_there_are_many_people_they_are_typed_and_offered_once() {
    let api = opened();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let edit = "/app/edit/escalation-policies/primary";
    assert!(!ana.get(edit).text().contains("<datalist"));
    let mut lines = String::new();
    for number in 0..70 {
        let _ = write!(lines, "\n[[user]]\nusername = \"p{number}\"\ndisplay_name = \"Person {number}\"\n");
    }
    api.extend(&lines);
    let page = ana.get(edit);
    says(&page, 200, "name=\"levels[0].users\" value=\"\" list=\"known-user\"");
    says(&page, 200, "<option value=\"p7\">Person 7</option>");
    assert_eq!(page.text().matches("<option value=\"p7\">").count(), 1);
    says(&press(&ana, &page, "save", &[("levels[0].users", "p7")]), 200, "primary is saved.");
    assert_eq!(api.get("/v1/escalation-policies/primary")["levels"][0]["users"], json!(["p7"]));
}

#[test]
fn the_first_button_of_a_form_with_rows_only_looks_since_the_enter_key_presses_it() {
    let api = opened();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for path in ["escalation-policies/primary", "users/ben", "routing-rules", "services/checkout", "integrations"] {
        let page = ana.get(&format!("/app/edit/{path}"));
        let form = page.text().split_once("<form method=\"post\" action=\"/app/edit/").expect("a form").1;
        let first = form.split_once("<button").expect("a button").1;
        assert!(first.starts_with(" type=\"submit\" name=\"do\" value=\"look\">"), "{path}");
        assert!(!form.contains("As a directory file writes it, such as"), "{path} wants TOML");
    }
}

#[test]
fn a_table_to_look_up_in_is_filled_in_row_by_row_and_no_row_is_lost_for_its_name() {
    let api = opened();
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let made = json!({"name": "hosts", "kind": "generic", "service": "checkout", "enrichments": [{"name": "whose",
        "lookup": {"key": "{{ labels.host }}", "rows": {"db-1": {"team": "storage"}}}, "add_tags": ["{{ team }}"]}]});
    api.send(Call::post("/v1/integrations").key(&api.key).json(&made)).ok();
    let table = "enrichments[0].lookup.rows";
    let page = ana.get("/app/edit/integrations/hosts");
    let drawn = [
        "enrichments[0].lookup.rows[0].name=db-1",
        "enrichments[0].lookup.rows[0].holds[0].name=team",
        "enrichments[0].lookup.rows[0].holds[0].holds=storage",
    ];
    assert_eq!(said(&page, table), drawn);
    assert!(!page.text().contains("As a directory file writes it"), "nobody writes TOML for it");
    let column = "enrichments[0].lookup.rows[0].holds[1]";
    let (name, holds) = (format!("{column}.name"), format!("{column}.holds"));
    let page = press(&ana, &page, "more enrichments[0].lookup.rows", &[(&name, "floor"), (&holds, "3")]);
    let again = [("enrichments[0].lookup.rows[1].name", "db-1")];
    for button in ["look", "save"] {
        let refused = press(&ana, &page, button, &again);
        says(&refused, 400, "Where that is is there twice");
        assert!(said(&refused, table).contains(&"enrichments[0].lookup.rows[1].name=db-1".to_owned()));
    }
    let named = [
        ("enrichments[0].lookup.rows[1].name", "db-2"),
        ("enrichments[0].lookup.rows[1].holds[0].name", "team"),
        ("enrichments[0].lookup.rows[1].holds[0].holds", "search"),
    ];
    says(&press(&ana, &page, "save", &named), 200, "hosts is saved.");
    let rows = api.get("/v1/integrations/hosts")["enrichments"][0]["lookup"]["rows"].clone();
    assert_eq!(rows, json!({"db-1": {"team": "storage", "floor": "3"}, "db-2": {"team": "search"}}));
}
