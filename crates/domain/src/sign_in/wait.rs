//! Guessing: how long nobody is listened to after so many failed sign-ins.

use crate::limits;

/// Seconds for which no further sign-in is looked at after so many failures in a row: none up to
/// [`limits::SIGN_IN_TRIES`], then one, doubling to [`limits::SIGN_IN_WAIT_SECONDS_MOST`].
pub fn wait_seconds(failures: u32) -> u32 {
    let Some(over) = failures.checked_sub(limits::SIGN_IN_TRIES) else { return 0 };
    1_u32.checked_shl(over).unwrap_or(u32::MAX).min(limits::SIGN_IN_WAIT_SECONDS_MOST)
}

#[cfg(test)]
mod tests {
    use super::wait_seconds;

    #[test]
    fn the_wait_begins_after_five_failures_and_doubles_to_a_quarter_of_an_hour() {
        let waits: Vec<u32> = (0..18).map(wait_seconds).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!([wait_seconds(36), wait_seconds(37), wait_seconds(u32::MAX)], [900; 3]);
    }
}
