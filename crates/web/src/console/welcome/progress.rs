//! The steps, and which of them are done: told by what there is. Nothing is kept about the wizard itself.

use crate::console::seen::Seen;
use crate::gate::{Problem, failed};
use domain::permission::Action;
use engine::Beginning;

/// Below this path each step has its page.
pub(super) const PATH: &str = "/app/welcome";

/// A step, in the order in which they are gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Zone,
    Contact,
    People,
    Routine,
    Policy,
    Service,
    Integration,
    Page,
}

impl Step {
    /// All of them.
    pub(super) const ALL: [Self; 8] = [
        Self::Zone,
        Self::Contact,
        Self::People,
        Self::Routine,
        Self::Policy,
        Self::Service,
        Self::Integration,
        Self::Page,
    ];

    /// Its word in paths.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Contact => "contact",
            Self::People => "people",
            Self::Routine => "routine",
            Self::Policy => "policy",
            Self::Service => "service",
            Self::Integration => "integration",
            Self::Page => "page",
        }
    }

    /// The step of this word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }

    /// What it is about.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Zone => "Organization and zone",
            Self::Contact => "By what you are reached",
            Self::People => "Who else",
            Self::Routine => "Who is on call, and when",
            Self::Policy => "Who is asked first, and who next",
            Self::Service => "What can break",
            Self::Integration => "Where alerts come from",
            Self::Page => "A page that rings",
        }
    }

    /// Why one wants it.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Zone => "Times are shown by the clock of your zone, and what you make begins with it.",
            Self::Contact => {
                "A page goes to a contact. Without one, nothing wakes you, and whatever you are on is passed over."
            }
            Self::People => "Whoever takes turns with you, or is asked when you do not answer.",
            Self::Routine => "A routine says who is on call, and when: people take turns by a rule.",
            Self::Policy => {
                "An escalation policy is asked level by level. When the minutes of a level have passed and nobody has \
                 answered, the next level is asked."
            }
            Self::Service => "A service is what runs and can break. It names the policy that is asked then.",
            Self::Integration => {
                "An integration is an address for one monitoring tool. What is sent there becomes incidents of its service."
            }
            Self::Page => "The last step is a real page: an incident at your service that asks whoever is on call.",
        }
    }

    /// Its number, from 1.
    pub(super) fn number(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or_default() + 1
    }

    /// The one after it.
    pub(super) fn after(self) -> Option<Self> {
        Self::ALL.get(self.number()).copied()
    }

    /// Where it is.
    pub(super) fn path(self) -> String {
        format!("{PATH}/{}", self.word())
    }
}

/// Which steps are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Progress([bool; Step::ALL.len()]);

/// What there is, as far as a step asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct There {
    has_zone: bool,
    is_reached: bool,
    people: usize,
    routines: usize,
    policies: usize,
    services: usize,
    integrations: usize,
}

impl Progress {
    /// How far whoever is signed in has come.
    pub(super) async fn of(seen: &Seen<'_>) -> Result<Self, Problem> {
        let (directory, me) = (&seen.snapshot.directory, &seen.session.person.username);
        let there = There {
            has_zone: directory.user(me.as_str()).is_some_and(|user| user.timezone.is_some()),
            is_reached: !directory.channels_of(me).is_empty(),
            people: directory.users.iter().count(),
            routines: directory.routines.iter().count(),
            policies: directory.policies.iter().count(),
            services: directory.services.iter().count(),
            integrations: directory.integrations.iter().count(),
        };
        let beginning = seen.visit.app.engine.beginning(seen.reader()).await.map_err(failed)?;
        Ok(Self::told_by(there, beginning))
    }

    fn told_by(there: There, beginning: Beginning) -> Self {
        if beginning == Beginning::Past {
            return Self([true; Step::ALL.len()]);
        }
        let is_answered = beginning == Beginning::Answered;
        let is_done = |step: Step| match step {
            // Whoever looks later has not to tell of themselves what others have shown to work.
            Step::Zone => there.has_zone || is_answered,
            Step::Contact => there.is_reached || is_answered,
            // Who has gone on alone has said so by what came after.
            Step::People => there.people > 1 || there.routines + there.policies > 0,
            Step::Routine => there.routines + there.policies > 0,
            Step::Policy => there.policies > 0,
            Step::Service => there.services > 0,
            Step::Integration => there.integrations > 0,
            Step::Page => is_answered,
        };
        Self(Step::ALL.map(is_done))
    }

    /// Whether this one is done.
    pub(super) fn is_done(self, step: Step) -> bool {
        self.0[step.number() - 1]
    }

    /// The first that is not.
    pub(super) fn first(self) -> Option<Step> {
        Step::ALL.into_iter().find(|step| !self.is_done(*step))
    }
}

/// The step at which setting up stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::console) struct SetUp {
    pub(in crate::console) number: usize,
    pub(in crate::console) of: usize,
    pub(in crate::console) title: &'static str,
    pub(in crate::console) path: String,
}

/// The step at which setting up stands; nothing once it is done, and for whoever cannot do it.
pub(in crate::console) async fn set_up(seen: &Seen<'_>) -> Result<Option<SetUp>, Problem> {
    if !seen.may(Action::ChangeComponents) {
        return Ok(None);
    }
    let of = Step::ALL.len();
    let told = |step: Step| SetUp { number: step.number(), of, title: step.title(), path: step.path() };
    Ok(Progress::of(seen).await?.first().map(told))
}

#[cfg(test)]
mod tests {
    use super::{Progress, Step, There};
    use engine::Beginning;

    fn first(there: There, beginning: Beginning) -> Option<Step> {
        Progress::told_by(there, beginning).first()
    }

    #[test]
    fn each_step_is_the_present_one_until_what_it_makes_is_there() {
        let mut there = There { people: 1, ..There::default() };
        assert_eq!(first(there, Beginning::Unpaged), Some(Step::Zone));
        there.has_zone = true;
        assert_eq!(first(there, Beginning::Unpaged), Some(Step::Contact));
        there.is_reached = true;
        assert_eq!(first(there, Beginning::Unpaged), Some(Step::People));
        assert_eq!(first(There { people: 2, ..there }, Beginning::Unpaged), Some(Step::Routine));
        there.routines = 1;
        assert_eq!(first(there, Beginning::Unpaged), Some(Step::Policy), "who has a routine went on alone");
        there.policies = 1;
        assert_eq!(first(there, Beginning::Unpaged), Some(Step::Service));
        there.services = 1;
        assert_eq!(first(there, Beginning::Unpaged), Some(Step::Integration));
        there.integrations = 1;
        assert_eq!(first(there, Beginning::Unpaged), Some(Step::Page));
        assert_eq!(first(there, Beginning::Answered), None);
    }

    #[test]
    fn who_was_paged_is_not_asked_for_what_that_has_shown_and_who_is_long_there_for_nothing() {
        let whole = There { people: 3, policies: 1, services: 1, integrations: 1, ..There::default() };
        assert_eq!(first(whole, Beginning::Answered), None);
        assert_eq!(first(There { integrations: 0, ..whole }, Beginning::Answered), Some(Step::Integration));
        assert_eq!(first(There::default(), Beginning::Past), None);
    }

    #[test]
    fn steps_are_known_by_their_words_and_numbers() {
        for step in Step::ALL {
            assert_eq!(Step::from_word(step.word()), Some(step));
        }
        assert_eq!((Step::Zone.number(), Step::Page.number(), Step::Page.after()), (1, 8, None));
    }
}
