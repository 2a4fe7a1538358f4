//! Views: what the domain knows, as the wire says it; a file per noun. Keys stand in the order of declaration.

pub mod administration;
pub mod alert;
pub mod change_event;
pub mod component;
pub mod contact;
pub mod event;
pub mod fate;
pub mod incident;
pub mod notification;
pub mod on_call;
pub mod outcome;
pub mod routine;
pub mod swap;
pub mod user;

#[cfg(test)]
mod tests;

use domain::RefId;
use domain::directory::Directory;

/// `[name, ref]` of a service; one that is gone has the name that it had last.
pub(crate) type ServicePair<'a> = (&'a str, &'a str);

pub(crate) fn service_pair<'a>(directory: &'a Directory, service: Option<&'a RefId>) -> Option<ServicePair<'a>> {
    service.map(|id| (directory.service_name(id).unwrap_or(id.as_str()), id.as_str()))
}
