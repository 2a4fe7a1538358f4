//! Short texts that come from people and operators: replies, digits, URLs of databases.

use super::{damage, hold, spoiled, text};
use domain::incident::Action;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::{prop_assert, prop_assert_eq};
use store::Url;

fn spoilt(sound: &'static str) -> impl Strategy<Value = String> {
    (Just(sound), vec(damage(), 0..4))
        .prop_map(|(sound, damages)| String::from_utf8_lossy(&spoiled(sound.as_bytes(), &damages)).into_owned())
}

#[test]
fn a_reply_names_an_action_and_digits_or_nothing() {
    let replies =
        prop_oneof![text(), spoilt("A12345"), spoilt("resolve: #123"), "[A-Za-z]{0,12}[ :#-]{0,3}[0-9]{0,9}.{0,5}"];
    hold(3000, &replies, |reply| {
        if let Some((action, code)) = Action::from_reply(&reply) {
            prop_assert!(!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()));
            prop_assert!(reply.contains(&code));
            prop_assert_eq!(Action::from_reply(&format!("{}{code}", action.letter())), Some((action, code)));
        }
        let pressed = Action::from_digits(&reply);
        prop_assert_eq!(pressed, reply.trim().chars().next().and_then(|digit| Action::from_digits(&digit.to_string())));
        Ok(())
    });
}

#[test]
fn a_url_of_a_database_is_refused_with_a_reason_or_shown_without_its_password() {
    let urls = prop_oneof![
        spoilt("postgresql://ana:7f3d9a1c5e@db.example.org:5432/reveille?sslmode=require&connect_timeout=3"),
        spoilt("postgres://ana:7f3d9a1c5e@[::1],db2:1/reveille"),
        spoilt("sqlite:/var/lib/reveille/reveille.db"),
        text().prop_map(|text| format!("postgresql://{text}")),
        text().prop_map(|text| format!("sqlite:{text}")),
        text(),
    ];
    hold(3000, &urls, |url| {
        // As a whole, since a damage may have put pieces of it elsewhere.
        let shown = match url.parse::<Url>() {
            Ok(url) => format!("{url} {url:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        let is_password = url.contains(":7f3d9a1c5e@") && url.matches("7f3d9a1c5e").count() == 1;
        prop_assert!(!is_password || url.starts_with("sqlite:") || !shown.contains("7f3d9a1c5e"), "{url}: {shown}");
        prop_assert!(!shown.trim().is_empty());
        Ok(())
    });
}
