//! Swaps as they are answered.

use directory::{KnownSwap, MadeSwap};
use domain::Instant;
use domain::routine::Written;
use serde::Serialize;
use serde_json::Value;

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

/// A swap that was made just now.
#[derive(Debug, Serialize)]
pub struct MadeItem<'a> {
    #[serde(flatten)]
    swap: SwapItem<'a>,
    warnings: &'a [String],
    gaps: &'a Value,
}

/// A swap that was made just now, and what it brings with it.
pub fn made(made: &MadeSwap) -> MadeItem<'_> {
    MadeItem { swap: swap(&made.swap), warnings: &made.warnings, gaps: &made.gaps }
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
