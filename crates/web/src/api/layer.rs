//! Layers and exceptions of a routine, one by one; each is a change of the routine.

use super::directory::manner;
use super::{App, Asked, Success};
use crate::gate::{Caller, Fields, Problem, changed_layer, failed, is_unchanged, known_keys, only_if, wanted_layer};
use crate::operation::{Change, Reading};
use directory::{LayerAct, LayerEdit, LayerKind};
use domain::directory::ComponentKind;
use engine::Failure;
use serde_json::{Value, json};

/// The keys of a layer. What was answered can be sent back.
const KEYS: &[&str] = &[
    "layer_name",
    "valid_start",
    "valid_end",
    "rotation_start",
    "shift_length",
    "rotation_frequency",
    "skip_days",
    "rotations",
    "routine_ref_id",
    "layer",
    "is_exception",
    "warnings",
    "gaps",
];

/// What is asked of a layer, and of which kind it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct OfLayer {
    kind: LayerKind,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Add,
    Replace,
    Patch,
    Remove,
}

impl OfLayer {
    /// What a change asks; nothing where it is about no layer.
    pub(super) fn of(change: Change) -> Option<Self> {
        use LayerKind::{Base, Exception};
        let (kind, what) = match change {
            Change::AddLayer => (Base, What::Add),
            Change::ReplaceLayer => (Base, What::Replace),
            Change::ChangeLayer => (Base, What::Patch),
            Change::RemoveLayer => (Base, What::Remove),
            Change::AddException => (Exception, What::Add),
            Change::ReplaceException => (Exception, What::Replace),
            Change::ChangeException => (Exception, What::Patch),
            Change::RemoveException => (Exception, What::Remove),
            _ => return None,
        };
        Some(Self { kind, what })
    }
}

/// The layers of a kind, or one of them, unless the caller has it already.
pub(super) async fn read(app: &App, reading: Reading, caller: &Caller, asked: &Asked) -> Result<Success, Problem> {
    let kind = match reading {
        Reading::Exceptions | Reading::Exception => LayerKind::Exception,
        _ => LayerKind::Base,
    };
    let reference = asked.fields.required_text("routine_ref_id");
    let routine = app.administration.component(caller.reader(), ComponentKind::Routine, "routine_ref_id", reference);
    let routine = routine.await.map_err(failed)?;
    let version = version_of(&routine);
    if let Some(version) = version.filter(|version| is_unchanged(&asked.headers, *version)) {
        return Ok(Success::not_modified(version));
    }
    let told = match reading {
        Reading::Layer | Reading::Exception => {
            let one = kind.one(&routine, number(&asked.fields)).map_err(|refusal| failed(Failure::Refused(refusal)))?;
            shown(&routine, one)
        }
        _ => kind.of(&routine).into_iter().map(|layer| shown(&routine, layer)).collect(),
    };
    Ok(Success { version, ..Success::json(&told)? })
}

/// Makes one, replaces one or ends one.
pub(super) async fn change(app: &App, of: OfLayer, caller: &Caller, asked: Asked) -> Result<Success, Problem> {
    let only_if = only_if(&asked.headers)?;
    let Asked { fields, idempotency, payload, .. } = asked;
    let wanted = || known_keys(&payload, KEYS).and_then(|()| wanted_layer(&fields));
    let act = match of.what {
        What::Add => LayerAct::Add(wanted()?),
        What::Replace => LayerAct::Replace(number(&fields), wanted()?),
        What::Patch => {
            known_keys(&payload, KEYS)?;
            LayerAct::Patch(number(&fields), changed_layer(&fields, &payload)?)
        }
        What::Remove => LayerAct::Remove(number(&fields)),
    };
    let edit = LayerEdit { routine: fields.required_text("routine_ref_id"), kind: of.kind, act, only_if };
    let manner = manner(&fields);
    let asker = caller.asker(None, idempotency);
    let done = app.administration.change_layer(asker, edit, manner).await.map_err(failed)?;
    let (warnings, gaps) = (done.changed.warnings, done.changed.gaps);
    if manner.is_dry_run {
        let (plan, changes) = (done.changed.plan, done.changed.changes);
        return Success::json(&json!({"plan": plan, "changes": changes, "warnings": warnings, "gaps": gaps}));
    }
    let version = version_of(&done.routine);
    let Some(layer) = done.layer else {
        return Ok(Success { version, ..Success::json(&"Success")? });
    };
    let mut told = shown(&done.routine, &layer);
    (told["warnings"], told["gaps"]) = (json!(warnings), gaps);
    Ok(Success { version, ..Success::json(&told)? })
}

fn number(fields: &Fields) -> u32 {
    fields.number("layer").and_then(|number| number.try_into().ok()).unwrap_or_default()
}

fn version_of(routine: &Value) -> Option<i64> {
    routine.get("version").and_then(Value::as_i64)
}

/// A layer as it is answered.
fn shown(routine: &Value, layer: &Value) -> Value {
    let mut shown = json!({"routine_ref_id": routine.get("ref_id")});
    if let (Some(shown), Some(layer)) = (shown.as_object_mut(), layer.as_object()) {
        shown.extend(layer.clone());
    }
    shown
}
