//! Changes to the directory and to keys by another process.

use checks::in_both;
use directory::{KeyState, NewKey, key_create, key_revoke};
use domain::Refusal;
use domain::directory::{EscalationPolicy, Level, WhenExhausted};
use domain::incident::Command;
use domain::permission::Scope;
use engine::Failure;

#[test]
fn a_changed_policy_is_seen_by_the_next_command() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        let levels = [(5, "ana"), (5, "cho")].map(|(minutes, user)| Level {
            minutes,
            users: vec![user.into()],
            routines: Vec::new(),
        });
        let policy = EscalationPolicy {
            team: None,
            name: "ladder".to_owned(),
            when_exhausted: WhenExhausted::RepeatLast,
            levels: levels.to_vec(),
        };
        house.put(&policy);
        house.act(id, Command::Escalate).unwrap();
        let expected = ["0:00 ana email page 1", "0:00 cho email page 2", "0:00 cho webhook page 2"];
        assert_eq!(house.told(), expected);
    });
}

#[test]
fn a_changed_policy_is_seen_by_the_clock() {
    in_both(|house| {
        house.trigger("Disk full");
        let users = vec!["cho".into()];
        let levels = vec![
            Level { minutes: 5, users: vec!["ana".into()], routines: Vec::new() },
            Level { minutes: 5, users, routines: Vec::new() },
        ];
        let when_exhausted = WhenExhausted::RepeatLast;
        house.put(&EscalationPolicy { team: None, name: "ladder".to_owned(), when_exhausted, levels });
        house.advance(5);
        let expected = ["0:00 ana email page 1", "5:00 cho email page 2", "5:00 cho webhook page 2"];
        assert_eq!(house.told(), expected);
    });
}

fn key(house: &checks::House, text: &str) -> KeyState {
    house.run(house.administration().key(text)).unwrap()
}

fn valid(house: &checks::House, text: &str) -> std::sync::Arc<directory::KeyRow> {
    match key(house, text) {
        KeyState::Valid(row) => row,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_revoked_key_is_refused_at_the_next_request_though_it_is_remembered() {
    in_both(|house| {
        let id = house.trigger("Disk full");
        assert_eq!(valid(house, &house.key).id, house.key_id);
        assert!(key_revoke(house.outside(), &house.clock, &house.ids, house.organization.id, house.key_id).unwrap());
        let refused = Err(Failure::Refused(Refusal::KeyRevoked));
        let read = house.run(house.engine().details(house.reader(), id));
        assert_eq!(read.map(drop), refused.clone());
        assert_eq!(house.act(id, Command::Acknowledge).map(drop), refused);
        house.administration().forget_key(house.key_id);
        assert!(matches!(key(house, &house.key), KeyState::Revoked(_)));
        assert_eq!(house.messages().len(), 1);
    });
}

#[test]
fn an_expired_key_is_refused_though_it_is_remembered() {
    in_both(|house| {
        let expires_at = Some(house.engine().now().plus_minutes(2));
        let new = NewKey { expires_at, ..NewKey::of("short", Scope::Admin) };
        let key = key_create(house.outside(), &house.clock, &house.ids, "house", &new).unwrap().unwrap();
        let row = valid(house, &key);
        let request = |house: &checks::House| {
            let mut request = house.order(house.organization.order("Disk full"));
            request.credential = Some(engine::Credential::Key(row.id));
            request
        };
        house.perform(request(house)).unwrap();
        house.advance(2);
        assert_eq!(house.perform(request(house)), Err(Failure::Refused(Refusal::KeyRevoked)));
        assert!(matches!(self::key(house, &key), KeyState::Expired(_)));
        assert_eq!(house.messages().len(), 1);
    });
}

#[test]
fn a_stranger_s_key_is_nobody() {
    in_both(|house| {
        for text in ["", "reveille_", "reveille_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "token"] {
            assert!(matches!(key(house, text), KeyState::Unknown), "{text}");
        }
    });
}

#[test]
fn the_last_use_of_a_key_is_recorded_at_most_once_a_minute() {
    in_both(|house| {
        let used = |house: &checks::House| {
            valid(house, &house.key);
            house.settle();
            let keys = house.outside().read(|tx| store::key_list(tx, house.organization.id)).unwrap();
            keys[0].last_used_at.unwrap()
        };
        let first = used(house);
        house.advance_micros(59_000_000);
        assert_eq!(used(house), first);
        house.advance_micros(1_000_000);
        assert_eq!(used(house).0 - first.0, 60_000_000);
    });
}
