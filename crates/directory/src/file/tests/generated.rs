//! Definitions without faults, of every kind of component, with names and texts that are hard to write down.

use super::sources::{heartbeat, integration, window};
use super::words::{names, some_of, text, urgency, users_of};
use domain::directory::{
    BusinessService, ChatContact, ChatKind, Definition, EscalationPolicy, GroupBy, Hours, Level, Member,
    NotificationRule, PushContact, ResponseSet, Role, RuleStep, Service, SupportHours, Team, TeamRole, User,
    WebhookContact, WhenExhausted, Workflow,
};
use domain::notification::Channel;
use domain::routine::{Routine, Swap};
use domain::routing::{Actions, Condition, Day, Rule, Test};
use domain::{Instant, Urgency, Username};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

fn tags() -> impl Strategy<Value = Vec<String>> {
    let short = text().prop_map(|text| text.chars().take(100).collect());
    vec(short, 0..4)
}

fn user(name: String) -> impl Strategy<Value = User> {
    let role = select(Role::ALL.to_vec());
    let webhook = of((text(), vec("whsec_[A-Za-z0-9+/]{12}", 1..3)));
    let zone = of(select(vec!["Europe/Berlin", "UTC"]));
    (of(text()), webhook, role, zone, tags(), any::<bool>(), of(text()), notification_rules()).prop_map(
        move |(display_name, webhook, role, zone, tags, locked, job_title, rules)| User {
            username: Username(name.clone()),
            email: display_name.is_some().then(|| "a\"b@example.com".to_owned()),
            first_name: display_name.clone(),
            last_name: job_title.clone(),
            phone: job_title.clone(),
            iso_country_code: zone.map(str::to_owned),
            country_code: display_name.clone(),
            language: job_title.clone(),
            sms: job_title.is_some().then(|| "+4915112345678".to_owned()),
            voice: webhook.is_some().then(|| "+390612345678".to_owned()),
            chat: locked.then(|| ChatContact {
                kind: ChatKind::Telegram,
                url: "https://example.com/bot\"1/sendMessage".to_owned(),
                recipient: display_name.clone().filter(|text| !text.is_empty()).or(Some("7".to_owned())),
            }),
            push: zone
                .map(|_| PushContact { url: "https://ntfy.example.com/a b".to_owned(), token: job_title.clone() }),
            notification_rules: rules.clone(),
            handover_notices: !locked,
            resolution_notices: !locked,
            profile_picture: display_name.clone(),
            display_name,
            webhook: webhook
                .map(|(text, secrets)| WebhookContact { url: format!("https://example.com/{text}"), secrets }),
            role,
            job_title,
            timezone: zone.map(str::to_owned),
            tags,
            locked,
        },
    )
}

/// Rules for urgencies that all differ, with steps in order.
fn notification_rules() -> impl Strategy<Value = Vec<NotificationRule>> {
    let step = (0..=10_080_u32, select(Channel::ALL.to_vec()))
        .prop_map(|(after_minutes, channel)| RuleStep { after_minutes, channel });
    vec(vec(step, 1..4), 0..3).prop_map(|rules| {
        let rule = |(number, mut steps): (usize, Vec<RuleStep>)| {
            steps.sort_by_key(|step| step.after_minutes);
            let urgency = [Urgency::Minor, Urgency::Medium, Urgency::Critical][number];
            NotificationRule { urgencies: vec![urgency], steps }
        };
        rules.into_iter().enumerate().map(rule).collect()
    })
}

/// A routine with layers of all kinds, and swaps.
fn routine(name: String, users: &[String]) -> impl Strategy<Value = Routine> + use<> {
    let group = || users_of(users);
    let dates = || select(vec!["2026-06-01", "1999-12-31", "9998-02-28"]);
    let hours = select(vec!["00:00:00", "09:00:00", "23:59:59"]);
    let length = select(vec!["24:00", "23:59", "00:01"]);
    let days = subsequence(vec![0, 3, 6], 0..=3);
    let layer = (text(), dates(), any::<bool>(), hours, length, 1..400_u32, days, vec(group(), 1..5)).prop_map(
        |(layer_name, from, is_exception, rotation_start, shift_length, rotation_frequency, skip_days, rotations)| {
            json!({
                "layer_name": layer_name.chars().take(100).collect::<String>(),
                "valid_start": from,
                "valid_end": if is_exception { "9999-01-01" } else { "9998-12-31" },
                "is_exception": is_exception,
                "rotation_start": rotation_start,
                "shift_length": shift_length,
                "rotation_frequency": rotation_frequency,
                "skip_days": skip_days,
                "rotations": rotations,
            })
        },
    );
    let swap = (select(users.to_vec()), of(select(users.to_vec())), any::<u32>(), 1..u32::MAX).prop_map(
        |(out, stands_in, from, micros)| {
            let from = Instant(i64::from(from) * 1_000_003);
            Swap {
                in_: stands_in.filter(|user| *user != out).map(Username),
                out: Username(out),
                from: from.into(),
                until: from.plus_micros(i64::from(micros)).into(),
            }
        },
    );
    let layers = (vec(layer, 0..4), 0..9_u32).prop_map(|(mut layers, number)| {
        if let Some(last) = layers.last_mut() {
            last["layer"] = json!(number);
        }
        layers
    });
    (layers, vec(swap, 0..3), select(vec!["Europe/Berlin", "Pacific/Apia"])).prop_map(
        move |(routine_layers, swaps, timezone)| {
            let mut routine: Routine =
                serde_json::from_value(json!({"name": name, "timezone": timezone, "routine_layers": routine_layers}))
                    .expect("a routine");
            routine.swaps = swaps;
            routine
        },
    )
}

fn policy(name: String, users: &[String], routines: &[String]) -> impl Strategy<Value = EscalationPolicy> + use<> {
    let targets = (users_of(users), some_of(routines));
    let targets = targets.prop_filter("somebody", |(users, routines)| users.len() + routines.len() > 0);
    let level = (1..=10_080_u32, targets).prop_map(|(minutes, (users, routines))| Level { minutes, users, routines });
    (vec(level, 1..5), select(vec![WhenExhausted::RepeatLast, WhenExhausted::Restart])).prop_map(
        move |(levels, when_exhausted)| EscalationPolicy { team: None, name: name.clone(), when_exhausted, levels },
    )
}

fn service(name: String, policies: &[String]) -> impl Strategy<Value = Service> + use<> {
    (of(text()), select(policies.to_vec()), of(1..=10_080_u32)).prop_map(
        move |(description, escalation_policy, acknowledgement_minutes)| Service {
            team: None,
            name: name.clone(),
            description,
            escalation_policy,
            acknowledgement_minutes,
            storm_incidents: acknowledgement_minutes,
            hold_seconds: acknowledgement_minutes.map(|minutes| minutes % 900),
            hold_max_urgency: acknowledgement_minutes.map(|_| Urgency::Medium),
            flap_changes: acknowledgement_minutes.map(|minutes| minutes % 100),
            flap_minutes: acknowledgement_minutes.map(|minutes| minutes % 60),
            flap_quiet_minutes: acknowledgement_minutes.map(|minutes| minutes % 30),
            reopen_minutes: acknowledgement_minutes,
            group_by: acknowledgement_minutes.map(|minutes| GroupBy {
                fields: vec!["label:team".to_owned()],
                minutes: Some(minutes % 1_440 + 1),
                ..GroupBy::default()
            }),
            created_keep_open: acknowledgement_minutes.map(|minutes| minutes % 2 == 0),
            support_hours: acknowledgement_minutes.map(|minutes| SupportHours {
                timezone: "Europe/Berlin".to_owned(),
                hours: vec![Hours {
                    days: if minutes % 2 == 0 { vec![Day::Monday] } else { Vec::new() },
                    from: "09:00".to_owned(),
                    until: "24:00".to_owned(),
                }],
                holidays: vec!["2026-12-25".to_owned()],
                urgency_at_most: Some(Urgency::Low),
                escalation_policy: None,
                raise_at_start: minutes % 3 == 0,
            }),
        },
    )
}

/// Conditions on fields that all differ, so that they cannot contradict each other; at least one.
fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    let scalar = prop_oneof![
        text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300_f64).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
    ];
    let bound = prop_oneof![-1e300..1e300_f64, (-10..10_i8).prop_map(f64::from)];
    (text(), scalar.clone(), scalar, bound, 1..=5_i64)
        .prop_map(|(text, equals, not_equals, bound, urgency)| {
            let tests = [
                ("title", Test::Contains(text.clone())),
                ("description", Test::Exists(false)),
                ("tags", Test::NotContains(text)),
                ("dedup_key", Test::Matches("^\\d+\"$".to_owned())),
                ("urgency_level", Test::Equals(json!(urgency))),
                ("/a", Test::Equals(equals)),
                ("/b", Test::NotEquals(not_equals)),
                ("/c", Test::Gte(bound)),
                ("/d", Test::Lte(bound)),
            ];
            tests.map(|(field, test)| Condition { field: field.to_owned(), test }).to_vec()
        })
        .prop_flat_map(|conditions| subsequence(conditions, 1..=9))
}

fn actions(services: Vec<String>, policies: Vec<String>, sets: Vec<String>) -> impl Strategy<Value = Actions> {
    let given = (text(), of(select(services)), some_of(&policies), urgency(), tags(), of(select(sets)), of(1..99_u32));
    let others =
        given.prop_map(|(note, set_service, set_policies, set_urgency, add_tags, run_response_set, minutes)| Actions {
            suppress: false,
            set_service,
            set_policies,
            set_urgency,
            add_tags,
            add_note: Some(note),
            run_response_set,
            resolve_after_minutes: minutes,
        });
    prop_oneof![Just(Actions { suppress: true, ..Actions::default() }), others]
}

fn rule(name: String, actions: impl Strategy<Value = Actions>) -> impl Strategy<Value = Rule> {
    let window = of(Just(("22:00".to_owned(), "07:00".to_owned())));
    let zone = select(vec!["UTC", "Europe/Berlin"]);
    let days = subsequence(vec![Day::Monday, Day::Wednesday, Day::Sunday], 0..=3);
    (of(text()), any::<bool>(), zone, days, window, conditions(), any::<bool>(), actions).prop_map(
        move |(description, enabled, zone, days, window, conditions, any_one, actions)| Rule {
            team: None,
            name: name.clone(),
            description,
            enabled,
            timezone: zone.to_owned(),
            days,
            from: window.clone().map(|(from, _)| from),
            until: window.map(|(_, until)| until),
            minimum: any_one.then_some(1),
            conditions,
            actions,
        },
    )
}

fn response_set(name: String, users: &[String], policies: &[String]) -> impl Strategy<Value = ResponseSet> + use<> {
    let given = (some_of(policies), users_of(users), users_of(users), vec(text(), 0..3), text());
    given.prop_map(move |(escalation_policies, users, subscribers, conference_bridges, update)| ResponseSet {
        team: None,
        name: name.clone(),
        escalation_policies,
        users,
        subscribers,
        conference_bridges,
        status_update: Some(update),
    })
}

fn workflow(name: String, businesses: &[String], sets: &[String]) -> impl Strategy<Value = Workflow> + use<> {
    let given = (urgency(), tags(), text(), some_of(businesses), of(select(sets.to_vec())));
    given.prop_map(move |(set_urgency, add_tags, note, add_impacts, run_response_set)| Workflow {
        team: None,
        name: name.clone(),
        set_urgency,
        add_tags,
        add_note: Some(note),
        add_impacts,
        run_response_set,
    })
}

fn all<S: Strategy>(names: Vec<String>, strategy: impl Fn(String) -> S) -> Vec<S> {
    names.into_iter().map(strategy).collect()
}

fn team(name: String, users: &[String]) -> impl Strategy<Value = Team> + use<> {
    let members = (users_of(users), select(TeamRole::ALL.to_vec()));
    (members, of(text()), any::<bool>(), any::<bool>()).prop_map(
        move |((members, team_role), description, protected, private)| Team {
            name: name.clone(),
            description,
            members: members.into_iter().map(|username| Member { username, team_role }).collect(),
            protected,
            private,
        },
    )
}

/// A definition without faults.
pub(super) fn definition() -> impl Strategy<Value = Definition> {
    let all_names =
        (names(1..5), names(0..3), names(1..4), names(1..4), names(1..3), names(1..3), names(0..3), names(0..4));
    (all_names, names(0..3), names(0..3)).prop_flat_map(|(all_names, routines, integrations)| {
        let (users, teams, policies, services, businesses, sets, workflows, rules) = all_names;
        let team = |name: String| team(name, &users);
        let business = |name: String| {
            (of(text()), users_of(&users)).prop_map(move |(description, subscribers)| BusinessService {
                team: None,
                name: name.clone(),
                description,
                subscribers,
            })
        };
        let actions = || actions(services.clone(), policies.clone(), sets.clone());
        let given = (
            text(),
            of(select(policies.clone())),
            all(users.clone(), user),
            all(teams, team),
            (
                all(routines.clone(), |name| routine(name, &users)),
                all(policies.clone(), |name| policy(name, &users, &routines)),
            ),
            all(services.clone(), |name| service(name, &policies)),
            all(businesses.clone(), business),
            all(sets.clone(), |name| response_set(name, &users, &policies)),
            all(workflows, |name| workflow(name, &businesses, &sets)),
            (
                all(rules, |name| rule(name, actions())),
                all(integrations.clone(), |name| integration(name, &services, &policies, &users)),
                all(integrations.clone(), |name| heartbeat(name, &services)),
                all(integrations, |name| window(name, &services)),
            ),
        );
        given.prop_map(
            |(
                name,
                fallback_policy,
                users,
                teams,
                (routines, policies),
                services,
                businesses,
                sets,
                workflows,
                (rules, integrations, heartbeats, maintenance_windows),
            )| {
                Definition {
                    name,
                    fallback_policy,
                    users,
                    teams,
                    routines,
                    escalation_policies: policies,
                    services,
                    business_services: businesses,
                    response_sets: sets,
                    workflows,
                    routing_rules: rules,
                    integrations,
                    heartbeats,
                    maintenance_windows,
                }
            },
        )
    })
}
