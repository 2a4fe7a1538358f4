//! Mail that is never an alert: delivery reports, absence notices, and what this server sent itself (intake §5).

use super::Envelope;
use super::header::Headers;
use super::part::Parts;

/// Why a mail is never an alert.
const AUTO_REPLY: &str = "auto_reply";
/// The header that our own mail carries.
const OURS: &str = "x-reveille-id";

/// The reason for which a mail is ignored, if it is one of these. What monitoring tools set, `Auto-Submitted: auto-generated`,
/// `Precedence: bulk` and `List-Id`, is none, unless it answers a mail of ours.
pub(super) fn refused(headers: &Headers, parts: &Parts, envelope: &Envelope<'_>) -> Option<&'static str> {
    let says = |name: &str, words: &[&str]| headers.word(name).is_some_and(|word| words.contains(&word.as_str()));
    let has = |name: &str| headers.first(name).is_some_and(|value| !value.is_empty());
    // Whoever posts a mail as it is has the reverse path in a header only.
    let returned = envelope.from.or_else(|| headers.first("return-path"));
    let is_report = returned.is_some_and(|path| matches!(path, "" | "<>")) || parts.is_report;
    let is_answer = says("auto-submitted", &["auto-replied"])
        || says("precedence", &["auto_reply"])
        || (has("x-auto-response-suppress") && (has("x-autoreply") || has("x-autorespond")));
    let is_ours = headers.first(OURS).is_some()
        || envelope.own_address.is_some_and(|own| parts.from.iter().any(|from| from.eq_ignore_ascii_case(own)));
    let is_automatic = says("auto-submitted", &["auto-generated", "auto-notified"])
        || says("precedence", &["bulk", "list", "junk"])
        || has("list-id");
    let answers_us = || envelope.own_address.is_some_and(|own| parts.thread.iter().any(|id| is_of_ours(id, own)));
    (is_report || is_answer || is_ours || (is_automatic && answers_us())).then_some(AUTO_REPLY)
}

/// Whether a Message-ID is one that this server gives, be it of a message or of an incident's thread.
fn is_of_ours(id: &str, own_address: &str) -> bool {
    let Some((local, domain)) = id.rsplit_once('@') else { return false };
    let own_domain = own_address.rsplit_once('@').map(|(_, domain)| domain);
    let is_delivery = local.len() == 22 && local.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    own_domain.is_some_and(|own| own.eq_ignore_ascii_case(domain)) && (local.starts_with("incident.") || is_delivery)
}
