//! The first run: from an organization with one person in it to a page that rings and is acknowledged.

use super::{PASSWORD, filled, goes_to, says, welcomed};
use checks::{Answer, Api, Browser, Call, Database, PUBLIC_URL};
use directory::{file, make_link};
use domain::Instant;
use domain::sign_in::LinkPurpose;
use notify::carrier::{Address, Message};

const ALONE: &str = r#"
[organization]
name = "fresh"

[[user]]
username = "zoe"
display_name = "Zoe Zeman"
role = "owner"
"#;

/// Somebody who owns an organization in which there is nothing else.
fn alone(api: &Api) -> Browser<'_> {
    let definition = file::read_text("fresh.toml", ALONE).expect("no mistakes");
    directory::apply(api.test.store(), &api.ids, Instant(0), &definition).expect("it can be applied");
    let named = (Some("fresh"), Some("zoe"));
    let link = make_link(api.test.store(), (&api.clock, &api.ids), named, LinkPurpose::Setup, 1).expect("a link");
    let browser = Browser::new(api, "192.0.2.1");
    goes_to(&browser.post(&link.path, &[("password", PASSWORD), ("again", PASSWORD)]), "/app/now");
    browser
}

/// Sends the first form of the page, with these fields in the place of what is filled in.
fn enter(browser: &Browser<'_>, page: &Answer, typed: &[(&str, &str)]) -> Answer {
    let (action, mut fields) = filled(page, "/app/welcome/");
    fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    browser.post(&action, &fields.chain(typed.iter().copied()).collect::<Vec<_>>())
}

fn last_push(api: &Api) -> Message {
    let sent = api.sent.lock().expect("no panic");
    let is_push = |message: &&Message| matches!(message.address, Address::Push { .. });
    sent.iter().rfind(is_push).expect("a push").clone()
}

fn at_step(number: usize) -> String {
    format!("<h2 id=\"step\">{number}. ")
}

#[test]
fn a_person_alone_comes_from_nothing_to_a_page_that_rings_by_pressing_enter() {
    Api::reached_on_both(|api| {
        let zoe = alone(api);
        says(&zoe.get("/app/now"), 200, "Set up: step 1 of 8.");
        let page = zoe.get("/app/welcome");
        says(&page, 200, &at_step(1));
        let page = enter(&zoe, &page, &[("timezone", "Europe/Lisbon")]);
        says(&page, 200, &at_step(2));
        says(&page, 200, "value=\"https://ntfy.sh/reveille-");
        let page = enter(&zoe, &page, &[]);
        says(&page, 200, "A code shows now that it is yours.");
        let page = enter(&zoe, &page, &[]);
        says(&page, 200, "A code is on its way.");
        let code = last_push(api).payload["data"]["code"].as_str().expect("a code").to_owned();
        let page = enter(&zoe, &page, &[("code-push", &code)]);
        says(&page, 200, &at_step(3));
        let page = enter(&zoe, &page, &[]);
        says(&page, 200, &at_step(4));
        let page = enter(&zoe, &page, &[]);
        says(&page, 200, &at_step(5));
        says(&page, 200, "By the routine on-call: Zoe Zeman.");
        let page = enter(&zoe, &page, &[]);
        says(&page, 200, &at_step(6));
        says(&page, 200, "By the policy default: Zoe Zeman.");
        let page = enter(&zoe, &page, &[]);
        says(&page, 200, &at_step(7));
        let page = enter(&zoe, &page, &[]);
        says(&page, 200, &at_step(8));
        says(&page, 200, "curl -X POST https://reveille.example.org/generic/");
        says(&zoe.get("/app/now"), 200, "Set up: step 8 of 8.");
        let page = enter(&zoe, &page, &[]);
        says(&page, 200, "It is on its way.");
        api.beat();
        says(&zoe.get("/app/welcome/page"), 200, "handed over");
        says(&zoe.get("/app/welcome/page"), 200, "250 OK");
        says(&zoe.get("/app/now"), 200, "Set up: step 8 of 8.");
        let message = last_push(api);
        let link = message.actions.iter().find(|link| link.label == "Acknowledge").expect("a link");
        let link = link.url.strip_prefix(PUBLIC_URL).expect("it leads to us");
        assert_eq!(api.send(Call::post(link)).status, 200);
        says(&zoe.get("/app/welcome"), 200, "All is set up: a page was received and acknowledged.");
        let now = zoe.get("/app/now");
        says(&now, 200, "<h1>Now</h1>");
        assert!(!now.text().contains("Set up:"), "{}", now.text());
    });
}

#[test]
fn a_step_that_is_left_is_come_back_to_and_one_that_was_done_elsewhere_is_done() {
    let api = Api::reachable(Database::Sqlite);
    let zoe = alone(&api);
    let page = zoe.get("/app/welcome/zone");
    says(&enter(&zoe, &page, &[]), 200, &at_step(2));
    says(&zoe.get("/app/welcome"), 200, &at_step(2));
    says(&zoe.get("/app/now"), 200, "href=\"/app/welcome/contact\"");
    // A contact that needs no code, by the editor that there is for everything.
    let (_, mut fields) = filled(&zoe.get("/app/edit/users/zoe"), "/app/edit/users/zoe");
    fields.retain(|(name, _)| name != "email");
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = fields.chain([("email", "zoe@example.com"), ("do", "save")]).collect();
    says(&zoe.post("/app/edit/users/zoe", &fields), 200, "is saved");
    says(&zoe.get("/app/welcome"), 200, &at_step(3));
    says(&zoe.get("/app/welcome/contact"), 200, "reaches you");
    let page = zoe.get("/app/welcome/people");
    let page = enter(&zoe, &page, &[("display_name", "Yuri Yang"), ("email", "")]);
    says(&page, 200, "yuri is there.");
    says(&page, 200, "nothing reaches them yet");
    says(&zoe.get("/app/welcome"), 200, &at_step(4));
    // What reaches nobody is said in words.
    let page = zoe.get("/app/welcome/routine");
    let page = enter(&zoe, &page, &[("people", "yuri")]);
    says(&page, 200, "Nothing reaches Yuri Yang: there is no contact yet.");
    says(&zoe.get("/app/welcome/service"), 200, "There is no escalation policy yet, which a service needs.");
    says(&zoe.get("/app/welcome/page"), 200, "There is no service yet: make one first.");
    // The same form once more makes nothing once more.
    let page = zoe.get("/app/welcome/policy");
    for _ in 0..2 {
        says(&enter(&zoe, &page, &[]), 200, &at_step(6));
    }
    says(&zoe.get("/app/settings"), 200, "<option value=\"default\" selected>");
    says(&zoe.get("/app/welcome/nothing"), 404, "<h1>");
}

#[test]
fn people_take_turns_by_day_and_night_or_follow_the_sun() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let page = ana.get("/app/welcome/routine?pattern=day-and-night");
    let typed = [("name", "two shifts"), ("people", "ana"), ("night", "ben")];
    says(&enter(&ana, &page, &typed), 200, "The routine two shifts is there.");
    let text = ana.get("/app/edit/routines/two%20shifts").text().to_owned();
    assert!(text.contains("layer_name = &#34;Night&#34;") && text.contains("shift_length = &#34;12:00&#34;"), "{text}");
    let page = ana.get("/app/welcome/routine?pattern=follow-the-sun");
    let typed = [
        ("name", "sun"),
        ("timezone", "UTC"),
        ("zone-1", "Europe/Lisbon"),
        ("people-1", "ana"),
        ("zone-2", "Asia/Seoul"),
        ("people-2", "cho"),
        ("zone-3", ""),
        ("people-3", ""),
    ];
    says(&enter(&ana, &page, &typed), 200, "The routine sun is there.");
    let text = ana.get("/app/edit/routines/sun").text().to_owned();
    assert!(text.contains("layer_name = &#34;Asia/Seoul&#34;") && text.contains("00:00:00"), "{text}");
}

#[test]
fn mistakes_stand_beside_the_field_and_what_was_typed_stays() {
    let api = Api::reachable(Database::Sqlite);
    let zoe = alone(&api);
    let wrong = |path: &str, typed: &[(&str, &str)], field: &str| {
        let refused = enter(&zoe, &zoe.get(path), typed);
        assert_eq!(refused.status, 400, "{path}: {}", refused.text());
        says(&refused, 400, &format!("id=\"{field}-problem\""));
        refused
    };
    says(&wrong("/app/welcome/zone", &[("timezone", "Mars")], "timezone"), 400, "value=\"Mars\"");
    wrong("/app/welcome/contact", &[("push", "nowhere"), ("email", "no address")], "push");
    wrong("/app/welcome/contact", &[("push", "")], "push");
    wrong("/app/welcome/contact", &[("push", ""), ("phone", "0151")], "phone");
    wrong("/app/welcome/people", &[("display_name", "Ben"), ("email", "no address")], "email");
    wrong("/app/welcome/routine", &[("at", "noon")], "at");
    wrong("/app/welcome/routine", &[("timezone", "Mars")], "timezone");
    wrong("/app/welcome/routine", &[("people", "")], "people");
    wrong("/app/welcome/routine?pattern=day-and-night", &[("night", "")], "night");
    let sun = "/app/welcome/routine?pattern=follow-the-sun";
    says(&wrong(sun, &[("zone-1", "Mars"), ("people-1", "zoe")], "zone-1"), 400, "Place 1");
    wrong(sun, &[("zone-1", "UTC"), ("people-1", "zoe"), ("zone-2", ""), ("people-2", "")], "zone-2");
    wrong("/app/welcome/policy", &[("minutes", "soon")], "minutes");
    wrong("/app/welcome/policy", &[("minutes", "0")], "minutes");
    wrong("/app/welcome/service", &[("name", "")], "name");
    let page = enter(&zoe, &zoe.get("/app/welcome/contact"), &[]);
    let page = enter(&zoe, &page, &[]);
    says(&enter(&zoe, &page, &[("code-push", "nothing")]), 400, "id=\"code-push-problem\"");
}

#[test]
fn whoever_may_not_change_components_does_not_get_it() {
    let api = Api::reachable(Database::Sqlite);
    api.amend("username = \"mofab\"\n", "username = \"mofab\"\nrole = \"observer\"\n");
    let mo = welcomed(&api, "mofab", "192.0.2.9");
    assert!(!mo.get("/app/now").text().contains("Set up:"));
    for step in ["", "/zone", "/contact", "/people", "/routine", "/policy", "/service", "/integration", "/page"] {
        let path = format!("/app/welcome{step}");
        says(&mo.get(&path), 403, "needs");
        if !step.is_empty() {
            says(&mo.post(&path, &[("name", "x")]), 403, "needs");
        }
        says(&api.browse(Call::get(&path)), 401, "<h1>Sign in</h1>");
    }
}

#[test]
fn an_organization_that_is_set_up_sees_it_until_a_page_was_answered() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    says(&ana.get("/app/now"), 200, "Set up: step 8 of 8.");
    let incident = api.incident("Checkout is slow");
    api.ok("acknowledge", &serde_json::json!({"instance_id": incident}));
    says(&ana.get("/app/now"), 200, "Set up: step 8 of 8.");
    let another = api.incident("Checkout is slow again");
    api.beat();
    api.ok("acknowledge", &serde_json::json!({"instance_id": another}));
    api.ok("resolve", &serde_json::json!({"instance_id": another}));
    assert!(!ana.get("/app/now").text().contains("Set up:"));
}
