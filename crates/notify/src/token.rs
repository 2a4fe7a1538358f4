//! Tokens: small signed texts in URLs that we hand out, each for one purpose and, mostly, for a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Instant;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

/// Bytes that say when a token expires.
const EXPIRY_BYTES: usize = 8;
/// Bytes of the signature that a token carries: half of it, which RFC 2104 allows, and which keeps URLs short.
const SIGNATURE_BYTES: usize = 16;

/// What a token is for. One that was made for another purpose is a forged one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To act on an incident by a link.
    Act,
    /// To answer a request for cover by a link.
    Cover,
    /// To report whether a message arrived.
    Status,
    /// To send the digits that were pressed in a call.
    Digits,
    /// To read a feed of shifts.
    Feed,
    /// To be known as a device that somebody signed in from before.
    Device,
    /// To go on with a second factor after the password was right.
    SecondFactor,
    /// To confirm the second factor that was shown.
    Enrolment,
    /// To answer what a browser was asked to sign in with a passkey.
    PasskeySignIn,
    /// To answer what a browser was asked to make a passkey.
    PasskeyEnrolment,
    /// To come back from a sign-in provider.
    Provider,
    /// To confirm that an account at a provider is one's own.
    ProviderLink,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 12] = [
        Self::Act,
        Self::Cover,
        Self::Status,
        Self::Digits,
        Self::Feed,
        Self::Device,
        Self::SecondFactor,
        Self::Enrolment,
        Self::PasskeySignIn,
        Self::PasskeyEnrolment,
        Self::Provider,
        Self::ProviderLink,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::Cover => "cover",
            Self::Status => "status",
            Self::Digits => "digits",
            Self::Feed => "feed",
            Self::Device => "device",
            Self::SecondFactor => "second_factor",
            Self::Enrolment => "enrolment",
            Self::PasskeySignIn => "passkey_sign_in",
            Self::PasskeyEnrolment => "passkey_enrolment",
            Self::Provider => "provider",
            Self::ProviderLink => "provider_link",
        }
    }
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// This installation did not make it, or not for this purpose.
    Forged,
    /// Its time is over.
    Expired,
}

/// The installation's secret for tokens; its `Debug` does not show it.
pub(crate) struct TokenSecret(pub(crate) String);

impl std::fmt::Debug for TokenSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("TokenSecret(hidden)")
    }
}

impl TokenSecret {
    /// A token for `subject`, valid until `expires_at`, or for ever. The same arguments give the same token, so that a
    /// message that is sent again says the same.
    pub(crate) fn seal<T: Serialize>(&self, purpose: Purpose, subject: &T, expires_at: Option<Instant>) -> String {
        // What a token speaks of are names and numbers, which serialize.
        let subject = serde_json::to_vec(subject).unwrap_or_default();
        let mut bytes = expires_at.map_or(i64::MAX, |at| at.0).to_be_bytes().to_vec();
        bytes.extend(subject);
        let signature = self.mac(purpose, &bytes).finalize().into_bytes();
        bytes.extend(&signature[..SIGNATURE_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a token speaks of. The signature is compared in the same time whatever differs, and before anything else
    /// is looked at.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        token: &str,
        now: Instant,
    ) -> Result<T, TokenFault> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| TokenFault::Forged)?;
        let end = bytes.len().checked_sub(SIGNATURE_BYTES).ok_or(TokenFault::Forged)?;
        let (signed, signature) = bytes.split_at(end);
        self.mac(purpose, signed).verify_truncated_left(signature).map_err(|_| TokenFault::Forged)?;
        let (expires_at, subject) = signed.split_first_chunk::<EXPIRY_BYTES>().ok_or(TokenFault::Forged)?;
        if Instant(i64::from_be_bytes(*expires_at)) <= now {
            return Err(TokenFault::Expired);
        }
        serde_json::from_slice(subject).map_err(|_| TokenFault::Forged)
    }

    #[expect(clippy::expect_used, reason = "HMAC pads or hashes its key, so none has a wrong length")]
    fn mac(&self, purpose: Purpose, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac: Hmac<Sha256> = Hmac::new_from_slice(self.0.as_bytes()).expect("every key length is valid");
        mac.update(purpose.word().as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_000_000);
    type Subject = (i64, String);

    fn secret() -> TokenSecret {
        TokenSecret("a secret of this test".to_owned())
    }

    fn subject() -> Subject {
        (7, "ana".to_owned())
    }

    fn opened(purpose: Purpose, token: &str, now: i64) -> Result<Subject, TokenFault> {
        secret().open(purpose, token, Instant(now))
    }

    #[test]
    fn a_token_tells_its_subject_until_it_expires() {
        let token = secret().seal(Purpose::Act, &subject(), Some(NOW));
        assert_eq!(opened(Purpose::Act, &token, NOW.0 - 1), Ok(subject()));
        assert_eq!(opened(Purpose::Act, &token, NOW.0), Err(TokenFault::Expired));
        let lasting = secret().seal(Purpose::Feed, &subject(), None);
        assert_eq!(opened(Purpose::Feed, &lasting, i64::MAX - 1), Ok(subject()));
        assert_eq!(token, secret().seal(Purpose::Act, &subject(), Some(NOW)));
        assert!(token.len() <= 60 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    }

    #[test]
    fn a_token_serves_no_purpose_but_its_own() {
        for made in Purpose::ALL {
            let token = secret().seal(made, &subject(), None);
            for asked in Purpose::ALL {
                let expect = if asked == made { Ok(subject()) } else { Err(TokenFault::Forged) };
                assert_eq!(opened(asked, &token, 0), expect, "{made:?} as {asked:?}");
            }
        }
    }

    #[test]
    fn whatever_was_not_made_here_is_forged() {
        let token = secret().seal(Purpose::Act, &subject(), Some(NOW));
        let other = TokenSecret("another secret".to_owned()).seal(Purpose::Act, &subject(), Some(NOW));
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        let mut table = vec![other, String::new(), "/".to_owned(), format!("{token}A"), format!("{token}=")];
        // Cut off anywhere, and changed in any bit: the expiry, the subject, the signature.
        table.extend((0..token.len()).map(|length| token[..length].to_owned()));
        table.extend((0..bytes.len() * 8).map(|bit| {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            URL_SAFE_NO_PAD.encode(changed)
        }));
        // A signature that is cut as well, down to nothing.
        table.extend((0..=SIGNATURE_BYTES).skip(1).map(|cut| URL_SAFE_NO_PAD.encode(&bytes[..bytes.len() - cut])));
        for forged in table {
            assert_eq!(opened(Purpose::Act, &forged, 0), Err(TokenFault::Forged), "{forged}");
        }
    }

    #[test]
    fn a_subject_of_another_shape_is_forged_and_the_secret_is_not_shown() {
        let token = secret().seal(Purpose::Act, &"just a name", None);
        assert_eq!(opened(Purpose::Act, &token, 0), Err(TokenFault::Forged));
        assert!(!format!("{:?}", secret()).contains("test"));
    }
}
