//! Asking people in: a person is made, with a role and teams, and sent a link by which they choose how to sign in. They are a
//! person at once, and may stand in routines before they have followed it.

use crate::administration::Administration;
use crate::change::{Act, Author, ChangeOf, Edit, OnlyIf, change_in};
use crate::sign_in::{Person, Trace, insert_link, invitation};
use domain::directory::{ComponentKind, Directory, Role, User};
use domain::notification::Channel;
use domain::sign_in::LinkPurpose;
use domain::{Instant, OrganizationId, RefId, Refusal, Username};
use engine::{Asker, Batch, ChangeContext, Failure, Ids, Reader, Undo, change_once, change_told_once, snapshot};
use notify::carrier::{Message, Outcome};
use serde_json::{Map, json};

/// Whom to ask in.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Where the link is sent.
    pub email: String,
    /// Their username; made of the address where none is given.
    pub username: Option<String>,
    /// The name shown for them.
    pub display_name: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Teams, by name or id, that they are in from the beginning.
    pub teams: Vec<String>,
}

/// Somebody who was asked in and has not followed the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Who.
    pub username: Username,
    /// The name shown for them.
    pub name: String,
    /// Where the link was sent.
    pub email: Option<String>,
    /// What they will be.
    pub role: Role,
    /// Until when the link counts; it may be over.
    pub ends_at: Instant,
}

/// An invitation that was made just now.
#[derive(Clone, PartialEq, Eq)]
pub struct Invited {
    /// It.
    pub invitation: Invitation,
    /// The whole address of the link, which is told this once. A secret.
    pub url: String,
    /// Whether a mail server took it.
    pub is_mailed: bool,
}

/// Shows no secret.
impl std::fmt::Debug for Invited {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Invited({}, hidden)", self.invitation.username)
    }
}

impl Invitation {
    fn of(person: &Person, ends_at: Instant) -> Self {
        let Person { username, name, email, role, .. } = person.clone();
        Self { username, name, email, role, ends_at }
    }
}

impl Administration {
    /// Those who were asked in and have not followed the link, whose link ends first first.
    ///
    /// # Errors
    /// `Refused(KeyRevoked)`; otherwise see [`Failure`].
    pub async fn invitations(&self, reader: Reader) -> Result<Vec<Invitation>, Failure> {
        let read = self.engine().read(move |tx, shared| {
            let snapshot = snapshot(tx, shared, &reader)?;
            let links = store::sign_in_link_list(tx, reader.organization, LinkPurpose::Invite)?;
            let told = |link: store::LinkRow| {
                Some(Invitation::of(&Person::with_ref(&snapshot.directory, &link.person)?, link.ends_at))
            };
            Ok(links.into_iter().filter_map(told).collect())
        });
        read.await
    }

    /// Asks somebody in, who is a person from now on.
    ///
    /// # Errors
    /// `Refused` with `AlreadyInvited`, `Change`, `UnknownComponent` for a team, or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn invite(&self, asker: Asker, new: NewInvitation) -> Result<Invited, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let add = move |batch: &mut Batch<'_>| {
            change_told_once(batch, &asker, |batch, context| {
                let directory = &context.snapshot.directory;
                check_new(directory, &new.email)?;
                let username = new.username.clone().unwrap_or_else(|| username_of(directory, &new.email));
                let edits = edits(directory, &username, &new)?;
                let author = Author::of_asker(&asker, context);
                change_in(batch, organization, &ChangeOf::Components(edits), &ids, &author, context.now)?;
                let person = known(&batch.snapshot(organization)?.directory, &username)?;
                give_link(batch, &ids, (&person, LinkPurpose::Invite), (&asker, context))
            })
        };
        let path = self.change(organization, add).await?;
        self.handed_out(organization, path, invitation).await
    }

    /// Makes another link for somebody who was asked in, or could never sign in; the one before ends.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, or `AlreadyInvited` where they signed in already; otherwise see [`Failure`].
    pub async fn invite_again(&self, asker: Asker, username: String) -> Result<Invited, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let add = move |batch: &mut Batch<'_>| {
            change_told_once(batch, &asker, |batch, context| {
                let person = known(&context.snapshot.directory, &username)?;
                if store::sign_in_possible(batch.tx, organization, &person.ref_id)? {
                    return Err(
                        Refusal::AlreadyInvited { username: person.username.to_string(), signs_in: true }.into()
                    );
                }
                give_link(batch, &ids, (&person, LinkPurpose::Invite), (&asker, context))
            })
        };
        let path = self.change(organization, add).await?;
        self.handed_out(organization, path, invitation).await
    }

    /// Takes an invitation back: the link ends. The person stays until they are removed.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, or `UnknownInvitation` where the person has no open one; otherwise see [`Failure`].
    pub async fn take_invitation_back(&self, asker: Asker, username: String) -> Result<(), Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let end = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let unknown = || Refusal::UnknownInvitation { username: username.clone() };
                let person = known(&context.snapshot.directory, &username)?;
                let open = store::sign_in_link_list(batch.tx, organization, LinkPurpose::Invite)?;
                if !open.iter().any(|link| link.person == person.ref_id) {
                    return Err(unknown().into());
                }
                store::sign_in_link_end(batch.tx, organization, &person.ref_id, LinkPurpose::Invite)?;
                let trace = Trace::of_asker(&ids, &person, (&asker, context));
                Ok(trace.record(batch.tx, context.now, "invitation.end", Vec::new())?)
            })
        };
        self.change(organization, end).await
    }

    /// Sends the link that was made, by the mail that `write` writes, and tells it.
    pub(crate) async fn handed_out(
        &self,
        organization: OrganizationId,
        made: Made,
        write: fn(&Person, &str, String) -> Option<Message>,
    ) -> Result<Invited, Failure> {
        let Made { person, path, ends_at } = made;
        let read = self.engine().read(move |tx, shared| {
            let snapshot = shared.directories.current(tx, organization)?;
            Ok(snapshot.and_then(|snapshot| Person::with_ref(&snapshot.directory, &RefId::from(person.as_str()))))
        });
        let person = read.await?.ok_or(Failure::Refused(Refusal::SignedOut))?;
        let url = format!("{}{path}", self.notifier().public_url());
        let carrier = self.notifier().carrier(Channel::Email).filter(|_| self.can_mail_links());
        let mail = write(&person, &url, self.engine().ids().ref_id());
        let is_mailed = match carrier.zip(mail) {
            Some((carrier, mail)) => carrier.send(&mail).await.outcome == Outcome::Delivered,
            None => false,
        };
        Ok(Invited { invitation: Invitation::of(&person, ends_at), url, is_mailed })
    }
}

/// A link that was made.
pub(crate) struct Made {
    /// Id of the person.
    person: String,
    path: String,
    ends_at: Instant,
}

/// Makes a link for a person; one before for the same purpose ends.
pub(crate) fn give_link(
    batch: &mut Batch<'_>,
    ids: &Ids,
    (person, purpose): (&Person, LinkPurpose),
    (asker, context): (&Asker, &ChangeContext),
) -> Result<Made, Undo> {
    let ends_at = context.now.plus_minutes(purpose.minutes());
    let trace = Trace::of_asker(ids, person, (asker, context));
    let path = insert_link(batch.tx, ids, person, (purpose, ends_at), (&trace, context.now))?;
    Ok(Made { person: person.ref_id.to_string(), path, ends_at })
}

/// Whoever is meant, unless they are locked.
pub(crate) fn known(directory: &Directory, username: &str) -> Result<Person, Refusal> {
    let unknown = || Refusal::UnknownComponent {
        field: "preferred_username",
        kind: ComponentKind::User,
        name: username.to_owned(),
    };
    let entry = directory.users.known(username).ok_or_else(unknown)?;
    Person::with_ref(directory, &entry.ref_id).ok_or_else(unknown)
}

/// Refuses an address that is somebody's already.
fn check_new(directory: &Directory, email: &str) -> Result<(), Refusal> {
    let is_theirs = |user: &User| user.email.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(email));
    match directory.users.iter().find(|entry| is_theirs(&entry.component)) {
        None => Ok(()),
        Some(entry) => {
            let username = entry.component.username.to_string();
            Err(Refusal::AlreadyInvited { username, signs_in: false })
        }
    }
}

/// A username that is nobody's, made of an address.
fn username_of(directory: &Directory, email: &str) -> String {
    let local = email.split_once('@').map_or(email, |(local, _)| local).to_lowercase();
    let is_free =
        |name: &String| directory.users.iter().all(|entry| entry.component.username.as_str().to_lowercase() != *name);
    let numbered = (2..).map(|number| format!("{local}{number}"));
    std::iter::once(local.clone()).chain(numbered).find(is_free).unwrap_or(local)
}

/// The person, and the teams with them in it.
fn edits(directory: &Directory, username: &str, new: &NewInvitation) -> Result<Vec<Edit>, Refusal> {
    let mut body = Map::new();
    body.insert("username".to_owned(), json!(username));
    body.insert("email".to_owned(), json!(new.email));
    body.insert("role".to_owned(), json!(new.role.word()));
    body.extend(new.display_name.as_ref().map(|name| ("display_name".to_owned(), json!(name))));
    let edit = |kind, act| Edit { kind, act, only_if: OnlyIf::Any, field: "teams", before_path: String::new() };
    let mut edits = vec![edit(ComponentKind::User, Act::Create(body))];
    for name in &new.teams {
        let unknown = || Refusal::UnknownComponent { field: "teams", kind: ComponentKind::Team, name: name.clone() };
        let team = &directory.teams.known(name).ok_or_else(unknown)?.component;
        let members = team.members.iter().map(|member| json!(member)).chain([json!(username)]).collect::<Vec<_>>();
        let members = Map::from_iter([("members".to_owned(), json!(members))]);
        edits.push(edit(ComponentKind::Team, Act::Patch(team.name.clone(), members)));
    }
    Ok(edits)
}
