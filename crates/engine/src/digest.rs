//! Digests: what is kept in the place of a secret.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::RefId;
use sha2::{Digest, Sha256};

/// The first half of the SHA-256 of a text in 22 characters: short, for what is looked up by it in great number.
#[must_use]
pub fn short_digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&digest[..16])
}

/// SHA-256 of a text, in hexadecimal.
#[must_use]
pub fn digest(text: &str) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut digest = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        digest.push(DIGITS[usize::from(byte >> 4)]);
        digest.push(DIGITS[usize::from(byte & 15)]);
    }
    digest
}

/// What a sender's problem is known by: two integrations that call theirs alike have two (intake §1).
#[must_use]
pub fn problem_digest(integration: &RefId, identity: &str) -> String {
    short_digest(&format!("{integration}\0{identity}"))
}
