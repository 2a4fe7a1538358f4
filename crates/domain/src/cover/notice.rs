//! What people are told of a request for cover, by what wakes nobody, as of handovers.

use super::Cover;
use crate::channel::Channel;
use crate::directory::Directory;
use crate::ids::{RefId, Username};
use crate::notification::{Content, CoverNews, Notification, Reason, plan};
use crate::{Instant, Urgency};

fn title(news: &CoverNews, directory: &Directory, routine: &str) -> String {
    let name = |user| directory.shown_name(user);
    match news {
        CoverNews::Asked { by } => format!("{} asks you to take a shift: {routine}", name(by)),
        CoverNews::Taken { by } => format!("{} takes your shift: {routine}", name(by)),
        CoverNews::Settled { by } => format!("You need not take the shift, {} does: {routine}", name(by)),
        CoverNews::Withdrawn { by } => format!("{} needs nobody for the shift any more: {routine}", name(by)),
        CoverNews::Declined => format!("Nobody of those you asked takes your shift: {routine}"),
        CoverNews::Unanswered => format!("Nobody has taken your shift yet: {routine}"),
        CoverNews::Begun => format!("You are on call, nobody took your shift: {routine}"),
    }
}

/// Tells somebody: by e-mail, webhook or chat, else by push. Nobody is called or texted for it. It is asked for by somebody who
/// waits for the answer, so that it comes to those, too, who want no notices of handovers.
pub fn notice(
    directory: &Directory,
    user: &Username,
    (cover, news): (&Cover, CoverNews),
    now: Instant,
) -> Vec<Notification> {
    let Some(entry) = cover.routine_in(directory) else { return Vec::new() };
    let routine = entry.component.name.clone();
    let content = Content {
        title: title(&news, directory, &routine),
        reason: Reason::Cover {
            cover_ref_id: cover.cover_ref_id.clone(),
            routine,
            from: cover.from,
            until: cover.until,
            news,
        },
        urgency: Urgency::Low,
        created_at: now,
        task_ref_id: RefId(String::new()),
        skipped: Vec::new(),
    };
    let mut notices = plan(directory, user, &content, 0, now);
    notices.retain(|notice| !matches!(notice.channel, Channel::Sms | Channel::Voice));
    notices
}
