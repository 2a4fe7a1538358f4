//! Directory files: whatever is written in one, it is refused line by line, or can be exported and applied again.

use super::{damage, hold, spoiled, text};
use checks::{Database, TestStore};
use directory::file::{Mistake, read_text, write};
use engine::Ids;
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample::{select, subsequence};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

const DEMO: &str = include_str!("../../../../../examples/demo.toml");
const ROUTINES: &str = include_str!("../../../src/harness/routines.toml");

/// Files that are right, with some damage, sometimes to some of their sections only.
fn files() -> impl Strategy<Value = String> {
    let whole = format!("{DEMO}{ROUTINES}");
    let sections: Vec<String> = whole.split("\n\n").map(str::to_owned).collect();
    let count = sections.len();
    let some = subsequence(sections, 1..=count).prop_map(|sections| sections.join("\n\n"));
    let texts = prop_oneof![some, select(vec![DEMO.to_owned(), whole])];
    let damaged = (texts, vec(damage(), 0..4))
        .prop_map(|(text, damages)| String::from_utf8_lossy(&spoiled(text.as_bytes(), &damages)).into_owned());
    let keys = select(vec!["organization", "user", "routine", "escalation_policy", "routing_rule", "service", "x"]);
    let soup = vec((keys, text(), text()), 0..6).prop_map(|lines| {
        let lines = lines.iter().map(|(key, left, right)| format!("[[{key}]]\nname = {left}\n{right} = 1\n"));
        lines.collect::<String>()
    });
    prop_oneof![6 => damaged, 1 => soup, 1 => text()]
}

/// Each mistake names its file, a line that there is, and what is wrong.
fn are_told(text: &str, mistakes: &[Mistake]) -> Result<(), TestCaseError> {
    let lines = text.split('\n').count();
    prop_assert!(!mistakes.is_empty());
    for mistake in mistakes {
        prop_assert_eq!(mistake.file.as_str(), "demo.toml");
        prop_assert!(mistake.line.is_none_or(|line| (1..=lines).contains(&line)), "{} of {}", mistake, lines);
        prop_assert!(!mistake.text.trim().is_empty());
    }
    Ok(())
}

#[test]
fn a_directory_file_is_refused_by_file_and_line_or_written_and_read_as_the_same() {
    hold(200, &files(), |text| {
        match read_text("demo.toml", &text) {
            Err(mistakes) => are_told(&text, &mistakes)?,
            Ok(definition) => {
                prop_assert_eq!(definition.faults(), Vec::new());
                let written = write(&definition);
                let again = read_text("demo.toml", &written);
                prop_assert_eq!(again.as_ref(), Ok(&definition), "{}", written);
                prop_assert_eq!(write(&definition), written);
            }
        }
        Ok(())
    });
}

#[test]
fn a_directory_file_that_is_accepted_can_be_exported_and_applied_again() {
    let ids = Ids::seeded(7);
    for database in [Database::Sqlite, Database::Postgresql] {
        let test = TestStore::new(database);
        let accepted = files().prop_filter_map("accepted", |text| read_text("demo.toml", &text).ok());
        hold(12, &accepted, |definition| {
            let failed = |error| TestCaseError::fail(format!("{error:?}"));
            directory::apply(test.store(), &ids, domain::Instant(0), &definition).map_err(failed)?;
            let exported =
                directory::export(test.store(), &definition.name, &directory::Part::default()).expect("it is read");
            prop_assert_eq!(exported.as_ref(), Some(&definition));
            let read = read_text("demo.toml", &write(&definition)).expect("it is read");
            prop_assert!(
                directory::apply(test.store(), &ids, domain::Instant(0), &read).expect("it is applied").is_empty()
            );
            Ok(())
        });
    }
}
