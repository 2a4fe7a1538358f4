//! Configurations that nobody would write: read, or refused with every mistake in its place, and no secret is told.

use super::layers::Layers;
use super::{Configuration, DEFAULT, DEFAULT_NAME};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest::{prop_assert, prop_assert_eq};

const SECRET: &str = "7f3d9a1c5e";

/// The lines of the built-in file, each setting whole.
fn settings() -> Vec<String> {
    let is_setting = |line: &&str| line.contains(" = ") || line.starts_with('[');
    DEFAULT.lines().map(|line| line.trim_start_matches("# ")).filter(is_setting).map(str::to_owned).collect()
}

fn values() -> impl Strategy<Value = String> {
    let odd = vec![
        "",
        "0",
        "-1",
        "4294967296",
        "99999999999999999999",
        "1e9",
        "0x10",
        "true",
        "nan",
        "[]",
        "[1]",
        "{}",
        "\"",
        "'",
        "\"\"\"",
        "127.0.0.1:0",
        "[::1]:99999",
        "https://",
        "http://a b/",
        "10.0.0.0/33",
        "+1",
        "none",
        "\u{0}",
        "é👍",
    ];
    prop_oneof![3 => select(odd).prop_map(str::to_owned), 1 => vec(any::<char>(), 0..12).prop_map(String::from_iter)]
}

/// Files of some of the settings, each with its own value, with another one, or written twice or otherwise.
fn files() -> impl Strategy<Value = String> {
    let line = (select(settings()), of(values()), any::<bool>(), of((any::<Index>(), any::<char>())));
    vec(line, 0..30).prop_map(|lines| {
        let written = lines.into_iter().map(|(line, value, is_text, odd)| {
            let mut line = match (line.split_once(" = "), value) {
                (Some((key, _)), Some(value)) if is_text => format!("{key} = \"{value}\""),
                (Some((key, _)), Some(value)) => format!("{key} = {value}"),
                _ => line,
            };
            if let Some((place, odd)) = odd.filter(|(place, _)| place.index(8) == 0) {
                let mut characters: Vec<char> = line.chars().collect();
                characters.insert(place.index(characters.len() + 1), odd);
                line = characters.into_iter().collect();
            }
            format!("{line}\n")
        });
        written.collect()
    })
}

fn variables() -> impl Strategy<Value = Vec<(String, String)>> {
    let known = settings().into_iter().filter_map(|line| Some(line.split_once(" = ")?.0.to_uppercase()));
    let sections = select(vec![
        "SERVER",
        "DATABASE",
        "SMTP",
        "TWILIO",
        "EGRESS",
        "INTAKE__SMTP",
        "STORM",
        "LIMITS",
        "LOG",
        "",
        "X__Y",
    ]);
    let name =
        (sections, select(known.collect::<Vec<_>>())).prop_map(|(section, key)| format!("REVEILLE__{section}__{key}"));
    vec((name, values()), 0..4)
}

#[test]
fn a_configuration_is_read_or_refused_in_its_place_and_no_secret_is_told() {
    let asked = std::env::var("PROPTEST_CASES").is_ok();
    let usual = Config { cases: 300, rng_seed: RngSeed::Fixed(20_260_302), ..Config::default() };
    let config = if asked { Config::default() } else { usual };
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..config });
    let held = runner.run(&(files(), variables(), any::<bool>()), |(file, mut variables, has_secret)| {
        if has_secret {
            variables.push(("REVEILLE__SMTP__PASSWORD".to_owned(), SECRET.to_owned()));
            variables.push(("REVEILLE__DATABASE__URL".to_owned(), format!("postgresql://ana:{SECRET}@db:x/y")));
        }
        let mut layers = Layers::base(DEFAULT_NAME, DEFAULT);
        layers.lay_file("reveille.toml", &file);
        layers.lay_environment(variables.into_iter());
        let told = match Configuration::read(layers) {
            Ok(configuration) => format!("{configuration:?}"),
            Err(mistakes) => {
                prop_assert!(!mistakes.is_empty());
                let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
                let lines = file.split('\n').count();
                for mistake in &told {
                    let number =
                        mistake.strip_prefix("reveille.toml:").and_then(|rest| rest.split_once(':')?.0.parse().ok());
                    prop_assert!(number.is_none_or(|line: usize| (1..=lines).contains(&line)), "{mistake}");
                    let has_place =
                        ["reveille.toml", "REVEILLE__", DEFAULT_NAME].iter().any(|place| mistake.starts_with(place));
                    prop_assert!(has_place, "{mistake}");
                }
                told.join("\n")
            }
        };
        prop_assert_eq!(told.contains(SECRET), false, "{}", told);
        Ok(())
    });
    held.unwrap_or_else(|failure| panic!("{failure}"));
}
