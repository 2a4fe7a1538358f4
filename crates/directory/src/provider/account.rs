//! What a provider says of somebody, as far as it is used here.

use super::token::{claim, groups, name};
use domain::Instant;
use domain::sign_in::Provider;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Characters of an e-mail address, a username and a name that are looked at.
const TEXT_CHARACTERS: usize = 255;

/// Somebody at a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) issuer: String,
    pub(super) subject: String,
    /// The e-mail address, whoever says so.
    pub(super) email: Option<String>,
    /// Whether the provider says that it is theirs.
    pub(super) is_verified: bool,
    pub(super) username: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) groups: Vec<String>,
    /// By what the provider knows their session.
    pub(super) sid: Option<String>,
    /// When they last proved there who they are.
    pub(super) proved_at: Option<Instant>,
}

impl Account {
    /// What verified claims say.
    pub(super) fn read(provider: &Provider, claims: &Map<String, Value>) -> Result<Self, super::token::TokenFault> {
        let text = |path: &str| {
            let text = claim(claims, path)?.as_str()?.trim();
            let is_sound = (1..=TEXT_CHARACTERS).contains(&text.chars().count()) && !text.contains(char::is_control);
            is_sound.then(|| text.to_owned())
        };
        let is_verified = match claims.get("email_verified") {
            Some(Value::Bool(is_verified)) => *is_verified,
            // As some providers write it.
            Some(Value::String(word)) => word == "true",
            _ => false,
        };
        let proved_at = claims.get("auth_time").and_then(Value::as_i64);
        Ok(Self {
            issuer: provider.issuer.clone(),
            subject: name(claims, "sub")?.unwrap_or_default(),
            email: text(&provider.email_claim).filter(|email| email.contains('@')),
            // What is said to be verified is the claim `email`, and no other one.
            is_verified: is_verified && provider.email_claim == "email",
            username: text(&provider.username_claim),
            display_name: text("name"),
            groups: groups(claims, &provider.groups_claim),
            sid: name(claims, "sid")?,
            proved_at: proved_at.and_then(|seconds| seconds.checked_mul(1_000_000)).map(Instant),
        })
    }

    /// The address that the provider says is theirs.
    pub(super) fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.is_verified)
    }

    /// How the account is called before people.
    pub(super) fn shown(&self) -> &str {
        self.email.as_deref().or(self.username.as_deref()).unwrap_or(&self.subject)
    }
}
