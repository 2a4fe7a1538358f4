//! What the telephone carrier sends us: whether it comes from the carrier at all.

use crate::carrier::twilio_signature;
use crate::notifier::Notifier;

impl Notifier {
    /// Whether the telephone carrier signed a request to this path, with its query, and these parameters. Nothing is
    /// believed on a server without an address or without an account at a carrier.
    pub fn is_from_carrier(&self, path: &str, parameters: &[(String, String)], signature: &str) -> bool {
        let Some((base, token)) = self.0.public_url.as_deref().zip(self.0.twilio_auth_token.as_deref()) else {
            return false;
        };
        let url = format!("{}{path}", base.trim_end_matches('/'));
        twilio_signature::verify(token, &url, parameters, signature)
    }
}
