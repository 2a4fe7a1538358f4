//! Settings of an organization beside its fallback policy.

use crate::directory::Role;
use crate::instant::zone_is_known;
use crate::limits;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::ops::RangeInclusive;

/// What an organization has set; what is not there has its default (administration §2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether the API may change what a directory file manages.
    #[serde(default, skip_serializing_if = "FileLock::is_default")]
    pub file_lock: FileLock,
    /// Whether what is a person's own is theirs to change, where a directory file says it, too.
    #[serde(default, skip_serializing_if = "PersonalOf::is_default")]
    pub personal: PersonalOf,
    /// IANA name of the zone in which times are shown to people who set none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Whether observers write notes to incidents.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub observers_note: bool,
    /// Whether people sign in by a password.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub password_sign_in: bool,
    /// Hours without use after which a session is over.
    #[serde(default = "idle_hours", skip_serializing_if = "is_idle_hours")]
    pub session_idle_hours: u32,
    /// Days after which a session is over in any case.
    #[serde(default = "session_days", skip_serializing_if = "is_session_days")]
    pub session_days: u32,
    /// Days after which a token is refused that does not say when.
    #[serde(default = "token_days", skip_serializing_if = "is_token_days")]
    pub token_days: u32,
    /// Roles whose people must have a second factor or a passkey.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub second_factor_for: Vec<Role>,
    /// Days for which versions of the directory are kept.
    #[serde(default = "version_days", skip_serializing_if = "is_version_days")]
    pub version_days: u32,
}

fn yes() -> bool {
    true
}

fn idle_hours() -> u32 {
    limits::SESSION_IDLE_HOURS
}

fn is_idle_hours(hours: &u32) -> bool {
    *hours == idle_hours()
}

fn session_days() -> u32 {
    limits::SESSION_DAYS
}

fn is_session_days(days: &u32) -> bool {
    *days == session_days()
}

fn token_days() -> u32 {
    limits::TOKEN_DAYS
}

fn is_token_days(days: &u32) -> bool {
    *days == token_days()
}

fn version_days() -> u32 {
    limits::VERSION_DAYS
}

fn is_version_days(days: &u32) -> bool {
    *days == version_days()
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            file_lock: FileLock::default(),
            personal: PersonalOf::default(),
            timezone: None,
            observers_note: false,
            password_sign_in: true,
            session_idle_hours: idle_hours(),
            session_days: session_days(),
            token_days: token_days(),
            second_factor_for: Vec::new(),
            version_days: version_days(),
        }
    }
}

/// The zone of an organization that set none.
const UTC: &str = "UTC";

impl Settings {
    /// All of them with their defaults, as they are answered.
    pub fn told(&self) -> Map<String, Value> {
        let told = [
            ("file_lock", json!(self.file_lock.word())),
            ("personal", json!(self.personal.word())),
            ("timezone", json!(self.timezone.as_deref().unwrap_or(UTC))),
            ("observers_note", json!(self.observers_note)),
            ("password_sign_in", json!(self.password_sign_in)),
            ("session_idle_hours", json!(self.session_idle_hours)),
            ("session_days", json!(self.session_days)),
            ("token_days", json!(self.token_days)),
            ("second_factor_for", json!(self.second_factor_for.iter().map(|role| role.word()).collect::<Vec<_>>())),
            ("version_days", json!(self.version_days)),
        ];
        told.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Sets one of them; null puts its default back.
    ///
    /// # Errors
    /// What the value must be, or that there is no such key.
    pub fn set(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let default = Self::default();
        match key {
            "file_lock" => {
                let lock = || serde_json::from_value(value.clone()).ok();
                let must = || format!("must be one of {}", FileLock::WORDS.join(", "));
                self.file_lock = if value.is_null() { default.file_lock } else { lock().ok_or_else(must)? };
            }
            "personal" => {
                let of = || serde_json::from_value(value.clone()).ok();
                let must = || format!("must be one of {}", PersonalOf::WORDS.join(", "));
                self.personal = if value.is_null() { default.personal } else { of().ok_or_else(must)? };
            }
            "timezone" => {
                let named = value.as_str().filter(|name| zone_is_known(name)).map(str::to_owned);
                let must = || "must be the IANA name of a time zone, such as Europe/Berlin".to_owned();
                self.timezone = if value.is_null() { None } else { Some(named.ok_or_else(must)?) };
                self.timezone.take_if(|zone| zone == UTC);
            }
            "observers_note" => self.observers_note = truth(value, default.observers_note)?,
            "password_sign_in" => self.password_sign_in = truth(value, default.password_sign_in)?,
            "second_factor_for" => {
                let role = |word: &Value| word.as_str().and_then(Role::from_word);
                let roles = value.as_array().and_then(|words| words.iter().map(role).collect::<Option<Vec<_>>>());
                let must = || format!("must be a list of roles: {}", Role::WORDS.join(", "));
                self.second_factor_for = if value.is_null() { Vec::new() } else { roles.ok_or_else(must)? };
            }
            "session_idle_hours" => {
                self.session_idle_hours = whole(value, default.session_idle_hours, limits::SESSION_IDLE_HOURS_SET)?;
            }
            "session_days" => self.session_days = whole(value, default.session_days, limits::SESSION_DAYS_SET)?,
            "token_days" => self.token_days = whole(value, default.token_days, limits::TOKEN_DAYS_SET)?,
            "version_days" => self.version_days = whole(value, default.version_days, limits::VERSION_DAYS_SET)?,
            _ => return Err("is not known".to_owned()),
        }
        Ok(())
    }
}

fn truth(value: &Value, default: bool) -> Result<bool, String> {
    if value.is_null() { Ok(default) } else { value.as_bool().ok_or_else(|| "must be true or false".to_owned()) }
}

fn whole(value: &Value, default: u32, within: RangeInclusive<u32>) -> Result<u32, String> {
    if value.is_null() {
        return Ok(default);
    }
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| within.contains(number));
    number.ok_or_else(|| format!("must be a whole number from {} to {}", within.start(), within.end()))
}

/// Whether the API may change what a directory file manages (administration §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileLock {
    /// It is refused.
    #[default]
    Strict,
    /// It is done and kept in mind: `apply` says so before it takes anything back.
    Drift,
}

impl FileLock {
    /// Its words.
    pub const WORDS: &'static [&'static str] = &["strict", "drift"];

    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Drift => "drift",
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Whose word counts for what is a person's own, such as addresses and notification rules (administration §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PersonalOf {
    /// The person's, once they have changed it: a directory file gives the first value.
    #[default]
    Person,
    /// The directory file's, where it manages the person.
    File,
}

impl PersonalOf {
    /// Its words.
    pub const WORDS: &'static [&'static str] = &["person", "file"];

    /// Its word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::File => "file",
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_told_kept_and_put_back_by_null() {
        let mut settings = Settings::default();
        let wanted = [
            ("file_lock", json!("drift")),
            ("personal", json!("file")),
            ("timezone", json!("Europe/Berlin")),
            ("observers_note", json!(true)),
            ("password_sign_in", json!(false)),
            ("session_idle_hours", json!(8)),
            ("session_days", json!(1)),
            ("token_days", json!(30)),
            ("version_days", json!(30)),
            ("second_factor_for", json!(["owner", "admin"])),
        ];
        assert_eq!(settings.told().len(), wanted.len(), "every setting is tried here");
        assert_eq!(serde_json::to_string(&settings).unwrap(), "{}", "defaults are not kept");
        for (key, value) in &wanted {
            settings.set(key, value).unwrap();
            assert_eq!(settings.told().get(*key), Some(value), "{key}");
        }
        let kept = serde_json::to_string(&settings).unwrap();
        assert_eq!(serde_json::from_str::<Settings>(&kept).unwrap(), settings);
        for (key, _) in &wanted {
            settings.set(key, &Value::Null).unwrap();
        }
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn what_a_setting_cannot_be_is_said_with_its_limit() {
        let mut settings = Settings::default();
        let refused = [
            ("file_lock", json!("loose"), "must be one of strict, drift"),
            ("personal", json!("nobody"), "must be one of person, file"),
            ("timezone", json!("Mars/Base"), "must be the IANA name of a time zone, such as Europe/Berlin"),
            ("observers_note", json!("yes"), "must be true or false"),
            ("password_sign_in", json!(0), "must be true or false"),
            ("session_idle_hours", json!(0), "must be a whole number from 1 to 2160"),
            ("session_days", json!(366), "must be a whole number from 1 to 365"),
            ("token_days", json!(1.5), "must be a whole number from 1 to 365"),
            ("version_days", json!(-1), "must be a whole number from 30 to 3650"),
            (
                "second_factor_for",
                json!(["king"]),
                "must be a list of roles: owner, admin, manager, responder, observer, restricted, stakeholder",
            ),
            ("colour", json!("red"), "is not known"),
        ];
        for (key, value, words) in refused {
            assert_eq!(settings.set(key, &value), Err(words.to_owned()), "{key}");
        }
        assert_eq!(settings, Settings::default());
    }
}
