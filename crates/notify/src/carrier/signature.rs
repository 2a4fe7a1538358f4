//! Signatures of outgoing webhooks by the Standard Webhooks specification, version 1 (HMAC-SHA256).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// A signing secret, parsed; its `Debug` does not show it.
pub struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(hidden)")
    }
}

/// A secret that is not `whsec_` and standard base64 of at least one byte; deliberately without the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signing secret is not whsec_ followed by base64")]
pub struct InvalidSecret;

impl Secret {
    /// Reads `whsec_<base64>`.
    ///
    /// # Errors
    /// [`InvalidSecret`] when the prefix is missing, the rest is not base64, or it is empty.
    pub fn parse(text: &str) -> Result<Self, InvalidSecret> {
        let encoded = text.strip_prefix(PREFIX).ok_or(InvalidSecret)?;
        let key = STANDARD.decode(encoded).map_err(|_| InvalidSecret)?;
        if key.is_empty() {
            return Err(InvalidSecret);
        }
        Ok(Self(key))
    }

    /// Signs `id.timestamp.body`: `v1,` and the base64 of the HMAC. `timestamp_seconds` is since the Unix epoch.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp_seconds: i64, body: &[u8]) -> String {
        let mut mac = self.keyed();
        mac.update(format!("{id}.{timestamp_seconds}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    #[expect(clippy::expect_used, reason = "HMAC pads or hashes its key, so none has a wrong length")]
    fn keyed(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("every key length is valid")
    }
}

/// The value of `webhook-signature`: one signature for each secret, in order, separated by spaces, so that a receiver
/// can change its secret without a gap. Empty when there is no secret.
///
/// # Errors
/// [`InvalidSecret`] when any of them cannot be read.
pub fn sign_with_each(
    secrets: &[String],
    id: &str,
    timestamp_seconds: i64,
    body: &[u8],
) -> Result<String, InvalidSecret> {
    let signatures: Result<Vec<String>, InvalidSecret> =
        secrets.iter().map(|secret| Ok(Secret::parse(secret)?.sign(id, timestamp_seconds, body))).collect();
    Ok(signatures?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP_SECONDS: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    #[test]
    fn the_published_vector_is_signed_as_published() {
        let secret = Secret::parse(SECRET).unwrap();
        assert_eq!(secret.sign(ID, TIMESTAMP_SECONDS, BODY), SIGNATURE);
    }

    #[test]
    fn each_secret_gives_one_signature_in_order() {
        let secrets = [SECRET.to_owned(), "whsec_c2Vjb25k".to_owned()];
        let both = sign_with_each(&secrets, ID, TIMESTAMP_SECONDS, BODY).unwrap();
        let (first, second) = both.split_once(' ').unwrap();
        assert_eq!(first, SIGNATURE);
        assert!(second.starts_with("v1,") && second != first);
        assert_eq!(sign_with_each(&[], ID, 0, BODY).unwrap(), "");
    }

    #[test]
    fn every_part_of_the_message_is_signed() {
        let secret = Secret::parse(SECRET).unwrap();
        for (id, timestamp, body) in [
            ("msg_other", TIMESTAMP_SECONDS, BODY),
            (ID, TIMESTAMP_SECONDS + 1, BODY),
            (ID, TIMESTAMP_SECONDS, b"{}".as_slice()),
        ] {
            assert_ne!(secret.sign(id, timestamp, body), SIGNATURE);
        }
    }

    #[test]
    fn a_bad_secret_is_refused_and_never_shown() {
        for bad in ["", "whsec_", "whsec_not base64", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            assert_eq!(Secret::parse(bad).unwrap_err(), InvalidSecret, "{bad:?}");
        }
        let shown = format!("{:?}", Secret::parse(SECRET).unwrap());
        assert!(!shown.contains("MfKQ"), "{shown}");
    }
}
