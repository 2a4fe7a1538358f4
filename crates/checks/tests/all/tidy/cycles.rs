//! No cycles between the modules of a folder, and floors on which one finds one's way.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Edges, edges, flatten};
use super::nothing_breaks;
use super::tree::{File, rust_files};

/// The most modules on one floor. A module stands one floor above the highest of those that it imports.
const ON_A_FLOOR: usize = 12;

/// The folders of source of all crates, each with its modules.
fn folders(files: &[File]) -> BTreeMap<String, BTreeSet<String>> {
    let mut folders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files.iter().map(|file| &file.path).filter(|path| path.contains("/src/")) {
        let start = path.find("/src/").map_or(0, |at| at + "/src/".len());
        for (at, _) in path.match_indices('/').filter(|(at, _)| *at + 1 >= start) {
            let module = path[at + 1..].split('/').next().unwrap_or_default().trim_end_matches(".rs");
            if !matches!(module, "lib" | "main" | "mod" | "tests") {
                folders.entry(path[..=at].to_owned()).or_default().insert(module.to_owned());
            }
        }
    }
    folders
}

#[test]
fn modules_of_a_crate_form_no_cycle() {
    let files = rust_files();
    let cycles = folders(&files).into_keys().filter_map(|folder| cycle(&edges(&folder, &files)));
    nothing_breaks("modules import in one direction", &cycles.collect::<Vec<_>>());
}

#[test]
fn no_floor_of_a_folder_has_more_than_twelve_modules() {
    let files = rust_files();
    let mut crowded = Vec::new();
    for (folder, modules) in folders(&files) {
        for (floor, modules) in floors(&modules, &edges(&folder, &files)) {
            if modules.len() > ON_A_FLOOR {
                crowded.push(format!("{folder}: floor {floor}: {}", modules.join(", ")));
            }
        }
    }
    nothing_breaks("a floor with more modules gets a folder", &crowded);
}

#[test]
fn no_two_modules_of_a_folder_differ_by_an_s() {
    let mut pairs = Vec::new();
    for (folder, modules) in folders(&rust_files()) {
        let both = modules.iter().filter(|module| modules.contains(&format!("{module}s")));
        pairs.extend(both.map(|module| format!("{folder}: {module} and {module}s")));
    }
    nothing_breaks("names that differ by an s are one room", &pairs);
}

/// The modules by floor, the lowest 1. There is no cycle.
fn floors<'a>(modules: &'a BTreeSet<String>, edges: &Edges) -> BTreeMap<usize, Vec<&'a str>> {
    let mut floors: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    let mut known = BTreeMap::new();
    for module in modules {
        floors.entry(floor(module, edges, &mut known)).or_default().push(module);
    }
    floors
}

fn floor(module: &str, edges: &Edges, known: &mut BTreeMap<String, usize>) -> usize {
    if let Some(floor) = known.get(module) {
        return *floor;
    }
    // Of a cycle, which another test finds, whoever is asked first stands on the ground.
    known.insert(module.to_owned(), 1);
    let below = edges.keys().filter(|(from, _)| from == module).map(|(_, to)| to.clone()).collect::<Vec<_>>();
    let found = 1 + below.iter().map(|below| floor(below, edges, known)).max().unwrap_or(0);
    known.insert(module.to_owned(), found);
    found
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
             c -> a (crates/x/src/c.rs:2)",
        ),
    );
}

#[test]
fn a_cycle_within_a_folder_is_found_by_whichever_way_it_is_written() {
    let files = crate_of(&[
        ("room/mod.rs", "mod a;\nmod b;\nmod c;\npub use c::Cee;"),
        ("room/a.rs", "use super::b;"),
        ("room/b.rs", "fn f() -> crate::room::Cee { todo() }"),
        ("room/c.rs", "fn f() { super::a::g(); super::super::b::h(); }"),
    ]);
    let found = cycle(&edges("crates/x/src/room/", &files));
    let expected = "a -> b (crates/x/src/room/a.rs:1), b -> c (crates/x/src/room/b.rs:1), \
                    c -> a (crates/x/src/room/c.rs:1)";
    assert_eq!(found.as_deref(), Some(expected));
}

#[test]
fn a_module_stands_one_floor_above_the_highest_of_those_that_it_imports() {
    let files = crate_of(&[("a.rs", "use crate::{b, c};"), ("b.rs", "use crate::c;"), ("c.rs", ""), ("d.rs", "")]);
    let modules = folders(&files).remove("crates/x/src/").expect("the folder");
    let floors = floors(&modules, &edges("crates/x/src/", &files));
    let expected = [(1, vec!["c", "d"]), (2, vec!["b"]), (3, vec!["a"])];
    assert_eq!(floors, BTreeMap::from(expected));
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
