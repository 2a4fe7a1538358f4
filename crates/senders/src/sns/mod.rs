//! Messages of Amazon SNS: whether one is signed by it, and which addresses it may name (intake §3.6). Pure: the certificate
//! is fetched elsewhere, from where [`Envelope::certificate_url`] says, and nowhere else.

use crate::members::{Object, as_object};
use crate::signature::Unsigned;
use crate::times::time;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Instant;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters, UnparsedPublicKey,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::Value;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::der::oid::ObjectIdentifier;

/// What is signed of a notification, in the order in which it is. `Subject` only where it is there.
const OF_NOTIFICATION: [&str; 6] = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
/// What is signed of the others.
const OF_CONFIRMATION: [&str; 7] = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
/// Seconds after which a message counts no more, so that what was overheard cannot be sent again for ever. SNS itself tries
/// for no longer.
const SECONDS: i64 = 3_600;
/// RFC 8017: a public key of RSA.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Something was published to the topic.
    Notification,
    /// Whoever is subscribed is to confirm it.
    SubscriptionConfirmation,
    /// Whoever was subscribed is no more.
    UnsubscribeConfirmation,
}

/// A message of SNS that may be one. Only what [`Envelope::verify`] let pass is.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    body: &'a Object,
    /// What it is for.
    pub purpose: Purpose,
    /// Its id, the same however often it is sent.
    pub message_id: &'a str,
    /// The topic that it is of.
    pub topic: &'a str,
}

impl<'a> Envelope<'a> {
    /// A body as a message of SNS; `None` if it has not the form of one, as with raw delivery.
    pub fn of(body: &'a Value) -> Option<Self> {
        let body = as_object(body)?;
        let text = |name: &str| body.get(name)?.as_str();
        let purpose = match text("Type")? {
            "Notification" => Purpose::Notification,
            "SubscriptionConfirmation" => Purpose::SubscriptionConfirmation,
            "UnsubscribeConfirmation" => Purpose::UnsubscribeConfirmation,
            _ => return None,
        };
        Some(Self { body, purpose, message_id: text("MessageId")?, topic: text("TopicArn")? })
    }

    fn text(&self, name: &str) -> Result<&'a str, Unsigned> {
        self.body.get(name).and_then(Value::as_str).ok_or_else(|| Unsigned(format!("{name}: is missing")))
    }

    /// Where the certificate stands with which it says that it was signed: an address of Amazon's own.
    ///
    /// # Errors
    /// Any other address.
    pub fn certificate_url(&self) -> Result<&'a str, Unsigned> {
        let url = self.text("SigningCertURL")?;
        let path = path_at_amazon(url).filter(|path| path.ends_with(".pem") && !path.contains(['?', '#']));
        path.map(|_| url).ok_or_else(|| Unsigned("SigningCertURL: is no certificate of Amazon SNS".to_owned()))
    }

    /// What is called to confirm the subscription: an address of Amazon's own. It is believed only of a message that was
    /// verified.
    ///
    /// # Errors
    /// Any other address.
    pub fn subscribe_url(&self) -> Result<&'a str, Unsigned> {
        let url = self.text("SubscribeURL")?;
        let path = path_at_amazon(url).filter(|path| !path.contains('#'));
        path.map(|_| url).ok_or_else(|| Unsigned("SubscribeURL: is no address of Amazon SNS".to_owned()))
    }

    /// Whether it was sent within the last hour and says that it is signed in a way that is taken: version 2 (SHA-256) or,
    /// where `least` is 1, version 1 (SHA-1) too.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn presentable(&self, least: u8, now: Instant) -> Result<(), Unsigned> {
        self.parameters(least)?;
        let said = self.text("Timestamp")?;
        let sent = time(&Value::from(said)).ok_or_else(|| Unsigned("Timestamp: is no time".to_owned()))?;
        if sent.plus_micros(SECONDS * 1_000_000) < now {
            return Err(Unsigned("Timestamp: is more than an hour ago".to_owned()));
        }
        Ok(())
    }

    /// Whether it is signed with the key of this certificate, which stood at [`Envelope::certificate_url`] and is in its
    /// time. `pem` may hold more after it.
    ///
    /// # Errors
    /// What is wrong with the certificate or the signature.
    pub fn verify(&self, pem: &[u8], least: u8, now: Instant) -> Result<(), Unsigned> {
        self.presentable(least, now)?;
        let signature = STANDARD.decode(self.text("Signature")?);
        let signature = signature.map_err(|_| Unsigned("Signature: is not base64".to_owned()))?;
        let key = key_of(pem, now).map_err(|wrong| Unsigned(format!("SigningCertURL: {wrong}")))?;
        let verified =
            UnparsedPublicKey::new(self.parameters(least)?, key).verify(self.signed()?.as_bytes(), &signature);
        verified.map_err(|_| Unsigned("Signature: is not of this message".to_owned()))
    }

    fn parameters(&self, least: u8) -> Result<&'static RsaParameters, Unsigned> {
        match (self.text("SignatureVersion")?, least) {
            ("2", _) => Ok(&RSA_PKCS1_2048_8192_SHA256),
            ("1", 1) => Ok(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
            ("1", _) => Err(Unsigned("SignatureVersion: must be 2".to_owned())),
            _ => Err(Unsigned("SignatureVersion: must be 1 or 2".to_owned())),
        }
    }

    /// Each name and value in a line of its own.
    fn signed(&self) -> Result<String, Unsigned> {
        let names: &[&str] = match self.purpose {
            Purpose::Notification => &OF_NOTIFICATION,
            _ => &OF_CONFIRMATION,
        };
        let mut signed = String::new();
        for name in
            names.iter().filter(|name| **name != "Subject" || self.body.get(**name).is_some_and(Value::is_string))
        {
            signed.extend([name, "\n", self.text(name)?, "\n"]);
        }
        Ok(signed)
    }
}

/// The path and query of an address of Amazon SNS, by `https` and its port. Whatever a parser of URLs could read in another
/// way is none.
fn path_at_amazon(url: &str) -> Option<&str> {
    let (host, path) = url.strip_prefix("https://")?.split_once('/')?;
    let host = host.strip_suffix(":443").unwrap_or(host);
    let region = host.strip_prefix("sns.")?;
    let region = region.strip_suffix(".amazonaws.com").or_else(|| region.strip_suffix(".amazonaws.com.cn"))?;
    let is_region =
        region.len() >= 3 && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let is_plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    (is_region && is_plain).then_some(path)
}

/// The public key of a certificate that is in its time.
fn key_of(pem: &[u8], now: Instant) -> Result<Vec<u8>, &'static str> {
    let der = CertificateDer::from_pem_slice(pem).map_err(|_| "holds no certificate")?;
    let certificate =
        Certificate::from_der(&der).map_err(|_| "holds a certificate that cannot be read")?.tbs_certificate;
    let seconds = u64::try_from(now.0 / 1_000_000).unwrap_or_default();
    let validity = certificate.validity;
    let bounds = [validity.not_before, validity.not_after].map(|bound| bound.to_unix_duration().as_secs());
    if !(bounds[0]..=bounds[1]).contains(&seconds) {
        return Err("holds a certificate that is not in its time");
    }
    let key = certificate.subject_public_key_info;
    if key.algorithm.oid != RSA {
        return Err("holds a certificate whose key is not of RSA");
    }
    Ok(key.subject_public_key.raw_bytes().to_vec())
}

#[cfg(test)]
mod tests;
