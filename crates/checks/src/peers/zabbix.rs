//! Zabbix' own script for Opsgenie, unmodified, in the interpreter that runs it in Zabbix.

use serde_json::{Map, Value};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The media type as Debian packages it, where scripts/prepare.sh puts it.
const MEDIA_TYPE: &str =
    "../../target/zabbix/usr/share/doc/zabbix-frontend-php/templates/media/opsgenie/media_opsgenie.yaml";

/// What the script answers to what Zabbix tells of an event, at this server and with this key of an integration. `Err` holds
/// what Zabbix would show as the reason why nobody was told.
///
/// # Errors
/// The script's own words.
pub fn zabbix_notifies(server: SocketAddr, key: &str, event: &Value) -> Result<Value, String> {
    let text = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(MEDIA_TYPE));
    let text = text.expect("this test needs Zabbix' script: run `bash scripts/prepare.sh` once");
    let program = Path::new("/usr/bin/zabbix_js");
    assert!(program.exists(), "this test needs Debian's zabbix_js: run `bash scripts/prepare.sh` once");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("opsgenie.js");
    std::fs::write(&file, script(&text)).expect("a file");
    let mut given = parameters(&text);
    given.insert("opsgenie_api".to_owned(), format!("http://{server}/v2/alerts").into());
    given.insert("opsgenie_web".to_owned(), format!("http://{server}").into());
    given.insert("opsgenie_token".to_owned(), key.into());
    given.extend(event.as_object().expect("an object").clone());
    let given = Value::Object(given).to_string();
    let ended = Command::new(program).arg("-s").arg(&file).args(["-p", &given]).output().expect("zabbix_js runs");
    let (said, fault) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    serde_json::from_str(said.trim()).map_err(|_| format!("{said}{fault}"))
}

/// What stands below `script: |`, by the indentation that the document gives it.
fn script(text: &str) -> String {
    let below = text.lines().skip_while(|line| line.trim() != "script: |").skip(1);
    let own = below.take_while(|line| line.trim().is_empty() || line.starts_with("        "));
    own.map(|line| line.get(8..).unwrap_or_default().to_owned() + "\n").collect()
}

/// The parameters as the document presets them.
fn parameters(text: &str) -> Map<String, Value> {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let value = |line: &str| line.strip_prefix("value: ").map(|value| value.trim_matches('\'').to_owned());
    let pair = |pair: &[&str]| Some((pair[0].strip_prefix("name: ")?.to_owned(), value(pair[1])?.into()));
    lines.windows(2).filter_map(pair).collect()
}
