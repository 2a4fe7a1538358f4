//! People: whoever gets a message answers it soon, late, wrongly, or never.

use domain::incident::{Action, EventType};
use domain::notification::Channel;
use notify::carrier::twilio_signature;

use super::asked::{Asked, told_by};
use super::carriers::Handed;
use super::chance::Chance;
use super::node::Node;
use super::organization::Organization;
use crate::{Call, NUMBER, PUBLIC_URL, TOKEN};

const SECOND: i64 = 1_000_000;
/// Where the telephone carrier brings text messages.
const SMS: &str = "/v1/carrier/twilio/sms";

/// What somebody does.
#[derive(Clone, Debug)]
enum Deed {
    /// Looks at a link, and perhaps follows it.
    Link { path: String, action: Action, follows: Follows },
    /// Replies to a text message.
    Reply { user: String, said: String, action: Action },
    /// Presses a digit.
    Digit { path: String, digit: char, action: Action },
    /// The carrier reports what became of a message.
    Receipt { path: String, field: &'static str, status: &'static str },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    Yes,
    No,
}

/// A deed that is still to come.
#[derive(Clone, Debug)]
struct Plan {
    at: i64,
    deed: Deed,
}

/// Everybody, with what they are about to do.
pub(super) struct People {
    chance: Chance,
    plans: Vec<Plan>,
    /// Counts the messages of the telephone carrier.
    texts: u32,
    acts: bool,
}

impl People {
    pub(super) fn new(chance: Chance) -> Self {
        Self { chance, plans: Vec::new(), texts: 0, acts: true }
    }

    /// From now on nobody does anything.
    pub(super) fn rest(&mut self) {
        self.acts = false;
        self.plans.clear();
    }

    /// When somebody does something next.
    pub(super) fn next_at(&self) -> Option<i64> {
        self.plans.iter().map(|plan| plan.at).min()
    }

    /// Somebody reads a message, and makes up their mind.
    pub(super) fn read(&mut self, handed: &Handed, now: i64) {
        if !self.acts {
            return;
        }
        let message = &handed.message;
        if let Some(path) = message.status_url.as_deref().and_then(path_of)
            && self.chance.of_thousand(300)
        {
            let field = if handed.channel == Channel::Voice { "CallStatus" } else { "MessageStatus" };
            let status = *self.chance.pick(&["delivered", "delivered", "completed", "undelivered", "failed"]);
            self.plan(now, self.chance.between(1, 60), Deed::Receipt { path, field, status });
        }
        let times = self.chance.weighted(&[(60, 0), (35, 1), (5, 2)]);
        for _ in 0..times {
            let action =
                self.chance.weighted(&[(55, Action::Acknowledge), (30, Action::Resolve), (15, Action::Escalate)]);
            let Some(deed) = self.deed(handed, action) else { return };
            let seconds = self.chance.weighted(&[(50, 60), (40, 900), (10, 7200)]);
            self.plan(now, self.chance.between(1, seconds), deed);
        }
    }

    fn plan(&mut self, now: i64, seconds: i64, deed: Deed) {
        self.plans.push(Plan { at: now + seconds * SECOND, deed });
    }

    fn deed(&self, handed: &Handed, action: Action) -> Option<Deed> {
        let message = &handed.message;
        match handed.channel {
            Channel::Sms => {
                let (_, reply) = message.brief.rsplit_once("Reply A")?;
                let code: String = reply.chars().take_while(char::is_ascii_digit).collect();
                let code = if self.chance.of_thousand(100) { "00000".to_owned() } else { code };
                let said = match self.chance.below(20) {
                    0 => "what is this?".to_owned(),
                    _ => format!("{}{code}", action.letter()),
                };
                Some(Deed::Reply { user: handed.user.clone(), said, action })
            }
            Channel::Voice => {
                let path = message.digits_url.as_deref().and_then(path_of)?;
                let digit = if self.chance.of_thousand(100) { '9' } else { action.digit() };
                Some(Deed::Digit { path, digit, action })
            }
            _ => {
                let link = message.actions.iter().find(|link| link.label.starts_with(action.label()))?;
                let mut path = path_of(&link.url)?;
                if self.chance.of_thousand(50) {
                    path.pop();
                }
                let follows = if self.chance.of_thousand(150) { Follows::No } else { Follows::Yes };
                Some(Deed::Link { path, action, follows })
            }
        }
    }

    /// Does what is to be done by now, the earliest first; what was asked, if anything was.
    pub(super) fn act(&mut self, node: &Node, now: i64) -> Option<Asked> {
        let next = self.plans.iter().enumerate().filter(|(_, plan)| plan.at <= now).min_by_key(|(_, plan)| plan.at);
        let plan = next.map(|(place, _)| place).map(|place| self.plans.remove(place))?;
        Some(self.perform(plan.deed, node))
    }

    fn perform(&mut self, deed: Deed, node: &Node) -> Asked {
        let (what, action, call) = match deed {
            Deed::Link { path, action, follows } => {
                let method = if follows == Follows::Yes { "POST" } else { "GET" };
                let action = (follows == Follows::Yes).then_some(action);
                (format!("{method} the link to {}", action.map_or("nothing", Action::word)), action, {
                    Call::new(method, &path)
                })
            }
            Deed::Reply { user, said, action } => {
                let from = Organization::number_of(&user);
                let id = self.text("SM");
                let fields = [("MessageSid", &*id), ("From", &from), ("To", NUMBER), ("Body", &said)];
                (format!("{user} replies {said}"), Some(action), signed(SMS, &fields))
            }
            Deed::Digit { path, digit, action } => {
                let id = self.text("CA");
                let fields = [("CallSid", &*id), ("Digits", &digit.to_string())];
                (format!("somebody presses {digit}"), Some(action), signed(&path, &fields))
            }
            Deed::Receipt { path, field, status } => {
                let answer = node.ask(signed(&path, &[(field, status)]));
                let what = format!("the carrier reports {status} -> {:?}", answer.map(|answer| answer.status));
                // What failed is said on the incident, and what arrived changes nothing that is counted.
                return Asked {
                    what,
                    incident: None,
                    told: None,
                    count: None,
                    verdict: super::asked::Verdict::Unknown,
                };
            }
        };
        let answer = node.ask(call);
        let (mut verdict, count) = told_by(answer.as_ref());
        if action.is_none() && answer.is_some() {
            verdict = super::asked::Verdict::Refused("only looked".to_owned());
        }
        let told = action.map(|action| match action {
            Action::Acknowledge => EventType::Acknowledge,
            Action::Resolve => EventType::Resolve,
            Action::Escalate => EventType::Escalate,
        });
        Asked { what, incident: None, told, count, verdict }
    }

    fn text(&mut self, kind: &str) -> String {
        self.texts += 1;
        format!("{kind}{:032}", self.texts)
    }
}

/// A request as the telephone carrier makes it.
fn signed(path: &str, fields: &[(&str, &str)]) -> Call {
    let owned: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let signature = twilio_signature::sign(TOKEN, &format!("{PUBLIC_URL}{path}"), &owned);
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let call = Call::post(path).header("content-type", "application/x-www-form-urlencoded");
    call.header("x-twilio-signature", signature).body(body)
}

fn path_of(url: &str) -> Option<String> {
    url.strip_prefix(PUBLIC_URL).map(str::to_owned)
}
