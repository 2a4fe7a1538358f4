//! Actions: what a person can do to an incident from the message that tells of it, and how each is asked for.

use super::command::Command;
use serde::{Deserialize, Serialize};

/// What a person can do from a message: by a link, a reply to a text message, or a digit on the telephone (on-call §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Action {
    /// To say that they act.
    #[serde(rename = "A")]
    Acknowledge,
    /// To end it.
    #[serde(rename = "R")]
    Resolve,
    /// To ask the next level now.
    #[serde(rename = "E")]
    Escalate,
}

impl Action {
    /// Every action, in the order in which a message offers them.
    pub const ALL: [Self; 3] = [Self::Acknowledge, Self::Resolve, Self::Escalate];

    /// What it is called on a button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Acknowledge => "Acknowledge",
            Self::Resolve => "Resolve",
            Self::Escalate => "Escalate",
        }
    }

    /// What it is called within a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Resolve => "resolve",
            Self::Escalate => "escalate",
        }
    }

    /// What an incident is once it was done.
    pub fn done(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledged",
            Self::Resolve => "resolved",
            Self::Escalate => "escalated",
        }
    }

    /// The letter before the code in a reply to a text message.
    pub fn letter(self) -> char {
        match self {
            Self::Acknowledge => 'A',
            Self::Resolve => 'R',
            Self::Escalate => 'E',
        }
    }

    /// The digit on a telephone.
    pub fn digit(self) -> char {
        match self {
            Self::Acknowledge => '4',
            Self::Resolve => '6',
            Self::Escalate => '8',
        }
    }

    /// What is asked of the incident.
    pub fn command(self) -> Command {
        match self {
            Self::Acknowledge => Command::Acknowledge,
            Self::Resolve => Command::Resolve,
            Self::Escalate => Command::Escalate,
        }
    }

    /// The action of the first digit that was pressed.
    pub fn from_digits(digits: &str) -> Option<Self> {
        let digit = digits.trim().chars().next()?;
        Self::ALL.into_iter().find(|action| action.digit() == digit)
    }

    /// Reads a reply to a text message: a letter and a code, such as `A12345`, in any case, with or without a space
    /// between them. The action's whole word is understood, too; what follows the code is not looked at.
    pub fn from_reply(reply: &str) -> Option<(Self, String)> {
        let reply = reply.trim_start();
        let letters = reply.find(|letter: char| !letter.is_ascii_alphabetic())?;
        let (asked, rest) = reply.split_at(letters);
        let named = |action: &Self| {
            let spellings = [action.letter().to_string(), action.word().to_owned()];
            let short = *action == Self::Acknowledge && asked.eq_ignore_ascii_case("ack");
            short || spellings.iter().any(|spelling| asked.eq_ignore_ascii_case(spelling))
        };
        let action = Self::ALL.into_iter().find(named)?;
        let rest = rest.trim_start_matches([' ', ':', '#', '-']);
        let code: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (!code.is_empty()).then_some((action, code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_read_as_people_write_it() {
        use Action::{Acknowledge, Escalate, Resolve};
        let table = [
            ("A12345", Some((Acknowledge, "12345"))),
            ("a12345", Some((Acknowledge, "12345"))),
            ("  R 0042 thanks", Some((Resolve, "0042"))),
            ("e-77.", Some((Escalate, "77"))),
            ("Ack 12345", Some((Acknowledge, "12345"))),
            ("ACKNOWLEDGE #12345", Some((Acknowledge, "12345"))),
            ("resolve: 5", Some((Resolve, "5"))),
            ("12345", None),
            ("A", None),
            ("A x12345", None),
            ("B12345", None),
            ("Are you there 12345", None),
            ("", None),
            ("Ａ１２３", None),
            ("A١٢٣", None),
        ];
        for (reply, expect) in table {
            let expect = expect.map(|(action, code): (_, &str)| (action, code.to_owned()));
            assert_eq!(Action::from_reply(reply), expect, "{reply}");
        }
    }

    #[test]
    fn each_action_has_a_letter_and_a_digit_of_its_own() {
        for action in Action::ALL {
            assert_eq!(Action::from_digits(&action.digit().to_string()), Some(action));
            assert_eq!(Action::from_reply(&format!("{}1", action.letter())), Some((action, "1".to_owned())));
        }
        assert_eq!(
            (Action::from_digits("4#"), Action::from_digits("5"), Action::from_digits("")),
            (Some(Action::Acknowledge), None, None)
        );
    }
}
