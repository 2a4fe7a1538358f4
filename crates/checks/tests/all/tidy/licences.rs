//! What of other people may be part of the program: `deny.toml`, held to without the tool that it is written for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::iter::Peekable;
use std::process::Command;
use std::str::SplitWhitespace;

use serde_json::Value;

use super::nothing_breaks;
use super::tree::root;

fn table(path: &str) -> toml::Table {
    let text = fs::read_to_string(root().join(path)).expect("it is there");
    text.parse().expect("it is TOML")
}

/// The texts of a list of `deny.toml`.
fn list(section: &str, key: &str) -> Vec<String> {
    let table = table("deny.toml");
    let list = table[section][key].as_array().expect("a list");
    let text = |entry: &toml::Value| entry.as_str().or_else(|| entry["crate"].as_str()).map(str::to_owned);
    list.iter().map(|entry| text(entry).expect("a text, or a table with a crate")).collect()
}

/// The licences that single crates may have beside those of all.
fn exceptions() -> BTreeMap<String, Vec<String>> {
    let table = table("deny.toml");
    let list = table["licenses"]["exceptions"].as_array().expect("a list");
    let text = |value: &toml::Value| value.as_str().expect("a text").to_owned();
    let all = |value: &toml::Value| value.as_array().expect("a list").iter().map(text).collect();
    list.iter().map(|entry| (text(&entry["crate"]), all(&entry["allow"]))).collect()
}

#[test]
fn every_crate_of_others_has_an_allowed_licence() {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform"]);
    let told = cargo.arg(&list("graph", "targets")[0]).current_dir(root()).output().expect("cargo runs");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told: Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let (packages, allow) = (told["packages"].as_array().expect("a list"), list("licenses", "allow"));
    assert!(packages.len() > 200, "{}", packages.len());
    let exceptions = exceptions();
    let refused = |package: &&Value| {
        let more = exceptions.get(package["name"].as_str().unwrap_or_default()).cloned().unwrap_or_default();
        !is_kept(package["license"].as_str().unwrap_or_default(), &[&allow[..], &more].concat())
    };
    let words = |package: &Value| format!("deny.toml: {} is licensed {}", package["name"], package["license"]);
    let violations: Vec<_> = packages.iter().filter(refused).map(words).collect();
    nothing_breaks("whoever passes the program on owes no more than `licenses.allow` names", &violations);
    let is_there = |name: &String| packages.iter().any(|package| package["name"].as_str() == Some(name));
    let stale: Vec<_> = exceptions.into_keys().filter(|name| !is_there(name)).collect();
    nothing_breaks("an exception in deny.toml is for a crate that is there", &stale);
}

#[test]
fn every_crate_of_others_comes_from_where_it_may_and_no_banned_one_is_there() {
    let ours: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .expect("there are crates")
        .map(|entry| entry.expect("a crate").file_name().to_string_lossy().into_owned())
        .collect();
    let sources: Vec<_> =
        list("sources", "allow-registry").into_iter().map(|source| format!("registry+{source}")).collect();
    assert_eq!(list("sources", "allow-git"), Vec::<String>::new());
    let banned = list("bans", "deny");
    let mut violations = Vec::new();
    for package in table("Cargo.lock")["package"].as_array().expect("a list") {
        let name = package["name"].as_str().expect("a name").to_owned();
        let is_placed = match package.get("source").and_then(toml::Value::as_str) {
            Some(source) => sources.iter().any(|known| known == source) && package.get("checksum").is_some(),
            None => ours.contains(&name),
        };
        if !is_placed || banned.contains(&name) {
            violations.push(format!("Cargo.lock: {name}"));
        }
    }
    nothing_breaks("crates of others come from the registry, with their digests", &violations);
}

/// Whether what an SPDX expression asks for can be kept with these licences alone. A `/` is an old way to write OR.
fn is_kept(expression: &str, allow: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    any(&mut spaced.split_whitespace().peekable(), allow)
}

type Words<'a> = Peekable<SplitWhitespace<'a>>;

fn any(words: &mut Words<'_>, allow: &[String]) -> bool {
    let mut kept = all(words, allow);
    while words.next_if_eq(&"OR").is_some() {
        kept |= all(words, allow);
    }
    kept
}

fn all(words: &mut Words<'_>, allow: &[String]) -> bool {
    let mut kept = one(words, allow);
    while words.next_if_eq(&"AND").is_some() {
        kept &= one(words, allow);
    }
    kept
}

fn one(words: &mut Words<'_>, allow: &[String]) -> bool {
    let Some(name) = words.next() else { return false };
    if name == "(" {
        let kept = any(words, allow);
        return words.next() == Some(")") && kept;
    }
    let whole = match words.next_if_eq(&"WITH") {
        Some(_) => format!("{name} WITH {}", words.next().unwrap_or_default()),
        None => name.to_owned(),
    };
    allow.contains(&whole)
}

#[test]
fn a_licence_is_read_as_spdx_writes_it() {
    let allow = ["MIT", "ISC"].map(str::to_owned);
    for (expression, expect) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("MIT/Apache-2.0", true),
        ("MIT AND GPL-3.0", false),
        ("MIT AND ISC", true),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("(GPL-3.0 OR MIT) AND BSD-3-Clause", false),
        ("GPL-3.0 AND MIT OR ISC", true),
        ("MIT WITH an-exception", false),
        ("(MIT", false),
        ("", false),
    ] {
        assert_eq!(is_kept(expression, &allow), expect, "{expression}");
    }
}
