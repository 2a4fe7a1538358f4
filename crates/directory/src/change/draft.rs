//! A directory while it is being changed: its components as they are stored, and as they are to be.

use super::reference::visit;
use crate::file::{name_key, put};
use domain::RefId;
use domain::directory::{Component, ComponentKind, Definition, ManagedBy, Settings};
use engine::definition_of;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use store::{ComponentRow, Error, OrganizationRow};

/// A component as it is to be.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its place among the rows that are stored; `None` where it is new.
    pub(super) stored: Option<usize>,
    pub(super) kind: ComponentKind,
    pub(super) name: String,
    pub(super) body: Map<String, Value>,
    /// Whether the body may be another than the one that is stored.
    pub(super) is_touched: bool,
    pub(super) managed_by: ManagedBy,
    pub(super) source: Option<String>,
    pub(super) applied: Option<String>,
    pub(super) personal: Option<String>,
    /// The id that it has, where it is made but is one that was there before.
    pub(super) ref_id: Option<RefId>,
}

/// A component that gets another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Renamed {
    pub(super) kind: ComponentKind,
    pub(super) old: String,
    pub(super) new: String,
}

/// A directory while it is being changed.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) organization: OrganizationRow,
    /// What the organization is to be called.
    pub(super) name: String,
    /// What is stored.
    pub(super) before: Vec<ComponentRow>,
    /// What is to be, in the order of what is stored; what is new comes last.
    pub(super) pieces: Vec<Piece>,
    pub(super) fallback_policy: Option<String>,
    pub(super) settings: Settings,
    pub(super) renamed: Vec<Renamed>,
}

impl Draft {
    /// The directory as it is stored; `rows` are all components of the organization.
    ///
    /// # Errors
    /// `Corrupt` when a body is no JSON object.
    pub(super) fn of(organization: OrganizationRow, rows: Vec<ComponentRow>) -> Result<Self, Error> {
        let mut pieces = Vec::with_capacity(rows.len());
        for (place, row) in rows.iter().enumerate() {
            pieces.push(Piece {
                stored: Some(place),
                kind: row.kind,
                name: row.name.clone(),
                body: body_of(row)?,
                is_touched: false,
                managed_by: row.provenance.managed_by,
                source: row.provenance.source.clone(),
                applied: row.provenance.applied.clone(),
                personal: row.provenance.personal.clone(),
                ref_id: None,
            });
        }
        let (name, fallback_policy) = (organization.name.clone(), organization.fallback_policy.clone());
        let settings = serde_json::from_str(&organization.settings)
            .map_err(|error| Error::Corrupt(format!("the settings of an organization: {error}")))?;
        Ok(Self { organization, name, before: rows, pieces, fallback_policy, settings, renamed: Vec::new() })
    }

    /// The settings, with the organization's name, as they are answered.
    pub(super) fn told_settings(&self) -> Map<String, Value> {
        let mut told = self.settings.told();
        told.insert("name".to_owned(), Value::from(self.name.as_str()));
        told.insert("fallback_policy".to_owned(), Value::from(self.fallback_policy.as_deref()));
        told
    }

    /// The place of the component with this id, else of the one of this name.
    pub(super) fn known(&self, kind: ComponentKind, id_or_name: &str) -> Option<usize> {
        let has_id = |piece: &Piece| {
            let row = piece.stored.and_then(|place| self.before.get(place));
            piece.kind == kind && row.is_some_and(|row| row.ref_id.as_str() == id_or_name)
        };
        self.pieces.iter().position(has_id).or_else(|| self.named(kind, id_or_name))
    }

    /// The place of the component of this name.
    pub(super) fn named(&self, kind: ComponentKind, name: &str) -> Option<usize> {
        self.pieces.iter().position(|piece| piece.kind == kind && piece.name == name)
    }

    /// The row of a component, if it is stored.
    pub(super) fn row(&self, piece: &Piece) -> Option<&ComponentRow> {
        piece.stored.and_then(|place| self.before.get(place))
    }

    /// Gives a component another name, and lets everything that names it follow.
    pub(super) fn rename(&mut self, place: usize, new: &str) {
        let Some(piece) = self.pieces.get_mut(place) else { return };
        let (kind, old) = (piece.kind, std::mem::replace(&mut piece.name, new.to_owned()));
        piece.body.insert(name_key(kind).to_owned(), Value::from(new));
        piece.is_touched = true;
        self.renamed.push(Renamed { kind, old: old.clone(), new: new.to_owned() });
        self.point(kind, &old, kind, new);
    }

    /// Lets everything that names `old` name `new` instead.
    pub(super) fn point(&mut self, kind: ComponentKind, old: &str, new_kind: ComponentKind, new: &str) {
        for piece in &mut self.pieces {
            let is_touched = &mut piece.is_touched;
            visit(piece.kind, &mut piece.body, |_, kinds, name| {
                if name == old && kinds.contains(&kind) && kinds.contains(&new_kind) {
                    new.clone_into(name);
                    *is_touched = true;
                }
            });
        }
        if kind == ComponentKind::EscalationPolicy && self.fallback_policy.as_deref() == Some(old) {
            self.fallback_policy = Some(new.to_owned());
        }
    }

    /// Everything that names the component: its kind, its name, and where.
    pub(super) fn named_by(&self, kind: ComponentKind, name: &str) -> Vec<(ComponentKind, String, String)> {
        let mut places = Vec::new();
        for piece in &self.pieces {
            // A visitor may change names, this one does not.
            let mut body = piece.body.clone();
            visit(piece.kind, &mut body, |place, kinds, named| {
                // The condition of a rule may name what does not exist.
                if named == name && kinds.contains(&kind) && !place.starts_with("conditions") {
                    places.push((piece.kind, piece.name.clone(), place.to_owned()));
                }
            });
        }
        places
    }

    /// What the pieces define.
    ///
    /// # Errors
    /// A sentence for each component of which `domain` cannot read a value.
    pub(super) fn definition(&self) -> Result<Definition, Vec<String>> {
        let mut definition = Definition {
            name: self.name.clone(),
            fallback_policy: self.fallback_policy.clone(),
            ..Definition::default()
        };
        let mut mistakes = Vec::new();
        for piece in &self.pieces {
            if let Err(error) = put(&mut definition, piece.kind, piece.body.clone()) {
                mistakes.push(format!("{} `{}`: {error}", piece.kind.word().replace('_', " "), piece.name));
            }
        }
        if mistakes.is_empty() { Ok(definition) } else { Err(mistakes) }
    }

    /// The definition that is stored, with the names that things are to have.
    ///
    /// # Errors
    /// `Corrupt` when a component cannot be read.
    pub(super) fn stands(&self) -> Result<Definition, Error> {
        let mut old = Self::of(self.organization.clone(), self.before.clone())?;
        for Renamed { kind, old: name, new } in &self.renamed {
            if let Some(place) = old.named(*kind, name) {
                old.rename(place, new);
            }
        }
        let mut rows = old.before.clone();
        for (row, piece) in rows.iter_mut().zip(&old.pieces) {
            if piece.is_touched {
                row.name.clone_from(&piece.name);
                row.body = written(&piece.body)?;
            }
        }
        let mut definition = definition_of(&rows)?;
        definition.name.clone_from(&self.organization.name);
        definition.fallback_policy = old.fallback_policy;
        Ok(definition)
    }

    /// The bodies as they are stored, by the places of the pieces: without what has its default.
    ///
    /// # Errors
    /// When a component cannot be written as JSON, which does not happen.
    pub(super) fn bodies(&self, definition: &Definition) -> Result<Vec<String>, Error> {
        let mut by_kind: HashMap<ComponentKind, std::vec::IntoIter<String>> = HashMap::new();
        macro_rules! write {
            ($($components:ident,)*) => {
                $(for_kind(&mut by_kind, &definition.$components)?;)*
            };
        }
        write! {
            users, teams, routines, escalation_policies, services, business_services, response_sets, workflows,
            routing_rules, integrations, heartbeats, maintenance_windows,
        }
        // A definition holds the components of each kind in the order of the pieces.
        let body = |piece: &Piece| by_kind.get_mut(&piece.kind).and_then(Iterator::next).unwrap_or_default();
        Ok(self.pieces.iter().map(body).collect())
    }
}

fn for_kind<T: Component>(
    by_kind: &mut HashMap<ComponentKind, std::vec::IntoIter<String>>,
    components: &[T],
) -> Result<(), Error> {
    let bodies: Vec<String> = components.iter().map(written).collect::<Result<_, _>>()?;
    by_kind.insert(T::KIND, bodies.into_iter());
    Ok(())
}

fn written(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Statement(error.to_string()))
}

/// The keys in which two bodies differ, in the order of the alphabet.
pub(super) fn differing(one: &Map<String, Value>, other: &Map<String, Value>) -> Vec<String> {
    let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    keys.into_iter().filter(|key| one.get(*key) != other.get(*key)).cloned().collect()
}

/// The body of a row.
///
/// # Errors
/// `Corrupt` when it is no JSON object.
pub(super) fn body_of(row: &ComponentRow) -> Result<Map<String, Value>, Error> {
    serde_json::from_str(&row.body)
        .map_err(|error| Error::Corrupt(format!("{} `{}`: {error}", row.kind.word().replace('_', " "), row.name)))
}
