//! "Did you mean": the known word most like one that is not known, for every file that people write by hand.

/// ``; did you mean `x`?`` for the candidate most like `written`, or nothing where none is near.
pub fn suggestion<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let near = nearest(written, candidates);
    near.map(|candidate| format!("; did you mean `{candidate}`?")).unwrap_or_default()
}

/// The candidate most like `written`, if one is near.
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.6;
    let likeness = |candidate: &'a str| (strsim::normalized_damerau_levenshtein(written, candidate), candidate);
    let near = candidates.into_iter().map(likeness).filter(|(likeness, _)| *likeness >= NEAR);
    near.max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, candidate)| candidate)
}
