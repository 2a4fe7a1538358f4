//! Which server a message came from, by the connection that it came by, and so how often it came again after a crash.

use std::collections::HashMap;

/// For each server that was killed, the numbers of the connections that were opened right after it: to the receiver of
/// webhooks, and to the mail server.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) hook: Vec<u64>,
    pub(super) mail: Vec<u64>,
}

/// How many messages came again, and the most that one came again from one server.
pub(super) fn repetitions(receipts: &HashMap<String, Vec<u64>>, marks: &[u64]) -> (u64, u64) {
    let (mut all, mut most) = (0, 0);
    for connections in receipts.values() {
        let mut lives: Vec<_> =
            connections.iter().map(|connection| marks.partition_point(|mark| mark < connection)).collect();
        lives.sort_unstable();
        all += lives.len() as u64 - 1;
        for (number, life) in lives.chunk_by(|a, b| a == b).enumerate() {
            // The very first is no repetition.
            most = most.max(life.len() as u64 - u64::from(number == 0));
        }
    }
    (all, most)
}

#[cfg(test)]
mod tests {
    use super::repetitions;

    #[test]
    fn a_message_that_comes_again_is_laid_to_the_crash_before_it() {
        for (connections, expected) in [
            (vec![3], (0, 0)),
            (vec![3, 12], (1, 1)),
            (vec![3, 12, 25], (2, 1)),
            (vec![3, 4], (1, 1)),
            (vec![3, 12, 13], (2, 2)),
            (vec![13, 14, 3], (2, 2)),
        ] {
            let receipts = [("a page".to_owned(), connections.clone())].into();
            assert_eq!(repetitions(&receipts, &[10, 20]), expected, "{connections:?}");
        }
    }
}
