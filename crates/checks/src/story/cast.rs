//! The directory of a story: what stands in its file, and the people whom every story knows.

use directory::file::{self, Mistake};
use domain::directory::Definition;
use toml::{Table, Value};

/// Who is there where a story does not say it otherwise.
const CAST: &str = include_str!("cast.toml");

/// The name of the organization of a story that does not name its own.
pub(super) const HOUSE: &str = "house";

/// A directory in TOML, complete.
#[derive(Clone, Debug)]
pub(super) struct Cast {
    tables: Table,
    /// The story's own words where nothing was changed yet, so that a mistake names its line.
    written: String,
}

impl Cast {
    /// `text`, and those of the cast that it does not define itself.
    pub(super) fn of(text: &str) -> Result<Self, String> {
        let mut tables = table(text)?;
        let mut written = text.to_owned();
        if !tables.contains_key("organization") {
            let organization = format!("[organization]\nname = \"{HOUSE}\"\n");
            tables.extend(table(&organization)?);
            written = format!("{written}\n{organization}");
        }
        let own: Vec<String> = items(&tables, "user").iter().map(name_of).collect();
        let mut cast = table(CAST)?;
        let others = cast.get_mut("user").and_then(Value::as_array_mut).expect("people");
        others.retain(|user| !own.contains(&name_of(user)));
        if !others.is_empty() {
            written = format!("{written}\n{}", toml::to_string(&cast).expect("tables are TOML"));
        }
        tables.entry("user").or_insert(Value::Array(Vec::new())).as_array_mut().expect("a list").extend(take(cast));
        Ok(Self { tables, written })
    }

    /// The same with the components of `text` in the place of those of the same name, or added.
    pub(super) fn changed(&self, text: &str) -> Result<Self, String> {
        let mut tables = self.tables.clone();
        for (section, coming) in table(text)? {
            let Value::Array(coming) = coming else {
                tables.insert(section, coming);
                continue;
            };
            let present = tables.entry(section).or_insert(Value::Array(Vec::new())).as_array_mut().expect("a list");
            for item in coming {
                match present.iter_mut().find(|known| name_of(known) == name_of(&item)) {
                    Some(known) => *known = item,
                    None => present.push(item),
                }
            }
        }
        let written = toml::to_string(&tables).expect("tables are TOML");
        Ok(Self { tables, written })
    }

    /// What it says, as the directory file is read; the error holds every mistake, by the story's lines if nothing was
    /// changed yet.
    pub(super) fn definition(&self) -> Result<Definition, Vec<Mistake>> {
        file::read_text("", &self.written)
    }

    /// The number to which somebody's text messages go.
    pub(super) fn telephone(&self, user: &str) -> Option<String> {
        let found = items(&self.tables, "user").iter().find(|known| name_of(known) == user)?;
        found.get("sms").and_then(Value::as_str).map(str::to_owned)
    }

    /// The usernames of all who are there.
    pub(super) fn people(&self) -> Vec<String> {
        items(&self.tables, "user").iter().map(name_of).collect()
    }
}

fn table(text: &str) -> Result<Table, String> {
    text.parse().map_err(|error| format!("not valid TOML: {error}"))
}

fn items<'a>(tables: &'a Table, section: &str) -> &'a [Value] {
    tables.get(section).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn name_of(item: &Value) -> String {
    let name = item.get("username").or_else(|| item.get("name"));
    name.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn take(mut cast: Table) -> Vec<Value> {
    match cast.remove("user") {
        Some(Value::Array(people)) => people,
        _ => Vec::new(),
    }
}
