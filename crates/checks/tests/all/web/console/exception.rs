//! Exceptions on the page of their routine: made, weighed, ended and removed by whoever may, beside a file that manages it.

use super::{filled, hidden, says, welcomed};
use checks::{Answer, Api, Browser, Call, Database};

/// Ana and Ben take turns by the week. By the clock of these tests it is Wednesday, 5 May 2021.
const PAYMENTS: &str = "/app/routines/payments";

/// Somebody who may except the shifts of their team's routine and no others, and hours that nobody covers.
const MORE: &str = r#"
[[user]]
username = "rae"
display_name = "Rae Responds"
email = "rae@example.com"

[[team]]
name = "watchers"
members = ["rae"]

[[routine]]
name = "watch"
timezone = "Europe/Lisbon"
team = "watchers"
[[routine.routine_layers]]
valid_start = "2021-01-04"
rotation_start = "09:00:00"
shift_length = "08:00"
rotations = [["ana"]]

[[escalation_policy]]
name = "watch"
levels = [{ minutes = 5, routines = ["watch"] }]
"#;

/// What is typed: on Friday, from ten to twelve.
fn typed<'a>(key: &'a str, who: &'a str, button: &'a str) -> Vec<(&'a str, &'a str)> {
    let when = [("from", "2021-05-07T10:00"), ("until", "2021-05-07T12:00")];
    let what = [("act", "exception"), ("idempotency_key", key), ("name", "dentist"), ("do", button)];
    what.into_iter().chain(when).chain(who.split('+').map(|person| ("person", person))).collect()
}

fn with<'a>(mut fields: Vec<(&'a str, &'a str)>, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(known, _)| *known != name);
    fields.push((name, value));
    fields
}

/// Names and people of the exceptions of a routine that were made on its page.
fn made(api: &Api, routine: &str) -> Vec<String> {
    let all = api.get(&format!("/v1/routines/{routine}/exceptions"));
    let told = all.as_array().expect("a list").iter().map(|layer| {
        let text = |key: &str| layer[key].as_str().expect("a text").to_owned();
        let (start, length) = (text("rotation_start"), text("shift_length"));
        format!(
            "{} {}..{} {start}+{length} {}",
            text("layer_name"),
            text("valid_start"),
            text("valid_end"),
            layer["rotations"]
        )
    });
    told.filter(|told| !told.starts_with("Christmas")).collect()
}

/// What the form by which the exception of this name is ended sends.
fn ending(page: &Answer, name: &str) -> Vec<(String, String)> {
    let list = page.text().split_once("<h2 id=\"exceptions\">").expect("a list").1;
    let item = list.split("<li>").find(|item| item.contains(&format!("<bdi>{name}</bdi>"))).expect("the exception");
    let fields = item.split("<input ").skip(1).map(|tag| {
        let tag = format!(" {tag}");
        (super::attribute(&tag, "name").expect("a name"), super::attribute(&tag, "value").expect("a value"))
    });
    fields.collect()
}

fn send(browser: &Browser<'_>, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields)
}

#[test]
fn an_exception_is_weighed_made_once_listed_and_removed_beside_the_file_that_manages_the_routine() {
    Api::reached_on_both(|api| {
        let ana = welcomed(api, "ana", "192.0.2.1");
        says(&ana.get(PAYMENTS), 200, "Add an exception");
        let looked = ana.post(PAYMENTS, &typed("once", "cho+dee", "look"));
        says(&looked, 200, "Cho Min-seo, Dee Diallo instead of Ben Bauer");
        for words in ["As it would be", "Cho Min-seo: ", "value=\"2021-05-07T10:00\"", "value=\"dentist\""] {
            says(&looked, 200, words);
        }
        assert_eq!(made(api, "payments"), [""; 0], "it was only looked at");
        says(&ana.post(PAYMENTS, &typed("once", "cho+dee", "save")), 200, "The exception dentist is made: Cho Min-seo");
        // A reload, or a double tap, makes it once.
        says(&ana.post(PAYMENTS, &typed("once", "cho+dee", "save")), 200, "The exception dentist is made");
        let dentist = "dentist 2021-05-07..2021-05-08 10:00:00+02:00 [[\"cho\",\"dee\"]]";
        assert_eq!(made(api, "payments"), [dentist]);
        let fields = ending(&ana.get(PAYMENTS), "dentist");
        says(&ana.get(PAYMENTS), 200, ">Remove</button>");
        says(&send(&ana, PAYMENTS, &fields), 200, "The exception dentist was removed.");
        says(&send(&ana, PAYMENTS, &fields), 400, "there is no such exception any more");
        assert_eq!(made(api, "payments"), [""; 0]);
    });
}

#[test]
fn a_number_that_is_another_exceptions_by_now_removes_nothing() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    ana.post(PAYMENTS, &typed("one", "cho", "save"));
    let stale = ending(&ana.get(PAYMENTS), "dentist");
    send(&ana, PAYMENTS, &stale);
    ana.post(PAYMENTS, &with(typed("two", "dee", "save"), "name", "holiday"));
    let other = ending(&ana.get(PAYMENTS), "holiday");
    assert_eq!(stale[1], other[1], "the number is given anew");
    says(&send(&ana, PAYMENTS, &stale), 400, "there is no such exception any more");
    assert_eq!(made(&api, "payments").len(), 1);
}

#[test]
fn one_that_has_begun_is_ended_and_what_passed_of_it_stays() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let days = with(typed("days", "cho", "save"), "from", "2021-05-05T00:00");
    says(&ana.post(PAYMENTS, &with(days, "until", "2021-05-08T00:00")), 200, "is made");
    api.clock.advance(3_600_000_000);
    let page = ana.get(PAYMENTS);
    says(&page, 200, ">End</button>");
    says(&send(&ana, PAYMENTS, &ending(&page, "dentist")), 200, "The exception dentist has ended.");
    let id = api.ref_id("routines", "payments");
    let told = api.get(&format!("/v1/routines/{id}/schedule?from=2021-05-05&until=2021-05-07"));
    assert!(told["intervals"].to_string().contains("cho"), "{told}");
}

#[test]
fn several_days_and_a_rest_are_two_exceptions_that_are_made_once() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let days = with(typed("days", "cho", "save"), "until", "2021-05-10T18:00");
    for _ in 0..2 {
        says(&ana.post(PAYMENTS, &days), 200, "The exception dentist is made: Cho Min-seo, ");
    }
    let both = [
        "dentist 2021-05-07..2021-05-10 10:00:00+24:00 [[\"cho\"]]",
        "dentist 2021-05-10..2021-05-11 10:00:00+08:00 [[\"cho\"]]",
    ];
    assert_eq!(made(&api, "payments"), both);
}

#[test]
fn what_is_far_away_is_weighed_where_it_is() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let far = with(typed("far", "cho", "look"), "from", "2026-07-01T10:00");
    let looked = ana.post(PAYMENTS, &with(far, "until", "2026-07-02T10:00"));
    says(&looked, 200, "Cho Min-seo instead of");
    says(&looked, 200, "On call in the eight weeks from Wed 1 Jul 2026 on");
}

#[test]
fn a_shift_leads_to_an_exception_for_exactly_it_and_a_gap_to_one_that_fills_it() {
    let api = Api::reachable(Database::Sqlite);
    api.extend(MORE);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let link = |page: &Answer, words: &str| {
        let links = page.text().split("<a href=\"").skip(1);
        let link = links.into_iter().find(|link| link.contains(words)).unwrap_or_else(|| panic!("no {words}"));
        let address = link.split(['"', '#']).next().expect("an address");
        // What is left after the sign of a fragment that is written as a number is part of it.
        let whole = link.split('"').next().expect("an address").replace("&#38;", "&");
        assert!(whole.ends_with("#exception") && whole.starts_with(address.split('&').next().expect("a path")));
        whole.trim_end_matches("#exception").to_owned()
    };
    let page = ana.get(&link(&ana.get(PAYMENTS), "Others instead"));
    let fields = filled(&page, PAYMENTS).1;
    let said = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    // By the clock of the routine, whose turns change at nine.
    let is_whole = |at: Option<&str>| at.is_some_and(|at| at.ends_with("T09:00"));
    assert!(is_whole(said("from")) && is_whole(said("until")), "{fields:?}");
    assert_eq!((said("act"), said("person")), (Some("exception"), Some("ben")));
    let page = ana.get(&link(&ana.get("/app/routines/watch"), "Put somebody on"));
    says(&page, 200, "<option value=\"ana\" selected>");
    for nonsense in ["", "soon", "~", "x~y"] {
        says(&ana.get(&format!("{PAYMENTS}?exception={nonsense}")), 200, "Add an exception");
    }
}

#[test]
fn what_makes_a_gap_is_done_by_a_tick_that_names_it() {
    Api::reached_on_both(|api| {
        api.extend(MORE);
        let ana = welcomed(api, "ana", "192.0.2.1");
        let refused = ana.post(PAYMENTS, &typed("nobody", "-", "save"));
        says(&refused, 409, "Not saved yet: this makes a gap");
        assert_eq!(made(api, "payments"), [""; 0]);
        let mark = refused.text().split_once("name=\"gap\" value=\"").expect("a tick").1.split('"').next();
        let ticked = with(typed("nobody", "-", "save"), "gap", mark.expect("a value"));
        says(&ana.post(PAYMENTS, &ticked), 200, "The exception dentist is made: nobody");
        // Whoever may change nothing else of the routine takes back what covers hours, too.
        let rae = welcomed(api, "rae", "192.0.2.2");
        let watch = "/app/routines/watch";
        let evening = with(typed("evening", "cho", "save"), "from", "2021-05-07T17:00");
        says(&rae.post(watch, &with(evening, "until", "2021-05-07T20:00")), 200, "is made");
        let fields = ending(&rae.get(watch), "dentist");
        let refused = send(&rae, watch, &fields);
        says(&refused, 409, "gap: watch: nobody is on level 1");
        let ticked = ending(&refused, "dentist");
        assert!(ticked.len() > fields.len(), "{ticked:?}");
        says(&send(&rae, watch, &ticked), 200, "The exception dentist was removed.");
    });
}

#[test]
fn whoever_may_except_shifts_of_a_routine_alone_has_the_form_on_its_page_and_on_no_other() {
    let api = Api::reachable(Database::Sqlite);
    api.extend(MORE);
    let rae = welcomed(&api, "rae", "192.0.2.2");
    let page = rae.get("/app/routines/watch");
    says(&page, 200, "Add an exception");
    assert!(!page.text().contains("/app/routines/watch/edit"), "{}", page.text());
    says(&rae.post("/app/routines/watch", &typed("theirs", "rae", "save")), 200, "is made: Rae Responds");
    ana_makes_one(&api);
    let page = rae.get(PAYMENTS);
    says(&page, 200, "<bdi>dentist</bdi>");
    for none in ["Add an exception", "Others instead", ">Remove</button>", "end-exception"] {
        assert!(!page.text().contains(none), "{none}: {}", page.text());
    }
    for button in ["look", "save"] {
        says(&rae.post(PAYMENTS, &typed("others", "rae", button)), 403, "needs");
    }
    let layer = api.get("/v1/routines/payments/exceptions")[1]["layer"].to_string();
    says(&rae.post(PAYMENTS, &[("act", "end-exception"), ("layer", &layer)]), 403, "needs");
    assert_eq!(made(&api, "payments").len(), 1);
}

fn ana_makes_one(api: &Api) {
    let ana = welcomed(api, "ana", "192.0.2.1");
    says(&ana.post(PAYMENTS, &typed("anas", "cho", "save")), 200, "is made");
}

#[test]
fn mistakes_stand_beside_their_fields_and_what_was_typed_stays() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for (name, wrong, field, words) in [
        ("from", "soon", "from", "From must be a date and a time"),
        ("until", "2021-05-07T09:00", "until", "Until must be after the beginning"),
        ("person", "", "person", "Who is on call must name somebody"),
        ("person", "stranger", "person", "no user is named `stranger`"),
        ("name", &"x".repeat(256), "name", "Name or reason must have at most 255 characters"),
    ] {
        for button in ["look", "save"] {
            let refused = ana.post(PAYMENTS, &with(typed("wrong", "cho", button), name, wrong));
            says(&refused, 400, &format!("id=\"exception-{field}-problem\">"));
            says(&refused, 400, words);
            says(&refused, 400, if name == "name" { "value=\"2021-05-07T10:00\"" } else { "value=\"dentist\"" });
        }
    }
    let over = with(typed("over", "cho", "save"), "from", "2021-05-01T10:00");
    says(&ana.post(PAYMENTS, &with(over, "until", "2021-05-02T10:00")), 400, "Until must be in the future");
    assert_eq!(made(&api, "payments"), [""; 0]);
    // The first button is what the Enter key presses.
    let page = ana.post(PAYMENTS, &typed("more", "cho", "more"));
    says(&page, 200, "id=\"exception-person-2\"");
    let form = page.text().split_once("<section id=\"exception\"").expect("the form").1;
    assert!(form.split_once("<button").expect("a button").1.contains("value=\"look\""));
    assert!(!hidden(&page, "idempotency_key").is_empty());
}

#[test]
fn no_other_site_makes_one() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(typed("theirs", "cho", "save")).finish();
    let call = Call::post(PAYMENTS).header("sec-fetch-site", "cross-site").body(body);
    says(&ana.send(call), 403, "</h1>");
    assert_eq!(made(&api, "payments"), [""; 0]);
}
