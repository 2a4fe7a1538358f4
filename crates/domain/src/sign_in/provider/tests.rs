//! What is set of a provider, wrong and right.

use super::*;
use serde_json::json;

const OWN: &str = "https://reveille.example.org";

fn read(body: Value) -> Result<Provider, Vec<String>> {
    let base = json!({"name": "acme", "issuer": "https://id.example.com", "client_id": "reveille"});
    let mut fields = base.as_object().unwrap().clone();
    fields.extend(body.as_object().unwrap().clone());
    Provider::read(&fields, OWN)
}

#[test]
fn a_provider_has_its_defaults() {
    let provider = read(json!({"groups": null})).unwrap();
    assert_eq!(provider.scopes, ["openid", "profile", "email"]);
    assert_eq!(
        [&provider.username_claim, &provider.email_claim, &provider.groups_claim],
        ["preferred_username", "email", "groups"]
    );
    assert!(!provider.trust_email && provider.groups.is_empty() && provider.sign_up.is_empty());
    assert_eq!(provider.max_session_hours, None);
    assert!(!format!("{:?}", read(json!({"client_secret": "hush"})).unwrap()).contains("hush"));
}

#[test]
fn every_mistake_is_told_by_its_field() {
    let most = limits::PROVIDER_SESSION_HOURS_MOST;
    for (body, expect) in [
        (json!({"name": "a/b"}), "name: must have only letters"),
        (json!({"name": ""}), "name: must have 1 to 64 bytes"),
        (json!({"name": "x".repeat(65)}), "name: must have 1 to 64 bytes"),
        (json!({"issuer": "id.example.com"}), "issuer: must be an https:// address"),
        (json!({"issuer": "http://id.example.com"}), "issuer: must be https://"),
        (json!({"issuer": "http://127.0.0.1:80"}), "issuer: must be https://"),
        (json!({"issuer": "https://a@b.example"}), "issuer: must be an https:// address"),
        (json!({"issuer": "https://b.example/?x=1"}), "issuer: must have no query"),
        (json!({"client_id": null}), "client_id: must have 1 to 1000 bytes"),
        (json!({"client_secret": ""}), "client_secret: must have 1 to 1000 bytes"),
        (json!({"scopes": ["email"]}), "scopes: must have `openid`"),
        (json!({"scopes": ["openid", "a b"]}), "scopes[1]: must have"),
        (json!({"scopes": "openid"}), "scopes: invalid type"),
        (json!({"trust_email": "yes"}), "trust_email: invalid type"),
        (json!({"trust_mail": true}), "trust_mail: is not a field"),
        (json!({"max_session_hours": 0}), "max_session_hours: must be 1 to 2160"),
        (json!({"max_session_hours": most + 1}), "max_session_hours: must be 1 to 2160"),
        (json!({"groups": [{"group": "a", "role": "owner"}]}), "groups[0].role: must not be owner"),
        (json!({"groups": [{"group": "a", "role": "king"}]}), "groups: unknown variant"),
        (json!({"groups": [{"group": "a"}]}), "groups[0]: must give a role, a team, or both"),
        (json!({"groups": [{"group": "", "role": "admin"}]}), "groups[0].group: must have"),
        (json!({"groups": [{"group": "a", "rolle": "admin"}]}), "groups: unknown field"),
        (
            json!({"groups": [{"group": "a", "role": "admin", "team_role": "manager"}]}),
            "groups[0].team_role: is of no use",
        ),
        (json!({"sign_up": [{"domain": "Example.com"}]}), "sign_up[0].domain: must be a domain"),
        (json!({"sign_up": [{"domain": "com"}]}), "sign_up[0].domain: must be a domain"),
        (json!({"sign_up": [{"domain": "a.example", "role": "owner"}]}), "sign_up[0].role: must not be owner"),
    ] {
        let mistakes = read(body.clone()).unwrap_err();
        assert!(mistakes.iter().any(|mistake| mistake.starts_with(expect)), "{body}: {mistakes:?}");
    }
    let both = Provider::read(&Map::new(), OWN).unwrap_err();
    assert_eq!(both.len(), 3, "{both:?}");
}

#[test]
fn plain_http_is_for_two_programs_of_one_machine() {
    for (address, own, expect) in [
        ("https://id.example.com/realms/x", OWN, None),
        ("http://localhost:1/x", "http://127.0.0.1:8080", None),
        ("http://[::1]:1", "http://localhost:8080", None),
        ("http://localhost:1", OWN, Some(IssuerFault::Plain)),
        ("http://localhost:1", "", Some(IssuerFault::Plain)),
        ("http://localhost:1", "http://reveille.lan", Some(IssuerFault::Plain)),
        ("http://10.0.0.1", "http://localhost", Some(IssuerFault::Plain)),
        ("ftp://id.example.com", OWN, Some(IssuerFault::Form)),
        ("https://", OWN, Some(IssuerFault::Form)),
        ("https://x y", OWN, Some(IssuerFault::Form)),
        ("https://x/#y", OWN, Some(IssuerFault::Form)),
    ] {
        assert_eq!(issuer_fault(address, own), expect, "{address} {own}");
    }
}

#[test]
fn groups_give_the_largest_role_and_nothing_that_no_rule_says() {
    let provider = read(json!({"groups": [
        {"group": "ops", "role": "responder", "team": "core"},
        {"group": "leads", "role": "manager", "team": "core", "team_role": "manager"},
        {"group": "guests", "role": "stakeholder"},
    ]}))
    .unwrap();
    let given = |groups: &[&str]| provider.given(&groups.iter().map(|&group| group.to_owned()).collect::<Vec<_>>());
    assert_eq!(given(&["owner", "admin", "Leads", "lead"]), Given::default());
    assert_eq!(given(&["guests", "ops"]).role, Some(Role::Responder));
    let both = given(&["ops", "leads"]);
    assert_eq!((both.role, both.teams["core"]), (Some(Role::Manager), TeamRole::Manager));
}

#[test]
fn only_whole_domains_sign_up() {
    let provider = read(json!({"sign_up": [{"domain": "example.com", "role": "observer"}]})).unwrap();
    assert_eq!(provider.signs_up("ana@Example.com"), Some(Role::Observer));
    for stranger in ["ana@sub.example.com", "ana@example.com.evil.example", "ana@badexample.com", "example.com", "@"] {
        assert_eq!(provider.signs_up(stranger), None, "{stranger}");
    }
    assert_eq!(read(json!({})).unwrap().signs_up("ana@example.com"), None);
}
