//! Each mistake in a file is told at its line, in words, and all of them at once.

use super::super::form::{Form, Key};
use super::super::shape::{CONDITION, keys_of, sections};
use super::super::{read, read_text};
use super::{BASE, check, definition};
use domain::Username;
use domain::directory::ComponentKind;
use std::collections::HashSet;
use std::path::Path;

#[test]
fn the_demo_reads_without_mistakes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo.toml");
    let demo = read(&path).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    assert_eq!((demo.name.as_str(), demo.users.len(), demo.routing_rules.len()), ("demo", 8, 3));
}

#[test]
fn levels_may_be_written_as_a_list_or_below_each_other() {
    let list = definition(&format!(
        "{BASE}[[escalation_policy]]\nname = \"x\"\nlevels = [{{ minutes = 1, users = [\"ana\"] }}, {{ minutes = 2, users = [\"ana\"] }}]"
    ));
    let below = definition(&format!(
        "{BASE}[[escalation_policy]]\nname = \"x\"\n[[escalation_policy.levels]]\nminutes = 1\nusers = [\"ana\"]\n\
         [[escalation_policy.levels]]\nminutes = 2\nusers = [\"ana\"]"
    ));
    assert_eq!(list, below);
    assert_eq!(list.escalation_policies[1].levels[1].minutes, 2);
    assert_eq!(list.escalation_policies[1].levels[1].users, [Username::from("ana")]);
}

#[test]
fn a_mistake_is_shown_with_file_line_and_component() {
    let text = format!("{BASE}[[service]]\nname = \"api\"\nescalation_policy = \"primry\"");
    let mistakes = read_text("directory.toml", &text).expect_err("no such policy");
    assert_eq!(
        mistakes[0].to_string(),
        "directory.toml:12: service `api`: escalation_policy: no escalation policy is named `primry`"
    );
}

#[test]
fn unknown_names_suggest_the_nearest() {
    check("[[users]]\nusername = \"x\"", &["1: unknown section `users`; did you mean `user`?"]);
    check("[[zebra]]", &["1: unknown section `zebra`"]);
    check(
        "[[routine]]\nname = \"x\"",
        &["1: routine `x`: `routine_layers` is missing", "1: routine `x`: `timezone` is missing"],
    );
    check(
        "[[user]]\nusername = \"ben\"\nemial = \"ben@example.com\"",
        &["3: user `ben`: unknown key `emial`; did you mean `email`?"],
    );
    check(
        "[[user]]\nusername = \"ben\"\nrole = \"responer\"",
        &[
            "3: user `ben`: role: must be one of `owner`, `admin`, `manager`, `responder`, `observer`, `restricted`, `stakeholder`, not `responer`; did you mean `responder`?",
        ],
    );
    check(
        "[[escalation_policy]]\nname = \"x\"\nlevels = [\n  { minutes = 5, users = [\"ana\"] },\n  { minuts = 5, users = [\"ana\"] },\n]",
        &[
            "5: escalation_policy `x`: levels: level 2: `minutes` is missing",
            "5: escalation_policy `x`: levels: level 2: unknown key `minuts`; did you mean `minutes`?",
        ],
    );
}

#[test]
fn a_wrong_type_or_a_missing_key_names_the_component_and_the_key() {
    check("[[user]]\ndisplay_name = \"Ben\"", &["1: user: `username` is missing"]);
    check("[user.x]\ny = 1", &["1: user `ana`: unknown key `x`"]);
    check("[team]\nname = \"x\"", &["1: team: write each one as [[team]]"]);
    check(
        "[[user]]\nusername = \"ben\"\nlocked = \"no\"\ntags = [\n  1,\n]\nwebhook = { url = 5 }",
        &[
            "3: user `ben`: locked: must be true or false, not a string",
            "5: user `ben`: tags: tag 1: must be a string, not 1",
            "7: user `ben`: webhook: `secrets` is missing",
            "7: user `ben`: webhook: url: must be a string, not 5",
        ],
    );
    check(
        "[[service]]\nname = \"api\"\nescalation_policy = \"primary\"\nacknowledgement_minutes = -1",
        &["4: service `api`: acknowledgement_minutes: must be a whole number from 0 to 4294967295, not -1"],
    );
}

#[test]
fn faults_of_the_definition_are_told_at_the_line_of_their_key() {
    check(
        "[[escalation_policy]]\nname = \"x\"\nlevels = [\n  { minutes = 5, users = [\"ana\"] },\n  { minutes = 5, users = [] },\n]",
        &["5: escalation_policy `x`: levels: level 2 has no targets, so it would never notify anybody"],
    );
    check(
        "[[escalation_policy]]\nname = \"x\"\n[[escalation_policy.levels]]\nusers = [\"ana\", \"zoe\"]\nminutes = 0",
        &[
            "4: escalation_policy `x`: levels: level 1: no user is named `zoe`",
            "5: escalation_policy `x`: levels: level 1: minutes must be from 1 to 10080",
        ],
    );
    check(
        "[[team]]\nname = \"x\"\nmembers = [\n  \"ana\",\n  \"zoe\",\n]",
        &["5: team `x`: members: no user is named `zoe`"],
    );
    check("[[workflow]]\nname = \"x\"", &["2: workflow `x`: name: the workflow does nothing"]);
    check(
        "[[routing_rule]]\nname = \"x\"\nfrom = \"22:00\"\n[routing_rule.actions]\nadd_tags = [\"a\"]\nset_service = \"api\"",
        &[
            "1: routing_rule `x`: until: is needed together with `from`",
            "6: routing_rule `x`: actions: no service is named `api`",
        ],
    );
}

#[test]
fn a_condition_has_exactly_one_known_test() {
    let rule = |conditions: &str| {
        format!("[[routing_rule]]\nname = \"x\"\nactions = {{ suppress = true }}\nconditions = [\n{conditions}\n]")
    };
    check(&rule(r#"{ field = "title", contains = "flapping" }"#), &[]);
    check(
        &rule(r#"{ field = "title", contains = "a", matches = "b" }"#),
        &[
            "5: routing_rule `x`: conditions: condition 1: has more than one test, `contains` and `matches`; write a condition for each",
        ],
    );
    check(
        &rule(r#"{ field = "title" }"#),
        &[
            "5: routing_rule `x`: conditions: condition 1: has no test; give one of equals, not_equals, contains, not_contains, matches, gte, lte, exists",
        ],
    );
    check(
        &rule("{ field = \"title\", contains = \"a\" },\n{ field = \"title\", contain = \"a\" }"),
        &["6: routing_rule `x`: conditions: condition 2: unknown key `contain`; did you mean `contains`?"],
    );
    check(
        &rule("{ field = \"title\", contains = \"a\" },\n{ field = \"titel\", contains = \"a\" }"),
        &[
            "6: routing_rule `x`: conditions: unknown field `titel`; known are title, description, urgency_level, service, integration, tags, dedup_key, and JSON pointers such as `/labels/team`",
        ],
    );
    check(
        &rule(r#"{ field = "urgency_level", gte = nan }"#),
        &["5: routing_rule `x`: conditions: condition 1: gte: must be a finite number, not nan"],
    );
    check(
        &rule(r#"{ field = "/at", equals = 2026-01-01 }"#),
        &[
            "5: routing_rule `x`: conditions: condition 1: equals: must be a string, a finite number, true or false, not a date or time; put it in quotes",
        ],
    );
}

#[test]
fn one_mistake_does_not_cause_others() {
    // Neither is `ben` unknown to the team, nor does the first rule seem to hide the second.
    check(
        r#"[[user]]
username = "ben"
email = 5
[[team]]
name = "x"
members = ["ben"]
[[workflow]]
name = "w"
add_nte = "n"
[[routing_rule]]
name = "first"
condition = []
actions = { supress = true }
[[routing_rule]]
name = "second"
actions = { suppress = true }
"#,
        &[
            "3: user `ben`: email: must be a string, not 5",
            "9: workflow `w`: unknown key `add_nte`; did you mean `add_note`?",
            "12: routing_rule `first`: unknown key `condition`; did you mean `conditions`?",
            "13: routing_rule `first`: actions: unknown key `supress`; did you mean `suppress`?",
        ],
    );
}

#[test]
fn a_name_given_twice_tells_where_it_was_first() {
    check("[[user]]\nusername = \"ana\"", &["1: user `ana`: is defined twice, first at d.toml:4"]);
}

#[test]
fn a_text_that_is_no_toml_is_told_with_its_line() {
    let mistakes = read_text("d.toml", "[organization]\nname = \"demo\"\nx = = 1\n").expect_err("no TOML");
    assert_eq!(mistakes[0].line, Some(3));
    assert!(mistakes[0].text.starts_with("not valid TOML: "), "{}", mistakes[0]);
    // One bracket that is not closed makes every line after it wrong; only the first is worth reading.
    let open = read_text("d.toml", &format!("x = [\n{BASE}{BASE}")).expect_err("no TOML");
    assert_eq!(open.len(), 1, "{open:#?}");
    check("name = \"secondary\"", &["1: not valid TOML: duplicate key `name`"]);
}

#[test]
fn a_secret_is_never_repeated_in_a_mistake() {
    let text = format!(
        "{BASE}[[user]]\nusername = \"ben\"\nwebhook = {{ url = \"https://example.com\", secrets = \"hunter2\" }}\n\
         [[user]]\nusername = \"cho\"\nwebhook = {{ url = \"https://example.com\", secrets = [\"hunter2\"] }}\n"
    );
    let mistakes = read_text("d.toml", &text).expect_err("two wrong secrets");
    assert_eq!(mistakes.len(), 2, "{mistakes:#?}");
    assert!(mistakes.iter().all(|mistake| !mistake.to_string().contains("hunter2")), "{mistakes:#?}");
}

/// The keys that a type is read from.
fn expected<T: serde::de::DeserializeOwned>() -> Vec<String> {
    let told = serde_json::from_str::<T>(r#"{ "?": 1 }"#).err().expect("an unknown key is refused").to_string();
    let (_, keys) = told.split_once("expected").expect("it tells the keys");
    keys.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_tables_inside_have_the_keys_that_the_domain_reads() {
    use domain::directory::{ChatContact, Level, NotificationRule, PushContact, RuleStep, WebhookContact};
    let inside = |kind: ComponentKind, path: &[&str]| {
        let mut keys = keys_of(kind).unwrap_or_default();
        for step in path {
            let key = keys.iter().find(|key| key.name == *step).expect("a key");
            keys = match key.form {
                Form::Table(keys) => keys,
                Form::List(Form::Table(keys)) => *keys,
                other => panic!("{step}: {other:?}"),
            };
        }
        keys.iter().map(|key| key.name.to_owned()).collect::<Vec<_>>()
    };
    let (user, routine) = (ComponentKind::User, ComponentKind::Routine);
    assert_eq!(inside(user, &["webhook"]), expected::<WebhookContact>());
    assert_eq!(inside(user, &["chat"]), expected::<ChatContact>());
    assert_eq!(inside(user, &["push"]), expected::<PushContact>());
    assert_eq!(inside(user, &["notification_rules"]), expected::<NotificationRule>());
    assert_eq!(inside(user, &["notification_rules", "steps"]), expected::<RuleStep>());
    assert_eq!(inside(routine, &["routine_layers"]), expected::<domain::routine::Layer>());
    assert_eq!(inside(routine, &["swaps"]), expected::<domain::routine::Swap>());
    assert_eq!(inside(ComponentKind::EscalationPolicy, &["levels"]), expected::<Level>());
    assert_eq!(inside(ComponentKind::Integration, &["group_by"]), expected::<domain::directory::GroupBy>());
    assert_eq!(inside(ComponentKind::Service, &["group_by"]), expected::<domain::directory::GroupBy>());
    assert_eq!(inside(ComponentKind::Service, &["support_hours"]), expected::<domain::directory::SupportHours>());
    assert_eq!(inside(ComponentKind::Service, &["support_hours", "hours"]), expected::<domain::directory::Hours>());
    let integration = ComponentKind::Integration;
    assert_eq!(inside(integration, &["mail"]), expected::<domain::directory::Mail>());
    assert_eq!(inside(integration, &["mail", "rules"]), expected::<domain::directory::MailRule>());
    let authentication = expected::<domain::directory::MailAuthentication>();
    assert_eq!(inside(integration, &["mail", "authentication"]), authentication);
    let severity = expected::<domain::directory::SeverityUrgency>();
    let integration = ComponentKind::Integration;
    assert_eq!(inside(integration, &["urgencies"]), severity);
    assert_eq!(inside(integration, &["mapping"]), expected::<domain::directory::Mapping>());
    assert_eq!(inside(integration, &["enrichments"]), expected::<domain::directory::Enrichment>());
    assert_eq!(inside(integration, &["enrichments", "extract"]), expected::<domain::directory::Extract>());
    assert_eq!(inside(integration, &["enrichments", "lookup"]), expected::<domain::directory::Lookup>());
    assert_eq!(inside(integration, &["enrichments", "add_links"]), expected::<domain::directory::LinkTemplate>());
}

#[test]
fn the_shape_has_the_keys_that_the_domain_reads() {
    fn read_by_domain(kind: ComponentKind) -> Vec<String> {
        use domain::directory::{BusinessService, EscalationPolicy, ResponseSet, Service, Team, User, Workflow};
        match kind {
            ComponentKind::User => expected::<User>(),
            ComponentKind::Team => expected::<Team>(),
            ComponentKind::EscalationPolicy => expected::<EscalationPolicy>(),
            ComponentKind::Service => expected::<Service>(),
            ComponentKind::BusinessService => expected::<BusinessService>(),
            ComponentKind::ResponseSet => expected::<ResponseSet>(),
            ComponentKind::Workflow => expected::<Workflow>(),
            ComponentKind::RoutingRule => expected::<domain::routing::Rule>(),
            // What a routine was is kept, and said by nobody.
            ComponentKind::Routine => {
                expected::<domain::routine::Routine>().into_iter().filter(|key| key != "past").collect()
            }
            ComponentKind::Integration => expected::<domain::directory::Integration>(),
            ComponentKind::Heartbeat => expected::<domain::directory::Heartbeat>(),
            ComponentKind::MaintenanceWindow => expected::<domain::directory::MaintenanceWindow>(),
        }
    }
    for kind in ComponentKind::ALL {
        let shape: Vec<_> = keys_of(kind).unwrap_or_default().iter().map(|key| key.name.to_owned()).collect();
        assert_eq!(shape, read_by_domain(kind), "{}", kind.word());
    }
    let told = serde_json::from_str::<domain::routing::Test>(r#"{ "?": 1 }"#).expect_err("unknown test").to_string();
    let tests: Vec<_> = told.split('`').skip(3).step_by(2).collect();
    assert_eq!(CONDITION.iter().map(|key| key.name).skip(1).collect::<Vec<_>>(), tests);
}

#[test]
fn the_page_about_the_directory_file_names_every_section_and_key() {
    fn gather(keys: &[Key], names: &mut Vec<&'static str>) {
        for key in keys {
            names.push(key.name);
            match key.form {
                Form::Table(inner) | Form::List(&Form::Table(inner) | &Form::TextOr(inner)) => gather(inner, names),
                Form::List(Form::Condition) => names.extend(CONDITION.iter().map(|key| key.name)),
                _ => {}
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/directory.md");
    let page = std::fs::read_to_string(path).expect("the page");
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words: HashSet<&str> = page.split(|letter| !is_part(letter)).collect();
    let mut expected: Vec<&str> = sections().collect();
    ComponentKind::ALL.into_iter().for_each(|kind| gather(keys_of(kind).unwrap_or_default(), &mut expected));
    let missing: Vec<_> = expected.into_iter().filter(|name| !words.contains(name)).collect();
    assert!(missing.is_empty(), "docs/directory.md lacks {missing:?}");
}

#[test]
fn a_line_left_out_gives_a_definition_or_mistakes_with_lines() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo.toml");
    let demo = std::fs::read_to_string(path).expect("the demo");
    for left_out in 0..demo.lines().count() {
        let kept = demo.lines().enumerate().filter(|(number, _)| *number != left_out);
        let text: String = kept.map(|(_, line)| format!("{line}\n")).collect();
        let mistakes = read_text("d.toml", &text).err().unwrap_or_default();
        let lost = |line: usize| line > demo.lines().count();
        assert!(mistakes.iter().all(|mistake| !mistake.line.is_some_and(lost)), "{mistakes:#?}");
    }
}
