//! Where operations are served: methods, paths, and the routes that they share.

use super::Operation;

/// Method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Fields stand in the query.
    Get,
    /// Fields stand in a JSON body.
    Post,
    /// Likewise, of something as a whole.
    Put,
    /// Likewise, of what is different.
    Patch,
    /// There are no fields beside those of the path.
    Delete,
}

impl Method {
    /// Its word in a request.
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request has a body.
    pub fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }

    /// Whether a request with this word is one of it. HEAD is a GET whose body is left out.
    pub fn takes(self, word: &str) -> bool {
        word == self.word() || (self == Self::Get && word == "HEAD")
    }

    /// What a path says that takes these: the header `Allow`.
    pub fn allow(methods: &[Self]) -> String {
        let words = methods.iter().flat_map(|method| match method {
            Self::Get => &["GET", "HEAD"][..],
            Self::Post => &["POST"],
            Self::Put => &["PUT"],
            Self::Patch => &["PATCH"],
            Self::Delete => &["DELETE"],
        });
        words.copied().collect::<Vec<_>>().join(", ")
    }
}

/// Under which paths an operation is served, each with or without one trailing slash (contract §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served {
    /// `/OP` and `/incidents/OP`, of which the second is documented.
    Everywhere,
    /// Likewise, but the first is documented.
    EverywhereKnownAtRoot,
    /// `/incidents/OP` only.
    UnderIncidents,
    /// `/OP` only.
    AtRoot,
    /// `/v1/OP` only: what the original product does not have.
    V1,
}

impl Operation {
    /// Every path that it is served at, with and without a trailing slash; a variable part is written `{type}`.
    pub fn paths(&self) -> Vec<String> {
        let (root, below) = (format!("/{}", self.path), format!("/incidents/{}", self.path));
        let forms = match self.served {
            Served::Everywhere | Served::EverywhereKnownAtRoot => vec![root, below],
            Served::UnderIncidents => vec![below],
            Served::AtRoot => vec![root],
            Served::V1 => vec![format!("/v1{root}")],
        };
        forms.into_iter().flat_map(|form| [format!("{form}/"), form]).collect()
    }

    /// The path that is documented.
    pub fn documented_path(&self) -> String {
        match self.served {
            Served::Everywhere | Served::UnderIncidents => format!("/incidents/{}", self.path),
            Served::EverywhereKnownAtRoot | Served::AtRoot => format!("/{}", self.path),
            Served::V1 => format!("/v1/{}", self.path),
        }
    }
}
