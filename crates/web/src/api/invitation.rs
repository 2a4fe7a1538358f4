//! Asking people in.

use super::paged::paged;
use super::{App, Success};
use crate::gate::{Caller, Fields, Problem, failed};
use crate::view::administration::invitation as view;
use directory::{Invitation, NewInvitation};
use domain::directory::Role;
use engine::Asker;

/// Who was asked in and has not followed the link.
pub(super) async fn invitations(app: &App, caller: &Caller, fields: &Fields) -> Result<Success, Problem> {
    let mut found = app.administration.invitations(caller.reader()).await.map_err(failed)?;
    found.sort_by_key(place);
    let after = fields.text("after").map(str::to_owned);
    paged("/v1/invitations", fields, (found, after), place, view::invitation)
}

/// Where it stands among the others: by when its link ends, in digits that are as many for all, then by who it is for.
fn place(invitation: &Invitation) -> String {
    format!("{:020}-{}", invitation.ends_at.0, invitation.username)
}

/// Asks somebody in.
pub(super) async fn invite(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let text = |name: &str| fields.text(name).map(str::to_owned);
    let new = NewInvitation {
        email: fields.required_text("email"),
        username: text("username"),
        display_name: text("display_name"),
        role: fields.text("role").and_then(Role::from_word).unwrap_or_default(),
        teams: fields.texts("teams"),
    };
    let invited = app.administration.invite(asker, new).await.map_err(failed)?;
    Success::json(&view::invited(&invited))
}

/// Sends another link.
pub(super) async fn again(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let username = fields.required_text("preferred_username");
    let invited = app.administration.invite_again(asker, username).await.map_err(failed)?;
    Success::json(&view::invited(&invited))
}

/// Sends who lost their second factor a link.
pub(super) async fn enrol(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let username = fields.required_text("preferred_username");
    let sent = app.administration.send_enrolment(asker, username).await.map_err(failed)?;
    Success::json(&view::invited(&sent))
}

/// Takes an invitation back.
pub(super) async fn take_back(app: &App, asker: Asker, fields: &Fields) -> Result<Success, Problem> {
    let username = fields.required_text("preferred_username");
    app.administration.take_invitation_back(asker, username).await.map_err(failed)?;
    Success::json(&"Success")
}
