#!/usr/bin/env bash
# Makes an organization what a directory file says, by the API alone: each component by a request of its own, then it is read,
# changed by two at once, renamed, and put back. Prints what it does.
# Usage: examples/administration.sh URL KEY FILE; the key has the scope admin, and belongs to the organization that the file
# names, which has nothing yet. Needs bash and python3 from 3.11 on.
set -euo pipefail

if [ "$#" -ne 3 ]; then
  echo "usage: examples/administration.sh URL KEY FILE" >&2
  exit 2
fi

python3 - "$@" <<'PYTHON'
import json
import sys
import tomllib
import urllib.error
import urllib.parse
import urllib.request

url, key, path = sys.argv[1:]
with open(path, "rb") as file:
    wanted = tomllib.load(file)

# In this order, names lead to what is there already; in one request, the order would not matter.
PLURALS = {
    "user": "users", "team": "teams", "routine": "routines", "escalation_policy": "escalation-policies",
    "service": "services", "business_service": "business-services", "response_set": "response-sets",
    "workflow": "workflows", "routing_rule": "routing-rules", "integration": "integrations",
    "heartbeat": "heartbeats", "maintenance_window": "maintenance-windows",
}


def ask(method, path, body=None, **headers):
    """The status, the answer and its ETag."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers["Authorization"] = f"token {key}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response), response.headers.get("ETag")
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused), None


def expect(status, answered, what):
    if answered[0] != status:
        sys.exit(f"administration: {what}: {answered[0]} instead of {status}: {json.dumps(answered[1])}")
    return answered


def name(component):
    return component.get("name") or component["username"]


made = 0
for section, plural in PLURALS.items():
    for component in wanted.get(section, []):
        what = f"{section} {name(component)}"
        _, answer, tag = expect(200, ask("POST", f"/v1/{plural}", component), what)
        if tag != '"1"' or answer["managed_by"] != "api":
            sys.exit(f"administration: {what}: {tag}, {answer}")
        made += 1
print(f"made {made} components")

policy = wanted["organization"].get("fallback_policy")
if policy:
    expect(200, ask("PATCH", "/v1/organization", {"fallback_policy": policy}, If_Match="*"), "the fallback policy")

service = name(wanted["service"][0])
path = "/v1/services/" + urllib.parse.quote(service, safe="")
_, before, tag = expect(200, ask("GET", path), "a service")
_, _, newer = expect(200, ask("PATCH", path, {"description": "by the first"}, If_Match=tag), "the first change")
_, refused, _ = expect(412, ask("PATCH", path, {"description": "by the second"}, If_Match=tag), "the second change")
if refused["code"] != "changed_meanwhile" or refused["current"]["description"] != "by the first":
    sys.exit(f"administration: {refused}")
print("of two changes of one version, the second was refused and told of the first")

_, renamed, newest = expect(200, ask("PATCH", path, {"name": "renamed"}, If_Match=newer), "another name")
if renamed["ref_id"] != before["ref_id"]:
    sys.exit(f"administration: the id is another one: {renamed}")
expect(404, ask("GET", path), "the old name")
again = {key: value for key, value in before.items() if key != "named_by"}
expect(200, ask("PUT", "/v1/services/renamed", again, If_Match=newest), "what it was")
print("renamed a service, whose id stayed, and put it back by what was read of it")

_, versions, _ = expect(200, ask("GET", "/v1/directory/versions?limit=1000"), "versions")
numbers = [version["version"] for version in versions]
if numbers != list(range(len(numbers), 0, -1)):
    sys.exit(f"administration: versions with holes: {numbers}")
print(f"each change made one of {len(numbers)} versions")
PYTHON
