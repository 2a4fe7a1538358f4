//! What somebody is told of a request for cover.

use crate::ids::Username;
use serde::{Deserialize, Serialize};

/// What somebody is told of a request for cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum CoverNews {
    /// They are asked.
    Asked {
        /// Who asks.
        by: Username,
    },
    /// Who asked is told: somebody takes it.
    Taken {
        /// Who.
        by: Username,
    },
    /// Who was asked, too, is told: somebody takes it.
    Settled {
        /// Who.
        by: Username,
    },
    /// Who was asked is told: it is wanted no more.
    Withdrawn {
        /// Who asked.
        by: Username,
    },
    /// Who asked is told: everybody said no.
    Declined,
    /// Who asked is told: nobody has said yes yet.
    Unanswered,
    /// Who asked is told: it begins, and nobody took it.
    Begun,
}

impl CoverNews {
    /// Its word on the wire.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "cover.asked",
            Self::Taken { .. } => "cover.taken",
            Self::Settled { .. } => "cover.settled",
            Self::Withdrawn { .. } => "cover.withdrawn",
            Self::Declined => "cover.declined",
            Self::Unanswered => "cover.unanswered",
            Self::Begun => "cover.begun",
        }
    }
}
