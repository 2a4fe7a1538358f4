//! Incidents on pages: found, read, answered and worked on, all by forms and links.

use super::{hidden, says, welcomed};
use checks::{Api, Browser, Call, Database};
use serde_json::{Value, json};

/// Presses the button of an operation on the page of an incident, with what is typed.
fn press(browser: &Browser<'_>, number: i64, operation: &str, typed: &[(&str, &str)]) -> checks::Answer {
    let page = browser.get(&format!("/app/incidents/{number}"));
    let (key, status) = (hidden(&page, "idempotency_key"), hidden(&page, "status"));
    let key = format!("{key}-{operation}");
    let fields: Vec<_> = [("idempotency_key", key.as_str()), ("status", status.as_str())]
        .into_iter()
        .chain(typed.iter().copied())
        .collect();
    browser.post(&format!("/app/incidents/{number}/{operation}"), &fields)
}

/// The types of an incident's events, how each came, and by whom.
fn log(api: &Api, id: i64) -> Vec<(String, String, Value)> {
    let details = api.details(id);
    let events = details["events"].as_array().expect("events").clone();
    let text = |event: &Value, key: &str| event[key].as_str().expect("a text").to_owned();
    events
        .iter()
        .map(|event| (text(event, "event_type"), text(event, "event_method"), event["event_by"].clone()))
        .collect()
}

#[test]
fn an_incident_is_found_and_answered_in_the_name_of_whoever_is_signed_in_and_a_second_press_changes_nothing() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let id = api.incident("Checkout is slow <b>&");
        says(&ana.get("/app/incidents"), 200, "<bdi>Checkout is slow &#60;b&#62;&#38;</bdi>");
        for path in ["/app/incidents/1", "/app/i/1"] {
            says(&ana.get(path), 200, "<h1><bdi>Checkout is slow &#60;b&#62;&#38;</bdi></h1>");
        }
        let page = ana.get("/app/incidents/1");
        says(&page, 200, "action=\"/app/incidents/1/acknowledge\"");
        let fields = [("idempotency_key", &*hidden(&page, "idempotency_key")), ("status", "OPEN")];
        for _ in 0..2 {
            let answered = ana.post("/app/incidents/1/acknowledge", &fields);
            says(&answered, 200, "Acknowledged: it is yours.");
            // What cannot be undone does not stand where a thumb has just been.
            assert!(!answered.text().contains("action=\"/app/incidents/1/acknowledge\""), "{}", answered.text());
            says(&answered, 200, "action=\"/app/incidents/1/unacknowledge\"");
        }
        let ana_alves = json!("Ana Alves");
        let answers: Vec<_> = log(api, id).into_iter().filter(|(what, ..)| what == "ACKNOWLEDGE").collect();
        assert_eq!(answers, [("ACKNOWLEDGE".to_owned(), "WEB".to_owned(), ana_alves)]);
        says(&ana.get("/app/incidents?state=open"), 200, "Nothing is burning");
        says(&ana.get("/app/incidents?state=ack"), 200, "#1");
    });
}

#[test]
fn everything_that_is_done_to_an_incident_is_done_by_a_form_of_its_page() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (id, other) = (api.incident("Checkout is slow"), api.incident("Cards are refused"));
    let business = api.ref_id("business-services", "web shop");
    let (set, workflow) = (api.ref_id("response-sets", "major incident"), api.ref_id("workflows", "open a war room"));
    let steps: [(&str, &[(&str, &str)]); 16] = [
        ("notate", &[("notes", "Look at <script>")]),
        ("escalate", &[]),
        ("snooze", &[("snooze_for", "30")]),
        ("acknowledge", &[]),
        ("unacknowledge", &[]),
        ("amend-urgency", &[("urgency_level", "3")]),
        ("edit-title", &[("title", "Checkout stands still")]),
        ("update-tags", &[("tags", "web, night shift")]),
        ("add-responders", &[("assignees", "mofab")]),
        ("add-subscribers", &[("subscribers", "eva"), ("subscribers", "adsmi")]),
        ("remove-subscribers", &[("subscribers", "adsmi")]),
        ("update-status", &[("status_update", "We look into it")]),
        ("add-impact", &[("business_service_ref_id", &business)]),
        ("run-response-set", &[("response_set_ref_id", &set)]),
        ("run-workflow", &[("workflow_ref_id", &workflow)]),
        ("reassign", &[("reassign_to", "ben")]),
    ];
    for (operation, typed) in steps {
        let answered = press(&ana, 1, operation, typed);
        says(&answered, 200, "class=\"notice good\"");
    }
    let page = ana.get("/app/incidents/1");
    for words in [
        "Look at &#60;script&#62;",
        "Checkout stands still",
        "night shift",
        "We look into it",
        "web shop",
        "With Ben Bauer",
    ] {
        says(&page, 200, words);
    }
    let details = api.details(id);
    let of_ana = |event: &&Value| event["event_method"] == "WEB" && event["event_by"] == "Ana Alves";
    let done: Vec<_> =
        details["events"].as_array().unwrap().iter().filter(of_ana).map(|event| event["event_type"].clone()).collect();
    for wanted in ["NOTATE", "ESCALATE", "SNOOZE", "UN-ACKNOWLEDGE", "REASSIGN", "STATUS UPDATE", "UPDATE TAGS"] {
        assert!(done.contains(&json!(wanted)), "{wanted}: {done:?}");
    }
    says(&press(&ana, 1, "update-tags", &[("tags", "")]), 200, "class=\"notice good\"");
    assert_eq!(api.details(id)["task"]["labels"], json!(null));
    let number = api.details(other)["organization_instance_id"].to_string();
    says(
        &press(&ana, 1, "merge", &[("related_instance_id", &number)]),
        200,
        &format!("merged into <a href=\"/app/incidents/{number}\">"),
    );
    says(&press(&ana, 2, "resolve", &[]), 200, "Resolved.");
    assert_eq!(api.details(other)["status"], "RESOLVED");
}

#[test]
fn what_is_refused_says_why_in_its_place_and_keeps_what_was_typed() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    api.incident("Checkout is slow");
    let long = "x".repeat(600);
    let refused = press(&ana, 1, "edit-title", &[("title", &long)]);
    says(&refused, 400, "<a href=\"#edit-title-title\">Title must have");
    says(&refused, 400, &format!("value=\"{long}\""));
    let refused = press(&ana, 1, "notate", &[("notes", "  ")]);
    says(&refused, 400, "<p class=\"problem\" id=\"notate-notes-problem\">Note is required.</p>");
    says(&refused, 400, "aria-invalid=\"true\" aria-describedby=\"notate-notes-problem\" autofocus>");
    press(&ana, 1, "resolve", &[]);
    let page = ana.get("/app/incidents/1");
    says(&page, 200, "It is resolved: nothing but notes can be added.");
    says(&ana.post("/app/incidents/1/escalate", &[]), 409, "is already resolved");
    says(&ana.post("/app/incidents/1/notate", &[("notes", "It was the cache")]), 200, "Written down.");
}

#[test]
fn a_button_whose_meaning_somebody_else_has_changed_is_not_pressed() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    let id = api.incident("Checkout is slow");
    let drawn = ana.get("/app/incidents/1");
    says(&press(&ben, 1, "resolve", &[]), 200, "Resolved.");
    let fields = [("idempotency_key", &*hidden(&drawn, "idempotency_key")), ("status", "OPEN")];
    says(&ana.post("/app/incidents/1/acknowledge", &fields), 412, "Ben Bauer resolved it");
    assert!(log(&api, id).iter().all(|(what, ..)| what != "ACKNOWLEDGE"));
}

#[test]
fn who_may_only_look_sees_no_form_and_is_refused_behind_it_unless_they_are_asked_themselves() {
    let api = Api::reachable(Database::Sqlite);
    api.amend("username = \"mofab\"", "username = \"mofab\"\nrole = \"observer\"");
    let (mofab, adsmi) = (welcomed(&api, "mofab", "192.0.2.1"), welcomed(&api, "adsmi", "192.0.2.2"));
    let id = api.incident("Checkout is slow");
    let page = mofab.get("/app/incidents/1");
    says(&page, 200, "Checkout is slow");
    assert!(!page.text().contains("action=\"/app/incidents"), "{}", page.text());
    for operation in ["acknowledge", "resolve", "notate", "reassign"] {
        let fields = [("notes", "n"), ("reassign_to", "ana")];
        says(&mofab.post(&format!("/app/incidents/1/{operation}"), &fields), 403, "Needs responder");
    }
    says(&mofab.get("/app/incidents/new"), 403, "Needs responder");
    says(&adsmi.get("/app/incidents/1"), 404, "There is no such incident");
    says(&adsmi.get("/app/now"), 200, "as a stakeholder");
    assert_eq!(api.details(id)["status"], "OPEN");
    api.ok("reassign", &json!({"instance_id": id, "reassign_to": ["mofab"]}));
    says(&press(&mofab, 1, "acknowledge", &[]), 200, "Acknowledged: it is yours.");
}

#[test]
fn many_are_answered_at_once_and_resolving_many_asks_first() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let ids: Vec<i64> = (0..3).map(|number| api.incident(&format!("Trouble {number}"))).collect();
    let ticked = [("operation", "acknowledge"), ("idempotency_key", "k-1"), ("number", "1"), ("number", "3")];
    says(&ana.post("/app/incidents", &ticked), 200, "Done: 2");
    let statuses = || ids.iter().map(|id| api.details(*id)["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(statuses(), ["ACKNOWLEDGED", "OPEN", "ACKNOWLEDGED"]);
    let all = [("operation", "resolve"), ("all", "yes")];
    let sure = ana.post("/app/incidents?state=ack", &all);
    says(&sure, 200, "Resolve 2 incidents?");
    assert_eq!(statuses(), ["ACKNOWLEDGED", "OPEN", "ACKNOWLEDGED"], "nothing is done before the answer");
    let answer = [("operation", "resolve"), ("sure", "yes"), ("number", "3"), ("number", "1")];
    says(&ana.post("/app/incidents?state=ack", &answer), 200, "Done: 2");
    assert_eq!(statuses(), ["RESOLVED", "OPEN", "RESOLVED"]);
    says(&ana.post("/app/incidents", &answer), 200, "#3: Incident");
    says(&ana.post("/app/incidents", &[("operation", "acknowledge")]), 200, "Nothing was ticked.");
    says(&ana.post("/app/incidents", &[("operation", "erase")]), 400, "Must be one of");
}

#[test]
fn an_incident_is_made_by_hand_after_looking_who_would_be_asked() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let checkout = api.ref_id("services", "checkout");
    let typed =
        [("title", "Checkout is slow"), ("service_ref_id", &*checkout), ("urgency_level", "4"), ("users", "ben")];
    let rehearsed = ana.post("/app/incidents/new", &[&typed[..], &[("rehearse", "yes")]].concat());
    says(&rehearsed, 200, "Ana Alves by e-mail");
    says(&rehearsed, 200, "value=\"Checkout is slow\"");
    says(&ana.get("/app/incidents"), 200, "Nothing is burning");
    let empty = ana.post("/app/incidents/new", &[("service_ref_id", &checkout), ("description", "kept as typed")]);
    says(&empty, 400, "id=\"title-problem\"");
    says(&empty, 400, "kept as typed");
    let unheard =
        ana.post("/app/incidents/new", &[("rehearse", "yes"), ("service_ref_id", &checkout), ("urgency_level", "9")]);
    says(&unheard, 400, "<a href=\"#title\">What is wrong ");
    says(&unheard, 400, "id=\"urgency_level-problem\"");
    let made = ana.post("/app/incidents/new", &[&typed[..], &[("idempotency_key", "form-1")]].concat());
    says(&made, 200, "<h1><bdi>Checkout is slow</bdi></h1>");
    says(&made, 200, "With Ana Alves and Ben Bauer");
    ana.post("/app/incidents/new", &[&typed[..], &[("idempotency_key", "form-1")]].concat());
    says(&ana.get("/app/incidents/2"), 404, "There is no such incident");
}

#[test]
fn what_is_not_there_or_belongs_to_others_is_not_found() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for path in ["/app/incidents/1", "/app/incidents/x", "/app/i/7", "/app/incidents/1/2/3"] {
        says(&ana.get(path), 404, "<h1>");
    }
    says(&ana.post("/app/incidents/1/acknowledge", &[]), 404, "There is no such incident");
    says(&ana.post("/app/incidents/1/create", &[]), 404, "<h1>");
    says(&api.browse(Call::get("/app/incidents")), 401, "<h1>Sign in</h1>");
}

#[test]
fn a_list_is_narrowed_to_words_and_to_a_team_which_stay_in_the_address_and_count_for_all_that_match() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        let make = |title: &str, user: &str, tag: &str| {
            api.ok("create", &json!({"title": title, "users": [user], "tags": [tag]}));
        };
        make("Disk of <db-1> is full", "ana", "storage");
        make("disk of db-2 is full", "ben", "eu");
        make("Checkout is slow", "ben", "Disk");
        let page = |query: &str| ana.get(&format!("/app/incidents?{query}"));
        let shown = |query: &str| {
            let page = page(query);
            says(&page, 200, "</h1>");
            [1, 2, 3].map(|number| page.text().contains(&format!("href=\"/app/incidents/{number}\"")))
        };
        assert_eq!(shown("q=DISK+full"), [true, true, false]);
        assert_eq!(shown("q=disk"), [true, true, true], "a tag has it, too");
        assert_eq!(shown("q=slow+eu"), [false; 3]);
        says(&page("q=slow+eu"), 200, "No incident is like this");
        says(&page("q=%22%3Cb%3E"), 200, "value=\"&#34;&#60;b&#62;\"");
        says(&page("q=disk"), 200, "href=\"/app/incidents?q=disk&#38;state=open\"");
        let team = json!({"name": "night owls", "members": ["ben"]});
        api.send(Call::post("/v1/teams").key(&api.key).json(&team)).ok();
        assert_eq!(shown("team=night+owls"), [false, true, true]);
        assert_eq!(shown("team=night+owls&q=checkout"), [false, false, true]);
        assert_eq!(shown("team=none+of+ours"), [false; 3]);
        // All that match are those that are shown.
        let all = [("operation", "acknowledge"), ("all", "yes"), ("idempotency_key", "all")];
        says(&ana.post("/app/incidents?q=checkout", &all), 200, "Done: 1");
        assert_eq!(shown("q=disk&state=open"), [true, true, false]);
    });
}

#[test]
fn so_many_are_looked_at_for_words_and_older_ones_after_a_press() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    api.ok("create", &json!({"title": "the needle", "users": ["ana"]}));
    for number in 0..500 {
        api.ok("create", &json!({"title": format!("straw {number}"), "users": ["ana"]}));
    }
    let first = ana.get("/app/incidents?q=needle");
    says(&first, 200, "The first 500 that fit the other filters were looked at");
    assert!(!first.text().contains("the needle"), "{}", first.text());
    let older =
        first.text().split_once("rel=\"next\"").expect("a link").0.rsplit_once("href=\"").expect("an address").1;
    let older = older.split('"').next().expect("its end").replace("&#38;", "&");
    assert!(older.contains("q=needle"), "{older}");
    says(&ana.get(&older), 200, "the needle");
    // What is not narrowed is read by the page, as ever.
    says(&ana.get("/app/incidents"), 200, "straw 499");
}

#[test]
fn of_what_happened_one_sees_all_or_what_people_did_or_wrote_and_stays_there_while_it_changes() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let id = api.incident("Checkout is slow");
    api.pass_minutes(6);
    api.beat();
    api.ok("acknowledge", &json!({"instance_id": id}));
    says(&press(&ana, 1, "notate", &[("notes", "It was the disk")]), 200, "Written down.");
    let entries = |query: &str| {
        let page = ana.get(&format!("/app/incidents/1{query}"));
        let log =
            page.text().split_once("<ol class=\"timeline\"").expect("a log").1.split_once("</ol>").expect("its end").0;
        (
            log.matches("<li id=\"event-").count(),
            log.matches("class=\"pause\"").count(),
            log.contains("It was the disk"),
        )
    };
    let all = log(&api, id).len();
    let deeds = log(&api, id).iter().filter(|(_, how, _)| how != "SYSTEM").count();
    assert!(all > deeds && deeds > 1, "{all} {deeds}");
    assert_eq!(entries(""), (all, 1, true));
    assert_eq!(entries("?log=nonsense"), (all, 1, true));
    assert_eq!(entries("?log=deeds"), (deeds, 0, true));
    assert_eq!(entries("?log=words"), (1, 0, true));
    let page = ana.get("/app/incidents/1?log=words");
    says(&page, 200, "data-live=\"/app/incidents/1?log=words\"");
    says(&page, 200, "<a href=\"/app/incidents/1?log=words#log\" aria-current=\"page\">Notes and updates</a>");
}
