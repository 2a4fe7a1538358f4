//! Lists, drawn: with nothing, much, and names that try something.

use super::{List, Row, empty, heads, orders, pager};
use crate::console::frame::Frame;
use crate::console::set_up::cell::Cell;
use crate::console::set_up::kind::Kind;
use askama::Template;
use domain::directory::ComponentKind;

const COLUMNS: &[&str] = &["Members", "Who sees it"];

fn list(rows: Vec<Row>, count: usize) -> List {
    let kind = Kind::of(ComponentKind::Team);
    List {
        frame: Frame::closed(),
        kind,
        words: "\"><script>".to_owned(),
        managed_by: String::new(),
        teams: Vec::new(),
        team: String::new(),
        tabs: Vec::new(),
        view: String::new(),
        count,
        columns: COLUMNS,
        heads: heads(COLUMNS, None).into_iter().map(|head| (head, "?sort=x".to_owned())).collect(),
        orders: orders(COLUMNS),
        sort: String::new(),
        empty: rows.is_empty().then(|| empty(kind, false, Some(kind.make()))),
        rows,
        pager: pager(1, count, |page| format!("?page={page}")),
        make: Some(kind.make()),
    }
}

#[test]
fn an_empty_list_says_why_one_wants_it_and_where_the_first_is_made() {
    let page = list(Vec::new(), 0).render().unwrap();
    for words in ["No teams yet", "A team is people who belong together", "href=\"/app/edit/teams\"", "reveille apply"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("<table") && !page.contains("<script>"), "{page}");
}

#[test]
fn long_names_those_from_right_to_left_and_markup_are_shown_as_text_of_their_own() {
    let names = ["x".repeat(512), "فريق الشبكة".to_owned(), "<script>alert(1)</script>".to_owned()];
    let row = |name: &String| Row {
        own: name.clone(),
        address: Kind::of(ComponentKind::Team).page(name),
        name: name.clone(),
        beside: String::new(),
        description: name.clone(),
        managed: None,
        cells: vec![Cell::Text(name.clone()), Cell::state("good", name.clone())],
    };
    let page = list(names.iter().map(row).collect(), 132).render().unwrap();
    assert!(page.contains("<bdi>فريق الشبكة</bdi>") && page.contains(&"x".repeat(512)));
    assert!(!page.contains("<script>") && page.contains("&#60;script&#62;alert(1)"), "{page}");
    assert!(page.contains("1–50 of 132") && page.contains("href=\"?page=2\" rel=\"next\""), "{page}");
}

#[test]
fn a_page_beyond_the_end_has_a_way_back() {
    let pager = pager(9, 60, |page| format!("?page={page}")).unwrap();
    assert_eq!((pager.to, pager.after, pager.before.as_deref()), (60, None, Some("?page=8")));
}
