//! How the program ends when something went wrong: words to stderr, and an exit code that scripts can tell apart.

use std::fmt;
use std::process::ExitCode;

/// The input was wrong: a file, an option, a name. Exit code 2, as for a wrong command line; all else is 1.
#[derive(Debug)]
pub(crate) struct WrongInput(pub(crate) Vec<String>);

impl fmt::Display for WrongInput {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for WrongInput {}

/// What a directory file says was changed beside it. Exit code 3.
#[derive(Debug)]
pub(crate) struct Drifted(pub(crate) Vec<String>);

impl fmt::Display for Drifted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Drifted {}

impl WrongInput {
    /// One thing that is wrong.
    pub(crate) fn one(text: impl Into<String>) -> anyhow::Error {
        Self(vec![text.into()]).into()
    }

    /// Several things that are wrong, a line each.
    pub(crate) fn all(mistakes: impl IntoIterator<Item = impl fmt::Display>) -> anyhow::Error {
        Self(mistakes.into_iter().map(|mistake| mistake.to_string()).collect()).into()
    }
}

/// Says what went wrong and with which code the program ends.
#[expect(clippy::print_stderr, reason = "this is where the program speaks of its end")]
pub(crate) fn tell(error: &anyhow::Error) -> ExitCode {
    if let Some(WrongInput(mistakes)) = error.downcast_ref() {
        for mistake in mistakes {
            eprintln!("reveille: {mistake}");
        }
        return ExitCode::from(2);
    }
    if let Some(Drifted(sentences)) = error.downcast_ref() {
        for sentence in sentences {
            eprintln!("reveille: {sentence}");
        }
        eprintln!(
            "reveille: nothing was applied; --overwrite-drift puts the file's back, --keep-drift applies the rest"
        );
        return ExitCode::from(3);
    }
    eprintln!("reveille: {error:#}");
    ExitCode::FAILURE
}
