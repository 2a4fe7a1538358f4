//! What is wrong with a user: contacts that cannot be reached and rules that cannot be followed.

use super::{ChatKind, NotificationRule, RuleStep, User};
use crate::instant::zone_is_known;
use crate::{Place, limits};

/// Every fault of a user taken alone, with its place.
pub(super) fn faults(user: &User) -> Vec<(Place, String)> {
    let mut faults: Vec<(Place, String)> = Vec::new();
    if let Some(zone) = user.timezone.as_deref().filter(|zone| !zone_is_known(zone)) {
        faults.push(("timezone".into(), format!("`{zone}` is not an IANA time zone")));
    }
    if let Some(email) = user.email.as_deref().filter(|email| !is_email_address(email)) {
        faults.push(("email".into(), format!("`{email}` is not an e-mail address")));
    }
    for (field, number) in [("sms", &user.sms), ("voice", &user.voice)] {
        if let Some(number) = number.as_deref().filter(|number| !is_telephone_number(number)) {
            let problem = format!("`{number}` is not a number with `+` and 7 to 15 digits, such as +4915112345678");
            faults.push((field.into(), problem));
        }
    }
    webhook(user, &mut faults);
    chat(user, &mut faults);
    if let Some(push) = user.push.as_ref().filter(|push| !is_topic(&push.url)) {
        let found = if is_http(&push.url) { "has no topic" } else { "is no http or https address" };
        let problem = format!("{found}; it must be like https://ntfy.example.org/topic");
        faults.push((Place::inside("push", "url"), problem));
    }
    for (item, rule) in user.notification_rules.iter().enumerate() {
        let earlier = user.notification_rules.get(..item).unwrap_or_default();
        faults.extend(rule_faults(rule, earlier, Place::item("notification_rules", item)));
    }
    faults
}

fn webhook(user: &User, faults: &mut Vec<(Place, String)>) {
    let Some(webhook) = &user.webhook else { return };
    if !is_http(&webhook.url) {
        // The URL often holds a secret, so it is not repeated.
        faults.push(("webhook".into(), "must have an http or https address".to_owned()));
    }
    if webhook.secrets.is_empty() {
        faults.push(("webhook".into(), "needs at least one secret to sign with".to_owned()));
    }
    if webhook.secrets.iter().any(|secret| !secret.starts_with("whsec_") || secret.len() < 14) {
        faults.push(("webhook".into(), "a secret is `whsec_` and base64".to_owned()));
    }
}

fn chat(user: &User, faults: &mut Vec<(Place, String)>) {
    let Some(chat) = &user.chat else { return };
    if !is_http(&chat.url) {
        // The URL is a secret, so it is not repeated.
        faults.push((Place::inside("chat", "url"), "must be an http or https address".to_owned()));
    }
    let problem = match (chat.kind, &chat.recipient) {
        (ChatKind::Telegram, None) => "telegram needs the id of the chat",
        (ChatKind::Telegram, Some(recipient)) if recipient.is_empty() => "telegram needs the id of the chat",
        (ChatKind::Telegram, Some(_)) | (_, None) => return,
        (_, Some(_)) => "only telegram has a recipient; the others know it by the URL",
    };
    faults.push((Place::inside("chat", "recipient"), problem.to_owned()));
}

fn rule_faults(rule: &NotificationRule, earlier: &[NotificationRule], place: Place) -> Vec<(Place, String)> {
    let mut faults = Vec::new();
    if rule.urgencies.is_empty() {
        faults.push((place.key("urgencies"), "a rule without urgencies is never used".to_owned()));
    }
    for urgency in &rule.urgencies {
        if earlier.iter().any(|rule| rule.urgencies.contains(urgency)) {
            let problem = format!("urgency {} has a rule already, the first is used", urgency.number());
            faults.push((place.key("urgencies"), problem));
        }
    }
    if !(1..=limits::RULE_STEPS).contains(&rule.steps.len()) {
        faults.push((place.key("steps"), format!("a rule has 1 to {} steps", limits::RULE_STEPS)));
    }
    let most = limits::RULE_MINUTES_MOST;
    if let Some(step) = rule.steps.iter().position(|step| step.after_minutes > most) {
        faults.push((place.key("steps"), format!("step {}: after_minutes must be from 0 to {most}", step + 1)));
    }
    let unordered = |pair: &[RuleStep]| matches!(pair, [one, next] if one.after_minutes > next.after_minutes);
    if let Some(step) = rule.steps.windows(2).position(unordered) {
        let problem = format!("step {}: the steps must stand in the order of their after_minutes", step + 2);
        faults.push((place.key("steps"), problem));
    }
    faults
}

fn is_http(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Whether the URL is that of a topic: a host, and one word after it or more.
fn is_topic(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let topic = rest.and_then(|rest| rest.split_once('/')).map(|(host, topic)| (host, topic.trim_matches('/')));
    topic.is_some_and(|(host, topic)| !host.is_empty() && !topic.is_empty() && !topic.contains(['?', '#']))
}

/// E.164: a plus sign and at most 15 digits, of which the first is not 0.
fn is_telephone_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_email_address(text: &str) -> bool {
    let strange = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',');
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty()) && !text.contains(strange)
}
