//! Feeds as they are given out: each by a secret URL, which can be renewed, and read without a key.

use super::{routine_feed, user_feed};
use crate::administration::Administration;
use crate::audit::{Changed, Object, Value, record_asked};
use crate::on_call::routine_of;
use domain::directory::{ComponentKind, Directory};
use domain::{OrganizationId, RefId, Refusal};
use engine::{Asker, Batch, Failure, Undo, change_once};
use notify::Purpose;
use serde::{Deserialize, Serialize};

/// Whose shifts a feed tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedOf {
    /// Of everybody in the routine of this id or name.
    Routine(String),
    /// Of the person of this name, in all routines.
    User(String),
    /// Not shifts alone: who is on call and what is unresolved, for the screen in a room; of the team of this id or name alone
    /// where one is given.
    Wall(Option<String>),
}

/// Whether the URL that there is goes on to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedUrl {
    /// It does, and is given again.
    Same,
    /// It ends, and another one takes its place.
    Renewed,
}

/// The kind of what the screen in a room shows; its id is that of a team, or nothing where it shows all.
pub(super) const WALL: &str = "wall";

/// What the token of a feed speaks of: organization, kind and id of the component, and how often the feed was renewed.
pub(super) type Subject = (i64, String, RefId, i64);

/// What is remembered of an answer: the URL is not, for it is a secret.
#[derive(Clone, Serialize, Deserialize)]
struct Given {
    ref_id: RefId,
    generation: i64,
}

impl FeedOf {
    fn kind(&self) -> &'static str {
        match self {
            Self::Routine(_) => ComponentKind::Routine.word(),
            Self::User(_) => ComponentKind::User.word(),
            Self::Wall(_) => WALL,
        }
    }

    fn ref_id(&self, directory: &Directory) -> Result<RefId, Refusal> {
        match self {
            Self::Routine(routine) => Ok(routine_of(directory, routine)?.ref_id.clone()),
            Self::User(name) => {
                let unknown = || Refusal::UnknownComponent {
                    field: "preferred_username",
                    kind: ComponentKind::User,
                    name: name.clone(),
                };
                Ok(directory.users.named(name).ok_or_else(unknown)?.ref_id.clone())
            }
            Self::Wall(None) => Ok(RefId::from("")),
            Self::Wall(Some(name)) => {
                let unknown = || Refusal::UnknownComponent {
                    field: "team_ref_id",
                    kind: ComponentKind::Team,
                    name: name.clone(),
                };
                Ok(directory.teams.known(name).ok_or_else(unknown)?.ref_id.clone())
            }
        }
    }
}

impl FeedOf {
    /// Name of the component of which it tells.
    fn name<'a>(&self, directory: &'a Directory) -> Result<&'a str, Refusal> {
        let ref_id = self.ref_id(directory)?;
        let routine = directory.routines.with_ref(ref_id.as_str()).map(|entry| entry.component.name.as_str());
        let user = directory.users.with_ref(ref_id.as_str()).map(|entry| entry.component.username.as_str());
        let team = directory.teams.with_ref(ref_id.as_str()).map(|entry| entry.component.name.as_str());
        Ok(routine.or(user).or(team).unwrap_or_default())
    }
}

impl Administration {
    /// The URL of a feed, the same each time until it is renewed; below this server's address as people reach it, or,
    /// where that is not configured, from its first slash on.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent`, `IdempotencyKeyReused` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn feed_url(&self, asker: Asker, of: FeedOf, url: FeedUrl) -> Result<String, Failure> {
        let (organization, kind) = (asker.organization, of.kind());
        let ids = self.engine().ids().clone();
        let give = move |batch: &mut Batch<'_>| {
            change_once(batch, &asker, |batch, context| {
                let ref_id = of.ref_id(&context.snapshot.directory)?;
                let generation = match url {
                    FeedUrl::Same => store::feed_generation(batch.tx, organization, kind, &ref_id)?,
                    FeedUrl::Renewed => {
                        let name = of.name(&context.snapshot.directory)?;
                        let object = Object::new(kind, Some(ref_id.as_str()), name);
                        let changes =
                            vec![Changed { field: "url".to_owned(), before: Value::Hidden, after: Value::Hidden }];
                        record_asked(batch, &ids, (&asker, context), "feed.renew", object, changes)?;
                        store::feed_renew(batch.tx, organization, kind, &ref_id)?
                    }
                };
                Ok::<_, Undo>(Given { ref_id, generation })
            })
        };
        let Given { ref_id, generation } = self.change(organization, give).await?;
        let subject: Subject = (organization.0, kind.to_owned(), ref_id, generation);
        let token = self.notifier().token(Purpose::Feed, &subject, None).await?;
        let site = self.notifier().public_url();
        Ok(if kind == WALL { format!("{site}/app/wall/{token}") } else { format!("{site}/feeds/{token}.ics") })
    }

    /// The feed with this token; `None` when there is none, or it was renewed, or what it tells of is gone.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn feed(&self, token: &str) -> Result<Option<String>, Failure> {
        let Ok(subject) = self.notifier().open_token::<Subject>(Purpose::Feed, token).await? else { return Ok(None) };
        let (organization, kind, ref_id, generation) = subject;
        let organization = OrganizationId(organization);
        let Some(kind) = ComponentKind::from_word(&kind) else { return Ok(None) };
        let id = ref_id.clone();
        let look = self.engine().read(move |tx, shared| {
            let counts = store::feed_generation(tx, organization, kind.word(), &id)? == generation;
            Ok(if counts { shared.directories.current(tx, organization)? } else { None })
        });
        let Some(snapshot) = look.await? else { return Ok(None) };
        let now = self.engine().now();
        let write = move || {
            let directory = &snapshot.directory;
            match kind {
                ComponentKind::Routine => {
                    let entry = directory.routines.with_ref(ref_id.as_str())?;
                    routine_feed(directory, &entry.component.name, now)
                }
                ComponentKind::User => {
                    let entry = directory.users.with_ref(ref_id.as_str())?;
                    user_feed(directory, entry.component.username.as_str(), now)
                }
                _ => None,
            }
        };
        let written = tokio::task::spawn_blocking(write).await;
        written.map_err(|error| Failure::Broken(format!("a feed could not be written: {error}")))
    }
}
