//! No cycles between the top-level modules of a crate.

use std::collections::BTreeSet;

use super::imports::{Edges, edges, flatten};
use super::nothing_breaks;
use super::tree::{File, rust_files};

#[test]
fn modules_of_a_crate_form_no_cycle() {
    let files = rust_files();
    let sources: BTreeSet<_> = files.iter().filter_map(File::room).map(|room| format!("crates/{room}/src/")).collect();
    let cycles = sources.iter().filter_map(|source| cycle(&edges(source, &files)));
    nothing_breaks("modules import in one direction", &cycles.collect::<Vec<_>>());
}

/// One cycle in words, with the places that make it; None where there is none.
fn cycle(edges: &Edges) -> Option<String> {
    let mut cleared = BTreeSet::new();
    for (start, _) in edges.keys() {
        if let Some(path) = walk(edges, &mut vec![start], &mut cleared) {
            let steps = path.windows(2).map(|pair| {
                let place = edges.get(&(pair[0].clone(), pair[1].clone()));
                format!("{} -> {} ({})", pair[0], pair[1], place.map_or("", String::as_str))
            });
            return Some(steps.collect::<Vec<_>>().join(", "));
        }
    }
    None
}

/// Goes on from the end of `path` until it meets itself; `cleared` are the modules that lead into no cycle.
fn walk<'a>(edges: &'a Edges, path: &mut Vec<&'a String>, cleared: &mut BTreeSet<&'a String>) -> Option<Vec<String>> {
    let here = *path.last()?;
    for (_, next) in edges.keys().filter(|(from, _)| from == here) {
        if let Some(at) = path.iter().position(|module| *module == next) {
            let round = path[at..].iter().chain([&next]).map(|module| (*module).clone());
            return Some(round.collect());
        }
        if cleared.contains(next) {
            continue;
        }
        path.push(next);
        let found = walk(edges, path, cleared);
        if found.is_some() {
            return found;
        }
        path.pop();
    }
    cleared.insert(here);
    None
}

fn crate_of(files: &[(&str, &str)]) -> Vec<File> {
    let file = |(path, text): &(&str, &str)| File { path: format!("crates/x/src/{path}"), text: (*text).to_owned() };
    files.iter().map(file).collect()
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: Option<&str>) {
    let found = cycle(&edges("crates/x/src/", &crate_of(files)));
    assert_eq!(found.as_deref(), expected);
}

#[test]
fn a_cycle_is_found_and_told_with_its_places() {
    check(
        &[
            ("lib.rs", "mod a;\nmod b;\npub use b::{Bee, Hive as Home};"),
            ("a/mod.rs", "mod deep;"),
            ("a/deep.rs", "//! x\nuse crate::{Bee, Home};"),
            ("b.rs", "fn f() { crate::c::g(); }"),
            ("c.rs", "\nuse super::a;"),
        ],
        Some(
            "a -> b (crates/x/src/a/deep.rs:2), b -> c (crates/x/src/b.rs:1), \
             c -> a (crates/x/src/c.rs:1)",
        ),
    );
}

#[test]
fn comments_tests_and_the_root_make_no_cycle() {
    check(
        &[
            ("lib.rs", "use a::X; use b::Y;"),
            ("a.rs", "use crate::b::Y;"),
            ("b.rs", "/// [`crate::a`]\nfn f() {}\n#[cfg(test)]\nmod tests { use crate::a::X; }"),
            ("b/tests.rs", "use crate::a::X;"),
        ],
        None,
    );
}

#[test]
fn a_tree_of_imports_becomes_its_paths() {
    let table = [
        ("a::b;", "a::b"),
        ("{a, b::{c, d as e}, f::*};", "a b::c b::e f"),
        ("a::{self, b};\nuse c;", "a::self a::b"),
        ("a::f(x)", "a::f"),
        ("{\n    a::b,\n    c,\n};", "a::b c"),
    ];
    for (text, expected) in table {
        let paths: Vec<_> = flatten(text).iter().map(|path| path.join("::")).collect();
        assert_eq!(paths.join(" "), expected, "{text}");
    }
}
