//! One's notification rules as bars of time: by what one is reached, and after how many minutes, for each urgency.

use crate::console::piece::channel_word;
use domain::directory::Directory;
use domain::notification::steps_for;
use domain::{Urgency, Username};

/// Where a bar begins and ends, percent of its width; and how far marks are apart at least, so that each can be read.
const BEGINS: u32 = 4;
const ENDS: u32 = 96;
const APART: u32 = 8;

/// What one is reached by for one urgency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) urgency: &'static str,
    /// Where something is sent, percent of the width; numbered from 1.
    pub(super) marks: Vec<u32>,
    /// The same in words.
    pub(super) words: String,
}

/// The bars of somebody, the loudest urgency first, and the minutes that all of them are long.
pub(super) fn bars(directory: &Directory, user: &Username) -> (Vec<Bar>, u32) {
    let of = |urgency: Urgency| {
        let steps = steps_for(directory, user, urgency).into_iter();
        let mut steps: Vec<_> = steps.map(|step| (step.after_minutes, channel_word(step.channel))).collect();
        steps.sort_by_key(|(minutes, _)| *minutes);
        (urgency.word(), steps)
    };
    let all: Vec<_> = Urgency::ALL.into_iter().rev().map(of).collect();
    let longest = all.iter().flat_map(|(_, steps)| steps).map(|(minutes, _)| *minutes).max().unwrap_or_default().max(1);
    (all.into_iter().map(|(urgency, steps)| bar(urgency, &steps, longest)).collect(), longest)
}

fn bar(urgency: &'static str, steps: &[(u32, &str)], longest: u32) -> Bar {
    let (mut marks, mut words) = (Vec::new(), Vec::new());
    for (together, number) in steps.chunk_by(|one, other| one.0 == other.0).zip(1..) {
        let minutes = together[0].0;
        let to_scale =
            BEGINS + u32::try_from(u64::from(minutes) * u64::from(ENDS - BEGINS) / u64::from(longest)).unwrap_or(ENDS);
        let free = marks.last().map_or(BEGINS, |last: &u32| last + APART);
        marks.push(to_scale.max(free).min(ENDS));
        let channels = together.iter().map(|(_, channel)| *channel).collect::<Vec<_>>().join(" and ");
        words.push(match minutes {
            0 => format!("{number}: {channels} at once"),
            minutes => format!("{number}: {channels} after {minutes} min"),
        });
    }
    let words = if words.is_empty() { "nothing".to_owned() } else { words.join("; ") };
    Bar { urgency, marks, words }
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn steps_stand_to_scale_and_apart_and_those_of_the_same_minute_are_one() {
        for (steps, longest, marks, words) in [
            (vec![], 1, vec![], "nothing"),
            (
                vec![(0, "e-mail"), (0, "push"), (5, "call")],
                10,
                vec![4, 50],
                "1: e-mail and push at once; 2: call after 5 min",
            ),
            (vec![(0, "e-mail"), (1, "call")], 100, vec![4, 12], "1: e-mail at once; 2: call after 1 min"),
            (vec![(99, "e-mail"), (100, "call")], 100, vec![95, 96], "1: e-mail after 99 min; 2: call after 100 min"),
        ] {
            let bar = bar("High", &steps, longest);
            assert_eq!((bar.marks, bar.words.as_str()), (marks, words));
        }
    }
}
