//! Checkmk, by the script that our documents give: its `NOTIFY_` variables as members, which are those of Nagios by other
//! names (intake §3.5).

use crate::input::Options;
use crate::members::{Object, text};
use crate::nagios;
use crate::times::time;
use domain::intake::Received;
use serde_json::Value;

/// Checkmk's names, without what all of them begin with, and those of Nagios.
const NAMES: [(&str, &str); 17] = [
    ("NOTIFICATIONTYPE", "notification_type"),
    ("HOSTNAME", "host_name"),
    ("HOSTADDRESS", "host_address"),
    ("HOSTSTATE", "host_state"),
    ("HOSTGROUPNAMES", "host_group_names"),
    ("HOSTOUTPUT", "host_output"),
    ("LONGHOSTOUTPUT", "long_host_output"),
    ("HOSTCHECKCOMMAND", "host_check_command"),
    ("SERVICEDESC", "service_desc"),
    ("SERVICESTATE", "service_state"),
    ("SERVICEOUTPUT", "service_output"),
    ("LONGSERVICEOUTPUT", "long_service_output"),
    ("SERVICECHECKCOMMAND", "service_check_command"),
    ("NOTIFICATIONAUTHOR", "notification_author"),
    ("NOTIFICATIONCOMMENT", "notification_comment"),
    ("WHAT", "entity_type"),
    ("LONGDATETIME", "long_date_time"),
];

/// One alert; `None` without a host.
pub(crate) fn read(body: &Object, options: &Options) -> Option<Vec<Received>> {
    let mut named = Object::new();
    for (theirs, nagios) in NAMES {
        // A vertical bar would end what a check says, so that Checkmk writes another.
        let value = text(body, &format!("NOTIFY_{theirs}")).map(|value| value.replace('\u{2758}', "|"));
        named.extend(value.map(|value| (nagios.to_owned(), Value::String(value))));
    }
    let mut received = nagios::read(&named, options)?;
    let site = text(body, "NOTIFY_OMD_SITE");
    for one in &mut received {
        one.labels.extend(site.clone().map(|site| ("site".to_owned(), site)));
        one.occurred_at = body.get("NOTIFY_MICROTIME").and_then(time);
        one.says_no_beginning = true;
        one.payload = Value::Object(body.clone());
    }
    Some(received)
}
