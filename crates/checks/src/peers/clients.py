"""The official clients of PagerDuty's events and Opsgenie's alerts, unmodified; prints a line of JSON for each answer."""

import datetime
import json
import sys
import warnings

warnings.simplefilter("ignore")
import opsgenie_sdk
import pdpyras

server, events_key, alerts_key = sys.argv[1:4]


def tell(name, value):
    print(json.dumps([name, value]), flush=True)


pdpyras.EventsAPISession.url = server
pdpyras.ChangeEventsAPISession.url = server
events = pdpyras.EventsAPISession(events_key)
key = events.trigger("Disk full", "db-1", severity="critical", custom_details={"used": "97 %"})
tell("triggered", len(key))
tell("acknowledged", events.acknowledge(key) == key)
tell("resolved", events.resolve(key) == key)
tell("changed", len(pdpyras.ChangeEventsAPISession(events_key).submit("Deployed")))
try:
    pdpyras.EventsAPISession("0" * 32).trigger("x", "y")
except pdpyras.PDClientError as error:
    tell("wrong key", error.response.json()["errors"])

configuration = opsgenie_sdk.Configuration()
configuration.host = server
configuration.api_key["Authorization"] = alerts_key
client = opsgenie_sdk.ApiClient(configuration=configuration)
alerts = opsgenie_sdk.AlertApi(client)


def status(answer):
    data = alerts.get_request_status(request_id=answer.request_id).data
    return [data.is_success, data.status]


created = alerts.create_alert(
    create_alert_payload=opsgenie_sdk.CreateAlertPayload(message="Disk full", alias="disk", priority="P1", tags=["db"])
)
tell("created", status(created))
alert = alerts.get_alert(identifier="disk", identifier_type="alias").data
tell("got", [alert.message, alert.alias, alert.status, alert.priority, alert.tags, alert.acknowledged, alert.count])
tell("acknowledged", status(alerts.acknowledge_alert(identifier=alert.id)))
tell("got", alerts.get_alert(identifier=alert.id).data.acknowledged)
tell("noted", status(alerts.add_note(identifier=alert.id, add_note_to_alert_payload=opsgenie_sdk.AddNoteToAlertPayload(note="on it"))))
page = alerts.list_alerts(query="status:open AND tag:db", limit=5, sort="createdAt", order="desc")
tell("listed", [[found.alias for found in page.data], alerts.count_alerts(query="alias:disk").data.count])
tags = opsgenie_sdk.AddTagsToAlertPayload(tags=["hot"])
tell("tagged", status(alerts.add_tags(identifier=alert.id, add_tags_to_alert_payload=tags)))
tell("untagged", status(alerts.remove_tags(identifier=alert.id, tags=["db"])))
later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
snooze = opsgenie_sdk.SnoozeAlertPayload(end_time=later)
tell("snoozed", status(alerts.snooze_alert(identifier=alert.id, snooze_alert_payload=snooze)))
owner = opsgenie_sdk.AssignAlertPayload(owner=opsgenie_sdk.UserRecipient(username="ben@example.org"))
tell("assigned", status(alerts.assign_alert(identifier=alert.id, assign_alert_payload=owner)))
policy = opsgenie_sdk.EscalationRecipient(name="primary")
tell("escalated", status(alerts.escalate_alert(identifier=alert.id, escalate_alert_to_next_payload=opsgenie_sdk.EscalateAlertToNextPayload(escalation=policy))))
alert = alerts.get_alert(identifier=alert.id).data
tell("got", [alert.tags, [one.type for one in alert.responders], alert.snoozed])
tell("closed", status(alerts.close_alert(identifier="disk", identifier_type="alias")))
alert = alerts.get_alert(identifier=alert.id).data
tell("got", alert.status)
heartbeats = opsgenie_sdk.HeartbeatApi(client)
tell("heartbeats", [[one.name, one.interval, one.interval_unit] for one in heartbeats.list_heart_beats().data.heartbeats])
try:
    heartbeats.disable_heartbeat(name="backup")
except opsgenie_sdk.exceptions.AuthenticationException as error:
    tell("disabled", error.status)
tell("pinged", heartbeats.ping(name="backup").result)
