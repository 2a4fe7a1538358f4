//! `lint`: what a directory file allows and nobody can want.

use super::say;
use crate::exit::WrongInput;
use crate::line::Lint;
use directory::file::{self, Texts};
use domain::Instant;
use domain::directory::Fault;
use engine::Clock;

/// Warns, each warning with its file and line. Which contacts are verified is not known here; `apply` knows it.
pub(crate) fn lint(line: &Lint) -> anyhow::Result<()> {
    let (definition, texts) = file::read_with_texts(line.directory.path()).map_err(WrongInput::all)?;
    let warnings = domain::lint::lint(&definition.directory(), Instant(Clock::system().now()));
    match warnings.len() {
        0 => return say("nothing to warn of\n"),
        1 => say(&format!("{}1 warning\n", told(&texts, &warnings)))?,
        several => say(&format!("{}{several} warnings\n", told(&texts, &warnings)))?,
    }
    if line.strict { Err(anyhow::anyhow!("there are warnings, and --strict was given")) } else { Ok(()) }
}

/// A line for each warning: `directory.toml:41: warning: user `ana`: …`.
pub(super) fn told(texts: &Texts, warnings: &[Fault]) -> String {
    let located = texts.locate(warnings).into_iter().map(|mut warning| {
        warning.text = format!("warning: {}", warning.text);
        format!("{warning}\n")
    });
    located.collect()
}
