//! Feeds: calendars of shifts, and the page for a screen in a room, each by a secret URL.

use super::COMMAND;
use super::contact::PERSON;
use super::on_call::ROUTINE_REF_ID;
use crate::operation::{Answer, Change, Code, Does, Field, Operation, Served, Shape};
use domain::permission::Scope;

const RENEW: Field =
    Field::optional("renew", Shape::Truth, "", "Whether the present URL ends, and another one takes its place.");

/// What both feeds have in common.
const FEED: Operation = Operation {
    served: Served::V1,
    fields: &[RENEW],
    answer: Answer::Feed,
    example: r#"{"url": "https://reveille.example.com/feeds/f_8AAWQiLSJyb3V0aW5lIl0.ics"}"#,
    refusals: &[Code::UnknownComponent],
    ..COMMAND
};

pub(super) const ROWS: &[Operation] = &[
    Operation {
        name: "routine-feed",
        path: "routines/{routine_ref_id}/feed",
        does: Does::Change(Change::RoutineFeed),
        summary: "Subscribe to a routine",
        description: "A URL for calendar programs, which read it without a key: an event for each interval of the \
            schedule, from about a month back to a year ahead (RFC 5545). Whoever knows the URL can read it, so it is \
            a secret; it is the same each time until it is renewed. It begins with a slash where the server's own \
            address is not configured.",
        parameters: &[ROUTINE_REF_ID],
        ..FEED
    },
    Operation {
        name: "user-feed",
        path: "users/{preferred_username}/feed",
        does: Does::Change(Change::UserFeed),
        summary: "Subscribe to a person's shifts",
        description: "As `routine-feed`, with an event for each time at which the person is on call by a routine.",
        parameters: &[PERSON],
        ..FEED
    },
    Operation {
        name: "wall",
        path: "wall",
        scope: Scope::Admin,
        does: Does::Change(Change::Wall),
        summary: "Show who is on call on a screen",
        description: "A URL for the screen in a room: a page with who is on the first level of each policy and the \
            newest unresolved incidents, which renews itself and has nothing to act with. With `team_ref_id` it shows the \
            policies that this team owns, and the incidents that are on what it owns or with its members, each team at \
            a URL of its own. Whoever knows the URL can read it without signing in, so it is a secret; it is the same \
            each time until it is renewed.",
        fields: &[
            RENEW,
            Field::optional("team_ref_id", Shape::Id, "", "The team, by its id or name, of which alone it tells."),
        ],
        ..FEED
    },
];
