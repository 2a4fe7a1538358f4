//! Where code and work on it are kept: GitHub, GitLab and Jira (intake §3.5).

pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod jira;
