//! The `Idempotency-Key` of a request, and what it stands for (contract §1).

use crate::gate::{Fields, Problem};
use crate::operation::Operation;
use axum::http::HeaderMap;
use domain::limits;
use engine::Idempotency;
use sha2::{Digest, Sha256};

/// The key, with what it stands for: the operation, whatever path it was called by, the variable parts of that path, and
/// the body to the byte. `None` where none was sent, or the operation takes none.
pub(super) fn idempotency(
    operation: &Operation,
    headers: &HeaderMap,
    path: &Fields,
    body: &[u8],
) -> Result<Option<Idempotency>, Problem> {
    let value = headers.get("idempotency-key").filter(|_| operation.takes_idempotency_key());
    let Some(value) = value else { return Ok(None) };
    let is_visible = |text: &&str| {
        (1..=limits::IDEMPOTENCY_KEY_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let key = value.to_str().ok().filter(is_visible).ok_or_else(Problem::invalid_idempotency_key)?;
    let mut hash = Sha256::new();
    hash.update(operation.name.as_bytes());
    for field in operation.parameters {
        hash.update([0]);
        hash.update(path.spelled(field.name).as_bytes());
    }
    hash.update([0]);
    hash.update(body);
    let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some(Idempotency { key: key.to_owned(), digest }))
}
