"""Prepares incidents on a server and writes schemathesis' configuration with the names and ids that exist there.

Usage: fuzz_dictionaries.py URL KEY > schemathesis.toml
"""

import http.client
import json
import sys
from urllib.parse import urlsplit

# So many that resolving some does not leave the other operations without an unresolved one.
INCIDENTS = 300
# Every so many incidents one is merged, so that there are alerts to take out again.
MERGE_EVERY = 10


class Server:
    def __init__(self, url, key):
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.headers = {"Authorization": f"token {key}"}

    def ask(self, method, path, body=None):
        self.connection.request(method, path, body and json.dumps(body), self.headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status != 200:
            sys.exit(f"{method} {path}: {response.status} {text.decode()}")
        return json.loads(text)

    def ids(self, kind):
        return [item["ref_id"] for item in self.ask("GET", f"/list/{kind}")]


def main():
    server = Server(*sys.argv[1:])
    people = server.ask("GET", "/list/users")
    users = [person["preferred_username"] for person in people]
    targets = server.ids("escalation-policies") + [person["policy_ref_id"] for person in people]
    services = server.ids("services")
    incidents, alerts = [], []
    for number in range(INCIDENTS):
        made = server.ask("POST", "/create", {"title": f"Incident {number}", "service_ref_id": services[number % 2]})
        incidents.append(made["instance_id"])
        if number % MERGE_EVERY == 1:
            absorbed, survivor = incidents.pop(), incidents[-1]
            server.ask("POST", "/merge", {"instance_id": absorbed, "related_instance_id": survivor})
            alerts += [alert["task_ref_id"] for alert in server.ask("POST", "/alerts", {"instance_id": survivor})]
    known = {
        "users": (users, ["by", "users", "subscribers", "preferred_username", "assignee"]),
        "targets": (targets, ["policy_ref_id", "reassign_to", "assignees"]),
        "services": (services, ["service_ref_id"]),
        "business": (server.ids("business-services"), ["business_service_ref_id"]),
        "sets": (server.ids("response-sets"), ["response_set_ref_id"]),
        "workflows": (server.ids("workflows"), ["workflow_ref_id"]),
        "incidents": (incidents, ["instance_id", "related_instance_id"]),
        "alerts": (alerts, ["task_ref_id"]),
    }
    for name, (values, _) in known.items():
        print(f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n")
    print("[parameters]")
    for name, (_, fields) in known.items():
        for field in fields:
            print(f'"body.{field}" = {{ dictionary = "{name}", probability = 0.8 }}')


main()
