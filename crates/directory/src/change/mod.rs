//! The one way in which a directory changes: what is asked is carried out on a draft, judged as a whole, and written in one
//! transaction with a new version, whoever asks.

mod author;
mod draft;
mod reference;
mod secret;
mod wish;

mod edit;
mod gap;
mod kept;
mod layer;
mod lock;
mod personal;
mod settle;
mod shown;

mod commit;
mod export;
mod integration_key;
mod meant;
mod named;
mod not_written;
mod of_provider;
mod outgoing;
mod outlook;
mod people;
mod recorded;
mod repointed;
mod weighed;

mod ahead;
mod apply;
mod apply_error;
mod beside;
mod drifted;
mod foreseen;
mod many;
mod one_layer;
mod person_facts;
mod read;
mod release;
mod removed;
mod renamed;
mod renewal;
mod said;
mod version;
mod warnings;

pub use apply::{Adopt, Applied, Drift, Wanted, apply, apply_file, dry_run};
pub use apply_error::ApplyError;
pub use author::Author;
pub use beside::{change_beside, diff_beside, export_at, make_owner, version_list};
pub(crate) use edit::{invalid, json_merge};
pub use export::{Part, export};
pub use foreseen::{AskedFile, Foreseen};
pub use layer::{LayerAct, LayerEdit, LayerKind};
pub(crate) use many::change_in;
pub use many::{ChangeOf, Changed, Manner};
pub use one_layer::ChangedLayer;
pub(crate) use outlook::gaps_by_swap;
pub use people::role_said;
pub use person_facts::{PersonQuery, PersonState, state_of};
pub use personal::{Kept, are_own};
pub(crate) use read::profile;
pub use read::{ComponentPage, ComponentQuery};
pub use reference::named_kinds;
pub use release::release;
pub use renewal::{Renewal, RenewedKey, integration_renew_key};
pub(crate) use secret::hide;
pub use warnings::warnings;
pub use wish::{Act, Edit, Instead, OnlyIf};
