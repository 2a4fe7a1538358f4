//! Swaps as the store keeps them, and as a directory is given them.

use domain::routine::Swap;
use domain::{Instant, Username};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{Error, SwapRow};

/// The body of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptSwap {
    /// The swap.
    pub swap: Swap,
    /// The name shown for who made it.
    pub made_by: Option<String>,
    /// When it was made.
    pub made_at: Instant,
}

impl KeptSwap {
    /// What a row holds.
    ///
    /// # Errors
    /// `Corrupt` when it holds no swap.
    pub fn of(row: &SwapRow) -> Result<Self, Error> {
        let wrong = |error: serde_json::Error| Error::Corrupt(format!("swap `{}`: {error}", row.swap_ref_id));
        serde_json::from_str(&row.body).map_err(wrong)
    }

    /// The body of a row that holds this.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which does not happen.
    pub fn body(&self) -> Result<String, Error> {
        serde_json::to_string(self).map_err(|error| Error::Statement(error.to_string()))
    }
}

/// The stored swaps as a directory holds them: by routine, the latest made last. One that names somebody who is gone
/// is left out, so that whoever they stood in for is asked again.
///
/// # Errors
/// `Corrupt` when a row holds no swap.
pub fn swaps_by_routine(
    rows: &[SwapRow],
    is_user: impl Fn(&Username) -> bool,
) -> Result<HashMap<String, Vec<Swap>>, Error> {
    let mut dated = Vec::with_capacity(rows.len());
    for row in rows {
        let KeptSwap { swap, made_at, .. } = KeptSwap::of(row)?;
        if is_user(&swap.out) && swap.in_.as_ref().is_none_or(&is_user) {
            dated.push((made_at, &row.swap_ref_id, &row.routine, swap));
        }
    }
    dated.sort_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)));
    let mut by_routine: HashMap<String, Vec<Swap>> = HashMap::new();
    for (_, _, routine, swap) in dated {
        by_routine.entry(routine.clone()).or_default().push(swap);
    }
    Ok(by_routine)
}
