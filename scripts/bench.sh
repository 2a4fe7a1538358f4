#!/usr/bin/env bash
# Measures POST /create on SQLite, durable, and the same load on a bare axum server with one insert, in one run.
# Also idle memory, cold start and the size of the binary. Needs Debian's wrk; figures are of this machine only.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${SECONDS_EACH:-15}"
rounds="${ROUNDS:-1}"

command -v wrk >/dev/null || { echo "bench.sh needs Debian's package wrk" >&2; exit 1; }
cargo build --release --locked -q -p server
cargo build --release --locked -q -p checks --example bare
reveille=target/release/reveille
work="$(mktemp -d)"
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  pids=()
}
trap 'stop; rm -rf "$work"' EXIT

up() { # returns once http://127.0.0.1:PORT/healthz answers, or fails after many tries
  for _ in $(seq 2000); do
    if curl -s -o /dev/null "http://127.0.0.1:$1/healthz"; then return 0; fi
  done
  echo "nothing listens on port $1" >&2
  return 1
}

# A mail server that accepts connections and never answers: notifications are queued and claimed as always, and
# delivery itself costs the measured server next to nothing.
python3 - 18025 <<'P' &
import socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=512)
held = []
while True:
    held.append(listener.accept())
P
pids+=($!)

cat >"$work/bench.toml" <<'T'
[organization]
name = "bench"

[[user]]
username = "ana"
email = "ana@example.com"

[[escalation_policy]]
name = "primary"
levels = [{ minutes = 10080, users = ["ana"] }]

[[service]]
name = "db"
escalation_policy = "primary"
T
export REVEILLE__DATABASE__URL="sqlite:$work/bench.db" REVEILLE__SERVER__LISTEN=127.0.0.1:18080
export REVEILLE__LIMITS__RATE_PER_SECOND=0 REVEILLE__LOG__LEVEL=error
export REVEILLE__SMTP__HOST=127.0.0.1 REVEILLE__SMTP__PORT=18025 REVEILLE__SMTP__SECURITY=none
export REVEILLE__SMTP__FROM=reveille@example.com
"$reveille" apply "$work/bench.toml" >/dev/null
KEY="$("$reveille" key create --organization bench --name bench --scope admin)"
export KEY

load() { # PORT PATH: "creates/s p50 p99 requests errors"
  wrk -t2 -c64 -d"${seconds}s" --latency -s scripts/bench.lua "http://127.0.0.1:$1$2" | sed -n 's/^figures //p'
}

for round in $(seq "$rounds"); do
  rm -f "$work"/bare.db* "$work"/round.db*
  target/release/examples/bare "$work/bare.db" 127.0.0.1:18081 >/dev/null &
  pids+=($!)
  up 18081
  read -r bare bare50 bare99 _ bare_errors <<<"$(load 18081 /create)"
  kill "${pids[-1]}"

  cp "$work/bench.db" "$work/round.db"
  begun="$(date +%s%N)"
  REVEILLE__DATABASE__URL="sqlite:$work/round.db" "$reveille" serve &
  server=$!
  pids+=("$server")
  up 18080
  started=$((($(date +%s%N) - begun) / 1000000))
  idle="$(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$server/status")"
  SERVICE="$(curl -s -H "Authorization: token $KEY" http://127.0.0.1:18080/list/services | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["ref_id"])')"
  export SERVICE
  read -r creates p50 p99 answered errors <<<"$(load 18080 /incidents/create)"
  loaded="$(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$server/status")"
  stored="$(curl -s -H "Authorization: token $KEY" -d '{"limit": 1}' http://127.0.0.1:18080/incidents/list | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["organization_instance_id"])')"
  kill "$server"
  wait "$server" 2>/dev/null || true

  echo "round $round, ${seconds} s, 64 connections, SQLite, durable before the answer"
  echo "  reveille POST /create   $creates/s  p50 $p50 ms  p99 $p99 ms  (answered $answered, stored $stored, errors $errors)"
  echo "  bare axum + one insert  $bare/s  p50 $bare50 ms  p99 $bare99 ms  (errors $bare_errors)"
  awk -v a="$creates" -v b="$bare" 'BEGIN { printf "  ratio %.2f\n", a / b }'
  echo "  cold start to the first 200: $started ms (empty incident table); memory idle $idle MB, after the load $loaded MB"
done
ls -l "$reveille" | awk '{printf "  binary %.1f MB\n", $5 / 1048576}'
