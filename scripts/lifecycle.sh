#!/usr/bin/env bash
# Plays examples/lifecycle.sh against a demo of its own, started and stopped here. Needs target/debug/reveille.
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

fail() {
  echo "scripts/lifecycle.sh: $1; the demo wrote:" >&2
  cat "$folder/out" "$folder/log" >&2
  exit 1
}

port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
url="http://127.0.0.1:$port"
target/debug/reveille demo --listen "127.0.0.1:$port" --data "$folder/data" >"$folder/out" 2>"$folder/log" &
demo=$!
curl -sS --fail --output "$folder/health" --retry 120 --retry-delay 1 --retry-connrefused "$url/healthz" 2>"$folder/curl" ||
  fail "the demo did not begin to listen"
key="$(sed -n 's/^api key: //p' "$folder/out")"
[ -n "$key" ] || fail "the demo printed no key"

bash examples/lifecycle.sh "$url" "$key" || fail "the life of an incident is not as it should be"

kill -TERM "$demo"
code=0
wait "$demo" || code=$?
demo=""
[ "$code" -eq 0 ] || fail "after SIGTERM the demo ended with $code"
