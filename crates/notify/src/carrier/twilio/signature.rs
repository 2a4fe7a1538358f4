//! Signatures of requests that a telephone carrier of the Twilio form makes to us (HMAC-SHA1 over URL and parameters).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// Whether `signature`, the value of `X-Twilio-Signature`, was made with the account's `auth_token` over this request.
///
/// `url` is the whole URL as the carrier was given it, with its query; `parameters` are those of the form in the body,
/// decoded, in any order. A carrier may sign the URL with its port or without, so both count. The comparison takes the
/// same time whatever differs.
#[must_use]
pub fn verify(auth_token: &str, url: &str, parameters: &[(String, String)], signature: &str) -> bool {
    let Ok(signature) = STANDARD.decode(signature) else {
        return false;
    };
    let spellings = spellings(url);
    // Each is compared to the end, so that the time does not tell which one fits.
    let fits = spellings.iter().map(|url| mac(auth_token, url, parameters).verify_slice(&signature).is_ok());
    fits.fold(false, |any, fits| any | fits)
}

/// The signature that such a carrier sends with a request.
#[must_use]
pub fn sign(auth_token: &str, url: &str, parameters: &[(String, String)]) -> String {
    STANDARD.encode(mac(auth_token, url, parameters).finalize().into_bytes())
}

/// The URL, then each parameter's name and value, sorted; one that is there twice with the same value counts once.
#[expect(clippy::expect_used, reason = "HMAC pads or hashes its key, so none has a wrong length")]
fn mac(auth_token: &str, url: &str, parameters: &[(String, String)]) -> Hmac<Sha1> {
    let mut sorted: Vec<&(String, String)> = parameters.iter().collect();
    sorted.sort();
    sorted.dedup();
    let mut mac: Hmac<Sha1> = Hmac::new_from_slice(auth_token.as_bytes()).expect("every key length is valid");
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac
}

/// The URL as it is, without a port, and with the port that its scheme implies.
fn spellings(url: &str) -> [String; 3] {
    let same = || [url.to_owned(), url.to_owned(), url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else {
        return same();
    };
    let implied = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return same(),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    };
    [url.to_owned(), format!("{scheme}://{host}{path}"), format!("{scheme}://{host}:{implied}{path}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "12345";
    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    const SIGNATURE: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    const CALL: [(&str, &str); 5] = [
        ("Digits", "1234"),
        ("To", "+18005551212"),
        ("From", "+14158675309"),
        ("Caller", "+14158675309"),
        ("CallSid", "CA1234567890ABCDE"),
    ];

    fn pairs(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
        parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_published_examples_are_signed_as_published() {
        assert_eq!(sign(TOKEN, URL, &pairs(&CALL)), SIGNATURE);
        let repeated =
            [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")];
        assert_eq!(sign(TOKEN, URL, &pairs(&repeated)), "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
    }

    #[test]
    fn a_signature_is_verified_whether_or_not_the_carrier_counts_the_port() {
        let ported = URL.replace(".com", ".com:1234");
        let plain = URL.replace("https", "http");
        for (url, signature) in [
            (URL, SIGNATURE),
            (&ported, SIGNATURE),
            (URL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
            (&plain, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
            (&ported.replace("https", "http"), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ] {
            assert!(verify(TOKEN, url, &pairs(&CALL), signature), "{url} {signature}");
        }
    }

    #[test]
    fn whatever_is_changed_breaks_the_signature() {
        let mut other = CALL;
        other[0] = ("Digits", "1235");
        let more = [&CALL[..], &[("Extra", "")]].concat();
        for (token, url, parameters, signature) in [
            ("12346", URL, &CALL[..], SIGNATURE),
            ("", URL, &CALL, SIGNATURE),
            (TOKEN, "https://mycompany.com/myapp.php?foo=1&bar=3", &CALL, SIGNATURE),
            (TOKEN, "http://mycompany.com/myapp.php?foo=1&bar=2", &CALL, SIGNATURE),
            (TOKEN, "https://mycompany.org/myapp.php?foo=1&bar=2", &CALL, SIGNATURE),
            (TOKEN, URL, &other, SIGNATURE),
            (TOKEN, URL, &CALL[1..], SIGNATURE),
            (TOKEN, URL, &more, SIGNATURE),
            (TOKEN, URL, &CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B9="),
            (TOKEN, URL, &CALL, "RSOYDt4T1cUTdK1PDd93/VVr8A=="),
            (TOKEN, URL, &CALL, ""),
            (TOKEN, URL, &CALL, "not base64"),
            (TOKEN, "not a url", &CALL, SIGNATURE),
        ] {
            assert!(!verify(token, url, &pairs(parameters), signature), "{token} {url} {parameters:?} {signature}");
        }
    }

    #[test]
    fn a_port_is_told_from_what_only_looks_like_one() {
        for (url, bare, ported) in [
            ("https://a.example/x:1", "https://a.example/x:1", "https://a.example:443/x:1"),
            ("https://u:p@a.example", "https://u:p@a.example", "https://u:p@a.example:443"),
            ("http://[fd00::1]:8080/?a=b:2", "http://[fd00::1]/?a=b:2", "http://[fd00::1]:80/?a=b:2"),
            ("http://[fd00::a]/", "http://[fd00::a]/", "http://[fd00::a]:80/"),
            ("mailto:a", "mailto:a", "mailto:a"),
        ] {
            assert_eq!(spellings(url), [url, bare, ported]);
        }
    }
}
