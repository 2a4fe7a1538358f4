//! Single layers and exceptions of a routine: made, changed and removed while the rest of the routine stays (administration §2).

use super::draft::Draft;
use super::edit::{json_merge, put_body};
use super::kept::{as_applied, free_number, is_exception, layers, number};
use super::lock::{is_locked, is_seen, locked};
use super::wish::OnlyIf;
use domain::directory::ComponentKind;
use domain::routine::Layer;
use domain::{Instant, Refusal, limits};
use serde_json::{Map, Value};

const DAY_MICROS: i64 = 24 * 3600 * 1_000_000;

/// Which layers of a routine are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// In which people take turns.
    Base,
    /// Those that cut their time out of the others: exceptions.
    Exception,
}

/// What is asked of one layer of a routine.
#[derive(Clone, Debug)]
pub struct LayerEdit {
    /// The routine, by its id or name.
    pub routine: String,
    /// Of which kind it is.
    pub kind: LayerKind,
    /// What is asked.
    pub act: LayerAct,
    /// Which version of the routine the caller saw; to make one, none need be said.
    pub only_if: OnlyIf,
}

/// What is asked of a layer. A number is the layer's own; of several layers with the same, the last in the routine is meant.
#[derive(Clone, Debug)]
pub enum LayerAct {
    /// It is made, with a number that none has.
    Add(Layer),
    /// It is this from now on.
    Replace(u32, Layer),
    /// Of it, what these keys say is changed; null puts the default back.
    Patch(u32, Map<String, Value>),
    /// It ends now.
    Remove(u32),
}

impl LayerKind {
    fn is_of(self, layer: &Value) -> bool {
        is_exception(layer) == (self == Self::Exception)
    }

    /// The layers of this kind of a routine as it is told.
    #[must_use]
    pub fn of(self, routine: &Value) -> Vec<&Value> {
        let layers = routine.get("routine_layers").and_then(Value::as_array).into_iter().flatten();
        layers.filter(|layer| self.is_of(layer)).collect()
    }

    /// The one with this number.
    ///
    /// # Errors
    /// `UnknownLayer`.
    pub fn one(self, routine: &Value, wanted: u32) -> Result<&Value, Refusal> {
        let found = self.of(routine).into_iter().rfind(|layer| number(layer) == Some(wanted));
        found.ok_or(Refusal::UnknownLayer { number: wanted })
    }
}

/// Carries an edit out on a draft; answers the place of the routine.
///
/// # Errors
/// `UnknownComponent`, `UnknownLayer`, and what says that the routine is another one, or a file's.
pub(super) fn set_layer(draft: &mut Draft, edit: &LayerEdit, now: Instant) -> Result<Vec<Option<usize>>, Refusal> {
    let unknown = || Refusal::UnknownComponent {
        field: "routine_ref_id",
        kind: ComponentKind::Routine,
        name: edit.routine.clone(),
    };
    let place = draft.known(ComponentKind::Routine, &edit.routine).ok_or_else(unknown)?;
    let piece = &draft.pieces[place];
    let only_if = match (&edit.act, edit.only_if) {
        (LayerAct::Add(_), OnlyIf::Unsaid) => OnlyIf::Any,
        (_, only_if) => only_if,
    };
    is_seen(draft, piece, only_if, || vec!["routine_layers".to_owned()])?;
    let applied = as_applied(piece.applied.as_deref(), &piece.body);
    let target = match &edit.act {
        LayerAct::Add(_) => None,
        LayerAct::Replace(wanted, _) | LayerAct::Patch(wanted, _) | LayerAct::Remove(wanted) => {
            let wanted = *wanted;
            let found =
                layers(&piece.body).iter().rposition(|layer| edit.kind.is_of(layer) && number(layer) == Some(wanted));
            Some((wanted, found.ok_or(Refusal::UnknownLayer { number: wanted })?))
        }
    };
    let is_of_file = |wanted: u32| layers(&applied).iter().any(|layer| number(layer) == Some(wanted));
    let is_beside = edit.kind == LayerKind::Exception && target.is_none_or(|(wanted, _)| !is_of_file(wanted));
    if is_locked(draft, piece) && !is_beside {
        return Err(locked(draft, piece));
    }
    let mut body = piece.body.clone();
    let free = free_number(layers(&body).iter().chain(layers(&applied)));
    let Some(all) = body.get_mut("routine_layers").and_then(Value::as_array_mut) else { return Err(unknown()) };
    match (&edit.act, target) {
        (LayerAct::Replace(wanted, layer), Some((_, found))) => all[found] = written(layer, edit.kind, *wanted),
        (LayerAct::Patch(_, changed), Some((_, found))) => json_merge(&mut all[found], Value::Object(changed.clone())),
        (LayerAct::Remove(_), Some((_, found))) => drop(all.remove(found)),
        (LayerAct::Add(layer), _) => {
            all.retain(|layer| {
                !is_exception(layer) || number(layer).is_some_and(is_of_file) || !is_long_over(layer, now)
            });
            all.push(written(layer, edit.kind, free));
        }
        (LayerAct::Replace(..) | LayerAct::Patch(..) | LayerAct::Remove(_), None) => {}
    }
    put_body(draft, place, body);
    Ok(vec![Some(place)])
}

fn written(layer: &Layer, kind: LayerKind, number: u32) -> Value {
    let layer = Layer { layer: number, is_exception: kind == LayerKind::Exception, ..layer.clone() };
    serde_json::to_value(layer).unwrap_or_else(|_| Value::Object(Map::new()))
}

/// Whether an exception was over so long ago that who was on call then is not kept any more.
fn is_long_over(layer: &Value, now: Instant) -> bool {
    let kept_since = now.plus_micros(-i64::from(limits::SWAP_KEPT_DAYS) * DAY_MICROS).wire_date();
    // Days that are written so are in the order of their text.
    layer.get("valid_end").and_then(Value::as_str).is_some_and(|end| end < kept_since.as_str())
}
