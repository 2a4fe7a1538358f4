//! What a routine comes to over a period: what each layer says, exceptions, swaps, and who is on call in the end.

use domain::directory::Directory;
use domain::routine::{Gap, Interval, Layer, Routine, Swap, gaps, schedule};
use domain::{Instant, Username};

/// Shifts are known for so many days before and after what is shown, so that their ends are their own.
const AROUND_MICROS: i64 = 7 * 24 * 3600 * 1_000_000;

/// A routine over a period.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) from: Instant,
    /// Exclusive.
    pub(super) until: Instant,
    pub(super) rows: Vec<Row>,
    /// Who is on call in the end, from some days before to some days after.
    pub(super) shifts: Vec<Stretch>,
    /// When nobody is, within the period.
    pub(super) gaps: Vec<Gap>,
}

/// A row above the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) title: String,
    pub(super) stretches: Vec<Stretch>,
}

/// A stretch of time with the same people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: Instant,
    /// Exclusive.
    pub(super) until: Instant,
    pub(super) people: Vec<Username>,
    /// By which swap: who lets go.
    pub(super) instead_of: Option<Username>,
    /// By which exception.
    pub(super) exception: Option<String>,
}

impl Stretch {
    fn of(interval: Interval) -> Self {
        let Interval { from, until, on_call } = interval;
        Self { from, until, people: on_call, instead_of: None, exception: None }
    }

    /// As much of it as lies between these instants.
    pub(super) fn within(&self, from: Instant, until: Instant) -> Option<Self> {
        let clipped = Self { from: self.from.max(from), until: self.until.min(until), ..self.clone() };
        (clipped.from < clipped.until).then_some(clipped)
    }
}

/// Works it out.
pub(super) fn plan(directory: &Directory, routine: &Routine, (from, until): (Instant, Instant)) -> Plan {
    let swaps: Vec<&Swap> = swaps(directory, routine).collect();
    let (early, late) = (from.plus_micros(-AROUND_MICROS), until.plus_micros(AROUND_MICROS));
    // What a layer says of the time before it was changed was never so.
    let since = routine.stands_since();
    let alone = |layer: &Layer| -> Vec<Stretch> {
        let layer = Layer { is_exception: false, ..layer.clone() };
        let alone = Routine { routine_layers: vec![layer], swaps: Vec::new(), past: Vec::new(), ..routine.clone() };
        schedule(&alone, &[], early.max(since), late).into_iter().map(Stretch::of).collect()
    };
    let exceptions: Vec<Row> =
        layers(routine, true).map(|(title, layer)| Row { title, stretches: alone(layer) }).collect();
    let shifts = schedule(routine, directory.swaps_of(&routine.name), early, late).into_iter().map(Stretch::of);
    let shifts: Vec<_> = shifts.map(|shift| explained(shift, &exceptions, &swaps)).collect();
    let rows = layers(routine, false).map(|(title, layer)| Row { title, stretches: alone(layer) });
    let rows = rows.chain(exceptions.iter().filter(|row| row.is_seen(from, until)).cloned());
    let mut rows: Vec<_> = rows.map(|row| row.within(from, until)).collect();
    rows.extend(lanes(&swaps, from, until));
    let shown: Vec<_> = shifts.iter().filter_map(|shift| shift.within(from, until)).collect();
    let covered = shown.iter().map(|shift| Interval { from: shift.from, until: shift.until, on_call: Vec::new() });
    Plan { from, until, rows, gaps: gaps(&covered.collect::<Vec<_>>(), from, until), shifts }
}

/// The swaps of a routine, those of its file first, as they count.
pub(super) fn swaps<'a>(directory: &'a Directory, routine: &'a Routine) -> impl Iterator<Item = &'a Swap> {
    routine.swaps.iter().chain(directory.swaps_of(&routine.name))
}

/// Everybody who can be on call by a routine, in the order in which it names them.
pub(in crate::console::on_call) fn people<'a>(directory: &'a Directory, routine: &'a Routine) -> Vec<&'a Username> {
    let of_layers = routine.routine_layers.iter().flat_map(|layer| layer.rotations.iter().flatten());
    of_layers.chain(swaps(directory, routine).flat_map(|swap| std::iter::once(&swap.out).chain(&swap.in_))).collect()
}

fn layers(routine: &Routine, is_exception: bool) -> impl Iterator<Item = (String, &Layer)> {
    let numbered = routine.routine_layers.iter().zip(1..);
    let wanted = numbered.filter(move |(layer, _)| layer.is_exception == is_exception);
    wanted.map(|(layer, number): (&Layer, u32)| match layer.layer_name.trim() {
        "" => (format!("Layer {number}"), layer),
        name => (name.to_owned(), layer),
    })
}

/// The shift with what made it other than layers say.
fn explained(shift: Stretch, exceptions: &[Row], swaps: &[&Swap]) -> Stretch {
    let overlaps = |from: Instant, until: Instant| from < shift.until && until > shift.from;
    let by = |swap: &&&Swap| {
        let (Some(from), Some(until)) = (swap.from.get(), swap.until.get()) else { return false };
        overlaps(from, until) && swap.in_.as_ref().is_some_and(|stands_in| shift.people.contains(stands_in))
    };
    let instead_of = swaps.iter().rev().find(by).map(|swap| swap.out.clone());
    let is_in = |row: &&Row| row.stretches.iter().any(|stretch| overlaps(stretch.from, stretch.until));
    let exception = exceptions.iter().find(is_in).map(|row| row.title.clone());
    Stretch { instead_of, exception, ..shift }
}

/// Swaps side by side, as many rows as overlap.
fn lanes(swaps: &[&Swap], from: Instant, until: Instant) -> Vec<Row> {
    let stretch = |swap: &&Swap| {
        let (begins, ends) = (swap.from.get()?, swap.until.get()?);
        let people = swap.in_.iter().cloned().collect();
        let stretch =
            Stretch { from: begins, until: ends, people, instead_of: Some(swap.out.clone()), exception: None };
        stretch.within(from, until)
    };
    let mut stretches: Vec<_> = swaps.iter().filter_map(stretch).collect();
    stretches.sort_by_key(|stretch| stretch.from);
    let mut lanes: Vec<Row> = Vec::new();
    for stretch in stretches {
        let is_free = |row: &&mut Row| row.stretches.last().is_none_or(|last| last.until <= stretch.from);
        match lanes.iter_mut().find(is_free) {
            Some(row) => row.stretches.push(stretch),
            None => lanes.push(Row { title: "Swaps".to_owned(), stretches: vec![stretch] }),
        }
    }
    lanes
}

impl Row {
    fn is_seen(&self, from: Instant, until: Instant) -> bool {
        self.stretches.iter().any(|stretch| stretch.within(from, until).is_some())
    }

    fn within(self, from: Instant, until: Instant) -> Self {
        let stretches = self.stretches.iter().filter_map(|stretch| stretch.within(from, until)).collect();
        Self { stretches, ..self }
    }
}

#[cfg(test)]
mod tests;
