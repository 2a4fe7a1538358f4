//! The organization that tests work with: who is in it, and the words by which tests speak of them.

use std::collections::BTreeMap;

use domain::alert::Addressees;
use domain::directory::{
    BusinessService, Component, EscalationPolicy, Level, ResponseSet, Service, User, WebhookContact, WhenExhausted,
};
use domain::incident::{Order, Routing};
use domain::notification::Channel::{self, Email, Webhook};
use domain::{OrganizationId, RefId, Urgency, Username};
use engine::Ids;
use store::{ComponentRow, Error, Provenance, Store, Tx};

/// An organization in the store, with the ids of its components.
///
/// `ana` has e-mail, `ben` a webhook, `cho` both, `dee` neither. Policy `ladder` asks ana for 5 minutes, ben for 10,
/// cho for 15, then cho again; `round` asks ana and ben for 5 minutes each and begins again; `nobody` asks dee. Service `web`
/// is on `ladder` and waits 20 minutes once acknowledged, `attic` is on `nobody`. cho hears of what impacts `shop`.
///
/// `eve` has e-mail, and a telephone, a chat and a topic that are not verified; see [`crate::House::verify`]. Policy
/// `tower` asks eve for 10 minutes, then ben for 10, and service `lines` is on it.
pub struct TestOrganization {
    /// Its number.
    pub id: OrganizationId,
    ids: Ids,
    refs: BTreeMap<String, (RefId, Option<RefId>)>,
}

impl TestOrganization {
    pub(crate) fn insert(store: &Store, ids: &Ids, name: &str) -> Self {
        let id = store.write(|tx| store::organization_insert(tx, name)).expect("a new organization");
        let mut organization = Self { id, ids: ids.clone(), refs: BTreeMap::new() };
        store
            .write(|tx| {
                for (name, channels) in
                    [("ana", &[Email][..]), ("ben", &[Webhook]), ("cho", &[Email, Webhook]), ("dee", &[])]
                {
                    organization.put(tx, &person(name, channels))?;
                }
                organization.put(tx, &eve())?;
                organization.put(tx, &policy("tower", &[(10, "eve"), (10, "ben")]))?;
                organization.put(tx, &service("lines", "tower", None))?;
                organization.put(tx, &policy("ladder", &[(5, "ana"), (10, "ben"), (15, "cho")]))?;
                let round = policy("round", &[(5, "ana"), (5, "ben")]);
                organization.put(tx, &EscalationPolicy { when_exhausted: WhenExhausted::Restart, ..round })?;
                organization.put(tx, &policy("nobody", &[(5, "dee")]))?;
                organization.put(tx, &service("web", "ladder", Some(20)))?;
                organization.put(tx, &service("attic", "nobody", None))?;
                let shop = BusinessService {
                    team: None,
                    name: "shop".to_owned(),
                    description: None,
                    subscribers: vec!["cho".into()],
                };
                organization.put(tx, &shop)?;
                let set = ResponseSet { name: "all hands".to_owned(), users: vec!["ben".into()], ..Default::default() };
                organization.put(tx, &set)?;
                store::organization_changed(tx, id, None)
            })
            .expect("an organization is written");
        organization
    }

    /// Writes a component, new or in place of the one of its kind and name; to be followed by
    /// `store::organization_changed`.
    pub fn put<T: Component>(&mut self, tx: &mut dyn Tx, component: &T) -> Result<(), Error> {
        let is_user = T::KIND == domain::directory::ComponentKind::User;
        let mut new = || (RefId(self.ids.ref_id()), is_user.then(|| RefId(self.ids.ref_id())));
        let name = component.name();
        let (ref_id, own_policy) = self.refs.entry(name.to_owned()).or_insert_with(&mut new).clone();
        let body = serde_json::to_string(component).expect("a component is JSON");
        let row = ComponentRow {
            kind: T::KIND,
            name: name.to_owned(),
            ref_id,
            own_policy,
            position: 0,
            body,
            provenance: Provenance::default(),
        };
        store::component_save(tx, self.id, &row)
    }

    /// The id of the component of this name; names are unique over all kinds.
    #[track_caller]
    pub fn ref_id(&self, name: &str) -> RefId {
        self.refs.get(name).unwrap_or_else(|| panic!("nobody is called {name}")).0.clone()
    }

    /// An order for an incident on service `web`.
    pub fn order(&self, title: &str) -> Order {
        self.order_on("web", title)
    }

    /// An order for an incident on the service of this name.
    #[track_caller]
    pub fn order_on(&self, service: &str, title: &str) -> Order {
        Order {
            task_ref_id: RefId(self.ids.ref_id()),
            title: title.to_owned(),
            text: format!("More about: {title}"),
            urgency: Urgency::High,
            service: Some(self.ref_id(service)),
            addressed_to: Addressees::default(),
            notes: None,
            tags: Vec::new(),
            dedup_key: None,
            integration_name: None,
            source: None,
            payload: serde_json::Value::Null.into(),
            routing: Routing::Apply,
            after_maintenance: None,
        }
    }
}

fn person(name: &str, channels: &[Channel]) -> User {
    let mut user: User = serde_json::from_value(serde_json::json!({ "username": name })).expect("a user");
    user.email = channels.contains(&Email).then(|| format!("{name}@example.org"));
    user.webhook = channels
        .contains(&Webhook)
        .then(|| WebhookContact { url: format!("https://example.org/{name}"), secrets: Vec::new() });
    user
}

/// Somebody with every contact but a webhook.
pub fn eve() -> User {
    let user = serde_json::json!({
        "username": "eve",
        "email": "eve@example.org",
        "sms": "+4915112345678",
        "voice": "+4915112345678",
        "chat": { "kind": "slack", "url": "https://chat.example.org/eve" },
        "push": { "url": "https://push.example.org/eve" },
    });
    serde_json::from_value(user).expect("a user")
}

fn policy(name: &str, levels: &[(u32, &str)]) -> EscalationPolicy {
    let level = |(minutes, user): &(u32, &str)| Level {
        minutes: *minutes,
        users: vec![Username::from(*user)],
        routines: Vec::new(),
    };
    EscalationPolicy {
        team: None,
        name: name.to_owned(),
        when_exhausted: WhenExhausted::RepeatLast,
        levels: levels.iter().map(level).collect(),
    }
}

fn service(name: &str, policy: &str, acknowledgement_minutes: Option<u32>) -> Service {
    Service {
        team: None,
        name: name.to_owned(),
        description: None,
        escalation_policy: policy.to_owned(),
        acknowledgement_minutes,
        storm_incidents: None,
        hold_seconds: None,
        hold_max_urgency: None,
        flap_changes: None,
        flap_minutes: None,
        flap_quiet_minutes: None,
        reopen_minutes: None,
        group_by: None,
        created_keep_open: None,
        support_hours: None,
    }
}
