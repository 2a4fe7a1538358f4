//! What fields of components are called on pages, and what there is to know before they are filled in.

use domain::directory::ComponentKind;

/// What fields are called whose key alone says too little.
const LABELS: &[(&str, &str)] = &[
    ("acknowledgement_minutes", "Minutes until an acknowledged incident is asked about again"),
    ("storm_incidents", "Open incidents from which on it counts as a storm"),
    ("hold_seconds", "Seconds that a new alert is held"),
    ("hold_max_urgency", "Loudest urgency that is held"),
    ("flap_changes", "Changes of an alert after which it is flapping"),
    ("flap_minutes", "Minutes within which it changes so often"),
    ("flap_quiet_minutes", "Quiet minutes after which it is flapping no more"),
    ("reopen_minutes", "Minutes within which an incident that ended by itself is opened again"),
    ("resolve_after_minutes", "Minutes of silence after which it is resolved"),
    ("alerts_per_minute", "Incidents opened in a minute from which on its alerts are one storm"),
    ("remind_minutes", "Minutes after which what goes on is told again"),
    ("on_resolve", "When the sender says that it is over"),
    ("per_group", "One incident for each group of the sender"),
    ("tests_open", "Tests of the sender open incidents"),
    ("disabled_answers_401", "Switched off, refuses clients of Opsgenie's API"),
    ("accept_get", "Takes alerts in the address, by GET"),
    ("rrule", "Comes again, by a rule of RFC 5545"),
    ("exdates", "Occurrences that are left out"),
    ("during", "What fires in it"),
    ("except_urgency", "From this urgency on people are asked all the same"),
    ("page_open_incidents", "Incidents that were open before go on paging"),
    ("protected", "Only its managers and admins change what it owns"),
    ("private", "Only its members and admins see what it owns"),
    ("handover_notices", "Is told when going on call and off call"),
    ("resolution_notices", "Is told when it is over"),
    ("iso_country_code", "Country of the telephone"),
    ("country_code", "Prefix of that country"),
    ("sms", "Telephone for text messages"),
    ("voice", "Telephone that rings"),
    ("email", "E-mail"),
    ("locked", "May not sign in"),
    ("from", "From (time of day)"),
    ("until", "Until (time of day)"),
    ("minimum", "How many conditions must hold"),
    ("every_seconds", "Expected every so many seconds"),
    ("cron", "Or expected at the times of a cron expression"),
    ("grace_seconds", "Seconds that it may be late"),
    ("routine_layers", "Layers"),
    ("timezone", "Time zone"),
    ("networks", "Networks that may send"),
    ("key", "Key"),
    ("secret", "Secret by which bodies are signed"),
    ("cloudwatch", "CloudWatch"),
    ("group_by", "Grouped into one incident"),
    ("created_keep_open", "Alerts created by hand or by the API keep an incident open"),
];

/// What there is to know of a field.
const HINTS: &[(&str, &str)] = &[
    ("key", "A UUID. The server makes one where none is given."),
    ("timezone", "Such as Europe/Berlin."),
    ("sms", "With the prefix of the country: +4915112345678."),
    ("voice", "With the prefix of the country: +4915112345678."),
    ("members", "One on each line; with a role in the team after a colon: ana: manager."),
    ("starts", "By the wall clock of its zone: 2026-07-01T22:00:00."),
    ("rrule", "Such as FREQ=WEEKLY;BYDAY=TU."),
    ("cron", "Such as 0 3 * * *, in the zone below. Either this or a number of seconds."),
    ("from", "Such as 22:00. Empty where it holds all day."),
    ("until", "Such as 07:00."),
    ("tags", "One on each line."),
    ("language", "Such as en."),
    ("minimum", "All of them where none is given."),
    ("networks", "One on each line, such as 10.0.0.0/8; everywhere where none is given."),
    ("conference_bridges", "An address on each line."),
    ("urgency", "How loud its silence is."),
];

/// How fields that the editor leaves to a text are written in a directory file: key, example.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "routine_layers",
        "[[routine_layers]]\nlayer_name = \"Week by week\"\nvalid_start = \"2026-06-01\"\nrotation_start = \"09:00:00\"\nrotation_frequency = 7\nrotations = [[\"ana\"], [\"ben\"]]",
    ),
    (
        "swaps",
        "swaps = [{ out = \"ana\", in = \"ben\", from = \"2026-06-10T12:00:00\", until = \"2026-06-10T18:00:00\" }]",
    ),
];

/// What a field is called.
pub(super) fn label(key: &str) -> String {
    if let Some((_, label)) = LABELS.iter().find(|(known, _)| *known == key) {
        return (*label).to_owned();
    }
    let words = key.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What there is to know of it.
pub(super) fn hint(kind: ComponentKind, key: &str) -> &'static str {
    if kind == ComponentKind::User && key == "username" {
        return "By which others name the person, and the person signs in.";
    }
    HINTS.iter().find(|(known, _)| *known == key).map(|(_, hint)| *hint).unwrap_or_default()
}

/// How it is written in a directory file.
pub(super) fn example(key: &str) -> &'static str {
    EXAMPLES.iter().find(|(known, _)| *known == key).map(|(_, example)| *example).unwrap_or_default()
}

/// How loud an urgency is, in a word.
pub(super) fn urgency(number: i64) -> &'static str {
    ["Minor", "Low", "Medium", "High", "Critical"]
        .get(usize::try_from(number - 1).unwrap_or(9))
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{EXAMPLES, label};
    use directory::file::read_field;

    #[test]
    fn every_example_is_read_as_the_field_that_it_is_of() {
        for (key, example) in EXAMPLES {
            assert!(read_field(key, example).is_ok(), "{key}: {:?}", read_field(key, example));
        }
    }

    #[test]
    fn a_key_without_words_of_its_own_is_its_words() {
        assert_eq!((label("escalation_policy").as_str(), label("email").as_str()), ("Escalation policy", "E-mail"));
    }
}
