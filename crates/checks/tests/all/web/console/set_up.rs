//! What an organization is set up of: lists, pages of components, and the editor.

use super::{filled, hidden, says, welcomed};
use checks::{Api, Browser, Call, Database};
use serde_json::json;

const LISTS: [&str; 10] = [
    "services",
    "integrations",
    "rules",
    "business-services",
    "response-sets",
    "workflows",
    "heartbeats",
    "maintenance",
    "teams",
    "people",
];

/// Somebody who only looks.
fn observer(api: &Api) -> Browser<'_> {
    api.amend("username = \"mofab\"\n", "username = \"mofab\"\nrole = \"observer\"\n");
    welcomed(api, "mofab", "192.0.2.9")
}

#[test]
fn every_list_and_its_editor_are_there_for_who_may_and_what_is_not_theirs_is_not() {
    let api = Api::reachable(Database::Sqlite);
    let mo = observer(&api);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for list in LISTS {
        says(&ana.get(&format!("/app/{list}")), 200, "/app/edit/");
        let page = mo.get(&format!("/app/{list}"));
        says(&page, 200, "<h1>");
        assert!(!page.text().contains("/app/edit/"), "{list} offers an observer what they may not");
        says(&ana.get(&format!("/app/{list}/nothing%20like%20it")), 404, "<h1>");
    }
    for collection in ["services", "escalation-policies", "routines", "routing-rules", "users", "integrations", "teams"]
    {
        says(&ana.get(&format!("/app/edit/{collection}")), 200, "Look at it first");
        says(&mo.get(&format!("/app/edit/{collection}")), 403, "needs");
        says(&mo.post(&format!("/app/edit/{collection}"), &[("name", "x")]), 403, "needs");
    }
    says(&ana.get("/app/edit/nothing"), 404, "<h1>");
    // What only the other organization has.
    says(&ana.get("/app/services/vault"), 404, "<h1>");
}

#[test]
fn a_service_is_made_looked_at_changed_and_removed_by_forms() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let make = "/app/edit/services";
    let form = ana.get(make);
    let key = hidden(&form, "idempotency_key");
    let name = "<b>search</b> & find";
    let fields = [("idempotency_key", key.as_str()), ("name", name), ("escalation_policy", "primary")];
    let with = |what| [&fields[..], &[("do", what)]].concat();
    says(&ana.post(make, &with("look")), 200, "What it comes to");
    says(&ana.get("/app/services?q=search"), 200, "No services like that");
    says(&ana.post(make, &with("save")), 200, "is saved");
    // Once more is the same once.
    says(&ana.post(make, &with("save")), 200, "is saved");
    let page = "/app/services/%3Cb%3Esearch%3C%2Fb%3E%20%26%20find";
    says(&ana.get(page), 200, "&#60;b&#62;search&#60;/b&#62; &#38; find");
    says(&ana.get(page), 200, "[[service]]");
    let edit = "/app/edit/services/%3Cb%3Esearch%3C%2Fb%3E%20%26%20find";
    let version = hidden(&ana.get(edit), "version");
    let change = |version: &str, policy: &str, hold: &str| {
        let fields = [("version", version), ("name", "search"), ("escalation_policy", policy), ("hold_seconds", hold)];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = |path: &str, fields: &[(String, String)]| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        ana.post(path, &[&fields[..], &[("do", "save")]].concat())
    };
    let refused = post(edit, &change(&version, "nobody's", "soon"));
    says(&refused, 400, "id=\"hold_seconds-problem\"");
    says(&refused, 400, "value=\"soon\"");
    says(&post(edit, &change(&version, "payments", "60")), 200, "search is saved");
    let meanwhile = post("/app/edit/services/search", &change(&version, "management", "60"));
    says(&meanwhile, 412, "changed this meanwhile");
    says(&meanwhile, 412, "<td data-label=\"Theirs\"><bdi>payments</bdi></td>");
    says(&meanwhile, 412, "<strong><bdi>Ana Alves</bdi> changed this meanwhile.</strong> <time");
    let remove = "/app/edit/services/search/remove";
    let asked = ana.get(remove);
    says(&asked, 200, "Nothing names the service");
    says(&ana.post(remove, &[("version", &hidden(&asked, "version"))]), 200, "is removed");
    says(&ana.get("/app/services/search"), 404, "<h1>");
}

#[test]
fn what_is_named_says_by_whom_and_is_not_removed() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let remove = "/app/edit/services/checkout/remove";
    let asked = ana.get(remove);
    says(&asked, 200, "href=\"/app/integrations/prometheus\"");
    let refused = ana.post(remove, &[("version", &hidden(&asked, "version"))]);
    says(&refused, 409, "Nothing was removed");
}

#[test]
fn a_gap_is_saved_by_a_tick_that_names_it() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let make = "/app/edit/escalation-policies";
    let levels = [("levels[0].minutes", "5"), ("levels[0].routines", "test turns")];
    let fields = [&[("name", "gaps"), ("do", "save")], &levels[..]].concat();
    let refused = ana.post(make, &fields);
    says(&refused, 409, "Not saved yet: this makes a gap");
    let mark = refused
        .text()
        .split_once("name=\"gap\" value=\"")
        .expect("a tick")
        .1
        .split('"')
        .next()
        .expect("its value")
        .to_owned();
    says(&ana.get("/app/edit/escalation-policies/gaps"), 404, "<h1>");
    let ticked = [&fields[..], &[("gap", mark.as_str())]].concat();
    says(&ana.post(make, &ticked), 200, "gaps is saved");
}

#[test]
fn addresses_and_keys_are_shown_to_who_may_see_them() {
    let api = Api::reachable(Database::Sqlite);
    let mo = observer(&api);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    says(&ana.get("/app/people/ben"), 200, "ben@example.com");
    let masked = mo.get("/app/people/ben");
    says(&masked, 200, "b…@example.com");
    assert!(!masked.text().contains("ben@example.com") && !masked.text().contains("+447700900102"));
    says(&ana.get("/app/integrations/scripts"), 200, "curl -X POST https://reveille.example.org/generic/");
    let hidden = mo.get("/app/integrations/scripts");
    says(&hidden, 200, "Nothing has arrived yet");
    assert!(!hidden.text().contains("https://reveille.example.org/generic/"));
    says(&ana.get("/app/people?view=unreached"), 200, "Nothing reaches them");
}

#[test]
fn maintenance_of_a_service_begins_from_its_page() {
    let api = Api::reachable(Database::Sqlite);
    let mo = observer(&api);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let path = "/app/services/checkout/maintenance";
    assert!(!mo.get("/app/services/checkout").text().contains(path));
    says(&mo.post(path, &[("minutes", "30")]), 403, "needs");
    says(&ana.post(path, &[("own_minutes", "a while")]), 400, "must be a whole number of minutes");
    says(&ana.post(path, &[("minutes", "30")]), 200, "Maintenance has begun");
    says(&ana.get("/app/maintenance"), 200, "open until");
}

#[test]
fn an_integration_is_given_another_key_on_its_page_which_says_how_long_the_one_before_counts() {
    let api = Api::reachable(Database::Sqlite);
    let mo = observer(&api);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (page, at) = ("/app/integrations/scripts", "/app/integrations/scripts/rotate-key");
    assert!(!mo.get(page).text().contains(at) && !ana.get(page).text().contains("The key before counts until"));
    says(&mo.post(at, &[("overlap_hours", "1")]), 403, "needs");
    let old = api.intake_path("scripts");
    says(&ana.post(at, &[("overlap_hours", "a day")]), 400, "overlap_hours: must be a whole number");
    assert_eq!(api.intake_path("scripts"), old);
    let made = ana.post(at, &[("overlap_hours", "48")]);
    let new = api.intake_path("scripts");
    says(&made, 200, "It has another key.");
    says(&made, 200, &new);
    says(&ana.get(page), 200, "The key before counts until");
    api.send(Call::post(&old).json(&json!({"title": "by the old one"}))).ok();
    api.clock.advance(48 * 3_600_000_000);
    assert!(!ana.get(page).text().contains("The key before counts until"));
}

#[test]
fn a_body_is_tried_on_the_page_of_its_integration_where_nothing_is_stored_and_nobody_is_told() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let at = "/app/integrations/scripts/try";
    let tried = ana.post(at, &[("payload", "{\"title\": \"Disk of <db-1> is full\", \"id\": \"disk\"}")]);
    says(&tried, 200, "<strong><bdi>Disk of &#60;db-1&#62; is full</bdi></strong>");
    says(&tried, 200, "Nothing was stored, and nobody was told.");
    assert!(tried.text().contains("Nothing has arrived yet"), "{}", tried.text());
    assert_eq!(api.ok("list", &json!({})), json!([]));
    let wrong = ana.post(at, &[("payload", "{\"title\": ")]);
    says(&wrong, 200, "not read");
    says(&ana.post(at, &[("payload", "")]), 200, "Nothing has come yet that could be tried.");
    assert_eq!(api.deliver("scripts", &json!({"title": "Fan broken", "id": "fan"})).status, 200);
    says(&ana.post(at, &[("payload", "")]), 200, "<strong><bdi>Fan broken</bdi></strong>");
}

#[test]
fn a_test_is_sent_from_the_page_of_its_integration_which_shows_what_became_of_it() {
    let api = Api::reachable(Database::Sqlite);
    let mo = observer(&api);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let at = "/app/integrations/scripts/try";
    assert!(!mo.get("/app/integrations/scripts").text().contains("as a test"));
    says(&mo.post(at, &[("do", "send")]), 403, "needs");
    assert_eq!(api.ok("list", &json!({})), json!([]));
    let sent = ana.post(at, &[("payload", "{\"title\": \"Fan <b>\"}"), ("do", "send")]);
    says(&sent, 200, "<span class=\"chip\">opened</span> <a href=\"/app/incidents/1\">#1</a>");
    assert!(!sent.text().contains("Nothing has arrived yet"), "it came like any other: {}", sent.text());
    says(&ana.get("/app/incidents/1"), 200, "<h1><bdi>Test: Fan &#60;b&#62;</bdi></h1>");
    says(&ana.post(at, &[("payload", "{"), ("do", "send")]), 400, "payload: ");
}

#[test]
fn what_somebody_else_changed_meanwhile_stands_beside_what_was_and_what_is_typed_and_is_chosen_by_field() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        ana.post("/app/edit/services", &[("name", "search"), ("escalation_policy", "primary"), ("do", "save")]);
        let edit = "/app/edit/services/search";
        let (mine, theirs) = (ana.get(edit), ana.get(edit));
        let save = |page: &checks::Answer, fields: &[(&str, &str)]| {
            let (version, was) = (hidden(page, "version"), hidden(page, "was").replace("&#34;", "\""));
            let all = [&[("version", version.as_str()), ("was", &was), ("name", "search"), ("do", "save")][..], fields];
            ana.post(edit, &all.concat())
        };
        let other = [("escalation_policy", "payments"), ("hold_seconds", "60"), ("description", "theirs")];
        says(&save(&theirs, &other), 200, "search is saved");
        let typed = [("escalation_policy", "management"), ("description", "")];
        let refused = save(&mine, &typed);
        says(&refused, 412, "changed this meanwhile");
        for (field, before, theirs, mine) in
            [("Escalation policy", "primary", "payments", "management"), ("Description", "", "theirs", "")]
        {
            let row = format!(
                "{field}</th><td data-label=\"Before\"><bdi>{before}</bdi></td><td data-label=\"Theirs\"><bdi>{theirs}</bdi>\
                </td><td data-label=\"Yours\"><bdi>{mine}</bdi></td>"
            );
            says(&refused, 412, &row);
        }
        // What only they changed is theirs, what I changed is mine.
        let proposed = |key: &str, value: &str| format!("name=\"take-{key}\" value=\"{value}\" checked");
        for (key, value) in [("escalation_policy", "mine"), ("description", "theirs"), ("hold_seconds", "theirs")] {
            says(&refused, 412, &proposed(key, value));
        }
        let choices =
            [("take-escalation_policy", "mine"), ("take-description", "theirs"), ("take-hold_seconds", "theirs")];
        says(&save(&refused, &[&typed[..], &choices].concat()), 200, "search is saved");
        let stored = api.get("/v1/services/search");
        let told = (&stored["escalation_policy"], &stored["description"], &stored["hold_seconds"]);
        assert_eq!(told, (&json!("management"), &json!("theirs"), &json!(60)));
    });
}

/// Whether these stand on the page one after the other.
fn in_order(page: &checks::Answer, addresses: &[&str]) -> bool {
    let places: Vec<_> = addresses.iter().map(|address| page.text().find(&format!("href=\"{address}\""))).collect();
    places.iter().all(Option::is_some) && places.is_sorted()
}

#[test]
fn a_list_stands_in_the_order_that_its_address_says_and_keeps_it_while_one_searches_and_turns_pages() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for number in 0..60 {
        let person = json!({"username": format!("z{number:02}"), "role": "observer"});
        api.send(Call::post("/v1/users").key(&api.key).json(&person)).ok();
    }
    let page = ana.get("/app/people?sort=-name");
    says(
        &page,
        200,
        "<th scope=\"col\" aria-sort=\"descending\"><span class=\"narrow-only\">Name</span><a class=\"wide-only\" href=\"/app/people?sort=name\">Name",
    );
    assert!(in_order(&page, &["/app/people/z59", "/app/people/z58", "/app/people/z20"]), "{}", page.text());
    says(&page, 200, "href=\"/app/people?sort=-name&#38;page=2\" rel=\"next\"");
    says(&page, 200, "<option value=\"-name\" selected>");
    says(&page, 200, "href=\"/app/people?sort=-name&#38;view=unreached\"");
    assert!(in_order(&ana.get("/app/people?sort=-name&page=2"), &["/app/people/cho", "/app/people/ana"]));
    let page = ana.get("/app/people?q=a&sort=role");
    assert!(in_order(&page, &["/app/people/ana", "/app/people/cho"]), "admins come before responders: {}", page.text());
    says(&page, 200, "<a class=\"wide-only\" href=\"/app/people?q=a&#38;sort=-role\">Role");
    // What is no order is none.
    says(
        &ana.get("/app/people?sort=nonsense"),
        200,
        "<th scope=\"col\"><span class=\"narrow-only\">Name</span><a class=\"wide-only\" href=\"/app/people?sort=name\">Name</a>",
    );
}

#[test]
fn people_are_narrowed_to_a_team() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let team = json!({"name": "night owls", "members": ["ben"]});
    api.send(Call::post("/v1/teams").key(&api.key).json(&team)).ok();
    let owls = ana.get("/app/people?team=night+owls");
    says(&owls, 200, "/app/people/ben");
    assert!(!owls.text().contains("/app/people/cho") && owls.text().contains("none known"), "{}", owls.text());
    says(&owls, 200, "href=\"/app/people?team=night+owls&#38;view=unreached\"");
    says(&ana.get("/app/people?team=night+owls&q=cho"), 200, "No people like that");
    assert!(!ana.get("/app/services").text().contains("id=\"team\""));
}

#[test]
fn whoever_is_removed_is_erased_too_where_the_box_is_ticked() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let lou = json!({"username": "lou", "display_name": "Lou Lund"});
    api.send(Call::post("/v1/users").key(&api.key).json(&lou)).ok();
    let incident = api.incident("Disk full");
    api.ok("notate", &json!({"instance_id": incident, "notes": "Lou Lund has the keys", "by": "lou"}));
    let page = ana.get("/app/edit/users/lou/remove");
    says(&page, 200, "Erase them, too");
    let (action, mut fields) = filled(&page, "/app/edit/users/");
    assert!(fields.iter().all(|(name, _)| name != "erase"), "nobody is erased unasked");
    fields.push(("erase".to_owned(), "true".to_owned()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let done = ana.post(&action, &fields);
    says(&done, 200, "former person 1");
    let number = api.details(incident)["organization_instance_id"].as_i64().expect("a number");
    says(&done, 200, &format!("/app/incidents/{number}\""));
    says(&ana.get(&format!("/app/incidents/{number}")), 200, "former person 1 (by the API)");
    let team = ana.get("/app/edit/teams");
    assert!(!team.text().contains("Erase them"), "only people are");
}

#[test]
fn a_contact_is_vouched_for_on_the_page_of_its_person_by_who_proved_just_now_who_they_are() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let vouch = |browser: &Browser<'_>, channel| browser.post("/app/people/pia/contacts", &[("channel", channel)]);
    says(&ana.get("/app/people/pia"), 200, "Vouch for sms");
    let mo = observer(&api);
    assert!(!mo.get("/app/people/pia").text().contains("Vouch for"));
    says(&vouch(&mo, "sms"), 403, "Contacts");
    says(&vouch(&ana, "email"), 409, "Contacts");
    api.pass_minutes(11);
    says(&vouch(&ana, "sms"), 403, "Is it still you?");
    says(&ana.get("/app/people/pia"), 200, "Vouch for sms");
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let done = vouch(&ana, "sms");
    says(&done, 200, "It is used from now on");
    assert!(!done.text().contains("Vouch for sms") && done.text().contains("Vouch for voice"), "{}", done.text());
}

#[test]
fn what_is_given_to_be_pasted_elsewhere_has_a_button_that_only_a_script_shows() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let button = "<button type=\"button\" hidden data-copies>Copy</button>";
    let follows = |page: &checks::Answer, what: &str| says(page, 200, &format!("{button}{what}"));
    follows(&ana.get("/app/integrations/prometheus"), "<pre>");
    follows(&ana.post("/app/keys", &[("name", "deploy"), ("scope", "read")]), "<pre>reveille_");
    follows(&ana.post("/app/settings/wall", &[]), " <a href=\"");
    follows(&ana.post("/app/me/when", &[("act", "feed")]), "<p class=\"code\">");
    follows(&ana.get("/app/on-call"), "<pre>");
    for path in ["/app/help", "/app/now"] {
        assert!(!ana.get(path).text().contains("data-copies"));
    }
}

#[test]
fn whole_words_of_titles_lead_to_incidents_however_old_they_are_and_follow_what_is_edited() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let old = api.incident("Replica lag of db-3");
    for number in 0..500 {
        api.incident(&format!("straw {number}"));
    }
    let finds = |words: &str| ana.get(&format!("/app/search?q={words}")).text().contains("#1 Re");
    assert!(!finds("lag"), "to make an incident notes nothing");
    api.beat();
    assert_eq!(["lag", "LAG+db+3", "replica+lag", "lag+straw", "repl"].map(finds), [true, true, true, false, false]);
    api.ok("edit-title", &json!({"instance_id": old, "title": "Reading is slow"}));
    assert_eq!(["lag", "slow"].map(finds), [false, true]);
    api.ok("resolve", &json!({"instance_id": old}));
    says(&ana.get("/app/search?q=slow"), 200, ">Resolved incidents <span class=\"count\">1</span>");
}

#[test]
fn the_page_of_a_team_tells_its_members_one_a_line_with_what_each_is_in_it() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let team = json!({"name": "owls", "members": ["cho", {"username": "ben", "team_role": "manager"}]});
    api.send(Call::post("/v1/teams").key(&api.key).json(&team)).ok();
    let page = ana.get("/app/teams/owls");
    says(&page, 200, "<bdi>ben</bdi>, manager</span></li>");
    says(&page, 200, "<bdi>cho</bdi>, responder</span></li>");
    says(&page, 200, "<a href=\"/app/people/ben\"><bdi>Ben Bauer</bdi></a>");
    assert_eq!(page.text().matches("href=\"/app/people/").count(), 2, "{}", page.text());
}
