"""Prepares incidents on a server and writes schemathesis' configuration with the names and ids that exist there.

Usage: fuzz_dictionaries.py URL KEY FILE > schemathesis.toml

The key of the integration with Opsgenie's API is written to FILE.
"""

import http.client
import json
import sys
from urllib.parse import urlsplit

# So many that resolving some does not leave the other operations without an unresolved one.
INCIDENTS = 300
# So many are merged into one more, which only `unmerge` is told of, so that it stays unresolved.
MERGED = 60
# So many are acknowledged, so that this can be taken back.
ACKNOWLEDGED = 100
# So many can be taken back.
SWAPS = 100
# Somebody with a contact of every channel.
PERSON = "pia"
BEGINS = ["2026-06-01", "2026-06-03T18:00:00", "2026-10-25T00:30:00+02:00", "2030-02-28 23:59:59"]
ENDS = ["2030-03-01", "2031-12-31T12:00:00", "2033-06-30T08:00:00.5Z"]
# So many alerts came by Opsgenie's API.
ALERTS = 60
# What a schema of JSON cannot say: that one timestamp comes after another, or which code was sent.
BEYOND_SCHEMAS = [
    "routine-schedule",
    "policy-coverage",
    "preview-routine",
    "add-device",
    "add-layer",
    "replace-layer",
    "add-exception",
    "replace-exception",
    "add-swap",
    "send-code",
    "verify-contact",
]


# As the fuzzer has it, and what these operations say to a request that only looks right.
ACCEPTED = ["2xx", "400", "401", "403", "404", "409", "429", "5xx"]
# What monitoring tools send is a free object in the document, and some need more than that.
SENDERS = ["senders", "events", "alerts", "heartbeats"]
USERS = [
    "body.by",
    "body.users",
    "body.subscribers",
    "body.preferred_username",
    "body.assignee",
    "body.out",
    "body.in",
    "body.swaps[*].out",
    "body.swaps[*].in",
]


class Server:
    def __init__(self, url, key):
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.headers = {"Authorization": f"token {key}"}

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body and json.dumps(body), headers or self.headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status not in (200, 202):
            sys.exit(f"{method} {path}: {response.status} {text.decode()}")
        return json.loads(text)

    def ids(self, kind):
        return [item["ref_id"] for item in self.ask("GET", f"/list/{kind}")]


def main():
    server = Server(*sys.argv[1:3])
    people = server.ask("GET", "/list/users")
    users = [person["preferred_username"] for person in people]
    targets = server.ids("escalation-policies") + [person["policy_ref_id"] for person in people]
    services = server.ids("services")
    made = [
        server.ask("POST", "/create", {"title": f"Incident {number}", "service_ref_id": services[number % 2]})
        for number in range(INCIDENTS + MERGED + 1)
    ]
    incidents = [incident["instance_id"] for incident in made]
    # Not the first: the fuzzer guesses 1 by itself, and resolves it.
    survivor = incidents[INCIDENTS]
    for absorbed in incidents[INCIDENTS + 1 :]:
        server.ask("POST", "/merge", {"instance_id": absorbed, "related_instance_id": survivor})
    for acknowledged in incidents[:ACKNOWLEDGED]:
        server.ask("POST", "/acknowledge", {"instance_id": acknowledged})
    routines = server.ids("routines")
    day = {"out": users[0], "from": "2030-06-01", "until": "2030-06-02"}
    swaps = [server.ask("POST", f"/v1/routines/{routines[0]}/swaps", day)["swap_ref_id"] for _ in range(SWAPS)]
    alerts = [alert["task_ref_id"] for alert in server.ask("POST", "/alerts", {"instance_id": survivor})]
    ledger = server.ask("GET", f"/v1/incidents/{survivor}/notifications")
    deliveries = [notification["delivery_id"] for notification in ledger]
    keys = {item["kind"]: item["integration_key"] for item in server.ask("GET", "/list/integrations")}
    with open(sys.argv[3], "w", encoding="ascii") as file:
        file.write(keys["opsgenie"])
    genie = {"Authorization": f"GenieKey {keys['opsgenie']}"}
    aliases = [f"alert-{number}" for number in range(ALERTS)]
    requests = [
        server.ask("POST", "/v2/alerts", {"message": f"{alias} is down", "alias": alias, "tags": ["db"]}, genie)["requestId"]
        for alias in aliases
    ]
    heartbeats = server.ask("GET", "/list/heartbeats")
    known = {
        "keys": (list(keys.values()), ["path.key"]),
        "aliases": (aliases, ["path.id"]),
        "requests": (requests, []),
        "heartbeats": ([heartbeat["name"] for heartbeat in heartbeats], ["path.name"]),
        "pings": ([heartbeat["url"].rsplit("/", 1)[1] for heartbeat in heartbeats], []),
        "identifiers": (["alias"], ["query.identifierType"]),
        "users": (users, USERS),
        "person": ([PERSON], ["path.preferred_username"]),
        "targets": (targets, ["body.policy_ref_id", "body.reassign_to", "body.assignees", "path.policy_ref_id"]),
        "routines": (routines, ["path.routine_ref_id", "body.routine_ref_id"]),
        "one_routine": (routines[:1], []),
        "swaps": (swaps, ["path.swap_ref_id"]),
        "zones": (["Europe/Lisbon", "America/New_York", "Australia/Lord_Howe"], ["body.routine.timezone"]),
        "begins": (BEGINS, ["query.from", "body.from", "body.swaps[*].from"]),
        "ends": (ENDS, ["query.until", "body.until", "body.swaps[*].until"]),
        "services": (services, ["body.service_ref_id"]),
        "business": (server.ids("business-services"), ["body.business_service_ref_id"]),
        "sets": (server.ids("response-sets"), ["body.response_set_ref_id"]),
        "workflows": (server.ids("workflows"), ["body.workflow_ref_id"]),
        "incidents": (
            incidents[:INCIDENTS],
            ["body.instance_id", "body.related_instance_id", "path.instance_id"],
        ),
        "deliveries": (deliveries, ["path.delivery_id"]),
        "alerts": (alerts, ["body.task_ref_id"]),
        "survivor": ([survivor], []),
    }
    for name, (values, _) in known.items():
        print(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n")
    print("[parameters]")
    for name, (_, fields) in known.items():
        for field in fields:
            print(f'"{field}" = {{ dictionary = "{name}", probability = 0.8 }}')
    print('[[operations]]\ninclude-operation-id = "unmerge"')
    print('parameters = { "body.instance_id" = { dictionary = "survivor", probability = 0.9 } }')
    print('[[operations]]\ninclude-operation-id = "resend"')
    print('parameters = { "path.instance_id" = { dictionary = "survivor", probability = 0.9 } }')
    print('[[operations]]\ninclude-operation-id = "remove-swap"')
    print('parameters = { "path.routine_ref_id" = { dictionary = "one_routine", probability = 0.9 } }')
    print('[[operations]]\ninclude-operation-id = "alert-request"')
    print('parameters = { "path.id" = { dictionary = "requests", probability = 0.9 } }')
    print('[[operations]]\ninclude-tag = "heartbeats"')
    print('parameters = { "path.key" = { dictionary = "pings", probability = 0.9 } }')
    for tag in [tag for tag in SENDERS if tag != "heartbeats"]:
        print(f'[[operations]]\ninclude-tag = "{tag}"')
        print(f"checks.positive_data_acceptance.expected-statuses = {json.dumps([*ACCEPTED, '422'])}")
    for operation in BEYOND_SCHEMAS:
        print(f'[[operations]]\ninclude-operation-id = "{operation}"')
        print(f"checks.positive_data_acceptance.expected-statuses = {json.dumps(ACCEPTED)}")


main()
