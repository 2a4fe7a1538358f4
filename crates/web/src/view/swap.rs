//! Swaps as they are answered.

use directory::KnownSwap;
use domain::Instant;
use domain::routine::Written;
use serde::Serialize;

/// A swap as it is answered.
#[derive(Debug, Serialize)]
pub struct SwapItem<'a> {
    swap_ref_id: Option<&'a str>,
    routine_ref_id: &'a str,
    out: &'a str,
    r#in: Option<&'a str>,
    from: &'a Written<Instant>,
    until: &'a Written<Instant>,
    by: Option<&'a str>,
    timestamp: Option<String>,
}

/// One swap.
pub fn swap(known: &KnownSwap) -> SwapItem<'_> {
    let KnownSwap { swap_ref_id, routine_ref_id, swap, made_by, made_at } = known;
    SwapItem {
        swap_ref_id: swap_ref_id.as_deref(),
        routine_ref_id: routine_ref_id.as_str(),
        out: swap.out.as_str(),
        r#in: swap.in_.as_ref().map(domain::Username::as_str),
        from: &swap.from,
        until: &swap.until,
        by: made_by.as_deref(),
        timestamp: made_at.map(|at| at.wire()),
    }
}
