#!/usr/bin/env bash
# Measures POST /create on one PostgreSQL with one node and with two, for one organization and for four; the bytes that an
# incident takes up there, and the connections of a node. Needs Debian's wrk and postgresql; figures are of this machine
# only. SECONDS_EACH is the length of a run.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${SECONDS_EACH:-10}"

command -v wrk >/dev/null || { echo "nodes.sh needs Debian's package wrk" >&2; exit 1; }
[ -n "${NO_BUILD:-}" ] || cargo build --release --locked -q -p server
reveille="$PWD/target/release/reveille"
work="$(mktemp -d /tmp/reveille-nodes.XXXXXX)"
programs="$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)")"
pids=()
as_owner=()
if [ "$(id -u)" = 0 ]; then
  as_owner=(runuser -u postgres --)
  chown postgres "$work"
fi
stop_nodes() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  pids=()
}
finish() {
  stop_nodes
  "${as_owner[@]}" "$programs/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT
sql() { "${as_owner[@]}" "$programs/psql" -h "$work" -U postgres -d postgres -Atqc "$1"; }

# As Debian sets it up, but for the memory: every commit is flushed to the disk.
"${as_owner[@]}" "$programs/initdb" -D "$work/data" -U postgres -A trust -E UTF8 --locale=C >/dev/null
"${as_owner[@]}" "$programs/pg_ctl" -D "$work/data" -w -l "$work/server.log" \
  -o "-k $work -c listen_addresses= -c max_connections=100 -c shared_buffers=256MB" start >/dev/null

export REVEILLE__DATABASE__URL="postgresql:///postgres?host=$work&user=postgres"
export REVEILLE__LIMITS__RATE_PER_SECOND=0 REVEILLE__LOG__LEVEL=error

# Nobody has a channel that this server serves, so that only the incidents are measured and not their messages.
definition() {
  cat <<T
[organization]
name = "$1"

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
}

declare -A keys services
for organization in one two three four; do
  definition "$organization" >"$work/$organization.toml"
  "$reveille" apply "$work/$organization.toml" >/dev/null
  keys[$organization]="$("$reveille" key create --organization "$organization" --name bench --scope admin)"
done

start_node() { # PORT
  REVEILLE__SERVER__LISTEN="127.0.0.1:$1" "$reveille" serve &
  pids+=($!)
  for _ in $(seq 3000); do
    if curl -s -o /dev/null "http://127.0.0.1:$1/healthz"; then return 0; fi
  done
  echo "nothing listens on port $1" >&2
  return 1
}

load() { # PORT ORGANIZATION CONNECTIONS: writes "creates/s p50 p99 requests errors"
  KEY="${keys[$2]}" SERVICE="${services[$2]}" RUN="$RANDOM$RANDOM" \
    wrk -t1 -c"$3" -d"${seconds}s" --latency -s scripts/bench.lua "http://127.0.0.1:$1/incidents/create" |
    sed -n 's/^figures //p'
}

measure() { # NODES ORGANIZATION...: 64 connections, spread evenly over nodes and organizations
  local nodes="$1" port organization loads=() before stored
  shift
  sql "truncate incident, incident_label, alert, event, notification, attempt, idempotency"
  sql "checkpoint"
  for port in $(seq 18090 $((18089 + nodes))); do start_node "$port"; done
  for organization in "$@"; do
    services[$organization]="$(curl -s -H "Authorization: token ${keys[$organization]}" \
      http://127.0.0.1:18090/list/services | python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["ref_id"])')"
  done
  before="$(sql "select count(*) from incident")"
  for port in $(seq 18090 $((18089 + nodes))); do
    for organization in "$@"; do
      load "$port" "$organization" $((64 / nodes / $#)) >"$work/load.$port.$organization" &
      loads+=($!)
    done
  done
  wait "${loads[@]}"
  stored=$(($(sql "select count(*) from incident") - before))
  cat "$work"/load.* | awk -v nodes="$nodes" -v organizations="$#" -v stored="$stored" '
    { rate += $1; if ($2 > p50) p50 = $2; if ($3 > p99) p99 = $3; errors += $5 }
    END { printf "%d node(s), %d organization(s): %d/s, p50 %s ms, p99 %s ms at most, %d stored, %d errors\n",
      nodes, organizations, rate, p50, p99, stored, errors }'
  sql "select 'connections of all nodes: ' || count(*) from pg_stat_activity where application_name = 'reveille'"
  rm -f "$work"/load.*
  stop_nodes
}

echo "64 connections, ${seconds} s each, synchronous_commit on; load when begun: $(cut -d' ' -f1 /proc/loadavg)"
measure 1 one
measure 2 one
measure 1 one two three four
measure 2 one two three four

sql "vacuum full"
sql "select 'bytes per incident: ' || sum(pg_total_relation_size(c.oid)) / (select count(*) from incident)
  from pg_class c where c.relname in
    ('incident', 'incident_label', 'alert', 'event', 'notification', 'attempt', 'idempotency')"
