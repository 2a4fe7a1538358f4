//! By what push services know this installation: one key, with which each request is vouched for (VAPID, RFC 8292).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::Ids;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::Url;
use serde_json::json;
use std::fmt;

/// Seconds for which a push service may believe one voucher: half of what it may be at most.
const SECONDS: i64 = 12 * 3600;

/// The installation's key towards push services; its `Debug` does not show it.
pub struct VapidKey {
    key: SigningKey,
    public: String,
    /// Whom a push service may turn to: an address of ours.
    subject: Option<String>,
}

impl PartialEq for VapidKey {
    fn eq(&self, other: &Self) -> bool {
        self.public == other.public
    }
}

impl Eq for VapidKey {}

impl fmt::Debug for VapidKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "VapidKey({})", self.public)
    }
}

impl VapidKey {
    /// A new key, as it is kept.
    #[must_use]
    pub fn fresh(ids: &Ids) -> String {
        loop {
            let bytes: [u8; 32] = ids.chance();
            // Nearly all numbers of 256 bits are keys.
            if SigningKey::from_slice(&bytes).is_ok() {
                return URL_SAFE_NO_PAD.encode(bytes);
            }
        }
    }

    /// Reads a key as it is kept; `None` where it is none.
    #[must_use]
    pub fn read(kept: &str, public_url: Option<&str>) -> Option<Self> {
        let key = SigningKey::from_slice(&URL_SAFE_NO_PAD.decode(kept).ok()?).ok()?;
        let public = URL_SAFE_NO_PAD.encode(key.verifying_key().to_sec1_point(false).as_bytes());
        // One that is not reached by https is none that a push service would take.
        let subject = public_url.filter(|url| url.starts_with("https://")).map(str::to_owned);
        Some(Self { key, public, subject })
    }

    /// The public half, as a browser is given it: a point in base64 of URLs.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The value of `Authorization` for a request to this endpoint, at this second since the Unix epoch.
    pub(super) fn voucher(&self, endpoint: &Url, now: i64) -> String {
        let mut claims = json!({"aud": endpoint.origin().ascii_serialization(), "exp": now + SECONDS});
        if let Some(subject) = &self.subject {
            claims["sub"] = json!(subject);
        }
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;
    use serde_json::Value;

    fn decoded(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    #[test]
    fn a_voucher_is_for_one_push_service_and_half_a_day_and_signed_by_the_key_that_browsers_know() {
        let kept = VapidKey::fresh(&Ids::seeded(1));
        let key = VapidKey::read(&kept, Some("https://reveille.example.org")).unwrap();
        let voucher = key.voucher(&"https://push.example.net:444/send/s3cret?x".parse().unwrap(), 1_000);
        let (token, public) = voucher.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert_eq!(public, key.public());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (head, claims) = signed.split_once('.').unwrap();
        let json = |text: &str| serde_json::from_slice::<Value>(&decoded(text)).unwrap();
        assert_eq!(json(head), json!({"typ": "JWT", "alg": "ES256"}));
        let expected =
            json!({"aud": "https://push.example.net:444", "exp": 44_200, "sub": "https://reveille.example.org"});
        assert_eq!(json(claims), expected);
        let public = VerifyingKey::from_sec1_bytes(&decoded(public)).unwrap();
        public.verify(signed.as_bytes(), &Signature::from_slice(&decoded(signature)).unwrap()).unwrap();
    }

    #[test]
    fn an_address_that_no_push_service_would_take_is_not_told() {
        let kept = VapidKey::fresh(&Ids::seeded(1));
        for url in [None, Some("http://127.0.0.1:8080")] {
            let key = VapidKey::read(&kept, url).unwrap();
            let voucher = key.voucher(&"https://push.example.net/".parse().unwrap(), 0);
            let claims = decoded(voucher.split('.').nth(1).unwrap());
            assert!(!String::from_utf8(claims).unwrap().contains("sub"));
        }
        assert!(VapidKey::read("no key", None).is_none());
        assert!(!format!("{:?}", VapidKey::read(&kept, None).unwrap()).contains(&kept));
    }
}
