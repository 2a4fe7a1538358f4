#!/usr/bin/env bash
# Runs a real Alertmanager against the running demo: an alert fires, opens an incident, is over, and resolves it.
# Needs a demo that was started with `cargo run --release -- demo`, its API key, and Debian's package
# prometheus-alertmanager, which listens on ALERTMANAGER_PORT, or else 19093.
#   bash examples/alertmanager.sh URL KEY
set -euo pipefail
url="${1:?the address of the demo, such as http://127.0.0.1:8080}"
key="${2:?the API key that the demo printed}"
alertmanager="127.0.0.1:${ALERTMANAGER_PORT:-19093}"
for needed in prometheus-alertmanager amtool curl python3; do
  command -v "$needed" >/dev/null || { echo "alertmanager.sh needs $needed (Debian: prometheus-alertmanager)" >&2; exit 1; }
done

ask() { curl -sS --fail-with-body -H "Authorization: token $key" "$@"; }
work="$(mktemp -d)"
pid=""
end() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT

receiver="$(ask "$url/list/integrations" |
  python3 -c "import json, sys; print(next(i['url'] for i in json.load(sys.stdin) if i['kind'] == 'alertmanager'))")"
cat > "$work/alertmanager.yml" <<YAML
route:
  receiver: reveille
  group_by: [alertname]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: reveille
    webhook_configs:
      - url: $receiver
YAML
prometheus-alertmanager --config.file="$work/alertmanager.yml" --storage.path="$work/data" \
  --web.listen-address="$alertmanager" --cluster.listen-address= >"$work/log" 2>&1 &
pid=$!
for _ in $(seq 600); do
  if curl -s -o /dev/null "http://$alertmanager"/-/ready; then break; fi
  kill -0 "$pid" || { cat "$work/log" >&2; exit 1; }
done

alert=(amtool --alertmanager.url="http://$alertmanager" alert add alertname=HighLatency "run=$$" instance=web-1 severity=critical)
wait_for() { # until an alert of this run has the fate $1, or after many tries
  for _ in $(seq 300); do
    found="$(ask "$url/v1/alerts?fate=$1&limit=20" | python3 -c "
import json, sys
print(next((a['instance_id'] for a in json.load(sys.stdin) if a['title'] == 'Latency is high, run $$' or a['title'].startswith('HighLatency')), ''))")"
    if [ -n "$found" ]; then return 0; fi
  done
  echo "no alert was $1" >&2
  return 1
}
"${alert[@]}" --annotation=summary="Latency is high, run $$" --annotation=runbook_url=https://wiki.example.org/latency
wait_for opened
incident="$found"
echo "the alert opened incident $incident"
"${alert[@]}" --start="$(date -u -d '-1 hour' +%FT%TZ)" --end="$(date -u +%FT%TZ)"
wait_for resolved
echo "the story of incident $incident:"
ask -d "{\"instance_id\": $incident}" "$url/incidents/details" | python3 -c "
import json, sys
it = json.load(sys.stdin)
for event in it['events']: print(' ', event['event_timestamp'], event['event_type'], event['event_method'], event['event_by'])
print('  now', it['status'])"
