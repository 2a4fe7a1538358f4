//! Pages that change while somebody looks: what each is told of what changes, and when its stream ends.

use super::{says, welcomed};
use checks::{Api, Browser, Call, Database, Event, Events};
use serde_json::json;

/// The stream of a page that was just loaded.
fn looking<'a>(browser: &Browser<'a>, page: &str) -> Events<'a> {
    let at = format!("/app/live?view={}", page.replace('?', "%3F").replace('=', "%3D").replace('&', "%26"));
    let mut events = browser.events(&at, "");
    assert_eq!(events.status, 200);
    let first = events.wait().expect("a message");
    assert_eq!(first.name, "look", "who comes first cannot know what came before");
    events
}

fn next(events: &mut Events<'_>) -> Event {
    events.wait().expect("the stream goes on")
}

#[test]
fn a_list_is_told_the_row_that_changed_the_counts_and_what_is_new_on_it_and_nothing_of_what_it_leaves_out() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let id = api.incident("Checkout is slow");
    let mut open = looking(&ana, "/app/incidents?state=open");
    let mut older = looking(&ana, "/app/incidents?before=1");
    api.ok("edit-title", &json!({"instance_id": id, "title": "Checkout <b>stands</b> still"}));
    let told = next(&mut open);
    assert!(
        told.name.is_empty() && told.data.contains("<hx-partial hx-target=\"#i1\" hx-swap=\"outerMorph\">"),
        "{told:?}"
    );
    assert!(told.data.contains("Checkout &#60;b&#62;stands&#60;/b&#62; still"), "{told:?}");
    assert!(told.data.contains("<input type=\"checkbox\" name=\"number\" value=\"1\">"), "she may act: {told:?}");
    assert!(told.data.contains("id=\"count-open\">1<") && told.data.contains("id=\"count-ack\">0<"), "{told:?}");
    let fresh = next(&mut open);
    assert_eq!((fresh.name.as_str(), fresh.data.as_str()), ("fresh", "1\n"), "the page knows whether it has it");
    // What does not belong on it any more stays where it is, as it now is; nothing is new on a page of older ones.
    api.ok("acknowledge", &json!({"instance_id": id}));
    let told = next(&mut open);
    assert!(told.data.contains("<span class=\"state taken\">ACK"), "{told:?}");
    assert!(next(&mut older).name.is_empty() && next(&mut older).name.is_empty());
    // The next message is of the next change: there was none that said it is new.
    api.incident("Search is slow");
    let told = next(&mut open);
    assert!(told.name.is_empty() && told.data.contains("#i2"), "{told:?}");
    assert_eq!(next(&mut open).data, "2\n");
}

#[test]
fn the_page_of_an_incident_looks_again_when_it_or_its_messages_change_and_not_for_others() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let (one, other) = (api.incident("Checkout is slow"), api.incident("Search is slow"));
    let mut events = looking(&ana, "/app/incidents/1");
    let mut list = looking(&ana, "/app/incidents");
    api.ok("notate", &json!({"instance_id": other, "notes": "Not this one."}));
    assert!(next(&mut list).data.contains("#i2"));
    api.ok("notate", &json!({"instance_id": one, "notes": "This one."}));
    let told = next(&mut events);
    assert_eq!((told.name.as_str(), told.data.as_str()), ("look", "\n"));
    // The list hears of both, so that the page could have heard of the first.
    while !next(&mut list).data.contains("#i1") {}
    api.beat();
    assert_eq!(next(&mut events).name, "look", "its message was sent");
}

#[test]
fn the_first_page_looks_again_when_its_reader_is_asked_or_not_asked_any_more_and_else_gets_rows() {
    let api = Api::reachable(Database::Sqlite);
    let cho = welcomed(&api, "cho", "192.0.2.3");
    let mut events = looking(&cho, "/app/now");
    let id = api.incident("Checkout is slow");
    let told = next(&mut events);
    assert!(told.name.is_empty() && told.data.contains("#i1"), "it is with others: {told:?}");
    assert_eq!(next(&mut events).name, "fresh");
    api.ok("reassign", &json!({"instance_id": id, "reassign_to": ["cho"]}));
    assert_eq!(next(&mut events).name, "look", "she is asked");
    api.ok("reassign", &json!({"instance_id": id, "reassign_to": ["ana"]}));
    assert_eq!(next(&mut events).name, "look", "and not any more");
    api.ok("notate", &json!({"instance_id": id, "notes": "Ana looks."}));
    assert!(next(&mut events).data.contains("#i1"), "it is with others");
}

#[test]
fn a_stream_that_resumes_with_the_present_stamp_has_missed_nothing_and_with_another_looks_again() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let mut events = looking(&ana, "/app/incidents");
    let id = api.incident("Checkout is slow");
    let told = next(&mut events);
    drop(events);
    let page = ana.get("/app/incidents");
    assert!(page.text().contains(&format!("data-stamp=\"{}\"", told.id)), "{}: {}", told.id, page.text());
    let mut resumed = ana.events("/app/live?view=%2Fapp%2Fincidents", &told.id);
    api.ok("acknowledge", &json!({"instance_id": id}));
    assert!(next(&mut resumed).data.contains("#i1"), "nothing came before");
    let mut late = ana.events("/app/live?view=%2Fapp%2Fincidents", &told.id);
    assert_eq!(next(&mut late).name, "look");
}

#[test]
fn a_stream_ends_with_its_session_and_is_for_whoever_is_signed_in_and_may_read() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let mut events = looking(&ana, "/app/now");
    ana.post("/app/sign-out", &[]);
    let mut last = Event::default();
    while let Some(event) = events.wait() {
        last = event;
    }
    assert_eq!(last.name, "signed-out");
    says(&api.browse(Call::get("/app/live?view=%2Fapp%2Fnow")), 401, "<h1>Sign in</h1>");
}

#[test]
fn two_organizations_hear_nothing_of_each_other() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let mut events = looking(&ana, "/app/incidents");
    let key = api.new_key("other", "theirs", domain::permission::Scope::Incidents);
    let theirs = Call::post("/incidents/create").key(&key).json(&json!({"title": "Theirs", "users": "ana"}));
    assert_eq!(api.send(theirs).status, 200);
    api.incident("Ours");
    let told = next(&mut events);
    assert!(told.data.contains("Ours") && !told.data.contains("Theirs"), "{told:?}");
}

#[test]
fn the_page_of_an_integration_looks_again_when_something_comes_in_and_a_list_of_the_last_hour_leaves_out_what_is_older()
{
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let mut events = looking(&ana, "/app/integrations/scripts");
    assert_eq!(api.deliver("scripts", &json!({"title": "Fan broken", "id": "fan"})).status, 200);
    assert_eq!(next(&mut events).name, "look");
    // The same once more changes no incident's state, and is there all the same.
    assert_eq!(api.deliver("scripts", &json!({"title": "Fan broken", "id": "fan"})).status, 200);
    assert_eq!(next(&mut events).name, "look");
    says(&ana.get("/app/incidents?since=1"), 200, "<tr id=\"i1\">");
    api.pass_minutes(61);
    assert!(!ana.get("/app/incidents?since=1").text().contains("<tr id=\"i1\">"));
    says(&ana.get("/app/incidents?since=24"), 200, "<option value=\"24\" selected>24 hours</option>");
}
