//! What stands around every page: where to go, who is signed in, and what time it is for them.

use super::{says, welcomed};
use checks::{Api, Call, Database};

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
