//! What a directory file would come to if it were applied: for whoever reviews it before.

use super::apply::{Adopt, Applied, Drift, Wanted, dry_run_in};
use super::apply_error::ApplyError;
use super::edit::invalid;
use super::export::{Part, definition_in};
use super::meant::{Meant, meant};
use super::personal::Kept;
use super::warnings::warnings_in;
use crate::administration::Administration;
use crate::file::{self, Mistake, Plan, Texts};
use domain::directory::{Fault, ManagedBy};
use engine::{Failure, Reader, snapshot};
use serde_json::{Value, json};
use store::Error;

/// A directory file that somebody asks about.
#[derive(Clone, Debug, Default)]
pub struct AskedFile {
    /// Its name, by which mistakes and places are told.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Components of the API that it takes over.
    pub adopt: Adopt,
    /// What becomes of what was changed beside it.
    pub drift: Drift,
}

/// What applying a directory file comes to.
#[derive(Debug, Default)]
pub struct Foreseen {
    /// What changes.
    pub plan: Plan,
    /// What people have changed themselves, so that the file does not.
    pub kept: Vec<Kept>,
    /// What somebody should look at in the file, each with its line.
    pub warnings: Vec<Mistake>,
    /// Why it is not applied, if it is not: then there is no plan.
    pub refused: Vec<String>,
}

impl Foreseen {
    /// Of what was or would be applied; `warnings` are those of the file with these texts.
    #[must_use]
    pub fn of(applied: Applied, texts: &Texts, warnings: &[Fault]) -> Self {
        let Applied { plan, kept } = applied;
        Self { plan, kept, warnings: texts.locate(warnings), refused: Vec::new() }
    }

    /// Of what is not applied.
    ///
    /// # Errors
    /// When it is the store that failed.
    pub fn of_refused(error: ApplyError) -> Result<Self, Error> {
        Ok(Self { refused: error.reasons()?, ..Self::default() })
    }

    /// As JSON: `plan` in words, `changes` as [`Plan::changes`], `kept`, `warnings`, `refused`.
    #[must_use]
    pub fn told(&self) -> Value {
        let kept = |kept: &Kept| {
            let Kept { username, field, by, at } = kept;
            json!({"username": username, "field": field, "changed_by": by, "changed_at": at.wire()})
        };
        json!({
            "plan": if self.refused.is_empty() { self.plan.to_string() } else { String::new() },
            "changes": self.plan.changes(),
            "kept": self.kept.iter().map(kept).collect::<Vec<_>>(),
            "warnings": self.warnings.iter().map(Mistake::to_string).collect::<Vec<_>>(),
            "refused": self.refused,
        })
    }
}

impl Administration {
    /// What applying a directory file would come to. Nothing is changed.
    ///
    /// # Errors
    /// `Refused` with `Change` and all mistakes of the file, each with its line; with `KeyRevoked`; otherwise see [`Failure`].
    pub async fn foresee(&self, reader: Reader, asked: AskedFile) -> Result<Foreseen, Failure> {
        let now = self.engine().now();
        let read = self.engine().read(move |tx, shared| {
            snapshot(tx, shared, &reader)?;
            let AskedFile { name, text, adopt, drift } = asked;
            let organization = store::organization_load(tx, reader.organization)?;
            let organization =
                organization.ok_or_else(|| Error::Corrupt(format!("no organization {}", reader.organization.0)))?;
            let made = Part { managed_by: Some(ManagedBy::Api), team: None };
            // What the API made may be named by the file, too.
            let beside = definition_in(tx, &organization, &made)?;
            let read = file::read_text_beside(&name, text, |_| beside);
            let (definition, texts) = match read {
                Ok(read) => read,
                Err(mistakes) => return Err(refused(mistakes.iter().map(Mistake::to_string))),
            };
            let before = texts.organization_renamed_from();
            let is_ours = match meant(tx, &definition.name, before.as_deref())? {
                Meant::Organization(found) | Meant::Former(found) => found.id == organization.id,
                Meant::Nobody => false,
            };
            if !is_ours {
                let ours = &organization.name;
                return Err(refused([format!("{name}: organization: name: must be {ours:?}, which it is about")]));
            }
            let wanted = Wanted { adopt, drift, ..Wanted::of_file(&definition, &texts) };
            match dry_run_in(tx, &wanted, now) {
                Ok(applied) => Ok(Foreseen::of(applied, &texts, &warnings_in(tx, &definition, now)?)),
                Err(error) => Ok(Foreseen::of_refused(error)?),
            }
        });
        read.await
    }
}

fn refused(mistakes: impl IntoIterator<Item = String>) -> Failure {
    Failure::Refused(invalid(mistakes.into_iter().map(|mistake| format!("file: {mistake}")).collect()))
}
