//! Who manages a component that has a page of its own elsewhere, where its changes are told, and where it is removed.

use super::component::written;
use super::kind::{Kind, name_of, reference_of};
use super::list::managed;
use super::name::query;
use crate::api::Wish;
use crate::console::piece::Managed;
use crate::console::seen::Seen;
use crate::gate::{Problem, failed};
use directory::ComponentQuery;
use domain::directory::{ComponentKind, ManagedBy};
use domain::permission::Action;
use serde_json::Value;
use std::collections::HashMap;

/// How a component is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console) struct Keeping {
    /// The file that manages it.
    pub(in crate::console) managed: Option<Managed>,
    /// Where it is removed, for whoever may.
    pub(in crate::console) remove: Option<String>,
    /// Where the audit log tells of it, for whoever may read that.
    pub(in crate::console) log: Option<String>,
    /// As a directory file has it.
    pub(in crate::console) text: String,
}

impl Keeping {
    /// How the component of this kind and id is kept.
    ///
    /// # Errors
    /// As the reading of it says.
    pub(in crate::console) async fn of(seen: &Seen<'_>, kind: ComponentKind, id: &str) -> Result<Self, Problem> {
        let kind = Kind::of(kind);
        let component = seen.answer(kind.operation, Wish::default().at(kind.parameter, id)).await?;
        let text = |key: &str| component.get(key).and_then(Value::as_str);
        let managed = managed(&component);
        let removes = seen.may_to(kind.removing(), text("team")) && managed.is_none();
        let log = query(&[("object", text("ref_id").unwrap_or_default())]);
        Ok(Self {
            remove: removes.then(|| format!("{}/remove", kind.edit(reference_of(&component)))),
            log: seen.may_to(Action::Audit, text("team")).then(|| format!("/app/audit{log}")),
            text: written(kind, &component),
            managed,
        })
    }
}

/// The files that manage components of a kind whose names or descriptions have these words, by the names of the components.
///
/// # Errors
/// As the store says.
pub(in crate::console) async fn managed_by_files(
    seen: &Seen<'_>,
    kind: ComponentKind,
    words: &str,
) -> Result<HashMap<String, Managed>, Problem> {
    let managed_by = Some(ManagedBy::File);
    let query = ComponentQuery { words: words.to_owned(), managed_by, limit: usize::MAX, ..ComponentQuery::default() };
    let page = seen.visit.app.administration.components(seen.reader(), kind, query).await.map_err(failed)?;
    let of = |component: &Value| Some((name_of(component).to_owned(), managed(component)?));
    Ok(page.components.iter().filter_map(of).collect())
}
