//! What stands around every page: where to go, who is signed in, and what time it is for them.

use super::{says, welcomed};
use checks::{Answer, Api, Call, Database};
use std::io::Read as _;

#[test]
fn every_page_says_who_is_signed_in_and_what_time_it_is_in_their_zone_or_the_one_that_is_asked_for() {
    let api = Api::reachable(Database::Sqlite);
    // She lives in Lisbon.
    let ana = welcomed(&api, "ana", "192.0.2.1");
    for (query, place) in [("", "Lisbon"), ("?zone=Asia/Kolkata", "Kolkata"), ("?zone=Mars", "Lisbon")] {
        for path in ["/app/now", "/app/more", "/app/help", "/app/me/security"] {
            let page = ana.get(&format!("{path}{query}"));
            says(&page, 200, "<a href=\"/app/me\" title=\"Ana Alves\">Ana Alves</a>");
            assert!(page.text().contains(&format!("\">{place} <time datetime=\"")), "{place}: {}", page.text());
        }
    }
}

#[test]
fn the_list_of_pages_and_help_are_there_for_whoever_is_signed_in_alone() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    says(&ana.get("/app/more"), 200, "<a href=\"/app/more\" aria-current=\"page\">More</a>");
    says(&ana.get("/app/more"), 200, "href=\"/app/me/security\"");
    says(&ana.get("/app/help"), 200, concat!("Reveille ", env!("CARGO_PKG_VERSION")));
    for path in ["/app/more", "/app/help"] {
        says(&api.browse(Call::get(path)), 401, "<h1>Sign in</h1>");
    }
}

#[test]
fn pages_are_packed_for_whoever_can_unpack_them_and_those_with_secrets_repeat_nothing_of_an_address() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let page = ana.get("/app/more");
    let packed = ana.send(Call::get("/app/more").header("accept-encoding", "br, gzip;q=0.8"));
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    assert!(packed.body.len() * 2 < page.body.len(), "{} of {}", packed.body.len(), page.body.len());
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_string(&mut unpacked).expect("a page");
    let head = |text: &str| text.split("<main").nth(1).expect("a page").to_owned();
    assert_eq!(head(&unpacked), head(page.text()));
    assert!(ana.get("/app/search?q=kiwi").text().contains("kiwi"));
    for path in ["/app/integrations/prometheus", "/app/keys", "/app/me", "/app/me/security"] {
        let page = ana.get(&format!("{path}?q=kiwi&zone=kiwi&name=kiwi"));
        assert!(page.status == 200 && !page.text().contains("kiwi"), "{path}: {}", page.text());
    }
}

#[test]
fn pages_are_shown_in_the_light_that_was_chosen_on_a_device_before_anything_is_loaded() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, other) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    let light = |page: &Answer, theme: &str, scheme: &str| {
        says(page, 200, &format!("<html lang=\"en\" data-theme=\"{theme}\">"));
        says(page, 200, &format!("<meta name=\"color-scheme\" content=\"{scheme}\">"));
    };
    light(&ana.get("/app/now"), "system", "light dark");
    let choose = |theme: &str| ana.post("/app/help", &[("theme", theme)]);
    for (theme, scheme) in [("night", "dark"), ("light", "light"), ("dark", "dark"), ("system", "light dark")] {
        light(&choose(theme), theme, scheme);
        light(&ana.get("/app/now"), theme, scheme);
    }
    choose("night");
    light(&other.get("/app/now"), "system", "light dark");
    says(&choose("\"><b>"), 400, "Must be one of system, light, dark, night.");
    light(&ana.get("/app/now"), "night", "dark");
}

#[test]
fn times_are_shown_in_the_zone_that_was_chosen_on_a_device_until_another_is_and_nowhere_else() {
    let api = Api::reachable(Database::Sqlite);
    let (ana, ben) = (welcomed(&api, "ana", "192.0.2.1"), welcomed(&api, "ben", "192.0.2.2"));
    let clock = |page: &Answer, place: &str| says(page, 200, &format!("\">{place} <time datetime=\""));
    says(&ana.get("/app/now"), 200, "<a class=\"clock\" href=\"/app/help#zone-title\" title=\"Europe/Lisbon\">");
    let choose = |zone: &str| ana.post("/app/help", &[("zone", zone)]);
    clock(&choose("Asia/Tokyo"), "Tokyo");
    for path in ["/app/now", "/app/on-call", "/app/me"] {
        clock(&ana.get(path), "Tokyo");
    }
    clock(&ana.get("/app/now?zone=Asia/Kolkata"), "Kolkata");
    clock(&ben.get("/app/now"), "Berlin");
    let refused = choose("Mars\"><b>");
    says(&refused, 400, "id=\"zone-problem\"");
    says(&refused, 400, "value=\"Mars&#34;&#62;&#60;b&#62;\"");
    clock(&ana.get("/app/now"), "Tokyo");
    clock(&choose(""), "Lisbon");
    clock(&ana.get("/app/now"), "Lisbon");
}

#[test]
fn an_address_that_leads_nowhere_is_said_in_words_of_pages_with_a_way_on() {
    let api = Api::reachable(Database::Sqlite);
    let ana = welcomed(&api, "ana", "192.0.2.1");
    let page = ana.get("/app/incidence");
    says(&page, 404, "<h1>There is no such page</h1>");
    says(&page, 404, "<a href=\"/app/search\">Search</a>");
    assert!(!page.text().contains("path: ") && !page.text().contains("list of operations"), "{}", page.text());
    let page = ana.get("/app/incidents/77");
    says(&page, 404, "<h1>There is no such incident</h1>");
    assert!(!page.text().contains("number: ") && !page.text().contains("global"), "{}", page.text());
}
