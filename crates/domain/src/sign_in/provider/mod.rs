//! Providers of OpenID Connect: what is set of one, what is wrong with it, and what groups and domains give a person.

use crate::directory::{Role, TeamRole};
use crate::limits;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Words of the roles that a provider can give: all but that of owners, who are made by owners alone.
pub const SIGN_UP_ROLES: &[&str] = &["admin", "manager", "responder", "observer", "restricted", "stakeholder"];

/// The names of all fields that are set.
const FIELDS: [&str; 12] = [
    "name",
    "issuer",
    "client_id",
    "client_secret",
    "scopes",
    "username_claim",
    "email_claim",
    "groups_claim",
    "trust_email",
    "groups",
    "sign_up",
    "max_session_hours",
];

/// A provider by whom people of an organization sign in (administration §2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its name, which stands on the sign-in page and in addresses.
    pub name: String,
    /// Its issuer identifier: an address that discovery begins at.
    pub issuer: String,
    /// What this server is called there.
    pub client_id: String,
    /// By what this server proves there who it is; none for a public client.
    pub client_secret: Option<String>,
    /// What it is asked for.
    pub scopes: Vec<String>,
    /// The claim that holds the username of who signs up.
    pub username_claim: String,
    /// The claim that holds the e-mail address.
    pub email_claim: String,
    /// The claim that holds the groups.
    pub groups_claim: String,
    /// Whether a person whom there is already is known by an address that the provider calls verified.
    pub trust_email: bool,
    /// What groups give.
    pub groups: Vec<GroupRule>,
    /// Who is let in who is nobody yet; nobody where there is none.
    pub sign_up: Vec<SignUp>,
    /// Hours after which a session that began here is over.
    pub max_session_hours: Option<u32>,
}

/// Shows no secret.
impl std::fmt::Debug for Provider {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Provider({}, {})", self.name, self.issuer)
    }
}

/// What being in a group gives: a role, a place in a team, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRule {
    /// The group, as the provider writes it.
    pub group: String,
    /// The role in the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Name of the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The role in the team; that of a responder where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_role: Option<TeamRole>,
}

/// Who is let in who is nobody yet: those with a verified address of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The domain, in lower case.
    pub domain: String,
    /// What they are then.
    #[serde(default)]
    pub role: Role,
}

/// What groups give a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The role; none where no group gives one.
    pub role: Option<Role>,
    /// Roles in teams, by the name of the team.
    pub teams: BTreeMap<String, TeamRole>,
}

/// What is wrong with an address of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerFault {
    /// It is no address of the form that an issuer has.
    Form,
    /// It leads over plain HTTP, which counts only where provider and server are the same machine.
    Plain,
}

/// What is wrong with an issuer, or another address of a provider. Over plain HTTP only the machine itself may be
/// meant, and that only where `own_url`, the address of this server, means it too.
pub fn issuer_fault(address: &str, own_url: &str) -> Option<IssuerFault> {
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['#', '@', '\\']);
    let (scheme, rest) = address.split_once("://").unwrap_or_default();
    if !is_plain(rest) || host(rest).is_empty() {
        return Some(IssuerFault::Form);
    }
    match scheme {
        "https" => None,
        "http" if is_loopback(host(rest)) => {
            let own = own_url.strip_prefix("http://").is_some_and(|rest| is_loopback(host(rest)));
            (!own).then_some(IssuerFault::Plain)
        }
        "http" => Some(IssuerFault::Plain),
        _ => Some(IssuerFault::Form),
    }
}

/// The host of what follows the scheme, without its port.
fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    match authority.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        Some((address, _)) => address,
        None => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reads fields and gathers what is wrong with them.
struct Reading<'a> {
    body: &'a Map<String, Value>,
    mistakes: Vec<String>,
}

impl Reading<'_> {
    /// The value of a field; the default where it is missing or null.
    fn or<T: DeserializeOwned>(&mut self, field: &str, default: T) -> T {
        match self.body.get(field).filter(|value| !value.is_null()) {
            None => default,
            Some(value) => serde_json::from_value(value.clone()).unwrap_or_else(|error| {
                self.mistakes.push(format!("{field}: {error}"));
                default
            }),
        }
    }

    fn refuse_unless(&mut self, is_good: bool, mistake: impl FnOnce() -> String) {
        if !is_good {
            self.mistakes.push(mistake());
        }
    }

    /// A text that must be there, with at most so many bytes and no control characters.
    fn text(&mut self, field: &str, default: &str, most: usize) -> String {
        let text: String = self.or(field, default.to_owned());
        let is_wrong = self.mistakes.iter().any(|mistake| mistake.starts_with(field));
        self.refuse_unless(is_wrong || (1..=most).contains(&text.len()), || {
            format!("{field}: must have 1 to {most} bytes")
        });
        self.refuse_unless(!text.contains(char::is_control), || {
            format!("{field}: must not contain control characters")
        });
        text
    }
}

impl Provider {
    /// Reads what was sent; `own_url` is the address of this server.
    ///
    /// # Errors
    /// Every mistake, after the field that it is about.
    pub fn read(body: &Map<String, Value>, own_url: &str) -> Result<Self, Vec<String>> {
        let mut reading = Reading { body, mistakes: Vec::new() };
        for unknown in body.keys().filter(|key| !FIELDS.contains(&key.as_str())) {
            reading.mistakes.push(format!("{unknown}: is not a field of a sign-in provider"));
        }
        let scopes = ["openid", "profile", "email"].map(str::to_owned).to_vec();
        let most = limits::PROVIDER_TEXT_BYTES;
        let provider = Self {
            name: reading.text("name", "", limits::PROVIDER_NAME_CHARACTERS),
            issuer: reading.text("issuer", "", most),
            client_id: reading.text("client_id", "", most),
            client_secret: reading.or("client_secret", None),
            scopes: reading.or("scopes", scopes),
            username_claim: reading.text("username_claim", "preferred_username", most),
            email_claim: reading.text("email_claim", "email", most),
            groups_claim: reading.text("groups_claim", "groups", most),
            trust_email: reading.or("trust_email", false),
            groups: reading.or("groups", Vec::new()),
            sign_up: reading.or("sign_up", Vec::new()),
            max_session_hours: reading.or("max_session_hours", None),
        };
        provider.judge(&mut reading, own_url);
        let mut mistakes = reading.mistakes;
        mistakes.truncate(limits::MISTAKES);
        if mistakes.is_empty() { Ok(provider) } else { Err(mistakes) }
    }

    fn judge(&self, reading: &mut Reading<'_>, own_url: &str) {
        let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        reading.refuse_unless(letters(&self.name), || "name: must have only letters, digits, - and _".to_owned());
        if !self.issuer.is_empty() {
            let is_bare = !self.issuer.contains('?');
            match issuer_fault(&self.issuer, own_url) {
                None => reading.refuse_unless(is_bare, || "issuer: must have no query".to_owned()),
                Some(IssuerFault::Form) => reading.refuse_unless(false, || {
                    "issuer: must be an https:// address without a user, a query and a fragment".to_owned()
                }),
                Some(IssuerFault::Plain) => reading.refuse_unless(false, || {
                    "issuer: must be https://; http:// counts only for this machine itself, where server.public_url \
                     is of this machine, too"
                        .to_owned()
                }),
            }
        }
        if let Some(secret) = &self.client_secret {
            let most = limits::PROVIDER_TEXT_BYTES;
            reading.refuse_unless((1..=most).contains(&secret.len()), || {
                format!("client_secret: must have 1 to {most} bytes, or be null")
            });
        }
        let most = limits::PROVIDER_SCOPES;
        reading
            .refuse_unless((1..=most).contains(&self.scopes.len()), || format!("scopes: must have 1 to {most} items"));
        reading.refuse_unless(self.scopes.iter().any(|scope| scope == "openid"), || {
            "scopes: must have `openid`".to_owned()
        });
        let is_scope = |text: &String| {
            (1..=255).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte))
        };
        for (place, _) in self.scopes.iter().enumerate().filter(|(_, scope)| !is_scope(scope)) {
            reading
                .mistakes
                .push(format!("scopes[{place}]: must have 1 to 255 visible ASCII characters, and no space"));
        }
        let hours = limits::PROVIDER_SESSION_HOURS_MOST;
        reading.refuse_unless(self.max_session_hours.is_none_or(|given| (1..=hours).contains(&given)), || {
            format!("max_session_hours: must be 1 to {hours}")
        });
        self.judge_rules(reading);
    }

    /// Judges what groups and domains give.
    fn judge_rules(&self, reading: &mut Reading<'_>) {
        let most = limits::PROVIDER_RULES;
        for (field, length) in [("groups", self.groups.len()), ("sign_up", self.sign_up.len())] {
            reading.refuse_unless(length <= most, || format!("{field}: must have at most {most} items"));
        }
        let owner = "must not be owner: owners are made by owners";
        for (place, rule) in self.groups.iter().enumerate() {
            let path = format!("groups[{place}]");
            reading.refuse_unless((1..=255).contains(&rule.group.chars().count()), || {
                format!("{path}.group: must have 1 to 255 characters")
            });
            reading.refuse_unless(rule.role != Some(Role::Owner), || format!("{path}.role: {owner}"));
            reading.refuse_unless(rule.role.is_some() || rule.team.is_some(), || {
                format!("{path}: must give a role, a team, or both")
            });
            reading.refuse_unless(rule.team.is_some() || rule.team_role.is_none(), || {
                format!("{path}.team_role: is of no use without a team")
            });
        }
        for (place, rule) in self.sign_up.iter().enumerate() {
            let path = format!("sign_up[{place}]");
            let is_domain = rule.domain.contains('.')
                && rule.domain.len() <= 253
                && rule
                    .domain
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte));
            reading.refuse_unless(is_domain, || {
                format!("{path}.domain: must be a domain in lower case, such as example.com")
            });
            reading.refuse_unless(rule.role != Role::Owner, || format!("{path}.role: {owner}"));
        }
    }

    /// What these groups give: the largest of the roles, and of each team the largest.
    pub fn given(&self, groups: &[String]) -> Given {
        let mut given = Given::default();
        for rule in self.groups.iter().filter(|rule| groups.contains(&rule.group)) {
            given.role = given.role.max(rule.role);
            if let Some(team) = &rule.team {
                let role = rule.team_role.unwrap_or_default();
                let kept = given.teams.entry(team.clone()).or_insert(role);
                *kept = (*kept).max(role);
            }
        }
        given
    }

    /// What somebody is who signs up with this verified address; `None` where nobody of its domain does.
    pub fn signs_up(&self, email: &str) -> Option<Role> {
        let (_, domain) = email.rsplit_once('@')?;
        self.sign_up.iter().find(|rule| rule.domain.eq_ignore_ascii_case(domain)).map(|rule| rule.role)
    }
}

#[cfg(test)]
mod tests;
