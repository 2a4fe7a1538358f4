//! Saved views of the list of incidents: listed, saved under a name, removed; of one person, or shared with everybody.

use crate::administration::Administration;
use crate::audit::{Changed, Object, Value, record_asked};
use domain::{Instant, RefId, Refusal, limits};
use engine::{Asker, Batch, Credential, Failure, Reader, change_once, snapshot};
use store::SavedViewRow;

/// A view as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// What it is called.
    pub name: String,
    /// The filters, as they stand in the address of the list.
    pub query: String,
    /// Whether everybody has it.
    pub is_shared: bool,
    /// When it was saved.
    pub made_at: Instant,
}

/// Whose a view is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewOf {
    /// That of whoever is signed in.
    Oneself,
    /// Shared with everybody.
    Everybody,
}

/// What came of saving one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewSaved {
    /// It is there, also where it was so before.
    Done,
    /// Another one has the name.
    NameTaken,
}

/// Who is signed in, by the id of their component; nobody, where a key asks, which has no views.
fn person(credential: &Credential) -> Result<RefId, Refusal> {
    match credential {
        Credential::Session { person, .. } => Ok(person.clone()),
        Credential::Key(_) => Err(Refusal::SignedOut),
    }
}

impl ViewOf {
    /// Whose views these are among the rows.
    fn whose(self, person: &RefId) -> Option<&RefId> {
        match self {
            Self::Oneself => Some(person),
            Self::Everybody => None,
        }
    }

    fn most(self) -> usize {
        match self {
            Self::Oneself => limits::OWN_VIEWS,
            Self::Everybody => limits::SHARED_VIEWS,
        }
    }
}

impl Administration {
    /// The views of whoever is signed in, and then those that are shared, each by name.
    ///
    /// # Errors
    /// `Refused(SignedOut)`; otherwise see [`Failure`].
    pub async fn saved_views(&self, reader: Reader) -> Result<Vec<SavedView>, Failure> {
        let person = person(&reader.credential)?;
        self.engine()
            .read(move |tx, shared| {
                snapshot(tx, shared, &reader)?;
                let mut rows = store::saved_view_list(tx, reader.organization, Some(&person))?;
                rows.extend(store::saved_view_list(tx, reader.organization, None)?);
                Ok(rows.into_iter().map(listed).collect())
            })
            .await
    }

    /// Saves a view under a name. Whoever shares one may; its name and filters were found to be without faults.
    ///
    /// # Errors
    /// `Refused` with `TooMany` or `SignedOut`; otherwise see [`Failure`].
    pub async fn save_view(
        &self,
        asker: Asker,
        of: ViewOf,
        (name, query): (String, String),
    ) -> Result<ViewSaved, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let made_by = person(&asker.credential)?;
        let save = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let whose = of.whose(&made_by);
                let known = store::saved_view_list(batch.tx, organization, whose)?;
                if let Some(same) = known.iter().find(|row| row.name == name) {
                    return Ok(same.query == query);
                }
                if known.len() >= of.most() {
                    return Err(Refusal::TooMany { field: "name", limit: of.most() }.into());
                }
                let (person, made_by, made_at) = (whose.cloned(), made_by.clone(), context.now);
                let row = SavedViewRow { person, name: name.clone(), query: query.clone(), made_by, made_at };
                store::saved_view_insert(batch.tx, organization, &row)?;
                if of == ViewOf::Everybody {
                    let changes = vec![Changed::set("query", Value::text(&row.query))];
                    let object = Object::new("saved_view", None, &row.name);
                    record_asked(batch, &ids, (&asker, context), "saved_view.create", object, changes)?;
                }
                Ok(true)
            })
        };
        let is_saved = self.engine().desk().submit(organization, save).await?;
        Ok(if is_saved { ViewSaved::Done } else { ViewSaved::NameTaken })
    }

    /// Removes a view; one that is not there any more is removed already. Whoever removes one that is shared may.
    ///
    /// # Errors
    /// `Refused(SignedOut)`; otherwise see [`Failure`].
    pub async fn remove_view(&self, asker: Asker, of: ViewOf, name: String) -> Result<(), Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let person = person(&asker.credential)?;
        let remove = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let is_gone = store::saved_view_delete(batch.tx, organization, (of.whose(&person), &name))?;
                if is_gone && of == ViewOf::Everybody {
                    let object = Object::new("saved_view", None, &name);
                    record_asked(batch, &ids, (&asker, context), "saved_view.remove", object, Vec::new())?;
                }
                Ok(())
            })
        };
        self.engine().desk().submit(organization, remove).await
    }
}

fn listed(row: SavedViewRow) -> SavedView {
    let SavedViewRow { person, name, query, made_at, .. } = row;
    SavedView { name, query, is_shared: person.is_none(), made_at }
}
