//! Encryption of what a browser is pushed: RFC 8291, in one record of RFC 8188. Only that browser can open it.

use aes_gcm::aead::{Aead as _, KeyInit as _};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// Bytes of a point that is written whole.
const POINT_BYTES: usize = 65;
/// Bytes of a salt.
pub(super) const SALT_BYTES: usize = 16;
/// Bytes of the secret that a browser makes beside its key.
const AUTH_BYTES: usize = 16;
/// Bytes of a record, as its head says: the whole body is one.
const RECORD_BYTES: u32 = 4_096;
/// What ends the last record.
const LAST: u8 = 2;

/// With what a browser opens what it is pushed.
#[derive(Clone)]
pub(super) struct Keys {
    public: PublicKey,
    pub(super) auth: [u8; AUTH_BYTES],
}

impl Keys {
    /// Reads what a browser says of its subscription, both in base64 of URLs; `None` where it is no key.
    pub(super) fn read(p256dh: &str, auth: &str) -> Option<Self> {
        let public = PublicKey::from_sec1_bytes(&decoded(p256dh)?).ok()?;
        Some(Self { public, auth: decoded(auth)?.try_into().ok()? })
    }
}

/// Base64 of URLs, with padding or without: browsers write none, some libraries do.
fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

/// The body that a push service is given: `plain`, filled up with zeros to `padded` bytes, for the holder of `keys`.
/// `ours` and `salt` are used for this message only. `None` where the libraries refuse, which they do for no such sizes.
pub(super) fn seal(
    plain: &[u8],
    padded: usize,
    keys: &Keys,
    ours: &SecretKey,
    salt: [u8; SALT_BYTES],
) -> Option<Vec<u8>> {
    let (their_point, our_point) = (keys.public.to_sec1_point(false), ours.public_key().to_sec1_point(false));
    let shared = ours.diffie_hellman(&keys.public);
    let info = [b"WebPush: info\0".as_slice(), their_point.as_bytes(), our_point.as_bytes()].concat();
    let mut agreed = [0; 32];
    Hkdf::<Sha256>::new(Some(&keys.auth), shared.raw_secret_bytes()).expand(&info, &mut agreed).ok()?;
    let derived = Hkdf::<Sha256>::new(Some(&salt), &agreed);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    derived.expand(b"Content-Encoding: aes128gcm\0", &mut key).ok()?;
    derived.expand(b"Content-Encoding: nonce\0", &mut nonce).ok()?;
    let mut record = plain.to_vec();
    record.push(LAST);
    record.resize(record.len().max(padded + 1), 0);
    let sealed = Aes128Gcm::new(&key.into()).encrypt(&Nonce::from(nonce), record.as_slice()).ok()?;
    let mut body = salt.to_vec();
    body.extend(RECORD_BYTES.to_be_bytes());
    body.push(u8::try_from(POINT_BYTES).ok()?);
    body.extend(our_point.as_bytes());
    body.extend(sealed);
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEIR_POINT: &str = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn the_vector_of_rfc_8291_is_sealed_byte_for_byte() {
        let ours = SecretKey::from_slice(&decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw").unwrap()).unwrap();
        let salt = decoded("DGv6ra1nlYgDCS1FRnbzlw").unwrap().try_into().unwrap();
        let keys = Keys::read(THEIR_POINT, AUTH).unwrap();
        let body = seal(b"When I grow up, I want to be a watermelon", 0, &keys, &ours, salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl\
             7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn what_is_no_key_of_a_browser_is_told_from_one() {
        let padded = format!("{AUTH}==");
        assert!(Keys::read(THEIR_POINT, &padded).is_some());
        let off_the_curve = THEIR_POINT.replace("iw4", "iw8");
        for (p256dh, auth) in [("", AUTH), (AUTH, AUTH), (&off_the_curve, AUTH), (THEIR_POINT, ""), (THEIR_POINT, "%")]
        {
            assert!(Keys::read(p256dh, auth).is_none(), "{p256dh} {auth}");
        }
    }
}
