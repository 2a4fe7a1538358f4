//! What is set of a sign-in provider: as it is stored, as it is typed, and as the operations take it.

use crate::console::form::Form;
use crate::console::set_up::office::text;
use domain::limits;
use serde_json::{Map, Value, json};

/// What stands for a secret that stays as it is.
const HIDDEN: &str = "(hidden)";
/// Rows that are empty, for more rules.
pub(super) const EMPTY_ROWS: usize = 2;

/// What is set of a provider.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) name: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    /// Whether a secret is set, and the last characters of a long one.
    pub(super) has_secret: bool,
    pub(super) tail: String,
    pub(super) scopes: String,
    pub(super) username_claim: String,
    pub(super) email_claim: String,
    pub(super) groups_claim: String,
    pub(super) trust_email: bool,
    pub(super) max_session_hours: String,
    pub(super) groups: Vec<Group>,
    pub(super) domains: Vec<(String, String)>,
}

/// What a group gives.
#[derive(Default)]
pub(super) struct Group {
    pub(super) group: String,
    pub(super) role: String,
    pub(super) team: String,
    pub(super) team_role: String,
}

impl Fields {
    /// Those of a provider that there is.
    pub(super) fn stored(provider: &Value) -> Self {
        let said = |key: &str| text(provider, key);
        let items = |key: &str| provider.get(key).and_then(Value::as_array).into_iter().flatten();
        let words: Vec<_> = items("scopes").filter_map(Value::as_str).collect();
        let group = |rule: &Value| Group {
            group: text(rule, "group"),
            role: text(rule, "role"),
            team: text(rule, "team"),
            team_role: text(rule, "team_role"),
        };
        Self {
            name: said("name"),
            issuer: said("issuer"),
            client_id: said("client_id"),
            has_secret: !said("client_secret").is_empty(),
            tail: said("client_secret_tail"),
            scopes: words.join(" "),
            username_claim: said("username_claim"),
            email_claim: said("email_claim"),
            groups_claim: said("groups_claim"),
            trust_email: provider.get("trust_email").and_then(Value::as_bool).unwrap_or_default(),
            max_session_hours: said("max_session_hours"),
            groups: items("groups").map(group).collect(),
            domains: items("sign_up").map(|rule| (text(rule, "domain"), text(rule, "role"))).collect(),
        }
    }

    /// As they were typed; of a secret nothing is shown again.
    pub(super) fn typed(form: &Form, (has_secret, tail): (bool, String)) -> Self {
        let said = |key: &str| form.text(key).to_owned();
        let row = |place: usize| Group {
            group: said(&format!("group_{place}")),
            role: said(&format!("group_role_{place}")),
            team: said(&format!("group_team_{place}")),
            team_role: said(&format!("group_team_role_{place}")),
        };
        let domain = |place: usize| (said(&format!("domain_{place}")), said(&format!("domain_role_{place}")));
        let rows = || 0..limits::PROVIDER_RULES + EMPTY_ROWS;
        Self {
            name: said("name"),
            issuer: said("issuer"),
            client_id: said("client_id"),
            has_secret,
            tail,
            scopes: said("scopes"),
            username_claim: said("username_claim"),
            email_claim: said("email_claim"),
            groups_claim: said("groups_claim"),
            trust_email: form.get("trust_email").is_some(),
            max_session_hours: said("max_session_hours"),
            groups: rows().map(row).filter(Group::is_any).collect(),
            domains: rows().map(domain).filter(|(domain, _)| !domain.trim().is_empty()).collect(),
        }
    }

    /// As the operations take them; what is empty has its default.
    pub(super) fn body(&self, form: &Form) -> Map<String, Value> {
        let mut body = Map::new();
        let mut put = |key: &str, said: &str| {
            if !said.trim().is_empty() {
                body.insert(key.to_owned(), Value::from(said.trim()));
            }
        };
        put("name", &self.name);
        put("issuer", &self.issuer);
        put("client_id", &self.client_id);
        put("username_claim", &self.username_claim);
        put("email_claim", &self.email_claim);
        put("groups_claim", &self.groups_claim);
        match form.get("client_secret") {
            Some(secret) => put("client_secret", secret),
            None if self.has_secret && form.get("no_secret").is_none() => put("client_secret", HIDDEN),
            None => {}
        }
        body.insert("trust_email".to_owned(), Value::from(self.trust_email));
        let scopes: Vec<_> = self.scopes.split_whitespace().collect();
        if !scopes.is_empty() {
            body.insert("scopes".to_owned(), json!(scopes));
        }
        // What is no number is refused by the operation, in its words.
        let hours = self.max_session_hours.trim();
        if !hours.is_empty() {
            let hours = hours.parse::<i64>().map_or_else(|_| Value::from(hours), Value::from);
            body.insert("max_session_hours".to_owned(), hours);
        }
        body.insert("groups".to_owned(), self.groups.iter().map(Group::body).collect());
        let domain = |(domain, role): &(String, String)| pairs(&[("domain", domain), ("role", role)]);
        body.insert("sign_up".to_owned(), self.domains.iter().map(domain).collect());
        body
    }
}

impl Group {
    fn is_any(&self) -> bool {
        [&self.group, &self.role, &self.team, &self.team_role].iter().any(|said| !said.trim().is_empty())
    }

    pub(super) fn body(&self) -> Value {
        let Self { group, role, team, team_role } = self;
        pairs(&[("group", group), ("role", role), ("team", team), ("team_role", team_role)])
    }
}

/// An object of what is not empty.
fn pairs(said: &[(&str, &String)]) -> Value {
    let said = said.iter().filter(|(_, value)| !value.trim().is_empty());
    said.map(|(key, value)| ((*key).to_owned(), Value::from(value.trim()))).collect::<Map<_, _>>().into()
}
