//! Refused changes of the directory as problems: the code of each, its words, and what else is told.

use super::problem::Problem;
use crate::operation::Code;
use domain::Instant;
use domain::directory::{ChangeRefusal, ComponentKind};
use serde_json::{Map, json};

/// The problem that a refused change is answered with.
pub(super) fn refused_change(refusal: ChangeRefusal) -> Problem {
    let (code, errors) = (change_code(&refusal), change_words(&refusal));
    let mut extra = Map::new();
    if let ChangeRefusal::ChangedMeanwhile { current, changed_by, changed_at, fields, .. } = refusal {
        extra.insert("current".to_owned(), *current);
        extra.insert("changed_by".to_owned(), json!(changed_by));
        extra.insert("changed_at".to_owned(), json!(changed_at.map(Instant::wire)));
        extra.insert("fields".to_owned(), json!(fields));
    }
    Problem::of_change(code, errors, extra)
}

/// The code of a refusal. No wildcard: a new one does not compile until its code is decided.
pub(super) fn change_code(refusal: &ChangeRefusal) -> Code {
    match refusal {
        ChangeRefusal::Invalid { .. } | ChangeRefusal::KeyTaken { .. } => Code::InvalidFields,
        ChangeRefusal::Unknown { .. } => Code::UnknownComponent,
        ChangeRefusal::NameTaken { .. } | ChangeRefusal::FormerPerson { .. } => Code::NameTaken,
        ChangeRefusal::LastOwner { .. } => Code::LastOwner,
        ChangeRefusal::StillNamed { .. } | ChangeRefusal::Referenced { .. } => Code::StillNamed,
        ChangeRefusal::ManagedByFile { .. } => Code::ManagedByFile,
        ChangeRefusal::ManagedByProvider { .. } => Code::ManagedByProvider,
        ChangeRefusal::MatchMissing => Code::IfMatchMissing,
        ChangeRefusal::ChangedMeanwhile { .. } => Code::ChangedMeanwhile,
        ChangeRefusal::LintFailed { .. } => Code::LintFailed,
    }
}

/// What is wrong; never empty.
pub(super) fn change_words(refusal: &ChangeRefusal) -> Vec<String> {
    match refusal {
        ChangeRefusal::Invalid { mistakes } => mistakes.clone(),
        ChangeRefusal::Unknown { path, kind, name } => vec![format!("{path}: there is no {} `{name}`", noun(*kind))],
        ChangeRefusal::KeyTaken { name } => vec![format!("key: is that of another integration than `{name}`")],
        ChangeRefusal::NameTaken { kind, name } => {
            let field = if *kind == ComponentKind::User { "username" } else { "name" };
            vec![format!("{field}: another {} is named `{name}`", noun(*kind))]
        }
        ChangeRefusal::FormerPerson { username } => {
            vec![format!("username: `{username}` was somebody's who left, and is never given again")]
        }
        ChangeRefusal::LastOwner { username } => {
            vec![format!("role: {username} is the last owner who can sign in; make somebody else an owner first")]
        }
        ChangeRefusal::StillNamed { kind, name, places } => {
            places.iter().map(|place| format!("{place}: names the {} `{name}`", noun(*kind))).collect()
        }
        ChangeRefusal::Referenced { reasons } => reasons.clone(),
        ChangeRefusal::ManagedByFile { kind, name, source, applied_at } => {
            let source = source.as_deref().map_or_else(|| "a directory file".to_owned(), line_of);
            let at = applied_at.map(|at| format!(", applied at {}", at.wire())).unwrap_or_default();
            let noun = noun(*kind);
            vec![format!(
                "{noun} {name} is managed by {source}{at}: change it there and apply, or run reveille release {name}"
            )]
        }
        ChangeRefusal::ManagedByProvider { username, provider } => vec![format!(
            "role: that of {username} is given by the provider {provider} at each sign-in: change their groups there"
        )],
        ChangeRefusal::MatchMissing => {
            vec!["if-match: is required, the ETag of the component that was read, or *".to_owned()]
        }
        ChangeRefusal::ChangedMeanwhile { wanted_none: true, .. } => {
            vec!["if-none-match: there is one of this name".to_owned()]
        }
        ChangeRefusal::ChangedMeanwhile { changed_by, changed_at, .. } => {
            let by = changed_by.as_deref().unwrap_or("somebody");
            let at = changed_at.map(|at| format!(" at {}", at.wire())).unwrap_or_default();
            vec![format!("if-match: the component was changed meanwhile, by {by}{at}")]
        }
        ChangeRefusal::LintFailed { warnings } => warnings.clone(),
    }
}

fn noun(kind: ComponentKind) -> String {
    kind.word().replace('_', " ")
}

/// `acme.toml:41` in words.
fn line_of(source: &str) -> String {
    match source.rsplit_once(':') {
        Some((file, line)) => format!("{file} line {line}"),
        None => source.to_owned(),
    }
}
