//! A device that keeps a passkey, and the browser in front of it, as WebAuthn describes them: ours, so that it can lie.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const ATTESTED: u8 = 64;

/// A passkey on a device. What is public can be changed, to see what becomes of it.
pub struct SoftPasskey {
    /// The id that the device gave it.
    pub id: Vec<u8>,
    /// What it was told of whose it is.
    pub handle: Vec<u8>,
    /// The site's name, by which the device knows it.
    pub site: String,
    /// Where the browser says that the page is.
    pub origin: String,
    /// How often it signed.
    pub count: u32,
    /// Whether it counts that.
    pub counts: bool,
    /// Whether the device knows that it is its owner who touches it.
    pub is_verified: bool,
    key: EcdsaKeyPair,
}

fn read(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().expect("text")).expect("base64 for URLs")
}

fn write(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A byte string in CBOR of fewer than 65,536 bytes.
fn byte_string(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a short text").to_be_bytes();
    [&[0x59][..], &length, bytes].concat()
}

impl SoftPasskey {
    /// Makes one as the options of a page ask for, at this origin; with what the browser answers.
    pub fn made(options: &Value, origin: &str) -> (Self, Value) {
        let options = &options["publicKey"];
        let chance = SystemRandom::new();
        let secret = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &chance).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, secret.as_ref(), &chance).expect("a key");
        let id = digest(&SHA256, secret.as_ref()).as_ref().to_vec();
        let (handle, site) = (read(&options["user"]["id"]), options["rp"]["id"].as_str().expect("a site").to_owned());
        let (origin, count, counts, is_verified) = (origin.to_owned(), 0, true, true);
        let made = Self { id, handle, site, origin, count, counts, is_verified, key };
        let answer = made.attested(options);
        (made, answer)
    }

    /// Its id as pages write it.
    pub fn written_id(&self) -> String {
        write(&self.id)
    }

    /// What the browser answers to the same device that is asked once more to make it.
    pub fn attested(&self, options: &Value) -> Value {
        let (x, y) = self.key.public_key().as_ref()[1..].split_at(32);
        // A key of the curve P-256 for ES256 (RFC 9053).
        let public = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat();
        let length = u16::try_from(self.id.len()).expect("short").to_be_bytes();
        let tail = [&[0; 16][..], &length, &self.id, &public].concat();
        let data = [self.data(ATTESTED), tail].concat();
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let statement = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData"[..], &byte_string(&data)].concat();
        let said = self.client_data("webauthn.create", &options["challenge"]);
        json!({
            "id": write(&self.id), "rawId": write(&self.id), "type": "public-key",
            "response": {"attestationObject": write(statement), "clientDataJSON": write(said)},
        })
    }

    /// What the browser answers who is asked to show it; it signs once more.
    pub fn shown(&mut self, options: &Value) -> Value {
        self.count += u32::from(self.counts);
        let data = self.data(0);
        let said = self.client_data("webauthn.get", &options["publicKey"]["challenge"]);
        let signed = [&data[..], digest(&SHA256, said.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        json!({
            "id": write(&self.id), "rawId": write(&self.id), "type": "public-key",
            "response": {
                "authenticatorData": write(&data), "clientDataJSON": write(&said),
                "signature": write(signature), "userHandle": write(&self.handle),
            },
        })
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let flags = PRESENT | more | if self.is_verified { VERIFIED } else { 0 };
        let site = digest(&SHA256, self.site.as_bytes());
        [site.as_ref(), &[flags], &self.count.to_be_bytes()].concat()
    }

    fn client_data(&self, kind: &str, challenge: &Value) -> String {
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false}).to_string()
    }
}
