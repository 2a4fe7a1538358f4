//! The table at the end of a run.

use std::fmt::Write;

use super::{Nodes, Run};

/// What came of all rounds.
pub(super) fn rounds(run: &Run, killed_micros: u64, all_micros: u64, extra: &[(&'static str, u64)]) -> String {
    let (figures, ends, plan) = (run.findings.figures(), run.ends, run.plan);
    let seconds = |micros: u64| micros / 1_000_000;
    let mut rows = vec![
        ("rounds, each ended by kill -9", plan.rounds),
        ("  right after the start", ends.at_start),
        ("  under load", ends.under_load),
        ("  with a page on its way", ends.in_delivery),
        ("  while stopping", ends.while_stopping),
        ("creates answered", figures.creates_answered),
        ("creates found as answered", figures.creates_found),
        ("creates lost", figures.creates_answered - figures.creates_found),
        ("creates not answered, and there", figures.unanswered_found),
        ("commands answered", figures.commands_answered),
        ("commands lost", figures.commands_answered - figures.commands_found),
        ("pages expected", figures.pages_expected),
        ("pages received", figures.pages_received),
        ("pages lost", figures.pages_expected - figures.pages_received),
        ("pages called off", figures.pages_called_off),
        ("duplicates", figures.duplicates),
        ("most duplicates of one notification per crash", figures.most_duplicates),
        ("seconds of killing", seconds(killed_micros)),
        ("seconds in all", seconds(all_micros)),
        ("broken promises", run.findings.len() as u64),
    ];
    if plan.nodes == Nodes::Two {
        // Each kill was under load.
        rows.drain(1..5);
        rows.splice(0..0, extra.iter().copied());
    }
    told(&format!("crashes over {}, seed {}", plan.database.name(), plan.seed), &rows, &run.findings.told())
}

/// A table with a title, and what broke a promise below it.
pub(super) fn told(title: &str, rows: &[(&str, u64)], findings: &[String]) -> String {
    let mut text = format!("{title}\n");
    for (name, figure) in rows {
        writeln!(text, "  {name:<46} {figure:>9}").expect("a string takes everything");
    }
    for finding in findings {
        writeln!(text, "BROKEN: {finding}").expect("a string takes everything");
    }
    text
}
