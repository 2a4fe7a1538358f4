//! Whether a sender signed what came, with the secret that it shares with the integration (intake §3): who signs, in which
//! header, and how.

use crate::input::Input;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Instant;
use domain::intake::SenderKind;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Where Grafana puts the time that it signs beside the body, where it is told to.
const GRAFANA_TIME: &str = "x-grafana-alerting-timestamp";
/// Seconds by which such a time may differ from ours, so that what was overheard cannot be sent again for ever.
const GRAFANA_SECONDS: i64 = 3_600;

/// Why what came is not believed to be the sender's: `header: what is wrong`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned(pub String);

/// How the value of the header is made.
#[derive(Clone, Copy)]
enum Form {
    /// HMAC-SHA256 of the body in hexadecimal digits, after these words.
    Hex(&'static str),
    /// HMAC-SHA256 of the body in base64.
    Base64,
    /// The secret itself.
    Secret,
}

/// Whether a body, as it came, is signed with this secret in the way of its kind. The comparison takes the same time
/// whatever differs.
///
/// # Errors
/// The header that is missing or wrong; any body of a kind that signs nothing.
pub fn signed(kind: SenderKind, secret: &str, input: &Input<'_>, now: Instant) -> Result<(), Unsigned> {
    let (header, form) = match kind {
        SenderKind::Grafana => ("x-grafana-alerting-signature", Form::Hex("")),
        SenderKind::Sentry => ("sentry-hook-signature", Form::Hex("")),
        SenderKind::Splunk => ("x-sfx-signature", Form::Base64),
        SenderKind::Github => ("x-hub-signature-256", Form::Hex("sha256=")),
        SenderKind::Jira => ("x-hub-signature", Form::Hex("sha256=")),
        SenderKind::Gitlab => ("x-gitlab-token", Form::Secret),
        kind => return Err(Unsigned(format!("secret: {} signs nothing", kind.word()))),
    };
    let Some(given) = input.header(header) else { return Err(Unsigned(format!("{header}: is missing"))) };
    let mut mac = keyed(secret);
    if let Some(time) = input.header(GRAFANA_TIME).filter(|_| kind == SenderKind::Grafana) {
        in_time(time, now)?;
        mac.update(time.as_bytes());
        mac.update(b":");
    }
    mac.update(input.body);
    let signature = match form {
        // What two secrets make of the same body is compared, so that the time tells nothing of either.
        Form::Secret => Some(keyed(given).chain_update(input.body).finalize().into_bytes().to_vec()),
        Form::Hex(words) => given.strip_prefix(words).and_then(unhex),
        Form::Base64 => STANDARD.decode(given).ok(),
    };
    let fits = signature.is_some_and(|signature| mac.verify_slice(&signature).is_ok());
    fits.then_some(())
        .ok_or_else(|| Unsigned(format!("{header}: was not made of this body with the integration's secret")))
}

fn in_time(time: &str, now: Instant) -> Result<(), Unsigned> {
    let wrong = |what: &str| Err(Unsigned(format!("{GRAFANA_TIME}: {what}")));
    let Ok(seconds) = time.parse::<i64>() else { return wrong("is no count of seconds since 1970") };
    let apart = (now.0 / 1_000_000).saturating_sub(seconds).unsigned_abs();
    if apart > GRAFANA_SECONDS.unsigned_abs() {
        wrong("is more than an hour away from this server's clock")
    } else {
        Ok(())
    }
}

#[expect(clippy::expect_used, reason = "HMAC pads or hashes its key, so none has a wrong length")]
fn keyed(secret: &str) -> Hmac<Sha256> {
    Hmac::new_from_slice(secret.as_bytes()).expect("every key length is valid")
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "s3cret";
    const BODY: &[u8] = b"{\"alerts\": []}";
    const TIME: &str = "1795733294";
    const NOW: Instant = Instant(1_795_733_294_000_000);
    // By `openssl dgst -sha256 -hmac s3cret`: of the body, the same in base64, and of the time, a colon and the body.
    const HEX: &str = "2adea926a6406b08caa466dd455b8deb640e0e13db3e67dc410567600ffd6cc0";
    const BASE64: &str = "Kt6pJqZAawjKpGbdRVuN62QODhPbPmfcQQVnYA/9bMA=";
    const WITH_WORDS: &str = "sha256=2adea926a6406b08caa466dd455b8deb640e0e13db3e67dc410567600ffd6cc0";
    const HEX_WITH_TIME: &str = "126ce35bbd7b4e287e04daf07c8ec17011fb950c8ed41ea0a426c06a1fce81b7";

    fn judged(kind: SenderKind, secret: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<(), Unsigned> {
        let headers: Vec<_> = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        signed(kind, secret, &Input { headers: &headers, query: &[], content_type: None, body }, NOW)
    }

    /// Each kind that signs with the header that it does it in, and what OpenSSL makes of the body.
    const TABLE: [(SenderKind, &str, &str); 6] = [
        (SenderKind::Grafana, "X-Grafana-Alerting-Signature", HEX),
        (SenderKind::Sentry, "Sentry-Hook-Signature", HEX),
        (SenderKind::Splunk, "X-SFX-Signature", BASE64),
        (SenderKind::Github, "X-Hub-Signature-256", WITH_WORDS),
        (SenderKind::Gitlab, "X-Gitlab-Token", SECRET),
        (SenderKind::Jira, "X-Hub-Signature", WITH_WORDS),
    ];

    #[test]
    fn each_kind_that_signs_is_believed_when_it_did() {
        for (kind, header, signature) in TABLE {
            assert_eq!(judged(kind, SECRET, &[(header, signature)], BODY), Ok(()), "{kind:?}");
        }
        let known: Vec<_> = TABLE.iter().map(|(kind, _, _)| *kind).collect();
        let signing: Vec<_> = SenderKind::ALL.iter().copied().filter(|kind| kind.signs()).collect();
        assert_eq!(signing, known, "what the directory takes a secret for");
    }

    #[test]
    fn what_differs_in_anything_is_not_believed() {
        for (kind, header, signature) in TABLE {
            let name = header.to_lowercase();
            let cut = &signature[..signature.len() - 1];
            for (secret, headers, body) in [
                ("another", vec![(header, signature)], BODY),
                ("", vec![(header, signature)], BODY),
                (SECRET, vec![(header, cut)], BODY),
                (SECRET, vec![(header, "\u{e9}\u{e9}")], BODY),
                (SECRET, vec![(header, "")], BODY),
                (SECRET, vec![("x-signature", signature)], BODY),
                (SECRET, vec![], BODY),
            ] {
                let refused = judged(kind, secret, &headers, body).unwrap_err();
                assert!(refused.0.starts_with(&format!("{name}: ")), "{kind:?} {headers:?} {refused:?}");
            }
            // GitLab signs no body: what it shows is the secret itself.
            if kind != SenderKind::Gitlab {
                assert!(judged(kind, SECRET, &[(header, signature)], b"{\"alerts\": [] }").is_err(), "{kind:?}");
                assert!(judged(kind, SECRET, &[(header, SECRET)], b"").is_err(), "{kind:?}");
            }
        }
        assert!(judged(SenderKind::Nagios, SECRET, &[("x-sfx-signature", BASE64)], BODY).is_err());
    }

    #[test]
    fn a_time_that_is_signed_counts_for_an_hour() {
        let with_time = |time: &str, signature: &str| {
            let headers = [("x-grafana-alerting-timestamp", time), ("x-grafana-alerting-signature", signature)];
            judged(SenderKind::Grafana, SECRET, &headers, BODY)
        };
        assert_eq!(with_time(TIME, HEX_WITH_TIME), Ok(()));
        assert!(with_time(TIME, HEX).is_err(), "the time is signed, too");
        assert!(with_time("1795733295", HEX_WITH_TIME).is_err());
        for late in ["1795729693", "1795736895", "yesterday", "-1"] {
            let refused = with_time(late, HEX_WITH_TIME).unwrap_err();
            assert!(refused.0.starts_with("x-grafana-alerting-timestamp: "), "{refused:?}");
        }
        let refused = judged(SenderKind::Grafana, SECRET, &[("x-grafana-alerting-signature", HEX_WITH_TIME)], BODY);
        assert!(refused.is_err(), "a time that was taken off is missed");
    }
}
