//! Contacts, notification rules, routines and swaps: how they are written, and each mistake at its line.

use super::super::{plan, write};
use super::{BASE, check, definition};
use domain::directory::{ChatKind, RuleStep};
use domain::notification::Channel;

/// Somebody with one more line.
fn ben(line: &str) -> String {
    format!("[[user]]\nusername = \"ben\"\n{line}\n")
}

#[test]
fn a_person_has_contacts_and_rules() {
    let ben = ben("sms = \"+4915112345678\"\nvoice = \"+390612345678\"\n\
         chat = { kind = \"telegram\", url = \"https://api.example.org/sendMessage\", recipient = \"7\" }\n\
         push = { url = \"https://ntfy.example.org/ben\", token = \"tk\" }\n\
         notification_rules = [{ urgencies = [4, 5], steps = [{ after_minutes = 0, channel = \"push\" }] }]\n\
         handover_notices = false");
    let user = definition(&format!("{BASE}{ben}")).users.remove(1);
    assert_eq!((user.sms.as_deref(), user.voice.as_deref()), (Some("+4915112345678"), Some("+390612345678")));
    assert_eq!(
        user.chat.as_ref().map(|chat| (chat.kind, chat.recipient.as_deref())),
        Some((ChatKind::Telegram, Some("7")))
    );
    assert_eq!(user.push.as_ref().and_then(|push| push.token.as_deref()), Some("tk"));
    assert_eq!(user.notification_rules[0].urgencies.len(), 2);
    assert_eq!(user.notification_rules[0].steps, [RuleStep { after_minutes: 0, channel: Channel::Push }]);
    assert!(!user.handover_notices && definition(BASE).users[0].handover_notices);
}

#[test]
fn a_mistake_in_a_contact_is_told_at_its_line() {
    let number = "is not a number with `+` and 7 to 15 digits, such as +4915112345678";
    let topic = "it must be like https://ntfy.example.org/topic";
    for (line, expected) in [
        ("sms = \"0151 12345678\"", format!("sms: `0151 12345678` {number}")),
        ("sms = \"+49 151 1234\"", format!("sms: `+49 151 1234` {number}")),
        ("sms = \"+0151123456\"", format!("sms: `+0151123456` {number}")),
        ("voice = \"+123456\"", format!("voice: `+123456` {number}")),
        ("voice = \"+1234567890123456\"", format!("voice: `+1234567890123456` {number}")),
        ("voice = 4915112345678", "voice: must be a string, not 4915112345678".to_owned()),
        (
            "chat = { kind = \"irc\", url = \"https://x\" }",
            "chat: kind: must be one of `slack`, `teams`, `discord`, `mattermost`, `google_chat`, `telegram`, not `irc`".to_owned(),
        ),
        ("chat = { kind = \"slack\", url = \"x\" }", "chat: must be an http or https address".to_owned()),
        ("chat = { kind = \"slack\" }", "chat: `url` is missing".to_owned()),
        (
            "chat = { kind = \"slack\", url = \"https://x\", recipient = \"7\" }",
            "chat: only telegram has a recipient; the others know it by the URL".to_owned(),
        ),
        ("chat = { kind = \"telegram\", url = \"https://x\" }", "chat: telegram needs the id of the chat".to_owned()),
        ("push = { url = \"ntfy.example.org/x\" }", format!("push: is no http or https address; {topic}")),
        ("push = { url = \"https://ntfy.example.org/\" }", format!("push: has no topic; {topic}")),
        (
            "push = { url = \"https://ntfy.example.org/x\", tokn = \"t\" }",
            "push: unknown key `tokn`; did you mean `token`?".to_owned(),
        ),
        ("handover_notices = \"no\"", "handover_notices: must be true or false, not a string".to_owned()),
    ] {
        check(&ben(line), &[&format!("3: user `ben`: {expected}")]);
    }
}

#[test]
fn the_url_of_a_chat_is_a_secret_and_in_no_mistake_and_no_plan() {
    let chat = |url: &str| ben(&format!("chat = {{ kind = \"slack\", url = \"{url}\" }}"));
    check(&chat("hunter2"), &["3: user `ben`: chat: must be an http or https address"]);
    let with = |url: &str| definition(&format!("{BASE}{}", chat(url)));
    let push =
        |url: &str| definition(&format!("{BASE}{}", ben(&format!("push = {{ url = \"{url}\", token = \"{url}\" }}"))));
    let changed = [
        plan(&with("https://x/hunter2"), &with("https://x/hunter3")),
        plan(&push("https://x/hunter2"), &push("https://x/hunter3")),
    ];
    for plan in changed {
        assert!(!plan.is_empty() && !plan.to_string().contains("hunter"), "{plan}");
    }
}

/// ben with rules, each on lines of its own.
fn rules(rules: &[&str]) -> String {
    let rules: String = rules.iter().map(|rule| format!("[[user.notification_rules]]\n{rule}\n")).collect();
    format!("[[user]]\nusername = \"ben\"\n{rules}")
}

#[test]
fn a_mistake_in_a_rule_is_told_at_its_line_with_its_step() {
    let step = |minutes: u32, channel: &str| format!("{{ after_minutes = {minutes}, channel = \"{channel}\" }}");
    let rule = |urgencies: &str, steps: &[String]| format!("urgencies = {urgencies}\nsteps = [{}]", steps.join(", "));
    let fine = rule("[4]", &[step(0, "email")]);
    for (given, expected) in [
        (
            vec![rule("[]", &[step(0, "email")])],
            "4: user `ben`: notification_rules: a rule without urgencies is never used",
        ),
        (
            vec![fine.clone(), rule("[5, 4]", &[step(0, "sms")])],
            "7: user `ben`: notification_rules: urgency 4 has a rule already, the first is used",
        ),
        (vec![rule("[4]", &[])], "5: user `ben`: notification_rules: a rule has 1 to 20 steps"),
        (
            vec![rule("[4]", &[step(0, "sms"), step(10_081, "voice")])],
            "5: user `ben`: notification_rules: step 2: after_minutes must be from 0 to 10080",
        ),
        (
            vec![rule("[4]", &[step(0, "sms"), step(5, "voice"), step(4, "sms")])],
            "5: user `ben`: notification_rules: step 3: the steps must stand in the order of their after_minutes",
        ),
        (
            vec![rule("[4, 6]", &[step(0, "sms")])],
            "4: user `ben`: notification_rules: rule 1: urgencies: urgency 2: must be a whole number from 1 to 5, not 6",
        ),
        (
            vec![fine.clone(), rule("[5]", &[step(0, "smoke")])],
            "8: user `ben`: notification_rules: rule 2: steps: step 1: channel: must be one of `email`, `webhook`, `sms`, `voice`, `chat`, `push`, not `smoke`",
        ),
        (
            vec![rule("[4]", &["{ channel = \"sms\" }".to_owned()])],
            "5: user `ben`: notification_rules: rule 1: steps: step 1: `after_minutes` is missing",
        ),
        (vec!["urgencies = [4]".to_owned()], "3: user `ben`: notification_rules: rule 1: `steps` is missing"),
    ] {
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        check(&rules(&given), &[expected]);
    }
}

/// A routine on whose line 9 stands `line`.
fn routine(line: &str) -> String {
    format!(
        "[[routine]]\nname = \"week\"\ntimezone = \"Europe/Berlin\"\n\
         [[routine.routine_layers]]\nvalid_start = \"2026-06-01\"\nrotations = [[\"ana\"]]\n\
         [[routine.routine_layers]]\nlayer_name = \"nights\"\n{line}\n"
    )
}

#[test]
fn a_mistake_in_a_layer_is_told_at_its_line_with_layer_and_field() {
    const REST: &str = "\nvalid_start = \"2026-06-01\"\nrotations = [[\"ana\"]]";
    const BEGUN: &str = "\nrotations = [[\"ana\"]]";
    for (line, rest, expected) in [
        ("valid_start = \"1 June\"", BEGUN, "routine_layers: layer 2: `1 June` is not a date of the form YYYY-MM-DD"),
        (
            "valid_start = 2026-06-01",
            BEGUN,
            "routine_layers: layer 2: valid_start: must be a string, not a date or time; put it in quotes",
        ),
        (
            "valid_end = \"2026-02-30\"",
            REST,
            "routine_layers: layer 2: `2026-02-30` is not a date of the form YYYY-MM-DD",
        ),
        (
            "valid_end = \"2026-06-01\"",
            REST,
            "routine_layers: layer 2: valid_end 2026-06-01 must be after valid_start 2026-06-01: it is the first day without",
        ),
        (
            "rotation_start = \"24:00:00\"",
            REST,
            "routine_layers: layer 2: `24:00:00` is not a time of the form HH:MM:SS, from 00:00:00 to 23:59:59",
        ),
        (
            "shift_length = \"00:00\"",
            REST,
            "routine_layers: layer 2: `00:00` is not a length of the form HH:MM, from 00:01 to 24:00",
        ),
        (
            "shift_length = \"24:01\"",
            REST,
            "routine_layers: layer 2: `24:01` is not a length of the form HH:MM, from 00:01 to 24:00",
        ),
        ("rotation_frequency = 0", REST, "routine_layers: layer 2: rotation_frequency must be from 1 to 3660 days"),
        ("skip_days = [5, 7]", REST, "routine_layers: layer 2: `7` is not a day from 0, Monday, to 6, Sunday"),
        (
            "skip_days = [-1]",
            REST,
            "routine_layers: layer 2: skip_days: day 1: must be a whole number from 0 to 4294967295, not -1",
        ),
        (
            "rotation_frequecy = 7",
            REST,
            "routine_layers: layer 2: unknown key `rotation_frequecy`; did you mean `rotation_frequency`?",
        ),
        ("is_exception = 1", REST, "routine_layers: layer 2: is_exception: must be true or false, not 1"),
    ] {
        check(&routine(&format!("{line}{rest}")), &[&format!("9: routine `week`: {expected}")]);
    }
    for (rotations, expected) in [
        ("[]", "routine_layers: layer 2: rotations need at least one group, which may be empty"),
        ("[[\"ana\"], [\"zoe\"]]", "routine_layers: layer 2: no user is named `zoe`"),
        ("[[\"ana\", 5]]", "routine_layers: layer 2: rotations: rotation 1: item 2: must be a string, not 5"),
        ("[\"ana\"]", "routine_layers: layer 2: rotations: rotation 1: must be a list, not a string"),
    ] {
        let line = format!("rotations = {rotations}\nvalid_start = \"2026-06-01\"");
        check(&routine(&line), &[&format!("9: routine `week`: {expected}")]);
    }
    check(&routine(BEGUN), &["7: routine `week`: routine_layers: layer 2: `valid_start` is missing"]);
}

#[test]
fn a_mistake_in_a_swap_or_about_a_routine_is_told_at_its_line() {
    let zone = "[[routine]]\nname = \"x\"\ntimezone = \"Mars/Base\"\nroutine_layers = []";
    check(zone, &["3: routine `x`: timezone: `Mars/Base` is not an IANA time zone"]);
    check(
        "[[escalation_policy]]\nname = \"x\"\nlevels = [\n  { minutes = 5, routines = [\"day\"] },\n]",
        &["4: escalation_policy `x`: levels: level 1: no routine is named `day`"],
    );
    let swap = |out: &str, stands_in: &str, from: &str, until: &str| {
        format!(
            "[[routine]]\nname = \"x\"\ntimezone = \"UTC\"\nroutine_layers = []\n[[routine.swaps]]\n\
             out = \"{out}\"\nin = \"{stands_in}\"\nfrom = \"{from}\"\nuntil = \"{until}\""
        )
    };
    let other = "[[user]]\nusername = \"ben\"\n";
    let (nine, ten) = ("2026-06-01T09:00:00", "2026-06-01T10:00:00");
    for (swap, expected) in [
        (swap("zoe", "ben", nine, ten), "8: routine `x`: swaps: no user is named `zoe`"),
        (swap("ana", "zoe", nine, ten), "9: routine `x`: swaps: no user is named `zoe`"),
        (swap("ana", "ana", nine, ten), "9: routine `x`: swaps: swap 1: `ana` cannot stand in for themselves"),
        (
            swap("ana", "ben", "noon", ten),
            "10: routine `x`: swaps: swap 1: `noon` is not a timestamp of the form YYYY-MM-DDTHH:MM:SS",
        ),
        (
            swap("ana", "ben", ten, ten),
            "11: routine `x`: swaps: swap 1: until 2026-06-01T10:00:00.000000 must be after from 2026-06-01T10:00:00.000000",
        ),
    ] {
        check(&format!("{other}{swap}"), &[expected]);
    }
}

#[test]
fn a_routine_is_written_as_a_person_would_write_it() {
    let text = r#"[[routine]]
name = "week"
timezone = "Europe/Lisbon"
routine_layers = [
  { layer = 1, layer_name = "", valid_start = "2026-06-01", valid_end = "9999-01-01", is_exception = false, rotation_start = "00:00:00", shift_length = "24:00", rotation_frequency = 7, skip_days = [], rotations = [["ana"], []] },
  { layer = 7, valid_start = "2026-12-24", valid_end = "2026-12-27", is_exception = true, rotations = [["ana"]] },
]
swaps = [{ out = "ana", from = "2026-06-01 09:00:00", until = "2026-06-02T09:00:00Z" }]
[[escalation_policy]]
name = "x"
levels = [{ minutes = 5, routines = ["week"] }]
"#;
    let written = write(&definition(&format!("{BASE}{text}")));
    let expected = r#"
# Who is on call, and when.
[[routine]]
name = "week"
timezone = "Europe/Lisbon"
swaps = [{ out = "ana", from = "2026-06-01T09:00:00.000000", until = "2026-06-02T09:00:00.000000" }]
[[routine.routine_layers]]
valid_start = "2026-06-01"
rotation_frequency = 7
rotations = [["ana"], []]
[[routine.routine_layers]]
layer = 7
valid_start = "2026-12-24"
valid_end = "2026-12-27"
is_exception = true
rotations = [["ana"]]
"#;
    assert!(written.contains(expected), "{written}");
    assert_eq!(definition(&written), definition(&format!("{BASE}{text}")));
}
