//! People (contract §2, `POST /users/list` and `POST /users/details`).

use domain::directory::{Directory, Entry, User};
use serde::Serialize;

/// An item of `POST /users/list`.
#[derive(Debug, Serialize)]
pub struct UserItem<'a> {
    preferred_username: &'a str,
    display_name: &'a str,
    email: Option<&'a str>,
    user_role: &'static str,
    job_title: Option<&'a str>,
    is_locked: bool,
}

/// The answer of `POST /users/details`.
#[derive(Debug, Serialize)]
pub struct UserDetails<'a> {
    email: Option<&'a str>,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    iso_country_code: Option<&'a str>,
    country_code: Option<&'a str>,
    phone: Option<&'a str>,
    preferred_username: &'a str,
    /// Address for e-mail that makes incidents; nobody has one here.
    taskcall_email: Option<&'a str>,
    timezone: Option<&'a str>,
    language: Option<&'a str>,
    profile_picture: Option<&'a str>,
    user_role: &'static str,
    job_title: Option<&'a str>,
    tags: &'a [String],
}

/// The people who fit all that is given, ordered by username. `None` when the team does not exist.
pub fn search<'a>(directory: &'a Directory, keywords: &str, team: Option<&str>) -> Option<Vec<UserItem<'a>>> {
    let team = match team {
        Some(id) => Some(&directory.teams.with_ref(id)?.component),
        None => None,
    };
    let keywords = keywords.to_lowercase();
    let fits = |entry: &&Entry<User>| {
        let member = team.is_none_or(|team| team.role_of(&entry.component.username).is_some());
        member && keywords.split_whitespace().all(|word| mentions(&entry.component, word))
    };
    Some(directory.users.by_name().into_iter().filter(fits).map(|entry| item(&entry.component)).collect())
}

/// Whether one of the person's names, the e-mail address or the job title contains the word, which is in lower case.
fn mentions(user: &User, word: &str) -> bool {
    let User { username, display_name, first_name, last_name, email, job_title, .. } = user;
    let words = [display_name, first_name, last_name, email, job_title].into_iter().flatten();
    words.map(String::as_str).chain([username.as_str()]).any(|text| text.to_lowercase().contains(word))
}

fn item(user: &User) -> UserItem<'_> {
    UserItem {
        preferred_username: user.username.as_str(),
        display_name: user.shown_name(),
        email: user.email.as_deref(),
        user_role: user.role.word(),
        job_title: user.job_title.as_deref(),
        is_locked: user.locked,
    }
}

/// All that is told of a person.
pub fn details(user: &User) -> UserDetails<'_> {
    UserDetails {
        email: user.email.as_deref(),
        first_name: user.first_name.as_deref(),
        last_name: user.last_name.as_deref(),
        iso_country_code: user.iso_country_code.as_deref(),
        country_code: user.country_code.as_deref(),
        phone: user.phone.as_deref(),
        preferred_username: user.username.as_str(),
        taskcall_email: None,
        timezone: user.timezone.as_deref(),
        language: user.language.as_deref(),
        profile_picture: user.profile_picture.as_deref(),
        user_role: user.role.word(),
        job_title: user.job_title.as_deref(),
        tags: &user.tags,
    }
}
