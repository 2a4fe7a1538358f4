//! `audit export`, `audit verify`.

use super::opened::only_organization;
use super::say;
use crate::exit::WrongInput;
use crate::house::{configure, open_store};
use crate::line::{Audit, AuditExport, AuditFormat, AuditVerify, Settings};
use directory::audit::{self, Beginning, Entry, Head, Object, Period, Verified, Verifier};
use domain::Instant;
use engine::{Clock, Ids};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use store::{OrganizationRow, Store};

/// Bytes of a line of an export; a row of the log is far shorter.
const LINE_BYTES: u64 = 64 << 20;

/// Runs one of them.
pub(crate) fn audit(audit: &Audit) -> anyhow::Result<()> {
    match audit {
        Audit::Export(line) => export(line),
        Audit::Verify(line) => verify(line),
    }
}

fn open(settings: &Settings, organization: Option<&String>) -> anyhow::Result<(Store, OrganizationRow)> {
    let store = open_store(&configure(settings.config.as_deref())?, &Clock::system())?;
    let name = organization.map_or_else(|| only_organization(&store), |name| Ok(name.clone()))?;
    let found = store.read(|tx| store::organization_known_as(tx, &name))?;
    let found = found.ok_or_else(|| WrongInput::one(format!("no organization is named `{name}`")))?;
    Ok((store, found))
}

fn export(line: &AuditExport) -> anyhow::Result<()> {
    let instant = |option: &str, text: &Option<String>| {
        let wrong = |text: &str| WrongInput::one(format!("--{option}: `{text}` is not a day or an instant"));
        text.as_ref().map(|text| Instant::parse(text).ok_or_else(|| wrong(text))).transpose()
    };
    let period = Period { since: instant("since", &line.since)?, until: instant("until", &line.until)? };
    let (store, organization) = open(&line.settings, line.organization.as_ref())?;
    let object = Object::new("audit", None, &organization.name);
    let entry = Entry::of_command("audit.export", object, audit::exported(period, 0));
    let now = Instant(Clock::system().now());
    store.write(|tx| audit::record(tx, &Ids::system(), organization.id, now, &entry))?;
    if line.format == AuditFormat::Csv {
        say(&format!("{}\n", COLUMNS.map(|(name, _)| name).join(",")))?;
    }
    let mut after = 0;
    loop {
        // A transaction for each piece: whoever reads the output may be slow.
        let piece = store.read(|tx| audit::piece(tx, organization.id, period, after))?;
        match line.format {
            AuditFormat::Jsonl => say(&piece.lines)?,
            AuditFormat::Csv => say(&piece.lines.lines().map(csv).collect::<Result<String, _>>()?)?,
        }
        let Some(next) = piece.next else { return Ok(()) };
        after = next;
    }
}

/// The columns of a table, each with where it stands in a row.
const COLUMNS: [(&str, &str); 17] = [
    ("number", "/number"),
    ("at", "/at"),
    ("actor_kind", "/actor/kind"),
    ("actor", "/actor/name"),
    ("actor_ref", "/actor/ref_id"),
    ("key_tail", "/actor/key_tail"),
    ("on_behalf_of", "/on_behalf_of"),
    ("way", "/way"),
    ("address", "/from/address"),
    ("action", "/action"),
    ("object_kind", "/object/kind"),
    ("object", "/object/name"),
    ("object_ref", "/object/ref_id"),
    ("outcome", "/outcome"),
    ("count", "/count"),
    ("changes", "/changes"),
    ("digest", "/digest"),
];

/// A row as a line of a table (RFC 4180).
fn csv(line: &str) -> anyhow::Result<String> {
    let row: Value = serde_json::from_str(line)?;
    let cells = COLUMNS.map(|(_, pointer)| match row.pointer(pointer) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => cell(text),
        Some(other) => cell(&other.to_string()),
    });
    Ok(format!("{}\n", cells.join(",")))
}

fn cell(text: &str) -> String {
    // What begins so is a formula to programs that show tables.
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !text.contains(['"', ',', '\n', '\r']) {
        return text.to_owned();
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

fn verify(line: &AuditVerify) -> anyhow::Result<()> {
    let parse = |text: &String| {
        let wrong = || WrongInput::one(format!("--head: must be NUMBER:DIGEST, not `{text}`"));
        Head::parse(text).ok_or_else(wrong)
    };
    let known = line.head.as_ref().map(parse).transpose()?;
    let verified = match &line.file {
        Some(file) => verify_file(file, known)?,
        None => {
            let (store, organization) = open(&line.settings, line.organization.as_ref())?;
            audit::verify(&store, organization.id, known)?.map_err(|fault| anyhow::anyhow!("{fault}"))?
        }
    };
    say(&format!("{}\n", told(verified.as_ref())))
}

fn told(verified: Option<&Verified>) -> String {
    let Some(Verified { first, head, beginning }) = verified else { return "there is no row".to_owned() };
    let before = match beginning {
        Beginning::First => String::new(),
        Beginning::Cut => format!("; those before row {first} were cut off when their time was over"),
        Beginning::Unknown => format!("; nothing is known of those before row {first}"),
    };
    format!("rows {first} to {} verify{before}\nhead: {head}", head.number)
}

fn verify_file(file: &Path, known: Option<Head>) -> anyhow::Result<Option<Verified>> {
    let shown = file.display();
    let opened = File::open(file).map_err(|error| WrongInput::one(format!("{shown} cannot be read: {error}")))?;
    let mut reader = BufReader::with_capacity(1 << 16, opened);
    let (mut verifier, mut text) = (Verifier::new(known), Vec::new());
    loop {
        text.clear();
        let length = reader.by_ref().take(LINE_BYTES).read_until(b'\n', &mut text)?;
        if length == 0 {
            break;
        }
        let line = String::from_utf8_lossy(&text);
        if line.trim().is_empty() {
            continue;
        }
        verifier.take_line(line.trim()).map_err(|fault| anyhow::anyhow!("{shown}: {fault}"))?;
    }
    verifier.finish().map_err(|fault| anyhow::anyhow!("{shown}: {fault}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_has_a_cell_for_each_column_and_none_is_a_formula() {
        let row = json!({
            "number": 3, "at": "2026-06-01T08:00:00.000000", "actor": {"kind": "key", "name": "=cmd, \"now\""},
            "changes": [{"field": "a", "before": null, "after": 1}], "digest": "d",
        });
        let expected = "3,2026-06-01T08:00:00.000000,key,\"'=cmd, \"\"now\"\"\",,,,,,,,,,,,\
            \"[{\"\"field\"\":\"\"a\"\",\"\"before\"\":null,\"\"after\"\":1}]\",d\n";
        assert_eq!(csv(&row.to_string()).unwrap(), expected);
        for (text, expected) in [("plain", "plain"), ("+49", "\"'+49\""), ("a\nb", "\"a\nb\""), ("", "")] {
            assert_eq!(cell(text), expected);
        }
    }
}
