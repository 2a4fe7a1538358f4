#!/usr/bin/env bash
# Plays the life of an incident against a running demo (`reveille demo`), with curl, and checks every answer.
# Usage: examples/lifecycle.sh [URL] [KEY], or with REVEILLE_URL and REVEILLE_KEY. Needs bash, curl and python3.
set -euo pipefail

url="${1:-${REVEILLE_URL:-http://127.0.0.1:8080}}"
key="${2:-${REVEILLE_KEY:-}}"
if [ -z "$key" ]; then
  echo "lifecycle: no key: give it as the second argument or in REVEILLE_KEY; the demo prints it on its first start" >&2
  exit 2
fi

# What a check may use: `answer`, `raw` (the bytes as text), `status`, and the key lists of the contract in their order.
read -r -d '' checker <<'PYTHON' || true
import json, os, re, sys

status, raw = int(os.environ["STATUS"]), os.environ["ANSWER"]
try:
    answer = json.loads(raw)
except ValueError:
    sys.exit(f"the answer ({status}) is not JSON: {raw}")

DETAILS = """impacted_business_services conference_bridges instance_timestamp last_alert_timestamp subscribers resolved_on
    status_update organization_instance_id status events notes task assignee_level assignees state_timestamp instance_id
    next_alert_timestamp dedup_key suppressed_count last_suppressed_timestamp merged_into""".split()
TASK = """integration_key services assignees task_ref_id related_task_id task_timezone labels text_msg
    with_completion_notice integration_name task_title urgency_level created_by task_id repeat task_time
    start_date""".split()
EVENT = "event_type event_timestamp event_method event_by event_date event_log instance_id".split()
ALERT = """text_msg organization_instance_id timestamp integration_name urgency_level instance_id task_title task_ref_id
    status services resolved_on identity labels links images""".split()
USER_ITEM = "preferred_username display_name email user_role job_title is_locked".split()
USER = """email first_name last_name iso_country_code country_code phone preferred_username taskcall_email timezone
    language profile_picture user_role job_title tags""".split()
PROBLEM = "type title status detail code errors request_id".split()
LISTED = [key for key in DETAILS if key not in ("events", "notes")]

def is_time(text):
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", text) is not None

def named(name):
    found = [item for item in answer if item["name"] == name or item.get("preferred_username") == name]
    return found[0] if found else sys.exit(f"`{name}` is not in the list: {raw}")

def times(value):
    """Every text of an answer that stands under a name of a timestamp."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for name, inner in pairs:
        if str(name).endswith(("timestamp", "resolved_on")) and inner is not None:
            yield inner
        yield from times(inner)

def events(kind):
    return [event for event in answer["events"] if event["event_type"] == kind]

def log(kind):
    """What the last event of a kind says of itself: JSON in a string."""
    return json.loads(events(kind)[-1]["event_log"])

def is_details():
    return (list(answer) == DETAILS and list(answer["task"]) == TASK and all(map(is_time, times(answer)))
        and all(list(event) == EVENT and type(json.loads(event["event_log"])) is dict for event in answer["events"])
        and all(list(note) == ["notes", "timestamp", "by"] for note in answer["notes"])
        and len({answer["task"][name] for name in ("task_id", "task_ref_id", "related_task_id")}) == 1)

mode, *expressions = sys.argv[1:]
for expression in expressions:
    value = eval(expression)
    if mode == "show":
        print(value)
    elif not value:
        sys.exit(f"expected {expression}\nbut the answer ({status}) was {raw}")
PYTHON

step=""

fail() {
  echo "lifecycle: $step: $1" >&2
  exit 1
}

# get PATH; post PATH BODY: one request as one step. Leaves STATUS, KIND (its content type) and ANSWER.
request() {
  local got
  got="$(curl -sS -H "Authorization: token $key" -H "Content-Type: application/json" \
    -w '\n%{http_code} %{content_type}' "${@:2}" "$url$1")" || fail "the server did not answer"
  ANSWER="${got%$'\n'*}"
  read -r STATUS KIND <<<"${got##*$'\n'}"
  export ANSWER STATUS
}

get() {
  step="GET $1"
  request "$1"
}

post() {
  step="POST $1 $2"
  request "$1" -X POST -d "$2"
}

# Holds what the last answer says against expressions in Python; the first that is false ends the script.
is() {
  [ "$STATUS $KIND" = "200 application/json" ] || fail "expected 200 application/json, not $STATUS $KIND: $ANSWER"
  local said
  said="$(python3 -c "$checker" check "$@" 2>&1)" || fail "$said"
  echo "ok  ${step//$'\n'/}"
}

success() {
  [ "$ANSWER" = '"Success"' ] || fail "expected \"Success\", not $STATUS $ANSWER"
  is
}

refused() {
  [ "$STATUS $KIND" = "$1 application/problem+json" ] || fail "expected $1 application/problem+json, not $STATUS $KIND"
  local said
  said="$(python3 -c "$checker" check \
    "list(answer) == PROBLEM and answer['code'] == '$2' and answer['status'] == $1 and ': ' in answer['errors'][0]" 2>&1)" ||
    fail "$said"
  echo "ok  $step is refused: $1 $2"
}

# details ID EXPRESSION…: reads the incident and checks its shape, then the rest.
details() {
  post /details "{\"instance_id\": $1}"
  is "is_details()" "answer['instance_id'] == $1" "${@:2}"
}

show() {
  python3 -c "$checker" show "$1"
}

# What there is. Requests name components by the ids found here.
get /list/users
is "all(set(u) >= {'name', 'ref_id', 'display_name', 'preferred_username', 'email', 'user_role', 'policy_ref_id'} for u in answer)" \
  "[u['name'] for u in answer] == sorted(u['name'] for u in answer)"
mofab_policy="$(show "named('mofab')['policy_ref_id']")"
dee_policy="$(show "named('dee')['policy_ref_id']")"
get /list/escalation-policies
is "all(p['ref_id'] == p['policy_ref_id'] and len(p['ref_id']) == 22 for p in answer)"
primary="$(show "named('primary')['policy_ref_id']")"
management="$(show "named('management')['policy_ref_id']")"
get /list/services/
is "all(s['ref_id'] == s['service_ref_id'] for s in answer)"
service="$(show "named('reports')['service_ref_id']")"
get /list/business-services
is "all(b['ref_id'] == b['business_service_ref_id'] for b in answer)"
business="$(show "named('trading')['business_service_ref_id']")"
get /list/response-sets
is "all(r['ref_id'] == r['response_set_ref_id'] for r in answer)"
response_set="$(show "named('major incident')['response_set_ref_id']")"
get /list/workflows
is "all(w['ref_id'] == w['workflow_ref_id'] for w in answer)"
workflow="$(show "named('open a war room')['workflow_ref_id']")"
get /list/routines
is "isinstance(answer, list)"
get /list/integrations
is "isinstance(answer, list)"

# Trigger; the same dedup_key again triggers nothing.
dedup="trade-rec-$(date +%s)-$$"
create="{
  \"title\": \"CS EU Trade Reconciliation Failed\",
  \"service_ref_id\": \"$service\",
  \"users\": [\"mofab\"],
  \"policy_ref_id\": [\"$primary\"],
  \"description\": \"Needs to be fixed before EOD\",
  \"notes\": \"Check other trade rec fails from before\",
  \"tags\": [\"ops\", \"reports\"],
  \"dedup_key\": \"$dedup\"
}"
post /create "$create"
is "list(answer) == ['instance_id', 'timestamp']" "type(answer['instance_id']) is int" "is_time(answer['timestamp'])"
id="$(show "answer['instance_id']")"
created="$(show "answer['timestamp']")"
post /incidents/create "$create"
is "answer == {'instance_id': $id, 'timestamp': '$created', 'deduplicated': True}"
details "$id" "answer['status'] == 'OPEN'" "answer['assignee_level'] == 1" "answer['instance_timestamp'] == '$created'" \
  "{a[1] for a in answer['assignees']} == {'ana', 'eva', 'mofab'}" "all(len(a) == 3 for a in answer['assignees'])" \
  "answer['task']['services'] == ['reports', '$service']" "answer['task']['labels'] == ['ops', 'reports']" \
  "answer['task']['text_msg'] == 'Needs to be fixed before EOD'" "answer['task']['urgency_level'] == 4" \
  "[n['notes'] for n in answer['notes']] == ['Check other trade rec fails from before']" \
  "answer['dedup_key'] == '$dedup' and answer['suppressed_count'] == 1" \
  "answer['impacted_business_services'] is answer['conference_bridges'] is answer['subscribers'] is None" \
  "answer['status_update'] is answer['resolved_on'] is answer['merged_into'] is None" \
  "answer['events'][0]['event_type'] == 'TRIGGER' and answer['events'][0]['event_method'] == 'INCIDENTS_API'" \
  "log('TRIGGER')['next_alert_timestamp'] == answer['next_alert_timestamp']"
first_alert="$(show "answer['task']['task_ref_id']")"
post /alerts "{\"instance_id\": $id}"
is "len(answer) == 1 and list(answer[0]) == ALERT" "answer[0]['status'] == 'TRIGGERED'" \
  "answer[0]['task_ref_id'] == '$first_alert' and answer[0]['instance_id'] == $id"
get /list/incidents
is "$id in [i['instance_id'] for i in answer]"
post /incidents/list '{"status": "OPEN", "tags": "reports", "limit": 10}'
is "answer[0]['instance_id'] == $id and list(answer[0]) == LISTED and 'text_msg' not in answer[0]['task']"

# Respond.
post /acknowledge/ "{\"instance_id\": $id, \"by\": \"mofab\"}"
is "list(answer) == ['next_alert_timestamp'] and is_time(answer['next_alert_timestamp'])"
next="$(show "answer['next_alert_timestamp']")"
details "$id" "answer['status'] == 'ACKNOWLEDGED' and answer['next_alert_timestamp'] == '$next'" \
  "events('ACKNOWLEDGE')[0]['event_by'] == 'Mo Fabri'"
post /snooze "{\"instance_id\": $id, \"snooze_for\": 30}"
success
details "$id" "answer['status'] == 'ACKNOWLEDGED' and log('SNOOZE')['snooze_for'] == 30" \
  "log('SNOOZE')['next_alert_timestamp'] == answer['next_alert_timestamp'] > '$next'"
post /escalate "{\"instance_id\": $id}"
success
details "$id" "answer['status'] == 'OPEN' and answer['assignee_level'] == 2 == log('ESCALATE')['assignee_level']" \
  "'ben' in [a[1] for a in answer['assignees']]"
post /reassign "{\"instance_id\": $id, \"reassign_to\": [\"$primary\", \"$mofab_policy\"]}"
success
details "$id" "answer['assignee_level'] == 1 and {a[1] for a in answer['assignees']} == {'ana', 'mofab'}" \
  "log('REASSIGN')['reassign_to']"
post /amend-urgency "{\"instance_id\": $id, \"amend-urgency\": 3}"
success
details "$id" "answer['task']['urgency_level'] == 3"
post /amend-urgency "{\"instance_id\": $id, \"urgency_level\": 2}"
success
details "$id" "answer['task']['urgency_level'] == 2 and len(events('URGENCY AMENDMENT')) == 2"
post /add-responders "{\"instance_id\": $id, \"assignees\": [\"$management\", \"$dee_policy\"]}"
success
details "$id" "{a[1] for a in answer['assignees']} == {'ana', 'dee', 'eva', 'mofab'}" "log('ADD RESPONDERS')['new_responders']"
post /notate "{\"instance_id\": \"$id\", \"notes\": \"The feed of the exchange is late\"}"
success
details "$id" "answer['notes'][-1]['notes'] == log('NOTATE')['notes'] == 'The feed of the exchange is late'"

# Two incidents become one, and one becomes two.
post /create "{\"title\": \"Merger Test Pair\", \"users\": \"adsmi\"}"
is "list(answer) == ['instance_id', 'timestamp'] and answer['instance_id'] > $id"
other="$(show "answer['instance_id']")"
post /merge "{\"instance_id\": $other, \"related_instance_id\": $id}"
success
details "$other" "answer['status'] == 'RESOLVED' and answer['merged_into'] == $id" "log('MERGE') and answer['assignees'] == []"
post /alerts "{\"instance_id\": $id}"
is "[a['status'] for a in answer] == ['GROUPED', 'TRIGGERED']" "[a['task_title'] for a in answer][0] == 'Merger Test Pair'"
grouped="$(show "answer[0]['task_ref_id']")"
post /unmerge "{\"instance_id\": $id, \"task_ref_id\": \"$grouped\"}"
is "list(answer) == ['instance_id', 'timestamp'] and answer['instance_id'] > $other"
third="$(show "answer['instance_id']")"
details "$third" "answer['status'] == 'OPEN' and answer['task']['task_title'] == 'Merger Test Pair'" \
  "[a[1] for a in answer['assignees']] == ['adsmi'] and answer['task']['urgency_level'] == 4"
post /unmerge "{\"instance_id\": $id, \"task_ref_id\": \"$first_alert\"}"
refused 409 only_alert

# Keep people informed.
post /add-subscribers "{\"instance_id\": $id, \"subscribers\": [\"adsmi\", \"mofab\"]}"
success
details "$id" "sorted(s[1] for s in answer['subscribers']) == ['adsmi', 'mofab'] and all(len(s) == 2 for s in answer['subscribers'])"
post /remove-subscribers "{\"instance_id\": $id, \"subscribers\": [\"mofab\"]}"
success
update="The root cause of the issue has been identified. The system will be back up in 15 minutes."
post /update-status "{\"instance_id\": $id, \"status_update\": \"$update\"}"
success
details "$id" "[s[1] for s in answer['subscribers']] == ['adsmi']" \
  "list(answer['status_update'][-1]) == ['status_update', 'timestamp', 'by']" \
  "answer['status_update'][-1]['status_update'] == log('STATUS UPDATE')['status_update'] == '$update'"
post /add-impact "{\"instance_id\": $id, \"business_service_ref_id\": \"$business\"}"
success
details "$id" "answer['impacted_business_services'] == [{'name': 'trading', 'business_service_ref_id': '$business'}]"
post /remove-impact "{\"instance_id\": $id, \"business_service_ref_id\": \"$business\"}"
success
details "$id" "answer['impacted_business_services'] is None"
post /run-response-set "{\"instance_id\": $id, \"response_set_ref_id\": \"$response_set\"}"
success
details "$id" "answer['conference_bridges'] == ['https://meet.example.com/major-incident']" \
  "sorted(s[1] for s in answer['subscribers']) == ['adsmi', 'mofab'] and len(answer['status_update']) == 2" \
  "events('RUN RESPONSE SET') and events('ADD CONFERENCE BRIDGE')"
post /incidents/run-workflow/ "{\"instance_id\": $id, \"workflow_ref_id\": \"$workflow\"}"
success
details "$id" "events('RUN WORKFLOW') and answer['task']['urgency_level'] == 5 and 'war room' in answer['task']['labels']"

# Put it in order, and end it.
post /edit-title "{\"instance_id\": $id, \"title\": \"EU trade reconciliation: exchange feed late\"}"
success
post /update-tags "{\"instance_id\": $id, \"tags\": [\"ops\", \"feed\"]}"
success
details "$id" "answer['task']['task_title'] == 'EU trade reconciliation: exchange feed late'" \
  "answer['task']['labels'] == ['ops', 'feed'] and events('EDIT TITLE') and events('UPDATE TAGS')"
post /acknowledge "{\"instance_id\": $id}"
is "is_time(answer['next_alert_timestamp'])"
post /unacknowledge "{\"instance_id\": $id}"
success
details "$id" "answer['status'] == 'OPEN' and events('UN-ACKNOWLEDGE')"
post /unacknowledge "{\"instance_id\": $id}"
refused 409 not_acknowledged
post /resolve "{\"instance_id\": $id}"
success
post /resolve "{\"instance_id\": $third}"
success
details "$id" "answer['status'] == 'RESOLVED' and is_time(answer['resolved_on'])" \
  "answer['assignees'] == answer['task']['assignees'] == []" "answer['events'][-1]['event_type'] == 'RESOLVE'"
post /resolve "{\"instance_id\": $id}"
refused 409 already_resolved
post /notate "{\"instance_id\": $id, \"notes\": \"Written down afterwards\"}"
success
get "/list/incidents?status=RESOLVED"
is "$id in [i['instance_id'] for i in answer]"

# People.
post /users/list '{"keywords": "smith"}'
is "[u['preferred_username'] for u in answer] == ['adsmi'] and list(answer[0]) == USER_ITEM"
post /incidents/users/details/ '{"preferred_username": "adsmi"}'
is "list(answer) == USER and answer['email'] == 'adsmi@example.com'"

# What is missing is named.
post /details '{}'
refused 400 invalid_fields
post /details '{"instance_id": 9007199254740993}'
refused 404 unknown_incident
echo "lifecycle: every answer is as the contract says"
