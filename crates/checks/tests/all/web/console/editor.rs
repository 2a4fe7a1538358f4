//! The editor of a routine: layers and exceptions by forms, with what they would come to.

use super::{filled, says, welcomed};
use checks::{Answer, Api, Browser, Call, Database};

/// Ana and Ben take turns by the week, and Dee has Christmas. By the clock of these tests it is Wednesday, 5 May 2021.
const EDIT: &str = "/app/routines/payments/edit";

/// Sends the form of the page with this button, and with these fields in the place of what is filled in.
fn press(browser: &Browser<'_>, page: &Answer, button: &str, typed: &[(&str, &str)]) -> Answer {
    let (action, mut fields) = filled(page, EDIT);
    fields.retain(|(name, _)| !typed.iter().any(|(typed, _)| typed == name));
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = fields.chain(typed.iter().copied()).chain([("do", button)]).collect();
    browser.post(&action, &fields)
}

/// An organization that lets what its file manages be changed here, too, and somebody who may.
fn opened(api: &Api) -> Browser<'_> {
    let settings = serde_json::json!({"file_lock": "drift"});
    api.send(Call::new("PATCH", "/v1/organization").key(&api.key).header("if-match", "*").json(&settings)).ok();
    welcomed(api, "ana", "192.0.2.1")
}

/// The routine as a directory file has it.
fn text(browser: &Browser<'_>) -> String {
    browser.get("/app/edit/routines/payments").text().replace("&#34;", "\"")
}

#[test]
fn a_form_that_is_saved_as_it_was_drawn_changes_nothing() {
    let api = Api::reachable(Database::Sqlite);
    let ana = opened(&api);
    says(&ana.get("/app/routines/payments"), 200, &format!("href=\"{EDIT}\""));
    let page = ana.get(EDIT);
    says(&page, 200, "Days and hours are those of Europe/Lisbon");
    says(&page, 200, "href=\"/app/edit/routines/payments\"");
    says(&ana.get("/app/edit/routines/payments"), 200, &format!("href=\"{EDIT}\""));
    says(&press(&ana, &page, "look", &[]), 200, "Nobody is on call at another time than now,");
    let before = text(&ana);
    says(&press(&ana, &page, "save", &[]), 200, "payments is saved.");
    let after = text(&ana);
    assert!(after.contains("valid_start = \"2021-01-04\"") && !after.contains("2021-05-10"), "{before}\n{after}");
}

#[test]
fn a_layer_is_changed_from_its_next_turn_on_and_a_gap_is_saved_by_a_tick_that_names_it() {
    Api::reached_on_both(|api| {
        let ana = opened(api);
        let page = ana.get(EDIT);
        // Ben's week goes on until Monday, and Ana's is the next.
        says(&page, 200, "name=\"l1-since\" type=\"date\" value=\"2021-05-10\"");
        let later = [("l1-from", "10:00"), ("l1-until", "08:00")];
        let result = press(&ana, &page, "look", &later);
        says(&result, 200, "nobody instead of");
        says(&result, 200, "As it would be");
        says(&result, 200, "Ana Alves: ");
        says(&ana.get(EDIT), 200, "type=\"time\" value=\"09:00\"");
        let refused = press(&ana, &result, "save", &[]);
        says(&refused, 409, "Not saved yet: this makes a gap");
        let marks: Vec<_> = refused.text().split("name=\"gap\" value=\"").skip(1).collect();
        let marks: Vec<_> = marks.iter().map(|mark| ("gap", mark.split('"').next().expect("a value"))).collect();
        assert!(!marks.is_empty());
        says(&press(&ana, &refused, "save", &marks[1..]), 409, "Not saved yet");
        says(&press(&ana, &refused, "save", &marks), 200, "payments is saved.");
        let text = text(&ana);
        for words in ["valid_end = \"2021-05-10\"", "valid_start = \"2021-05-10\"", "rotation_start = \"10:00:00\""] {
            assert!(text.contains(words), "{words}: {text}");
        }
        // Once more is the same once.
        says(&press(&ana, &refused, "save", &marks), 200, "payments was saved by this form before");
    });
}

#[test]
fn people_are_put_in_order_and_an_exception_is_made_and_taken_back_by_buttons() {
    let api = Api::reachable(Database::Sqlite);
    let ana = opened(&api);
    let page = press(&ana, &ana.get(EDIT), "add-1", &[]);
    let page = press(&ana, &page, "up-1-3", &[("l1-turn-3", "cho")]);
    let fields = filled(&page, EDIT).1;
    let turns: Vec<_> = fields.iter().filter(|(name, _)| name.starts_with("l1-turn-")).map(|(_, who)| who).collect();
    assert_eq!(turns, ["ana", "cho", "ben"]);
    says(&press(&ana, &page, "look", &[]), 200, "Cho Min-seo: ");
    let page = press(&ana, &ana.get(EDIT), "exception", &[]);
    says(&page, 200, "Exception 3");
    let typed = [("l3-turn-1", "dee"), ("l3-since", "2021-05-07"), ("l3-last", "2021-05-07")];
    let result = press(&ana, &page, "look", &typed);
    says(&result, 200, "Dee Diallo instead of Ben Bauer");
    says(&press(&ana, &result, "save", &[]), 200, "payments is saved.");
    says(&ana.get("/app/routines/payments"), 200, "Dee Diallo");
    let page = press(&ana, &ana.get(EDIT), "look", &[("l3-gone", "yes")]);
    says(&page, 200, "Ben Bauer instead of Dee Diallo");
    says(&press(&ana, &page, "save", &[("l3-gone", "yes")]), 200, "payments is saved.");
    assert!(!text(&ana).contains("2021-05-07"), "{}", text(&ana));
}

#[test]
fn a_new_layer_begins_with_a_pattern_and_one_that_has_begun_ends() {
    let api = Api::reachable(Database::Sqlite);
    let ana = opened(&api);
    let page = press(&ana, &ana.get(EDIT), "layer", &[("pattern", "nights")]);
    says(&page, 200, "value=\"Nights\"");
    says(&page, 200, "name=\"l3-from\" type=\"time\" value=\"18:00\"");
    let page = press(&ana, &page, "leave-3", &[]);
    assert!(!page.text().contains("value=\"Nights\""));
    let page = press(&ana, &ana.get(EDIT), "layer", &[("pattern", "weekly")]);
    let saved = press(&ana, &page, "save", &[("l3-turn-1", "cho"), ("l1-gone", "yes"), ("l1-since", "2021-05-10")]);
    says(&saved, 200, "payments is saved.");
    let text = text(&ana);
    assert!(text.contains("valid_end = \"2021-05-10\"") && text.contains("[[\"cho\"]]"), "{text}");
}

#[test]
fn mistakes_stand_beside_their_fields_and_what_was_typed_stays() {
    let api = Api::reachable(Database::Sqlite);
    let ana = opened(&api);
    let page = ana.get(EDIT);
    for (field, wrong) in
        [("from", "noon"), ("until", "25:00"), ("each", "0"), ("since", "soon"), ("last", "2021-01-01")]
    {
        let name = format!("l1-{field}");
        let refused = press(&ana, &page, "look", &[(name.as_str(), wrong)]);
        says(&refused, 400, &format!("id=\"{name}-problem\""));
        says(&refused, 400, &format!("value=\"{wrong}\""));
    }
    let refused = press(&ana, &page, "save", &[("l1-turn-1", "nobody's")]);
    says(&refused, 400, "id=\"l1-turns-problem\"");
    let stale = press(&ana, &page, "save", &[("version", "77"), ("l1-from", "09:00")]);
    says(&stale, 412, "Nothing was stored.");
}

#[test]
fn whoever_may_not_change_components_does_not_get_it() {
    let api = Api::reachable(Database::Sqlite);
    api.amend("username = \"mofab\"\n", "username = \"mofab\"\nrole = \"observer\"\n");
    let mo = welcomed(&api, "mofab", "192.0.2.9");
    assert!(!mo.get("/app/routines/payments").text().contains(EDIT));
    says(&mo.get(EDIT), 403, "needs");
    says(&mo.post(EDIT, &[("do", "save")]), 403, "needs");
    says(&api.browse(Call::get(EDIT)), 401, "<h1>Sign in</h1>");
    let ana = welcomed(&api, "ana", "192.0.2.1");
    says(&ana.get("/app/routines/nothing/edit"), 404, "<h1>");
    // What a file manages is changed there, unless the organization lets it be changed here, too.
    says(&ana.get(EDIT), 200, "<fieldset disabled>");
    says(&ana.post(EDIT, &[("do", "save")]), 409, "a directory file manages it");
}

#[test]
fn what_somebody_else_made_of_the_routine_meanwhile_is_chosen_by_layer_and_field() {
    Api::reached_on_both(|api| {
        let ana = opened(api);
        let (mine, theirs) = (ana.get(EDIT), ana.get(EDIT));
        says(&press(&ana, &theirs, "save", &[("l1-name", "theirs"), ("l1-turn-1", "cho")]), 200, "payments is saved.");
        let typed = [("l1-from", "08:00"), ("l1-until", "08:00"), ("l1-name", "mine")];
        let refused = press(&ana, &mine, "save", &typed);
        says(&refused, 412, "<strong><bdi>Ana Alves</bdi> changed this meanwhile.</strong> <time");
        for (field, before, theirs, mine, takes) in [
            ("name", "Week by week", "theirs", "mine", "mine"),
            ("turns", "ana, ben", "cho, ben", "ana, ben", "theirs"),
            ("from", "09:00", "09:00", "08:00", "mine"),
        ] {
            let row = format!(
                "{field} (layer 1)</th><td data-label=\"Before\"><bdi>{before}</bdi></td><td data-label=\"Theirs\"><bdi>\
                {theirs}</bdi></td><td data-label=\"Yours\"><bdi>{mine}</bdi></td>"
            );
            says(&refused, 412, &row);
            says(&refused, 412, &format!("name=\"take-l1-{field}\" value=\"{takes}\" checked"));
        }
        assert!(!text(&ana).contains("mine") && !text(&ana).contains("08:00"), "nothing was stored");
        let saved = press(&ana, &refused, "save", &[("take-l1-name", "theirs"), ("take-l1-turns", "theirs")]);
        says(&saved, 200, "payments is saved.");
        let text = text(&ana);
        assert!(text.contains("rotation_start = \"08:00:00\"") && text.contains("[[\"cho\"], [\"ben\"]]"), "{text}");
        assert!(text.contains("layer_name = \"theirs\"") && !text.contains("mine"), "{text}");
    });
}
