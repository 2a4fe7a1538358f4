//! A folder of files is read as one.

use super::super::read;
use super::{BASE, definition};
use std::fs;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// Checks the mistakes of a folder; `{}` stands for the folder.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let folder = folder(files);
    let prefix = folder.path().display().to_string();
    let mistakes = read(folder.path()).err().unwrap_or_default();
    let told: Vec<_> = mistakes.iter().map(|mistake| mistake.to_string().replace(&prefix, "{}")).collect();
    assert_eq!(told, expected);
}

const TEAM: &str = "[[team]]\nname = \"x\"\nmembers = [\"ana\"]\n";

#[test]
fn files_are_united_in_the_order_of_their_names() {
    let rule = |name: &str| {
        format!(
            "[[routing_rule]]\nname = \"{name}\"\nactions = {{ add_note = \"n\" }}\nconditions = [{{ field = \"title\", contains = \"{name}\" }}]\n"
        )
    };
    let (first, second) = (rule("first"), rule("second"));
    let files =
        [("b.toml", second.as_str()), ("a.toml", &first), ("z.toml", BASE), ("notes.txt", "?"), (".lock.toml", "?")];
    let united = read(folder(&files).path()).expect("no mistakes");
    assert_eq!(united, definition(&format!("{BASE}{first}{second}")));
}

#[test]
fn components_may_refer_to_those_of_other_files() {
    check(&[("a.toml", TEAM), ("b.toml", BASE)], &[]);
}

#[test]
fn mistakes_are_sorted_by_file_and_line() {
    check(
        &[
            ("b.toml", BASE),
            ("a.toml", "[[team]]\nname = \"x\"\nmembers = [\"zoe\"]\n[[tem]]\n"),
            ("c.toml", "[[tam]]\n"),
        ],
        &[
            "{}/a.toml:3: team `x`: members: no user is named `zoe`",
            "{}/a.toml:4: unknown section `tem`; did you mean `team`?",
            "{}/c.toml:1: unknown section `tam`; did you mean `team`?",
        ],
    );
}

#[test]
fn the_organization_is_in_exactly_one_file() {
    check(
        &[("a.toml", TEAM)],
        &[
            "{}: there is no [organization] section, which says the organization's name",
            "{}/a.toml:3: team `x`: members: no user is named `ana`",
        ],
    );
    check(
        &[("a.toml", BASE), ("b.toml", "\n[organization]\nname = \"other\"\n")],
        &["{}/b.toml:2: organization: is defined twice, first at {}/a.toml:1"],
    );
}

#[test]
fn files_of_teams_say_whose_they_are_beside_the_one_that_says_what_the_organization_is() {
    let name = definition(BASE).name;
    let whole = BASE.replacen("[organization]", "[organization]\nfallback_policy = \"primary\"", 1);
    let same = format!("[organization]\nname = \"{name}\"\n");
    let of_team = format!("{same}{TEAM}");
    let files = [("a.toml", of_team.as_str()), ("b.toml", &whole), ("c.toml", &same)];
    let united = read(folder(&files).path()).expect("no mistakes");
    assert_eq!(united, definition(&format!("{whole}{TEAM}")));
    // What the organization is stands in one place.
    let other = format!("{same}fallback_policy = \"primary\"\n");
    check(
        &[("a.toml", &whole), ("b.toml", &other)],
        &["{}/b.toml:1: organization: is defined twice, first at {}/a.toml:1"],
    );
}

#[test]
fn a_file_that_is_no_toml_does_not_make_its_names_unknown_elsewhere() {
    let folder = folder(&[("a.toml", TEAM), ("b.toml", &format!("{BASE}[["))]);
    let mistakes = read(folder.path()).expect_err("no TOML");
    assert!(mistakes.iter().all(|mistake| mistake.text.starts_with("not valid TOML")), "{mistakes:#?}");
}

#[test]
fn what_cannot_be_read_is_told() {
    check(&[], &["{}: the folder holds no *.toml file"]);
    let folder = tempfile::tempdir().expect("a folder");
    let missing = read(&folder.path().join("none.toml")).expect_err("no such file");
    assert!(missing[0].to_string().contains("none.toml: cannot be read: "), "{}", missing[0]);
    let path = folder.path().join("bytes.toml");
    fs::write(&path, b"# fine\n\xff").expect("a file");
    assert!(read(&path).expect_err("no UTF-8")[0].to_string().ends_with("bytes.toml:2: not valid UTF-8"));
}
