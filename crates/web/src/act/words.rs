//! What became of an answer, in words for a person: a heading and a line for a page, a sentence for a telephone.

use axum::http::StatusCode;
use domain::Refusal;
use domain::incident::Action;
use domain::limits;
use notify::{About, Answered, LinkView};

/// What a person is told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) heading: String,
    /// What else is worth saying.
    pub(super) line: String,
}

impl Told {
    pub(super) fn new(status: StatusCode, heading: impl Into<String>, line: impl Into<String>) -> Self {
        Self { status, heading: heading.into(), line: line.into() }
    }

    /// All of it as one text.
    pub(super) fn sentence(&self) -> String {
        if self.line.is_empty() { format!("{}.", self.heading) } else { format!("{}. {}", self.heading, self.line) }
    }

    /// The same, with who was at work on the incident before, if it was done.
    pub(super) fn after(mut self, before: Option<&LinkView>) -> Self {
        if let Some(LinkView::Open { acknowledged_by: Some(name), .. }) = before
            && self.status == StatusCode::OK
        {
            self.line = format!("{}. {name} had acknowledged it before.", self.line);
        }
        self
    }
}

/// What became of an answer.
pub(super) fn of_answer(answered: &Answered) -> Told {
    match answered {
        Answered::Done { action, first: Some(about), count: 1, untouched: 0 } => {
            Told::new(StatusCode::OK, format!("Incident #{} is {}", about.number, action.done()), &about.title)
        }
        Answered::Done { action, count, untouched, .. } => of_many(*action, *count, *untouched),
        Answered::Already(action) => already(*action),
        Answered::Refused { action, about, refusal } => of_refusal(*action, about, refusal),
        Answered::Expired => expired(),
        Answered::Unknown => unknown(),
    }
}

fn of_many(action: Action, count: usize, untouched: usize) -> Told {
    let heading = match count {
        0 => format!("Nothing is left to {}", action.word()),
        1 => format!("1 incident is {}", action.done()),
        count => format!("{count} incidents are {}", action.done()),
    };
    let line = match untouched {
        0 => String::new(),
        1 => "1 did not call for it any more and was left as it is.".to_owned(),
        untouched => format!("{untouched} did not call for it any more and were left as they are."),
    };
    Told::new(StatusCode::OK, heading, line)
}

fn of_refusal(action: Action, about: &About, refusal: &Refusal) -> Told {
    let number = about.number;
    match refusal {
        Refusal::AlreadyResolved { .. } => resolved(about),
        Refusal::NoFurtherLevel => {
            let line = "Nobody on a further level can be asked. Nothing was changed.";
            Told::new(StatusCode::CONFLICT, format!("Incident #{number} cannot be escalated"), line)
        }
        _ => {
            let heading = format!("Incident #{number} cannot be {}", action.done());
            Told::new(StatusCode::CONFLICT, heading, "Its state forbids it. Nothing was changed.")
        }
    }
}

/// What a link would do, or why it does nothing; and the button that does it.
pub(super) fn of_link(view: &LinkView) -> (Told, Option<String>) {
    let told = match view {
        LinkView::Open { action, about, others, person, acknowledged_by } => {
            let (label, number, title) = (action.label(), about.number, &about.title);
            let (heading, what) = match others {
                0 => (format!("{label} incident #{number}?"), title.clone()),
                _ => (format!("{label} {} incidents?", others + 1), format!("The first is #{number}: {title}")),
            };
            let taken = acknowledged_by.as_ref().map(|name| format!(" {name} has acknowledged it already."));
            let line = format!("{what}.{} It is done in the name of {person}.", taken.unwrap_or_default());
            return (Told::new(StatusCode::OK, heading, line), Some(label.to_owned()));
        }
        LinkView::Already(action) => already(*action),
        LinkView::Resolved(about) => resolved(about),
        LinkView::Expired => expired(),
        LinkView::Unknown => unknown(),
    };
    (told, None)
}

fn already(action: Action) -> Told {
    let heading = format!("This was {} already", action.done());
    Told::new(StatusCode::OK, heading, "It works once for each message. Nothing was changed now.")
}

fn resolved(about: &About) -> Told {
    let number = about.number;
    match about.goes_on_in {
        Some(other) => {
            let line = format!("Incident #{other} is not resolved: it goes on there. Nothing was changed.");
            Told::new(StatusCode::CONFLICT, format!("Incident #{number} was merged into #{other}"), line)
        }
        None => {
            let heading = format!("Incident #{number} is resolved already");
            Told::new(StatusCode::CONFLICT, heading, "Nothing was changed.")
        }
    }
}

fn expired() -> Told {
    let line = format!("A message can be answered for {} hours. Nothing was changed.", limits::LINK_HOURS);
    Told::new(StatusCode::GONE, "This came too late", line)
}

fn unknown() -> Told {
    Told::new(StatusCode::NOT_FOUND, "This is not known here", "Perhaps a part of the link is missing.")
}

/// Nothing could be done at the moment.
pub(super) fn not_now() -> Told {
    let line = "It is not known that anything was changed. Please try again.";
    Told::new(StatusCode::SERVICE_UNAVAILABLE, "That did not work", line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::InstanceId;

    fn about() -> About {
        About { number: 12, title: "Disk full".to_owned(), goes_on_in: None }
    }

    #[test]
    fn each_answer_is_told_so_that_nobody_wonders_what_happened() {
        let action = Action::Acknowledge;
        let done = |count, untouched| Answered::Done { action, first: Some(about()), count, untouched };
        let refused = |refusal| Answered::Refused { action: Action::Escalate, about: about(), refusal };
        let resolved = Refusal::AlreadyResolved { instance_id: InstanceId(1) };
        for (answered, status, expect) in [
            (done(1, 0), 200, "Incident #12 is acknowledged. Disk full"),
            (done(57, 0), 200, "57 incidents are acknowledged."),
            (done(1, 2), 200, "1 incident is acknowledged. 2 did not call for it any more and were left as they are."),
            (done(0, 1), 200, "Nothing is left to acknowledge. 1 did not call for it any more and was left as it is."),
            (
                Answered::Already(action),
                200,
                "This was acknowledged already. It works once for each message. Nothing was changed now.",
            ),
            (refused(resolved), 409, "Incident #12 is resolved already. Nothing was changed."),
            (
                refused(Refusal::NoFurtherLevel),
                409,
                "Incident #12 cannot be escalated. Nobody on a further level can be asked. Nothing was changed.",
            ),
            (
                refused(Refusal::NotAcknowledged),
                409,
                "Incident #12 cannot be escalated. Its state forbids it. Nothing was changed.",
            ),
            (
                Answered::Expired,
                410,
                "This came too late. A message can be answered for 24 hours. Nothing was changed.",
            ),
            (Answered::Unknown, 404, "This is not known here. Perhaps a part of the link is missing."),
        ] {
            let told = of_answer(&answered);
            assert_eq!((told.status.as_u16(), told.sentence().as_str()), (status, expect));
        }
    }

    #[test]
    fn only_a_link_that_would_do_something_has_a_button() {
        let by = |others, acknowledged_by: Option<&str>| LinkView::Open {
            action: Action::Resolve,
            about: about(),
            others,
            person: "Ana".to_owned(),
            acknowledged_by: acknowledged_by.map(str::to_owned),
        };
        let open = |others| by(others, None);
        for (view, heading, line, button) in [
            (open(0), "Resolve incident #12?", "Disk full. It is done in the name of Ana.", Some("Resolve")),
            (
                by(0, Some("Ben")),
                "Resolve incident #12?",
                "Disk full. Ben has acknowledged it already. It is done in the name of Ana.",
                Some("Resolve"),
            ),
            (
                open(2),
                "Resolve 3 incidents?",
                "The first is #12: Disk full. It is done in the name of Ana.",
                Some("Resolve"),
            ),
            (LinkView::Resolved(about()), "Incident #12 is resolved already", "Nothing was changed.", None),
        ] {
            let (told, found) = of_link(&view);
            assert_eq!((told.heading.as_str(), told.line.as_str(), found.as_deref()), (heading, line, button));
        }
        for view in [LinkView::Already(Action::Resolve), LinkView::Expired, LinkView::Unknown] {
            assert_eq!(of_link(&view).1, None);
        }
    }
}
