//! What is written on an incident and who is kept informed: urgency, subscribers, status updates, impact.

use super::change::Pending;
use super::draft::Draft;
use super::event::Happening;
use super::spelling::Method;
use super::{Incident, Status};
use crate::directory::{ComponentKind, Directory};
use crate::ids::{RefId, Username};
use crate::notification::Reason;
use crate::{Refusal, Urgency, limits};

/// Changes the urgency; if it rises, the present assignees are notified by the rules of the new one.
pub(super) fn amend_urgency(draft: &mut Draft<'_>, urgency: Urgency) {
    debug_assert_ne!(draft.incident.status, Status::Resolved);
    let rises = urgency > draft.incident.urgency;
    // What a person asks for pages all the same.
    let is_asked = !matches!(draft.actor.method, Method::IntegrationsApi | Method::System);
    let louder = Incident { urgency, ..draft.incident.clone() };
    let pages = rises && (is_asked || louder.maintenance(draft.directory, draft.now).is_none());
    let notified = if pages { draft.incident.assignees.clone() } else { Vec::new() };
    if pages {
        // They are paged anew by the rules of the new urgency; what the old ones had in store for them is not due too.
        draft.call_off(Pending::Supersede);
    }
    draft.record(Happening::AmendUrgency { urgency, notified: notified.clone() });
    draft.page(&notified);
}

/// Adds subscribers; those who are subscribed already stay so.
pub(super) fn add_subscribers(draft: &mut Draft<'_>, users: Vec<Username>) -> Result<(), Refusal> {
    all_known(draft.directory, "subscribers", &users)?;
    subscribe(draft, users)
}

/// Adds those of `users` that are not subscribed yet.
pub(super) fn subscribe(draft: &mut Draft<'_>, users: Vec<Username>) -> Result<(), Refusal> {
    let mut added: Vec<Username> = Vec::new();
    for user in users {
        if !draft.incident.subscribers.contains(&user) && !added.contains(&user) {
            added.push(user);
        }
    }
    // A merge may have brought more; nobody is refused for asking what is so already.
    if !added.is_empty() && draft.incident.subscribers.len() + added.len() > limits::SUBSCRIBERS {
        return Err(Refusal::TooMany { field: "subscribers", limit: limits::SUBSCRIBERS });
    }
    if !added.is_empty() {
        draft.record(Happening::AddSubscribers { users: added });
    }
    Ok(())
}

/// Removes subscribers; removing one who is not subscribed is no error (contract §2).
pub(super) fn remove_subscribers(draft: &mut Draft<'_>, mut users: Vec<Username>) -> Result<(), Refusal> {
    all_known(draft.directory, "subscribers", &users)?;
    users.retain(|user| draft.incident.subscribers.contains(user));
    if !users.is_empty() {
        draft.record(Happening::RemoveSubscribers { users });
    }
    Ok(())
}

/// Refuses the first of `users` who does not exist.
pub(super) fn all_known(directory: &Directory, field: &'static str, users: &[Username]) -> Result<(), Refusal> {
    let stranger = users.iter().find(|user| directory.user(user.as_str()).is_none());
    stranger.map_or(Ok(()), |user| {
        Err(Refusal::UnknownComponent { field, kind: ComponentKind::User, name: user.0.clone() })
    })
}

/// Publishes a status update to all who are kept informed.
pub(super) fn update_status(draft: &mut Draft<'_>, text: String) {
    draft.record(Happening::StatusUpdate { text: text.clone() });
    draft.tell_subscribers(Reason::StatusUpdate { text });
}

/// Marks a business service as impacted; marking it twice is no error.
pub(super) fn add_impact(draft: &mut Draft<'_>, business_service: RefId) -> Result<(), Refusal> {
    business_service_known(draft.directory, &business_service)?;
    if !draft.incident.impacts.contains(&business_service) {
        draft.record(Happening::AddImpact { business_service });
    }
    Ok(())
}

/// Takes the mark back; taking back what is not there is no error.
pub(super) fn remove_impact(draft: &mut Draft<'_>, business_service: RefId) -> Result<(), Refusal> {
    business_service_known(draft.directory, &business_service)?;
    if draft.incident.impacts.contains(&business_service) {
        draft.record(Happening::RemoveImpact { business_service });
    }
    Ok(())
}

fn business_service_known(directory: &Directory, id: &RefId) -> Result<(), Refusal> {
    let unknown = || Refusal::UnknownComponent {
        field: "business_service_ref_id",
        kind: ComponentKind::BusinessService,
        name: id.0.clone(),
    };
    directory.business_services.with_ref(id.as_str()).map(|_| ()).ok_or_else(unknown)
}
