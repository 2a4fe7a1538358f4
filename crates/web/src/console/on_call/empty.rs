//! What stands in the place of a list: what belongs there and how one begins, or that nothing was found.

use super::work::Sought;
use crate::console::piece::Empty;

/// What a list is of.
struct Kind {
    one: &'static str,
    many: &'static str,
    why: &'static str,
    /// Where one makes the first.
    edit: &'static str,
}

const POLICIES: Kind = Kind {
    one: "policy",
    many: "escalation policies",
    why: "A policy says who is asked first, who next, and after how long. Without one nobody is paged.",
    edit: "/app/edit/escalation-policies",
};

const ROUTINES: Kind = Kind {
    one: "routine",
    many: "routines",
    why: "A routine says who is on call when, by people who take turns.",
    edit: "/app/edit/routines",
};

/// In the place of policies at `path`, for somebody who may change components or not.
pub(super) fn policies(sought: &Sought, may_change: bool, path: &str) -> Empty {
    of(&POLICIES, sought, may_change, path)
}

/// In the place of routines.
pub(super) fn routines(sought: &Sought, may_change: bool, path: &str) -> Empty {
    of(&ROUTINES, sought, may_change, path)
}

fn of(kind: &Kind, sought: &Sought, may_change: bool, path: &str) -> Empty {
    if !sought.words.is_empty() {
        return Empty {
            what: format!("No {} has these words in its name", kind.one),
            why: "Search for less, or look at all of them.".to_owned(),
            button: Some((path.to_owned(), format!("All {}", kind.many))),
            ..Empty::default()
        };
    }
    Empty {
        what: format!("No {} yet", kind.many),
        why: kind.why.to_owned(),
        button: may_change.then(|| (kind.edit.to_owned(), format!("Set up a {}", kind.one))),
        command: Some("reveille apply acme.toml".to_owned()),
        docs: Some("/docs".to_owned()),
    }
}
