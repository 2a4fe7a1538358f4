//! How an integration reads what comes to it by e-mail (intake §5).

use crate::Urgency;
use crate::limits;
use crate::routing::{CompiledTest, Condition, compile_pattern};
use regex::Regex;
use serde::{Deserialize, Serialize};

/// What stands before the name of a header that a condition looks at.
const HEADER: &str = "header:";
/// The other fields of conditions.
const FIELDS: [&str; 4] = ["subject", "body", "from", "to"];

/// How an integration reads its mail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Tried in order; the first that fits says what a mail means. One that none fits opens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<MailRule>,
    /// Addresses, or domains such as `@example.org`, of one of which both the sender of the envelope and `From` must be; anybody
    /// where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_from: Vec<String>,
    /// Whether mails with the same subject, but for digits, `Re:` and the like, are about the same problem where nothing else
    /// says what they are about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_subject: bool,
    /// A name by which it has an address that can be remembered, and guessed: `ALIAS.ORGANIZATION` at the listener's domains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Whose word is needed that a mail is from whom it says; nobody's where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication: Option<MailAuthentication>,
}

/// Which mail server's word is needed that a mail is from whom it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailAuthentication {
    /// The name by which it signs its `Authentication-Results`.
    pub host: String,
    /// What it must have found.
    pub demand: MailDemand,
}

/// What a mail server must have found of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailDemand {
    /// `dmarc=pass` for the domain of `From`.
    Dmarc,
    /// `dkim=pass` of the domain of `From`, or of one above or below it.
    Dkim,
}

/// A rule: what a mail means that fits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailRule {
    /// What must all be so. Fields are `subject`, `body`, `from`, `to` and `header:NAME`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// What a mail means that fits.
    #[serde(default, rename = "do", skip_serializing_if = "MailAction::is_default")]
    pub action: MailAction,
    /// A regular expression with a group that holds what the problem is called; sought in the subject, then in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// How loud it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// Whether the text ends where the quotation of an earlier mail begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_quotes: bool,
}

/// What a mail means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailAction {
    /// The problem is there.
    #[default]
    Open,
    /// It is over.
    Resolve,
    /// Somebody acts on it.
    Acknowledge,
    /// Nothing.
    Ignore,
}

impl MailAction {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A mail as rules see it.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailView<'a> {
    /// Its subject, decoded.
    pub subject: &'a str,
    /// Its text.
    pub body: &'a str,
    /// The address and the name of `From`, and the sender of the envelope.
    pub from: &'a [&'a str],
    /// The addresses of `To` and `Cc`.
    pub to: &'a [&'a str],
    /// Names and values of its headers.
    pub headers: &'a [(String, String)],
}

/// How an integration reads its mail, with all patterns compiled.
#[derive(Clone, Debug, Default)]
pub struct CompiledMail {
    /// As it is written.
    pub mail: Mail,
    rules: Vec<CompiledMailRule>,
}

/// It is known by what is written: the patterns follow from that.
impl PartialEq for CompiledMail {
    fn eq(&self, other: &Self) -> bool {
        self.mail == other.mail
    }
}

/// A rule with its patterns compiled.
#[derive(Clone, Debug)]
pub struct CompiledMailRule {
    /// The rule as it is written.
    pub rule: MailRule,
    /// Its conditions, each with its field.
    conditions: Vec<(String, CompiledTest)>,
    identity: Option<Regex>,
}

impl CompiledMail {
    /// Compiles what an integration says of its mail.
    ///
    /// # Errors
    /// Which pattern is wrong.
    pub fn new(mail: Mail) -> Result<Self, String> {
        let rules = mail.rules.iter().cloned().map(CompiledMailRule::new).collect::<Result<_, _>>()?;
        Ok(Self { mail, rules })
    }

    /// The first rule that fits.
    pub fn rule_for(&self, mail: &MailView<'_>) -> Option<&CompiledMailRule> {
        self.rules.iter().find(|rule| rule.conditions.iter().all(|(field, test)| mail.holds(field, test)))
    }
}

impl CompiledMailRule {
    fn new(rule: MailRule) -> Result<Self, String> {
        let conditions = rule.conditions.iter().map(|one| Ok((one.field.clone(), CompiledTest::new(&one.test)?)));
        let conditions = conditions.collect::<Result<_, String>>()?;
        let identity = rule.identity.as_deref().map(compile_pattern).transpose()?;
        Ok(Self { rule, conditions, identity })
    }

    /// What the problem is called, if the rule finds it.
    pub fn identity_in(&self, subject: &str, body: &str) -> Option<String> {
        let pattern = self.identity.as_ref()?;
        let found = |text: &str| {
            let captures = pattern.captures(text)?;
            let groups = captures.iter().skip(1).flatten().map(|group| group.as_str().trim());
            Some(groups.filter(|group| !group.is_empty()).collect::<Vec<_>>().join(" "))
        };
        [subject, body].into_iter().find_map(|text| found(text).filter(|identity| !identity.is_empty()))
    }
}

impl Mail {
    /// What is wrong with it by itself.
    pub(super) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.rules.len() > limits::MAIL_RULES {
            faults.push(format!("at most {} rules", limits::MAIL_RULES));
        }
        for (number, rule) in (1..).zip(&self.rules) {
            faults.extend(rule.faults().into_iter().map(|fault| format!("rules: rule {number}: {fault}")));
        }
        if self.allowed_from.len() > limits::MAIL_SENDERS {
            faults.push(format!("allowed_from: at most {} addresses and domains", limits::MAIL_SENDERS));
        }
        let is_address = |text: &&String| text.split('@').count() == 2 && !text.ends_with('@') && !text.contains(' ');
        let wrong = self.allowed_from.iter().filter(|text| !is_address(text));
        faults.extend(wrong.map(|text| {
            format!("allowed_from: expected an address, or a domain such as `@example.org`, found `{text}`")
        }));
        let is_sign = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
        let is_name = |alias: &String| (1..=64).contains(&alias.len()) && alias.chars().all(is_sign);
        if self.alias.as_ref().is_some_and(|alias| !is_name(alias)) {
            faults.push("alias: must have 1 to 64 of a to z, 0 to 9, `-` and `_`".to_owned());
        }
        if self.authentication.as_ref().is_some_and(|demanded| demanded.host.trim().is_empty()) {
            faults.push("authentication: host must name a mail server".to_owned());
        }
        faults
    }
}

impl MailRule {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.conditions.len() > limits::MAIL_CONDITIONS {
            faults.push(format!("at most {} conditions", limits::MAIL_CONDITIONS));
        }
        for Condition { field, test } in &self.conditions {
            let name = field.strip_prefix(HEADER);
            if name.is_none_or(str::is_empty) && !FIELDS.contains(&field.as_str()) {
                let known = FIELDS.join(", ");
                faults.push(format!("unknown field `{field}`; known are {known} and header:NAME"));
            }
            faults.extend(CompiledTest::fault(field, test));
        }
        if let Some(pattern) = &self.identity {
            match compile_pattern(pattern).as_ref().map(Regex::captures_len) {
                Err(problem) => faults.push(format!("identity: `{pattern}` is not a regular expression: {problem}")),
                Ok(1) => faults.push(format!("identity: `{pattern}` has no group that would hold the identity")),
                Ok(_) => {}
            }
        }
        if self.action == MailAction::Ignore && (self.identity.is_some() || self.urgency.is_some()) {
            faults.push("what is ignored needs neither identity nor urgency".to_owned());
        }
        faults
    }
}

impl MailView<'_> {
    fn holds(&self, field: &str, test: &CompiledTest) -> bool {
        match field {
            "subject" => test.holds(&[self.subject]),
            "body" => test.holds(&[self.body]),
            "from" => test.holds(self.from),
            "to" => test.holds(self.to),
            field => {
                let name = field.strip_prefix(HEADER).unwrap_or_default();
                let values = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
                test.holds(&values.map(|(_, value)| value.as_str()).collect::<Vec<_>>())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn mail(rules: serde_json::Value) -> CompiledMail {
        CompiledMail::new(serde_json::from_value(json!({"rules": rules})).unwrap()).unwrap()
    }

    #[test]
    fn the_first_rule_that_fits_says_what_a_mail_means() {
        let mail = mail(json!([
            {"conditions": [{"field": "subject", "matches": "^RECOVERY"}], "do": "resolve"},
            {"conditions": [{"field": "from", "contains": "@Noise.example"}], "do": "ignore"},
            {"conditions": [{"field": "header:X-Level", "equals": "5"}, {"field": "to", "exists": true}], "urgency": 5},
            {"conditions": [{"field": "body", "not_contains": "disk"}], "do": "acknowledge"},
        ]));
        let headers = [("x-level".to_owned(), "5".to_owned())];
        let view =
            MailView { subject: "PROBLEM", body: "disk", from: &["Ana", "ana@a.example"], ..MailView::default() };
        let action = |view: MailView<'_>| mail.rule_for(&view).map(|fits| (fits.rule.action, fits.rule.urgency));
        assert_eq!(action(view), None);
        assert_eq!(action(MailView { subject: "RECOVERY", ..view }), Some((MailAction::Resolve, None)));
        let noise = MailView { from: &["x@noise.example"], headers: &headers, ..view };
        assert_eq!(action(noise), Some((MailAction::Ignore, None)), "the order counts");
        let loud = MailView { headers: &headers, to: &["a@b"], ..view };
        assert_eq!(action(loud), Some((MailAction::Open, Some(Urgency::Critical))));
        assert_eq!(action(MailView { headers: &headers, ..view }), None, "all conditions must hold");
        assert_eq!(action(MailView { body: "cpu", ..view }), Some((MailAction::Acknowledge, None)));
    }

    #[test]
    fn a_rule_finds_the_identity_in_the_subject_and_else_in_the_body() {
        let rule = |identity: &str| {
            let rule = MailRule { identity: Some(identity.to_owned()), ..MailRule::default() };
            CompiledMailRule::new(rule).unwrap()
        };
        let table = [
            ("^(?:PROBLEM|RECOVERY):? (.+)$", "RECOVERY disk of db-1", "", Some("disk of db-1")),
            (r"(\S+) on (\S+)", "disk on db-1 is full", "", Some("disk db-1")),
            (r"Host: (\S+)", "Alert", "Service: disk\nHost: db-1\n", Some("db-1")),
            (r"Host: (\S*)", "Host: ", "", None),
            ("^nothing (.*)", "PROBLEM", "disk", None),
        ];
        for (pattern, subject, body, expect) in table {
            assert_eq!(rule(pattern).identity_in(subject, body).as_deref(), expect, "{pattern}");
        }
    }

    #[test]
    fn what_can_never_work_is_named() {
        let table = [
            (json!({"rules": [{"conditions": [{"field": "topic", "contains": "x"}]}]}), "unknown field `topic`"),
            (json!({"rules": [{}, {"conditions": [{"field": "header:", "contains": "x"}]}]}), "rule 2: unknown field"),
            (json!({"rules": [{"conditions": [{"field": "body", "matches": "("}]}]}), "not a regular expression"),
            (json!({"rules": [{"conditions": [{"field": "body", "contains": ""}]}]}), "cannot be tested"),
            (json!({"rules": [{"conditions": [{"field": "body", "gte": 3}]}]}), "can never hold"),
            (json!({"rules": [{"conditions": [{"field": "body", "equals": 3}]}]}), "can never equal 3"),
            (json!({"rules": [{"identity": "PROBLEM .*"}]}), "has no group"),
            (json!({"rules": [{"identity": "(PROBLEM"}]}), "not a regular expression"),
            (json!({"rules": [{"do": "ignore", "urgency": 3}]}), "needs neither"),
            (json!({"allowed_from": ["example.org"]}), "such as `@example.org`, found `example.org`"),
            (json!({"alias": "Disks"}), "must have 1 to 64"),
            (json!({"alias": ""}), "must have 1 to 64"),
            (json!({"authentication": {"host": " ", "demand": "dmarc"}}), "host must name"),
            (json!({"rules": vec![json!({}); limits::MAIL_RULES + 1]}), "at most 100 rules"),
        ];
        for (written, told) in table {
            let mail: Mail = serde_json::from_value(written.clone()).unwrap();
            let faults = mail.faults();
            assert!(faults.len() == 1 && faults[0].contains(told), "{written}: {faults:?}");
        }
        let fine = json!({"allowed_from": ["@example.org", "a@b.example"], "rules": [{"identity": "(.*)"}]});
        assert_eq!(serde_json::from_value::<Mail>(fine).unwrap().faults(), Vec::<String>::new());
    }
}
