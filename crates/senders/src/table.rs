//! For each kind of sender, how a person points it here: for the console and the documents.

use domain::intake::SenderKind;

/// What a person who sets up a sender is told.
#[derive(Clone, Copy, Debug)]
pub struct Sender {
    /// The kind.
    pub kind: SenderKind,
    /// Its name, as its makers write it.
    pub title: &'static str,
    /// How to point it here, in Markdown. `{url}` stands for the whole address of the integration with its key,
    /// `{host}` for `https://HOST` alone and `{key}` for the key.
    pub setup: &'static str,
    /// A small but complete body of an alert that fires.
    pub example_fires: &'static str,
    /// A body of the same alert when it is over; of Opsgenie that of its `…/close`.
    pub example_resolves: &'static str,
}

macro_rules! sender {
    ($kind:ident, $word:literal, $title:literal, $setup:literal) => {
        sender!($kind, $word, $title, $setup, "json")
    };
    ($kind:ident, $word:literal, $title:literal, $setup:literal, $ending:literal) => {
        Sender {
            kind: SenderKind::$kind,
            title: $title,
            setup: $setup,
            example_fires: include_str!(concat!("../fixtures/", $word, "/fires.", $ending)),
            example_resolves: include_str!(concat!("../fixtures/", $word, "/resolves.", $ending)),
        }
    };
}

/// All kinds, in the order in which they are listed.
pub fn table() -> &'static [Sender] {
    &TABLE
}

static TABLE: [Sender; 27] = [
    sender!(
        Alertmanager,
        "alertmanager",
        "Prometheus Alertmanager",
        "Add a receiver to `alertmanager.yml` and name it in your route:\n\n\
         ```yaml\n\
         receivers:\n  \
         - name: reveille\n    \
         webhook_configs:\n      \
         - url: {url}\n        \
         send_resolved: true\n\
         ```\n\n\
         Each alert of a group is an alert of its own here, and ends when it does. The label `severity` (or \
         `priority`) sets the urgency: `critical` or `page` is the loudest, without it the integration's own \
         counts.\n\n\
         An alert that always fires, called `Watchdog` or `DeadMansSwitch` or of the severity `none`, wakes nobody. Where a \
         heartbeat has its name, it is the word of that heartbeat, so that its silence opens an incident.\n\n\
         To do without an Alertmanager, add `{url}` as `path_prefix` of an entry below \
         `alerting.alertmanagers` in `prometheus.yml` (the part after the host), with `scheme: https` and the host \
         as its target."
    ),
    sender!(
        Grafana,
        "grafana",
        "Grafana",
        "Under *Alerting*, *Contact points*, add a contact point of the type *Webhook* with the URL `{url}`, leave the \
         method at POST and the payload at its default, then choose the contact point in your notification policy. \
         *Test* is answered but wakes nobody. Grafana before version 8 is read as well.\n\n\
         To have it sign: set the same *HMAC signature* secret there and as `secret` of the integration, leave the \
         header at its default, and set the timestamp header to `X-Grafana-Alerting-Timestamp` or leave it empty."
    ),
    sender!(
        Pagerduty,
        "pagerduty",
        "PagerDuty Events API",
        "For tools that speak PagerDuty's Events API and let you set its address: give `{host}/v2/enqueue` as the \
         address and `{key}` as the routing key (integration key). In Alertmanager that is `pagerduty_configs` with \
         `url`; but one group is then one alert, so prefer its webhook. Version 1 is served at \
         `{host}/generic/2010-04-15/create_event.json`."
    ),
    sender!(
        Opsgenie,
        "opsgenie",
        "Opsgenie Alert API",
        "For tools that speak Opsgenie's API of alerts: give `{host}/` as the API's address (some, such as Grafana and \
         Zabbix, want all of `{host}/v2/alerts`) and `{key}` as the API key. The `alias` says which alerts are the \
         same; an alert ends by `POST /v2/alerts/ALIAS/close?identifierType=alias`. Acknowledge, unacknowledge, notes, tags, \
         details, snooze, escalate, assign, responders and teams are done to its incident; responders of a new alert that name \
         a policy, a user, a team or a routine here are asked beside those of the integration. \
         `GET /v2/alerts?query=` lists the integration's alerts by `status:`, `alias:`, `tag:`, `priority:` and words, of each \
         problem the last, until a week after it is over. Heartbeats are seen and heard by their names, and made in the \
         directory file."
    ),
    sender!(
        Nagios,
        "nagios",
        "Nagios",
        "In the `.conf` of TaskCall's script for Nagios set `taskcall.api.url` to `{host}/nagios/` and the \
         integration key to `{key}`, and take out the line `nagios_to_taskcall.timeout`: the script fails on it. Let \
         its contacts be told of recoveries too (`r`). Any script that posts the same members as JSON to `{url}` \
         does as well."
    ),
    sender!(
        Icinga2,
        "icinga2",
        "Icinga 2",
        "In the `.conf` of TaskCall's script for Icinga 2 set `taskcall.api.url` to `{host}/icinga2/` and the \
         integration key to `{key}`. The notification objects should have the types Problem, Recovery and \
         Acknowledgement. Any notification command that posts the same members as JSON to `{url}` does as well."
    ),
    sender!(
        Zabbix,
        "zabbix",
        "Zabbix",
        "Import TaskCall's media type, open its script and replace the address in it by `{host}/zabbix/`; set the \
         parameter `integrationkey` to `{key}`. Give the media to a user who is named in a trigger action, and set \
         up the operations for recovery and for updates too, so that alerts end and acknowledgements are known."
    ),
    sender!(
        Datadog,
        "datadog",
        "Datadog",
        "Under *Integrations*, *Webhooks*, add a webhook with the URL `{url}` and this payload, then name it \
         (`@webhook-reveille`) in the message of your monitors:\n\n\
         ```json\n\
         {\"alert_id\": \"$ALERT_ID\", \"cycle_key\": \"$ALERT_CYCLE_KEY\", \"aggreg_key\": \"$AGGREG_KEY\",\n \
         \"transition\": \"$ALERT_TRANSITION\", \"priority\": \"$ALERT_PRIORITY\", \"status\": \"$ALERT_STATUS\",\n \
         \"title\": \"$EVENT_TITLE\", \"body\": \"$EVENT_MSG\", \"scope\": \"$ALERT_SCOPE\", \"metric\": \"$ALERT_METRIC\",\n \
         \"hostname\": \"$HOSTNAME\", \"tags\": \"$TAGS\", \"link\": \"$LINK\", \"snapshot\": \"$SNAPSHOT\", \"date\": \"$DATE\"}\n\
         ```\n\n\
         Each group of a monitor is an alert of its own, and ends when it has recovered. The priority of the monitor, \
         P1 to P5, sets the urgency."
    ),
    sender!(
        Cloudwatch,
        "cloudwatch",
        "Amazon CloudWatch",
        "Subscribe `{url}` to a topic of SNS by HTTPS, without raw delivery, and let your alarms publish to it, when they \
         are in alarm and when they are OK again. The subscription is confirmed by itself, and from then on messages of \
         that topic are taken and of no other; to take several, list them as `topics`. Every message must be signed by SNS. \
         `[P1]` to `[P5]` in an alarm's description sets its urgency. Events of EventBridge about alarms are read as well.\n\n\
         ```toml\n\
         [integration.cloudwatch]\n\
         topics = [\"arn:aws:sns:eu-west-1:123456789012:alarms\"] # default: the first that is subscribed\n\
         signature_version = 2           # default: 1, which SNS uses unless the topic is told otherwise\n\
         insufficient_data_opens = true  # default: false\n\
         raw_delivery = true             # default: false; takes what nobody signed\n\
         ```\n\n\
         That the address was unsubscribed opens an incident; it is never subscribed again by itself."
    ),
    sender!(
        Azure,
        "azure",
        "Azure Monitor",
        "Add an action of the type *Webhook* with the URI `{url}` to an action group, and switch *Enable the common \
         alert schema* on. Sev0 is the loudest. Alerts of rules that keep no state never end by themselves: set \
         `resolve_after_minutes` on an integration of their own."
    ),
    sender!(
        GoogleCloud,
        "google_cloud",
        "Google Cloud Monitoring",
        "Under *Alerting*, *Edit notification channels*, add a webhook with the URL `{url}`, and choose it in your \
         alerting policies. The severity of the policy sets the urgency; a subject in its documentation becomes the \
         title. The test message is answered but wakes nobody."
    ),
    sender!(
        Newrelic,
        "newrelic",
        "New Relic",
        "Under *Alerts*, *Destinations*, add a webhook with the URL `{url}`; in a workflow, notify it with the payload \
         at its default. Each issue is an alert, and ends when it is closed. Bodies of the notification channels of \
         before are read as well. Test notifications are answered but wake nobody."
    ),
    sender!(
        UptimeKuma,
        "uptime_kuma",
        "Uptime Kuma",
        "Under *Settings*, *Notifications*, add a notification of the type *Webhook* with the URL `{url}` and the \
         request body *Preset - application/json*. Each monitor is an alert, and ends when it is up. That a \
         certificate or a domain expires is told without an end, and counts as over a day after it was told last. *Test* is answered but \
         wakes nobody."
    ),
    sender!(
        Healthchecks,
        "healthchecks",
        "Healthchecks",
        "Under *Integrations*, add a webhook; for both a check that goes down and one that comes up, choose POST to \
         `{url}` with this body:\n\n\
         ```json\n\
         {\"code\": \"$CODE\", \"name\": $NAME_JSON, \"status\": \"$STATUS\",\n \
         \"now\": \"$NOW\", \"tags\": \"$TAGS\", \"body\": $BODY_JSON}\n\
         ```\n\n\
         To be told by Reveille itself when a job is silent, without Healthchecks, use a heartbeat."
    ),
    sender!(
        Sentry,
        "sentry",
        "Sentry",
        "Under *Settings*, *Custom Integrations*, make an internal integration with the webhook URL `{url}` and switch \
         *Alert Rule Action* on; subscribe it to `issue`. Then choose it as an action of your alert rules. What an \
         alert rule finds opens; it ends when its issue is resolved or archived. An issue for which no rule asks wakes \
         nobody. Metric alerts end by themselves. Sentry signs with the integration's *Client Secret*: set it as `secret` \
         to take nothing else."
    ),
    sender!(
        Sysdig,
        "sysdig",
        "Sysdig Monitor",
        "Under *Settings*, *Notification Channels*, add a webhook with the URL `{url}`, switch *Notify when Resolved* \
         on and choose the channel in your alerts."
    ),
    sender!(
        Splunk,
        "splunk",
        "Splunk",
        "Add the trigger action *Webhook* with the URL `{url}` to a saved search; the address must be on Splunk's list \
         of those that it may call. The first row of the result is shown. A search never says that it is over: set \
         `resolve_after_minutes`. Detectors of the Observability Cloud are read as well, and end by themselves; \
         the *Shared Secret* of its webhook may be set as `secret` of the integration, which then takes nothing else."
    ),
    sender!(
        Checkmk,
        "checkmk",
        "Checkmk",
        "Put this script into `local/share/check_mk/notifications/` of the site as `reveille`, make it executable, and choose \
         it as notification method of a rule, with `{url}` as its parameter:\n\n\
         ```python\n\
         #!/usr/bin/env python3\n\
         # Reveille\n\
         import json, os, urllib.request\n\
         told = {k: v for k, v in os.environ.items() if k.startswith(\"NOTIFY_\") and \"PARAMETER\" not in k}\n\
         request = urllib.request.Request(os.environ[\"NOTIFY_PARAMETER_1\"], json.dumps(told).encode())\n\
         urllib.request.urlopen(request, timeout=30)\n\
         ```\n\n\
         Let the rule match recoveries and acknowledgements, too."
    ),
    sender!(
        Github,
        "github",
        "GitHub",
        "Add a webhook with the payload URL `{url}` to a repository or an organization, and choose the events that matter: \
         *Workflow runs*, *Deployment statuses*, *Dependabot alerts*, *Code scanning alerts*, *Secret scanning alerts*, \
         *Issues*. A workflow that failed on a branch is an alert until it goes well there, but for its runs for pull requests, which are only \
         noted; an issue until it is closed. \
         Set the same *Secret* there and as `secret` of the integration."
    ),
    sender!(
        Gitlab,
        "gitlab",
        "GitLab",
        "Under *Settings*, *Webhooks*, add the URL `{url}` with the triggers *Pipeline events*, *Job events*, *Deployment \
         events* or *Issues events*. A pipeline that failed on a branch is an alert until one goes well there; an issue or \
         incident until it is closed. Set the same *Secret token* there and as `secret` of the integration."
    ),
    sender!(
        Jira,
        "jira",
        "Jira",
        "Under *System*, *WebHooks*, create a webhook with the URL `{url}` and the events *created*, *updated* and *deleted* \
         of issues, with a JQL filter for those that matter. An issue is an alert from when it is made until it is done, and \
         again when it is moved back to the beginning. Its priority sets the urgency. The webhook's secret may be set as \
         `secret` of the integration."
    ),
    sender!(
        Prtg,
        "prtg",
        "PRTG",
        "Under *Setup*, *Notification Templates*, add one that executes an HTTP action: the URL `{url}`, the method POST, and \
         this as its payload:\n\n\
         ```text\n\
         sensorid=%sensorid&device=%device&sensor=%sensor&status=%status&lastmessage=%lastmessage&group=%group&probe=%probe&host=%host&linksensor=%linksensor\n\
         ```\n\n\
         Choose it in the notification triggers for both when a sensor is down and when it is up again."
    ),
    sender!(
        Pingdom,
        "pingdom",
        "Pingdom",
        "Under *Integrations*, add one of the type *Webhook* with the URL `{url}`, and choose it in your checks. A check is an \
         alert until it is up. Its importance sets the urgency."
    ),
    sender!(
        Statuscake,
        "statuscake",
        "StatusCake",
        "Give a contact group the webhook URL `{url}` with the method POST, and choose the group in your tests. A test is an \
         alert until it is up; the integration knows it by its name and URL."
    ),
    sender!(
        Elastalert,
        "elastalert",
        "ElastAlert",
        "Let your rules post what they find:\n\n\
         ```yaml\n\
         alert: post\n\
         http_post_url: {url}\n\
         http_post_static_payload:\n  \
         rule: disk-full\n  \
         severity: high\n\
         http_post_payload: # the names here, and the fields of what was found\n  \
         key: host.name\n  \
         message: message\n  \
         timestamp: \"@timestamp\"\n\
         ```\n\n\
         `key` tells several problems of one rule from each other, and may be left out. No rule says that something is over: set \
         `resolve_after_minutes`, or let a rule that finds the good case post the same with `status: resolved`."
    ),
    sender!(
        Email,
        "email",
        "E-mail",
        "Where the server listens for mail (`[intake.smtp]` of its configuration), send to `{key}@DOMAIN`, or to \
         `NAME+{key}@DOMAIN` where people should see whose address it is. Rules say what a mail means and what it is \
         about, the first that fits; these read the subjects of most tools:\n\n\
         ```toml\n\
         [integration.mail]\n\
         rules = [\n  \
         { conditions = [{ field = \"subject\", matches = '^[*\\[ ]*(PROBLEM|DOWN|FIRING)' }],\n    \
         identity = '^[*\\[ ]*[A-Z]+\\S* (.*?)(?: is [A-Z]+ \\*\\*)?$' },\n  \
         { conditions = [{ field = \"subject\", matches = '^[*\\[ ]*(RECOVERY|RESOLVED|UP|OK)\\b' }],\n    \
         identity = '^[*\\[ ]*[A-Z]+\\S* (.*?)(?: is [A-Z]+ \\*\\*)?$', do = \"resolve\" },\n\
         ]\n\
         ```\n\n\
         Where no rule finds what a mail is about, the address may say it behind the key, `{key}+disk-db-1@DOMAIN`. An \
         answer to an earlier mail is about the same as that one, and every other mail opens an incident of its own. Absence notices, delivery reports and Reveille's own mail never open any. Who cannot reach the listener \
         posts a mail as it is to `{url}`.",
        "eml"
    ),
    sender!(
        Generic,
        "generic",
        "Any tool that posts JSON, a form or text",
        "Post to `{url}`:\n\n\
         ```sh\n\
         curl {url} --json '{\"id\": \"backup-db-1\", \"title\": \"Backup failed\", \"severity\": \"error\"}'\n\
         curl {url} --json '{\"id\": \"backup-db-1\", \"status\": \"ok\"}'\n\
         ```\n\n\
         `id` says which alerts are the same: without it each is a new one, and cannot be ended by its sender. \
         `status` of `ok`, `resolved`, `closed`, `up` or the like ends it; everything else fires. Whatever else is \
         posted is shown to the responder."
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_there_once_in_the_order_of_the_list() {
        assert_eq!(TABLE.map(|sender| sender.kind), *SenderKind::ALL);
        for sender in table() {
            assert!(!sender.title.is_empty());
            assert!(["{url}", "{host}"].iter().any(|place| sender.setup.contains(place)), "{}", sender.title);
        }
    }
}
