//! A way back for who lost their second factor: an administrator sends them a link, by which, with their password, they set up
//! another.

use crate::administration::Administration;
use crate::invite::{Invited, Made, give_link, known};
use crate::sign_in::enrolment;
use domain::sign_in::LinkPurpose;
use engine::{Asker, Batch, Failure, change_told_once};

impl Administration {
    /// Makes the link, which is sent to the person where this server sends mail; one before ends. Whether who asks signed in
    /// lately is not looked at here. It is told like an invitation.
    ///
    /// # Errors
    /// `Refused` with `UnknownComponent` or `KeyRevoked`; otherwise see [`Failure`].
    pub async fn send_enrolment(&self, asker: Asker, username: String) -> Result<Invited, Failure> {
        let (organization, ids) = (asker.organization, self.engine().ids().clone());
        let add = move |batch: &mut Batch<'_>| {
            change_told_once(batch, &asker, |batch, context| {
                let person = known(&context.snapshot.directory, &username)?;
                give_link(batch, &ids, (&person, LinkPurpose::Enrol), (&asker, context))
            })
        };
        let made: Made = self.change(organization, add).await?;
        self.handed_out(organization, made, enrolment).await
    }
}
