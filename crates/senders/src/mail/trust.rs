//! Whether a mail may be believed to be from whom it says: addresses that are allowed, and the word of a mail server that is
//! trusted (intake §5). Nothing is looked up.

use super::Envelope;
use super::header::Headers;
use super::part::Parts;
use domain::directory::{Mail, MailAuthentication, MailDemand};

/// The reason for which a mail is ignored, if it is from somebody whom the integration does not listen to.
pub(super) fn refused(
    settings: &Mail,
    headers: &Headers,
    parts: &Parts,
    envelope: &Envelope<'_>,
) -> Option<&'static str> {
    let is_allowed = |address: &str| settings.allowed_from.iter().any(|allowed| fits(allowed, address));
    let is_known = !parts.from.is_empty() && parts.from.iter().all(|from| is_allowed(from));
    let is_heard = settings.allowed_from.is_empty() || (is_known && envelope.from.is_none_or(is_allowed));
    if !is_heard {
        return Some("sender_not_allowed");
    }
    let demanded = settings.authentication.as_ref()?;
    (!is_authentic(demanded, headers, parts)).then_some("not_authenticated")
}

fn fits(allowed: &str, address: &str) -> bool {
    match allowed.strip_prefix('@') {
        Some(domain) => address.rsplit_once('@').is_some_and(|(_, of)| of.eq_ignore_ascii_case(domain)),
        None => allowed.eq_ignore_ascii_case(address),
    }
}

/// Of several results in one server's name the topmost counts: what lies below it was there before it, and may be forged.
fn is_authentic(demanded: &MailAuthentication, headers: &Headers, parts: &Parts) -> bool {
    // More than one author cannot be vouched for by one result.
    let [from] = parts.from.as_slice() else { return false };
    let Some((_, domain)) = from.rsplit_once('@') else { return false };
    let is_by = |value: &&str| host(value).is_some_and(|host| host.eq_ignore_ascii_case(demanded.host.trim()));
    let Some(value) = headers.values("authentication-results").find(is_by) else { return false };
    let plain = without_comments(value);
    plain.split(';').skip(1).any(|result| match demanded.demand {
        MailDemand::Dmarc => passed(result, "dmarc", &["header.from"], |of| of.eq_ignore_ascii_case(domain)),
        MailDemand::Dkim => passed(result, "dkim", &["header.d", "header.i"], |of| is_aligned(of, domain)),
    })
}

/// Whether a result such as `dkim=pass header.d=example.org` says that this method passed for a domain that fits.
fn passed(result: &str, method: &str, properties: &[&str], fits: impl Fn(&str) -> bool) -> bool {
    let mut words = result.split_whitespace();
    let head = words.next().and_then(|head| head.split_once('='));
    let is_it = head.is_some_and(|(name, said)| {
        let name = name.split('/').next().unwrap_or_default();
        name.eq_ignore_ascii_case(method) && said.eq_ignore_ascii_case("pass")
    });
    is_it
        && words.filter_map(|word| word.split_once('=')).any(|(name, value)| {
            let of = value.trim_matches('"').rsplit('@').next().unwrap_or_default();
            properties.iter().any(|property| name.eq_ignore_ascii_case(property)) && fits(of)
        })
}

/// The same domain, or one below the other; a domain without a dot vouches for nobody.
fn is_aligned(of: &str, domain: &str) -> bool {
    let (of, domain) = (of.to_ascii_lowercase(), domain.to_ascii_lowercase());
    let is_below = |long: &str, short: &str| {
        short.contains('.') && long.strip_suffix(short).is_some_and(|head| head.is_empty() || head.ends_with('.'))
    };
    is_below(&of, &domain) || is_below(&domain, &of)
}

/// The server in whose name a result is.
fn host(value: &str) -> Option<String> {
    let plain = without_comments(value);
    let host = plain.split(';').next()?.split_whitespace().next()?;
    Some(host.to_owned())
}

/// Without what stands in parentheses, which anybody may write.
fn without_comments(value: &str) -> String {
    let (mut depth, mut is_quoted, mut is_escaped) = (0_usize, false, false);
    let mut plain = String::with_capacity(value.len());
    for letter in value.chars() {
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match letter {
            '\\' if is_quoted || depth > 0 => is_escaped = true,
            '"' if depth == 0 => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted && depth > 0 => depth -= 1,
            // What is quoted separates nothing.
            ';' | ' ' if is_quoted && depth == 0 => plain.push('_'),
            letter if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authentic(demand: MailDemand, from: &str, results: &[&str]) -> bool {
        let all = results.iter().map(|value| ("authentication-results".to_owned(), (*value).to_owned())).collect();
        let parts = Parts { from: vec![from.to_owned()], ..Parts::default() };
        is_authentic(&MailAuthentication { host: "mx.us".to_owned(), demand }, &Headers { all }, &parts)
    }

    #[test]
    fn only_the_topmost_word_of_the_trusted_server_counts() {
        let pass = "mx.us 1; spf=pass; dmarc=pass (p=reject) header.from=a.example";
        let fail = "MX.us; dmarc=fail header.from=a.example";
        let table: [(&[&str], bool); 9] = [
            (&[pass], true),
            (&[], false),
            (&["mx.evil; dmarc=pass header.from=a.example", fail], false),
            (&["mx.evil; dmarc=pass header.from=a.example", pass], true),
            (&[fail, pass], false),
            (&["mx.us; dmarc=pass header.from=b.example"], false),
            (&["mx.us; dmarc=fail (dmarc=pass; dmarc=pass header.from=a.example) header.from=a.example"], false),
            (&["mx.us; x=\"y; dmarc=pass header.from=a.example\""], false),
            (&["mx.us; none"], false),
        ];
        for (results, expect) in table {
            assert_eq!(authentic(MailDemand::Dmarc, "x@a.example", results), expect, "{results:?}");
        }
    }

    #[test]
    fn a_signature_must_be_of_the_authors_domain() {
        let table = [
            ("mx.us; dkim=pass header.d=a.example", true),
            ("mx.us; dkim=fail header.d=a.example; dkim=pass header.i=@mail.a.example", true),
            ("mx.us; dkim=pass header.d=example", false),
            ("mx.us; dkim=pass header.d=nota.example", false),
            ("mx.us; dkim=pass header.d=b.example", false),
            ("mx.us; dkim=pass", false),
        ];
        for (results, expect) in table {
            assert_eq!(authentic(MailDemand::Dkim, "x@a.example", &[results]), expect, "{results}");
        }
    }
}
