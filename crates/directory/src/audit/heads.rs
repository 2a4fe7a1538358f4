//! The heads of all audit logs, looked at again and again: whoever keeps the metrics sees a tail that was cut off.

use crate::administration::Administration;
use engine::Failure;

impl Administration {
    /// Looks at the heads of all audit logs, once a minute; to be called at each beat.
    ///
    /// # Errors
    /// As the store says; the metrics stay as they were.
    pub async fn note_audit_heads(&self) -> Result<(), Failure> {
        if !self.0.heads.is_due(self.engine().now()) {
            return Ok(());
        }
        let look = |tx: &mut dyn store::Tx, _: &engine::Shared| {
            let mut heads = Vec::new();
            for organization in store::organization_list(tx)? {
                heads.extend(super::head(tx, organization.id)?.map(|head| (organization.id, head)));
            }
            Ok(heads)
        };
        let heads = self.engine().read(look).await?;
        self.0.heads.tell(heads.into_iter().map(|(id, head)| (id.0, head.digest, head.number)));
        Ok(())
    }
}
