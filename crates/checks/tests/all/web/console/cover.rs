//! Cover by pages: from one's own shift to who could take it, asking them, and answering, all by forms alone.

use super::{filled, says, welcomed};
use checks::{Answer, Api, Browser, Call};
use serde_json::json;

const PAGE: &str = "/app/me/cover";

/// Ben and Cho take turns by the week from Monday the 3rd of May 2021 on; it is Wednesday evening of Ben's week.
fn with_week(api: &Api) {
    let routine = json!({"name": "week <b>", "timezone": "UTC", "routine_layers": [{"valid_start": "2021-05-03",
        "rotation_frequency": 7, "rotations": [["ben"], ["cho"]]}]});
    api.send(Call::post("/v1/routines").key(&api.key).json(&routine)).ok();
}

/// Sends the first form of the page for cover with these fields more.
fn press(browser: &Browser<'_>, page: &Answer, more: &[(&str, &str)]) -> Answer {
    let (_, fields) = filled(page, PAGE);
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    browser.post(PAGE, &fields.chain(more.iter().copied()).collect::<Vec<_>>())
}

/// Where the page leads to ask for cover of the first shift in the routine that is to come.
fn link(api: &Api, page: &Answer) -> String {
    let routine = api.ref_id("routines", "week <b>");
    let begin = page.text().find(&format!("{PAGE}?routine={routine}")).expect("a link");
    let rest = &page.text()[begin..];
    let address = rest.split('"').next().expect("its end").replace("&#38;", "&");
    address.split('#').next().expect("a path").to_owned()
}

#[test]
fn from_ones_shifts_one_asks_who_could_take_it_and_their_yes_makes_the_swap() {
    Api::reached_on_both(|api| {
        with_week(api);
        let (ben, cho) = (welcomed(api, "ben", "192.0.2.1"), welcomed(api, "cho", "192.0.2.2"));
        says(&ben.get(PAGE), 200, "Nobody asks you to take a shift.");
        // His week has begun; the one after next has not.
        let page = ben.get(&link(api, &ben.get("/app/me/when")));
        says(&page, 200, "I cannot on");
        says(&page, 200, "has a night on call in the day before");
        let asked = press(&ben, &page, &[("act", "ask")]);
        says(&asked, 400, "Who is asked is required");
        let asked = press(&ben, &asked, &[("people", "cho"), ("people", "dee"), ("act", "ask")]);
        says(&asked, 200, "2 people are asked. You stay on call");
        says(&asked, 200, "<bdi>Cho Min-seo</bdi>: no answer yet, <bdi>Dee Diallo</bdi>: no answer yet");
        says(&cho.get("/app/now"), 200, "You are asked to take a shift of others.");
        let page = cho.get(PAGE);
        says(&page, 200, "<bdi>Ben Bauer</bdi></strong> asks you to take <bdi>week &#60;b&#62;</bdi>");
        let declined = press(&cho, &page, &[("act", "no")]);
        says(&declined, 200, "You said no.");
        assert!(!cho.get("/app/now").text().contains("You are asked to take"));
        let taken = press(&cho, &declined, &[("act", "yes")]);
        says(&taken, 200, "You take the shift.");
        assert!(!taken.text().contains("value=\"yes\""), "there is nothing left to answer: {}", taken.text());
        says(&ben.get(PAGE), 200, "<bdi>Cho Min-seo</bdi> takes it.");
        assert_eq!(api.get("/v1/routines/week%20%3Cb%3E/swaps")[0]["in"], "cho");
        let late = cho.post(PAGE, &[("act", "no"), ("cover_ref_id", "nonsense")]);
        says(&late, 404, "you have no request for cover");
    });
}

#[test]
fn a_part_of_a_shift_is_asked_for_by_the_clock_of_its_routine_and_taken_back() {
    let api = Api::reachable(checks::Database::Sqlite);
    with_week(&api);
    let ben = welcomed(&api, "ben", "192.0.2.1");
    let of_swap = ben.get("/app/routines/week%20%3Cb%3E?swap=ben~2021-05-07T00:00:00Z~2021-05-08T00:00:00Z");
    says(&of_swap, 200, "It is yours: <a href=\"/app/me/cover?routine=");
    let page = ben.get(&link(&api, &of_swap));
    says(&page, 200, "value=\"2021-05-07T00:00\"");
    let made = press(&ben, &page, &[("people", "cho"), ("act", "ask")]);
    says(&made, 200, "One person is asked.");
    let back = press(&ben, &made, &[("act", "withdraw")]);
    says(&back, 200, "The request is taken back.");
    assert!(!back.text().contains("value=\"withdraw\""), "{}", back.text());
    for (from, until, words) in [
        ("2021-05-08T00:00", "2021-05-07T00:00", "Until must be after the beginning"),
        ("x", "y", "From must be a date and a time"),
        ("2021-05-01T00:00", "2021-05-02T00:00", "From must be in the future"),
        ("2021-05-07T00:00", "2021-05-12T00:00", "you are not on call by the routine in the whole time"),
    ] {
        says(&ben.get(&format!("{PAGE}?routine=week+%3Cb%3E&from={from}&until={until}")), 400, words);
    }
    says(
        &ben.get(&format!("{PAGE}?routine=none&from=2021-05-07T00:00&until=2021-05-08T00:00")),
        404,
        "there is no routine",
    );
}
