//! From bytes to JSON: repaired where strictness would lose an alert, and refused with line and column where it is
//! still no JSON (intake §1).

use crate::repair::{Repair, repair};
use domain::intake::Unreadable;
use serde_json::Value;

/// Reads a body as JSON, with what had to be repaired, in words for the sender. What is still not JSON is refused with
/// the reason, and where in the body it lies.
pub fn json(body: &[u8]) -> Result<(Value, Vec<String>), Unreadable> {
    // Nearly all are intact, and what is read as it is needs no repair.
    if let Ok(value) = serde_json::from_slice(body) {
        return Ok((value, Vec::new()));
    }
    let (mended, repairs) = repair(body);
    if mended.trim().is_empty() {
        return Err(Unreadable("the body is empty".to_owned()));
    }
    let value = serde_json::from_str(&mended).map_err(|error| Unreadable(format!("the body is not JSON: {error}")))?;
    Ok((value, repairs.into_iter().map(Repair::words).map(str::to_owned).collect()))
}
