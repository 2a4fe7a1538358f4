//! A change of one layer of a routine as a caller asks for it: the change of the whole routine, told of the layer.

use super::layer::{LayerAct, LayerEdit};
use super::many::{ChangeOf, Changed, Manner};
use crate::administration::Administration;
use domain::Refusal;
use domain::directory::ChangeRefusal;
use engine::{Asker, Failure};
use serde_json::Value;

/// What an edit of a layer came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedLayer {
    /// The layer as it is now; none where it was removed.
    pub layer: Option<Value>,
    /// The routine as it is now.
    pub routine: Value,
    /// What the change of the routine came to.
    pub changed: Changed,
}

impl Administration {
    /// Changes one layer of a routine, by a change of the routine; what was wrong with that is told of the layer.
    ///
    /// # Errors
    /// As [`Administration::change_directory`], and `UnknownLayer`.
    pub async fn change_layer(&self, asker: Asker, edit: LayerEdit, manner: Manner) -> Result<ChangedLayer, Failure> {
        let (kind, act) = (edit.kind, edit.act.clone());
        let mut changed = self.change_directory(asker, ChangeOf::Layer(edit), manner).await.map_err(of_layer)?;
        let routine = changed.components.pop().flatten().unwrap_or_default();
        let layer = match act {
            // What is made stands last.
            LayerAct::Add(_) => kind.of(&routine).last().map(|layer| (*layer).clone()),
            LayerAct::Replace(number, _) | LayerAct::Patch(number, _) => kind.one(&routine, number).ok().cloned(),
            LayerAct::Remove(_) => None,
        };
        Ok(ChangedLayer { layer, routine, changed })
    }
}

/// The mistakes of a layer by its own keys: `rotations: …` for `routine_layers[2].rotations: …`.
fn of_layer(failure: Failure) -> Failure {
    let own = |mistake: String| match mistake.split_once("].") {
        Some((place, key)) if place.contains("routine_layers[") => key.to_owned(),
        _ => mistake,
    };
    match failure {
        Failure::Refused(Refusal::Change(change)) => Failure::Refused(Refusal::Change(Box::new(match *change {
            ChangeRefusal::Invalid { mistakes } => {
                ChangeRefusal::Invalid { mistakes: mistakes.into_iter().map(own).collect() }
            }
            other => other,
        }))),
        other => other,
    }
}
