//! Both pages, drawn as browsers get them.

use super::help::Help;
use super::more::More;
use crate::console::frame::{Frame, Reader};
use crate::console::menu;
use crate::console::time::Clock;
use askama::Template;
use directory::Person;
use domain::directory::Role;
use domain::{Instant, OrganizationId, RefId, Username};

fn person(role: Role) -> Person {
    Person {
        organization: OrganizationId(1),
        organization_name: "acme".to_owned(),
        ref_id: RefId::from("id"),
        username: Username::from("ana"),
        name: "<b>Ana</b> Alves".to_owned(),
        email: None,
        role,
        team_role: None,
        timezone: Some("Europe/Berlin".to_owned()),
    }
}

fn drawn(role: Role) -> [String; 2] {
    let person = person(role);
    let clock = Clock::of([person.timezone.as_deref()], Instant::parse("2026-11-29T02:02:59Z").unwrap());
    let frame = |path| {
        Frame::around(Some(Reader {
            person: &person,
            clock: &clock,
            path,
            address: path,
            stamp: None,
            searched: "disk \"full\"",
        }))
    };
    let more = More { frame: frame("/app/more"), groups: menu::groups(&person) };
    [more.render().unwrap(), Help::of(frame("/app/help")).render().unwrap()]
}

#[test]
fn every_page_has_one_heading_of_the_first_order_a_way_past_the_head_and_nothing_inline() {
    for page in drawn(Role::Owner) {
        for once in ["<h1>", "<main id=\"content\"", "href=\"#content\"", "role=\"search\"", "href=\"/app/help\">Help"]
        {
            assert_eq!(page.matches(once).count(), 1, "{once}: {page}");
        }
        for none in ["style=\"", "<style", "<script>", " onclick", "<b>Ana"] {
            assert!(!page.contains(none), "{none}: {page}");
        }
        assert!(page.contains("Berlin <time datetime=\"2026-11-29T02:02:59Z\">03:02</time>"), "{page}");
        assert!(page.contains("value=\"disk &#34;full&#34;\""), "{page}");
    }
}

#[test]
fn the_list_marks_where_one_is_and_leads_to_what_a_telephone_leaves_out_of_the_head() {
    let [more, _] = drawn(Role::Responder);
    assert!(more.contains("<a href=\"/app/more\" aria-current=\"page\">More</a>"), "{more}");
    for path in ["routines", "services", "integrations", "people"] {
        let links = more.matches(&format!("href=\"/app/{path}\"")).count();
        let wide = more.matches(&format!("href=\"/app/{path}\" class=\"wide-only\"")).count();
        assert_eq!((links, wide), (2, 1), "{path}: {more}");
    }
}

#[test]
fn whoever_reads_nothing_has_nothing_to_search() {
    for page in drawn(Role::Stakeholder) {
        assert!(!page.contains("/app/search"), "{page}");
    }
}
