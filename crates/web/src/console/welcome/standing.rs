//! What the steps have come to so far: who would be asked now, and what is missing, in words.

use crate::console::seen::Seen;
use domain::Username;
use domain::directory::{Directory, Ladder};
use domain::notification::Channel;
use domain::routine::OnCall;

/// Policies and routines of which it is told.
const TOLD: usize = 3;

/// How it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Who is on call, by what, until when.
    pub(super) lines: Vec<String>,
    /// What keeps a page from reaching somebody.
    pub(super) missing: Vec<String>,
}

impl Standing {
    /// How it stands now: by policies where there are some, else by routines.
    pub(super) fn of(seen: &Seen<'_>) -> Self {
        let directory = &seen.snapshot.directory;
        let mut standing = Self::default();
        for entry in directory.policies.by_name().into_iter().take(TOLD) {
            let on_call = Ladder::Named(&entry.component, directory).on_call(1, seen.now);
            standing.tell(seen, &format!("policy {}", entry.component.name), on_call);
        }
        if standing == Self::default() {
            for entry in directory.routines.by_name().into_iter().take(TOLD) {
                let on_call = directory.on_call(&entry.component.name, seen.now);
                standing.tell(seen, &format!("routine {}", entry.component.name), on_call);
            }
        }
        standing
    }

    fn tell(&mut self, seen: &Seen<'_>, by: &str, on_call: OnCall) {
        let directory = &seen.snapshot.directory;
        if on_call.users.is_empty() {
            self.missing.push(format!("Nobody is on call now by the {by}."));
            return;
        }
        let names: Vec<_> = on_call.users.iter().map(|user| directory.shown_name(user)).collect();
        let until = on_call.until.map(|until| format!(", until {}", seen.visit.clock.moment(until).absolute));
        self.lines.push(format!("By the {by}: {}{}.", names.join(", "), until.unwrap_or_default()));
        for user in &on_call.users {
            let missing = unreached(directory, user);
            self.missing.extend(missing.filter(|missing| !self.missing.contains(missing)));
        }
    }
}

/// Why nothing reaches somebody; nothing where something does.
fn unreached(directory: &Directory, username: &Username) -> Option<String> {
    if !directory.channels_of(username).is_empty() {
        return None;
    }
    let name = directory.shown_name(username);
    let user = directory.user(username.as_str())?;
    let contacts: Vec<_> = Channel::ALL.into_iter().filter(|channel| user.has_contact(*channel)).collect();
    Some(if contacts.is_empty() {
        format!("Nothing reaches {name}: there is no contact yet.")
    } else if contacts.iter().all(|channel| !directory.channels.contains(channel)) {
        format!("Nothing reaches {name}: this server cannot send by what there is.")
    } else {
        format!("Nothing reaches {name} yet: a code has still to show that the contact is theirs.")
    })
}

/// What this server cannot send by, with the lines of its configuration that are missing.
pub(super) fn missing(seen: &Seen<'_>) -> Vec<String> {
    let lines = [
        (Channel::Email, "This server sends no e-mail: `smtp.host` and `smtp.from` are missing in its configuration."),
        (
            Channel::Sms,
            "This server sends no text messages: `twilio.account_sid`, `twilio.auth_token` and `twilio.from` are missing in its \
             configuration.",
        ),
        (
            Channel::Voice,
            "This server calls nobody: `twilio.account_sid`, `twilio.auth_token` and `twilio.voice_from` are missing in its configuration.",
        ),
    ];
    let missing = lines.into_iter().filter(|(channel, _)| seen.visit.app.notifier.carrier(*channel).is_none());
    missing.map(|(_, line)| line.to_owned()).collect()
}
