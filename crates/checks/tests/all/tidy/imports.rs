//! Which module of a folder names which other one beside it, read from the text of the files.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::File;

/// From one module to another, with the first `file:line` that says so.
pub(super) type Edges = BTreeMap<(String, String), String>;

/// The edges between the modules of a folder, such as `crates/web/src/` or `crates/web/src/gate/`; a folder in it is one.
///
/// Comments and tests beside the code do not count. A name that the folder's root passes on counts as its module.
pub(super) fn edges(folder: &str, files: &[File]) -> Edges {
    let root = root_of(folder);
    let inside: Vec<_> = files.iter().filter_map(|file| Some((file, file.path.strip_prefix(folder)?))).collect();
    let modules: BTreeSet<&str> =
        inside.iter().map(|(_, path)| module_of(path)).filter(|module| !is_root(module)).collect();
    let roots = inside.iter().filter(|(_, path)| is_root(module_of(path)));
    let passed_on: BTreeMap<String, String> = roots.flat_map(|(file, _)| passed_on(&file.text, &modules)).collect();
    let mut edges = Edges::new();
    for (file, path) in &inside {
        let module = module_of(path);
        if is_root(module) || path.ends_with("tests.rs") || path.contains("/tests/") {
            continue;
        }
        let code = code_of(&file.text);
        let at_top = !path.contains('/') || *path == format!("{module}/mod.rs");
        for (line, name) in names_of_root(&code, &root, at_top) {
            let target = match modules.get(name.as_str()) {
                Some(target) => *target,
                None => match passed_on.get(&name) {
                    Some(target) => target.as_str(),
                    None => continue,
                },
            };
            if target != module {
                let place = || format!("{}:{line}", file.path);
                edges.entry((module.to_owned(), target.to_owned())).or_insert_with(place);
            }
        }
    }
    edges
}

/// `incident` for `incident.rs`, `incident/mod.rs` and `incident/step.rs`.
fn module_of(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".rs").unwrap_or(first)
}

fn is_root(module: &str) -> bool {
    matches!(module, "lib" | "main" | "mod")
}

/// The text with comments blanked and the tests at its end cut off; lines keep their numbers.
fn code_of(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let code = text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line });
    code.collect::<Vec<_>>().join("\n")
}

/// `crate::gate::` for `crates/web/src/gate/`.
fn root_of(folder: &str) -> String {
    let below = folder.split_once("/src/").map_or("", |(_, below)| below);
    format!("crate::{}", below.replace('/', "::"))
}

/// Every name directly below the folder's root that the code mentions, with its line.
fn names_of_root(code: &str, root: &str, at_top: bool) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut add = |prefix: &str, at: usize| {
        let line = 1 + code[..at].matches('\n').count();
        let rest = &code[at + prefix.len()..];
        found.extend(flatten(rest).into_iter().map(|path| (line, path[0].clone())));
    };
    for (at, prefix) in code.match_indices(root) {
        // `$crate::` in a macro is the same crate; a longer name such as `my_crate::` is not.
        if !code[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            add(prefix, at);
        }
    }
    if at_top {
        // The one after it is a module above.
        let own = code.match_indices("super::").filter(|(at, _)| !code[..*at].ends_with("super::"));
        own.for_each(|(at, prefix)| add(prefix, at));
    }
    found
}

/// What the root passes on: `pub use incident::{Incident, Status as State};` gives both names to `incident`.
fn passed_on(root: &str, modules: &BTreeSet<&str>) -> Vec<(String, String)> {
    let code = code_of(root);
    let mut found = Vec::new();
    for (at, word) in code.match_indices("use ") {
        let rest = &code[at + word.len()..];
        let rest = rest.strip_prefix("crate::").or(rest.strip_prefix("self::")).unwrap_or(rest);
        for path in flatten(rest).into_iter().filter(|path| path.len() > 1) {
            if let (Some(module), Some(name)) = (modules.get(path[0].as_str()), path.last()) {
                found.push((name.clone(), (*module).to_owned()));
            }
        }
    }
    found
}

/// The paths of a use tree: `a::{b, c::d as e}` gives `a::b` and `a::c::e`. Ends at the first stranger, such as `;`.
pub(super) fn flatten(text: &str) -> Vec<Vec<String>> {
    let mut rest = text;
    tree(&mut rest)
}

fn tree(rest: &mut &str) -> Vec<Vec<String>> {
    *rest = rest.trim_start();
    if let Some(inside) = rest.strip_prefix('{') {
        *rest = inside;
        return group(rest);
    }
    let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
    *rest = after;
    if name.is_empty() {
        return Vec::new();
    }
    if let Some(below) = rest.strip_prefix("::") {
        *rest = below;
        let mut paths = tree(rest);
        if paths.is_empty() {
            // A glob, or a generic argument.
            paths.push(Vec::new());
        }
        paths.iter_mut().for_each(|path| path.insert(0, name.to_owned()));
        return paths;
    }
    if let Some(alias) = rest.strip_prefix(" as ") {
        *rest = alias;
        return tree(rest);
    }
    vec![vec![name.to_owned()]]
}

fn group(rest: &mut &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    loop {
        paths.extend(tree(rest));
        *rest = rest.trim_start().trim_start_matches('*').trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            *rest = after;
            continue;
        }
        *rest = rest.strip_prefix('}').unwrap_or(rest);
        return paths;
    }
}
