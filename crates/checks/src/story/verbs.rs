//! What can be done in a story: each form of words, with what it does. A `*` stands for any words.

use super::player::Player;

/// Does it; what is answered, as lines. The error says what is wrong with the words.
pub(super) type Act = fn(&mut Player, &[&str]) -> Result<Vec<String>, String>;

/// Every form of words; the first that fits counts.
pub(super) const VERBS: &[(&str, Act)] = &[
    ("wait *", Player::wait),
    ("it becomes *", Player::become_time),
    ("* alerts \"*\" *, one every *", Player::alerts),
    ("alert \"*\" *", Player::alert),
    ("* acknowledges #*", |player, words| player.command("acknowledge", words)),
    ("* resolves #*", |player, words| player.command("resolve", words)),
    ("* escalates #*", |player, words| player.command("escalate", words)),
    ("* unacknowledges #*", |player, words| player.command("unacknowledge", words)),
    ("* snoozes #* for * minutes", Player::snooze),
    ("* reassigns #* to *", Player::reassign),
    ("* adds * to #*", Player::add),
    ("* sets the urgency of #* to *", Player::set_urgency),
    ("* tells the subscribers of #* \"*\"", Player::tell),
    ("* subscribes * to #*", Player::subscribe),
    ("* merges #* into #*", Player::merge),
    ("* has verified *", Player::has_verified),
    ("* opens * of the last *", Player::open_last_link),
    ("* opens * of the * about #*", Player::open_link_about),
    ("somebody changes a letter of *'s link * and presses it", Player::forge_link),
    ("* presses * in the last call", Player::press_digit),
    ("* presses * of the last *", Player::press_last_button),
    ("* presses * of the * about #*", Player::press_button_about),
    ("* replies \"*\" by SMS", Player::reply),
    ("somebody replies \"*\" from *", Player::reply_from),
    ("somebody forges *'s reply \"*\"", Player::forge_reply),
    ("the carrier reports *'s last * as *", Player::report),
    ("show the last * to *", Player::show_message),
    ("*'s * is down", Player::is_down),
    ("*'s * works again", Player::works_again),
    ("*'s * answers at last: *", Player::answers_at_last),
    ("*'s * answers: *", Player::answers),
    ("the way to * answers: *", Player::way_answers),
    ("the telephone carrier answers messages: *", |player, words| player.telephone_answers("Messages.json", words)),
    ("the telephone carrier answers calls: *", |player, words| player.telephone_answers("Calls.json", words)),
    ("the directory changes:", Player::change_directory),
    ("the server is killed and starts again", Player::restart),
    ("lint", Player::lint),
    ("somebody reads *", Player::read_feed),
    ("GET *", Player::get),
    ("POST * {*", Player::post),
    ("DELETE *", Player::delete),
    ("show the ledger of #*", Player::show_ledger),
    ("show the metrics *", Player::show_metrics),
    ("show #*", Player::show),
];

/// The verb that fits, with the words that stand for its `*`.
pub(super) fn verb(text: &str) -> Option<(Act, Vec<String>)> {
    VERBS.iter().find_map(|(form, act)| Some((*act, fitting(form, text)?)))
}

/// The words that stand for each `*`, the shortest that fit.
fn fitting(form: &str, text: &str) -> Option<Vec<String>> {
    let mut literals = form.split('*');
    let mut rest = text.strip_prefix(literals.next()?)?;
    let mut words = Vec::new();
    let literals: Vec<&str> = literals.collect();
    for (place, literal) in literals.iter().enumerate() {
        let is_last = place + 1 == literals.len();
        let at = match (literal.is_empty(), is_last) {
            (true, _) => rest.len(),
            (false, true) => rest.len().checked_sub(literal.len()).filter(|at| rest.ends_with(literal) && *at > 0)?,
            (false, false) => rest.find(literal)?,
        };
        words.push(rest[..at].to_owned());
        rest = &rest[at + literal.len()..];
    }
    (rest.is_empty() && words.iter().all(|word| !word.is_empty())).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fit_a_form_or_do_not() {
        for (form, text, expected) in [
            ("wait *", "wait 5 minutes", Some(vec!["5 minutes"])),
            ("* acknowledges #*", "ana acknowledges #1", Some(vec!["ana", "1"])),
            ("* acknowledges #*", "ana resolves #1", None),
            ("*'s * is down", "ana's email is down", Some(vec!["ana", "email"])),
            ("*'s * is down", "ana's email is down today", None),
            ("alert \"*\" *", "alert \"a \"b\" c\" on web", Some(vec!["a \"b", "c\" on web"])),
            ("the end", "the end", Some(vec![])),
            ("the end", "the end.", None),
        ] {
            let expected = expected.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(fitting(form, text), expected, "{form} <- {text}");
        }
    }
}
