//! The arrows between crates, read from their manifests (`docs/decisions/0001`).

use std::collections::BTreeSet;
use std::fs;

use super::nothing_breaks;
use super::tree::root;

/// Which crates of ours each crate may import.
const ROOMS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("senders", &["domain"]),
    ("store", &["domain"]),
    ("engine", &["domain", "store"]),
    ("notify", &["domain", "store", "engine"]),
    ("directory", &["domain", "store", "engine", "notify"]),
    ("intake", &["domain", "senders", "engine", "directory"]),
    ("smtp", &["domain", "senders", "engine", "directory", "intake"]),
    ("web", &["domain", "senders", "engine", "notify", "directory", "intake"]),
    ("server", &["domain", "senders", "store", "engine", "notify", "directory", "intake", "smtp", "web"]),
    ("checks", &["domain", "senders", "store", "engine", "notify", "directory", "web"]),
];

/// All that `domain` may import from outside.
const DOMAIN: [&str; 7] = ["serde", "serde_json", "jiff", "minijinja", "regex", "ipnet", "thiserror"];

/// Crates from outside that live in few rooms, tests apart.
const HOMES: [(&str, &[&str]); 12] = [
    ("rusqlite", &["store"]),
    ("postgres", &["store"]),
    ("tokio-postgres-rustls", &["store"]),
    ("lettre", &["notify"]),
    ("reqwest", &["notify"]),
    // One asks for TLS, the other is asked.
    ("tokio-rustls", &["notify", "smtp"]),
    ("mail-parser", &["senders"]),
    ("getrandom", &["engine"]),
    ("axum", &["web"]),
    ("tower-http", &["web"]),
    ("askama", &["web"]),
    ("clap", &["server"]),
];

#[test]
fn crates_import_only_downward() {
    let mut violations = Vec::new();
    for import in imports() {
        let Some((_, allowed)) = ROOMS.iter().find(|(room, _)| *room == import.room) else {
            violations.push(format!("{}: a crate that no rule knows", import.place));
            continue;
        };
        let ours = ROOMS.iter().any(|(room, _)| *room == import.name);
        if ours && !allowed.contains(&import.name.as_str()) {
            violations.push(format!("{}: {} -> {}", import.place, import.room, import.name));
        }
    }
    nothing_breaks(
        "server -> web, smtp -> intake -> directory -> notify -> engine -> store -> domain, never back",
        &violations,
    );
}

#[test]
fn the_domain_imports_nothing_that_can_act() {
    let strangers = imports()
        .into_iter()
        .filter(|import| import.room == "domain" && !import.for_tests && !DOMAIN.contains(&import.name.as_str()));
    let violations: Vec<_> = strangers.map(|import| format!("{}: {}", import.place, import.name)).collect();
    nothing_breaks("domain is rules only", &violations);
}

#[test]
fn drivers_carriers_and_routers_stay_in_their_rooms() {
    let mut violations = Vec::new();
    for import in imports() {
        let home = HOMES.iter().find(|(name, _)| *name == import.name).map(|(_, home)| *home);
        let at_home = home.is_none_or(|homes| homes.contains(&import.room.as_str()));
        if !at_home && !import.for_tests && import.room != "checks" {
            violations.push(format!("{}: {}", import.place, import.name));
        }
    }
    nothing_breaks("each of these crates is imported by its rooms only", &violations);
}

struct Import {
    room: String,
    name: String,
    for_tests: bool,
    /// `file:line`.
    place: String,
}

fn imports() -> Vec<Import> {
    let rooms: BTreeSet<_> = fs::read_dir(root().join("crates"))
        .expect("there are crates")
        .map(|entry| entry.expect("a crate").file_name().to_string_lossy().into_owned())
        .collect();
    rooms.iter().flat_map(|room| imports_of(room)).collect()
}

fn imports_of(room: &str) -> Vec<Import> {
    let path = format!("crates/{room}/Cargo.toml");
    let text = fs::read_to_string(root().join(&path)).expect("a crate has a manifest");
    let manifest = toml::de::DeTable::parse(&text).expect("a manifest is TOML");
    let mut found = Vec::new();
    for table in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let Some(names) = manifest.get_ref().get(table).and_then(|table| table.get_ref().as_table()) else {
            continue;
        };
        for name in names.keys() {
            let line = 1 + text[..name.span().start].matches('\n').count();
            found.push(Import {
                room: room.to_owned(),
                name: name.get_ref().to_string(),
                for_tests: table == "dev-dependencies",
                place: format!("{path}:{line}"),
            });
        }
    }
    found
}
