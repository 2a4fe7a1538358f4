#!/usr/bin/env bash
# Plays examples/lifecycle.sh and examples/alertmanager.sh against a demo of its own, and examples/administration.sh against a
# server without anything, both started and stopped here. Needs target/debug/reveille and a real Alertmanager.
set -euo pipefail
cd "$(dirname "$0")/.."

folder="$(mktemp -d)"
demo=""
finish() {
  if [ -n "$demo" ]; then
    kill -KILL "$demo" 2>/dev/null || true
    wait "$demo" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap finish EXIT

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

fail() {
  echo "scripts/lifecycle.sh: $1; the server wrote:" >&2
  cat "$folder/out" "$folder/log" >&2
  exit 1
}

port="$(free_port)"
url="http://127.0.0.1:$port"
target/debug/reveille demo --listen "127.0.0.1:$port" --data "$folder/data" >"$folder/out" 2>"$folder/log" &
demo=$!
curl -sS --fail --output "$folder/health" --retry 120 --retry-delay 1 --retry-connrefused "$url/healthz" 2>"$folder/curl" ||
  fail "the demo did not begin to listen"
key="$(sed -n 's/^api key: //p' "$folder/out")"
[ -n "$key" ] || fail "the demo printed no key"

bash examples/lifecycle.sh "$url" "$key" || fail "the life of an incident is not as it should be"
ALERTMANAGER_PORT="$(free_port)" bash examples/alertmanager.sh "$url" "$key" | tee "$folder/told" ||
  fail "what Alertmanager tells does not come to an incident"
grep -q "TRIGGER INTEGRATIONS_API prometheus" "$folder/told" && grep -q "now RESOLVED" "$folder/told" ||
  fail "the incident that Alertmanager opened is not the one that it ended"

kill -TERM "$demo"
code=0
wait "$demo" || code=$?
demo=""
[ "$code" -eq 0 ] || fail "after SIGTERM the demo ended with $code"

# The demo's organization once more, from nothing, by the API: its export is that of the demo, and its file changes nothing.
REVEILLE__DATABASE__URL="sqlite:$folder/data/demo.db" target/debug/reveille export --organization demo >"$folder/demo.toml"
port="$(free_port)"
url="http://127.0.0.1:$port"
export REVEILLE__SERVER__LISTEN="127.0.0.1:$port" REVEILLE__DATABASE__URL="sqlite:$folder/reveille.db"
printf '[organization]\nname = "demo"\n' >"$folder/nothing.toml"
target/debug/reveille apply "$folder/nothing.toml" >"$folder/applied"
key="$(target/debug/reveille key create --organization demo --name script --scope admin)"
target/debug/reveille serve >"$folder/out" 2>"$folder/log" &
demo=$!
curl -sS --fail --output "$folder/health" --retry 120 --retry-delay 1 --retry-connrefused "$url/healthz" 2>"$folder/curl" ||
  fail "the server did not begin to listen"
bash examples/administration.sh "$url" "$key" examples/demo.toml || fail "an organization could not be made by the API"
target/debug/reveille export --organization demo >"$folder/made.toml"
diff "$folder/demo.toml" "$folder/made.toml" || fail "what the API made is not what the demo is"
target/debug/reveille apply examples/demo.toml >"$folder/applied"
[ "$(tail -n 1 "$folder/applied")" = "nothing to change" ] || fail "the demo's file would change: $(cat "$folder/applied")"
