#!/usr/bin/env bash
# Prints the table of docs/performance.md: rates beside a bare axum server with one durable insert of as many bytes, in
# one run, on SQLite and PostgreSQL; the same with a million incidents stored; from create to page; memory; cold start.
# SECONDS_EACH (10) is the length of each load, FILL (1000000) the incidents stored, PARTS some of
# "sqlite intake million postgresql latency". Needs what scripts/prepare.sh installs, and Debian's wrk.
# Figures are of the machine that they were taken on, load generator included: compare ratios.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds="${SECONDS_EACH:-10}"
fill="${FILL:-1000000}"
parts="${PARTS:-sqlite intake million postgresql latency}"

also=(-p checks --example bare --example fill)
source scripts/measuring.sh
mail_of_18025

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
# Two integrations that open an incident for each alert, however many come.
INTEGRATION_KEY=00000000000040008000000000000001
export INTEGRATION_KEY
{
  sed 's/^name = "db"$/&\nstorm_incidents = 0/' "$work/bench.toml"
  for kind in pagerduty alertmanager; do
    printf '\n[[integration]]\nname = "%s"\nkind = "%s"\nservice = "db"\n' "$kind" "$kind"
    if [ "$kind" = pagerduty ]; then printf 'key = "%s"\n' "$INTEGRATION_KEY"; fi
    if [ "$kind" = alertmanager ]; then printf 'key = "%s"\n' "${INTEGRATION_KEY%1}2"; fi
  done
} >"$work/intake.toml"
prepare() { # DIRECTORY_FILE: applies it to the database of REVEILLE__DATABASE__URL, and makes a key
  "$reveille" apply "$1" >/dev/null
  KEY="$("$reveille" key create --organization bench --name bench --scope admin)"
  export KEY
}
serve() { # starts the server; sets server, and started_ms to the first answer
  local begun
  begun="$(date +%s%N)"
  "$reveille" serve &
  server=$!
  pids+=("$server")
  up 18080
  started_ms=$((($(date +%s%N) - begun) / 1000000))
  SERVICE="$(first_service "$KEY")"
  export SERVICE
}
leave() { # ends the server
  kill "$server"
  wait "$server" 2>/dev/null || true
}
memory() { awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$server/status"; }
runs=0
load() { # MODE PORT PATH [CONNECTIONS]: sets rate p50 p99 answered errors
  runs=$((runs + 1))
  read -r rate p50 p99 answered errors <<<"$(MODE="$1" RUN="$runs" wrk -t2 -c"${4:-64}" -d"${seconds}s" --latency \
    -s scripts/bench.lua "http://127.0.0.1:$2$3" | sed -n 's/^figures //p')"
}
told() { # WHAT: one line of the table
  printf '%-52s %8s/s  p50 %7s ms  p99 %7s ms  errors %s\n' "$1" "$rate" "$p50" "$p99" "$errors"
}
ratio() { awk -v what="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%-52s %8.2f\n", what, a / b }'; }
bare() { # DATABASE BYTES: sets rate and so on
  target/release/examples/bare "$1" 127.0.0.1:18081 "$2" >/dev/null &
  local pid=$!
  pids+=("$pid")
  up 18081
  load create 18081 /create
  kill "$pid"
  wait "$pid" 2>/dev/null || true
}
row_bytes() { # FILE: bytes of values that one create stores, all its rows together
  python3 - "$1" <<'P'
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
count = database.execute("select count(*) from incident").fetchone()[0]
total = 0
for table in ["incident", "incident_label", "alert", "event", "notification"]:
    names = [row[1] for row in database.execute(f"pragma table_info({table})")]
    size = " + ".join(f"coalesce(length(cast({name} as text)), 0)" for name in names)
    total += database.execute(f"select sum({size}) from {table}").fetchone()[0]
print(total // count)
P
}

part_sqlite() {
  export REVEILLE__DATABASE__URL="sqlite:$work/bench.db"
  prepare "$work/bench.toml"
  serve
  echo "cold start to the first 200: $started_ms ms; memory idle: $(memory) MB"
  load create 18080 /incidents/create
  creates="$rate"
  told "POST /create, SQLite"
  echo "  answered $answered, stored $(newest), memory after the load $(memory) MB"
  load same 18080 /incidents/create
  told "the same key, suppressed"
  ratio "  suppressed to created" "$rate" "$creates"
  leave
  bytes="$(row_bytes "$work/bench.db")"
  bare "$work/bare.db" "$bytes"
  told "bare axum, one insert of $bytes bytes, SQLite"
  ratio "  POST /create to bare" "$creates" "$rate"
  bare "$work/bare350.db" 0
  told "bare axum, one insert of the request's body alone"
  ratio "  POST /create to that" "$creates" "$rate"
}

part_intake() {
  export REVEILLE__DATABASE__URL="sqlite:$work/intake.db"
  prepare "$work/intake.toml"
  serve
  load create 18080 /incidents/create
  creates="$rate"
  told "POST /create, SQLite"
  load event 18080 /v2/enqueue
  told "POST /v2/enqueue, an incident each"
  ratio "  to POST /create" "$rate" "$creates"
  load webhook 18080 "/alertmanager/${INTEGRATION_KEY%1}2" 16
  rate="$(awk -v rate="$rate" 'BEGIN { print 50 * rate }')"
  alerts="$rate"
  told "alerts by Alertmanager's webhook, 50 a body"
  ratio "  to POST /create" "$alerts" "$creates"
  echo "from a body to its answer, 100 a second, of which each opens or ends an incident; fails above 10 ms at the 99th percentile:"
  python3 scripts/intake_latency.py 127.0.0.1:18080 "/alertmanager/${INTEGRATION_KEY%1}2" "$INTEGRATION_KEY" "$seconds" 10 |
    sed 's/^/  /'
  leave
  if command -v prometheus-alertmanager >/dev/null; then
    printf 'route: {receiver: none}\nreceivers: [{name: none}]\n' >"$work/alertmanager.yml"
    prometheus-alertmanager --config.file="$work/alertmanager.yml" --storage.path="$work/alertmanager" \
      --web.listen-address=127.0.0.1:18082 --cluster.listen-address= >/dev/null 2>&1 &
    pids+=("$!")
    for _ in $(seq 2000); do
      if curl -s -o /dev/null http://127.0.0.1:18082/-/ready; then break; fi
    done
    load alerts 18082 /api/v2/alerts 16
    rate="$(awk -v rate="$rate" 'BEGIN { print 50 * rate }')"
    told "the same alerts taken into memory by Alertmanager"
    ratio "  ours to that" "$alerts" "$rate"
    load alert 18082 /api/v2/alerts
    told "one such alert a request, taken into memory by Alertmanager"
    ratio "  POST /create to that" "$creates" "$rate"
    kill "${pids[-1]}"
  fi
}

part_million() {
  export REVEILLE__DATABASE__URL="sqlite:$work/million.db"
  prepare "$work/bench.toml"
  serve
  curl -s -o /dev/null -H "Authorization: token $KEY" http://127.0.0.1:18080/incidents/create \
    -d "{\"title\": \"Disk full on db-7\", \"service_ref_id\": \"$SERVICE\", \"description\": \"$(printf 'disk full on db-7; %.0s' {1..12})\", \"dedup_key\": \"model\"}"
  load create 18080 /incidents/create
  empty="$rate"
  told "POST /create, SQLite, empty"
  leave
  target/release/examples/fill "$REVEILLE__DATABASE__URL" "$fill"
  serve
  echo "cold start to the first 200, $fill stored: $started_ms ms; memory $(memory) MB"
  FIRST="$(newest)"
  FIRST=$((FIRST - fill))
  COUNT="$fill"
  export FIRST COUNT
  load details 18080 /incidents/details
  details="$rate"
  told "POST /details, any of $fill"
  load list 18080 /incidents/list 8
  told "POST /list, 50 of them, five filters, 8 connections"
  load create 18080 /incidents/create
  told "POST /create, SQLite, $fill stored"
  ratio "  with them to empty" "$rate" "$empty"
  echo "  memory after these loads $(memory) MB; database $(du -m "$work/million.db" | cut -f1) MB"
  leave
  bare "$work/bare-million.db" 0
  told "bare axum, one insert of the request's body alone"
  ratio "  POST /details to that" "$details" "$rate"
  rm -f "$work"/million.db*
}

part_postgresql() {
  cluster
  REVEILLE__DATABASE__URL="$(database bench)"
  export REVEILLE__DATABASE__URL
  prepare "$work/bench.toml"
  serve
  load create 18080 /incidents/create
  creates="$rate"
  told "POST /create, PostgreSQL, one node"
  echo "  answered $answered, stored $(newest)"
  load same 18080 /incidents/create
  told "the same key, suppressed, PostgreSQL"
  leave
  bare "$(database bare)" "${bytes:-1590}"
  told "bare axum, one insert of ${bytes:-1590} bytes, PostgreSQL, 4 threads"
  ratio "  POST /create to bare" "$creates" "$rate"
}

part_latency() {
  local people=$((seconds * 100))
  {
    printf '[organization]\nname = "bench"\n'
    for number in $(seq 0 $((people - 1))); do
      printf '[[user]]\nusername = "p%s"\nemail = "p%s@example.com"\n' "$number" "$number"
      printf 'webhook = { url = "http://127.0.0.1:18082/", secrets = ["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"] }\n'
    done
  } >"$work/people.toml"
  export REVEILLE__DATABASE__URL="sqlite:$work/latency.db" REVEILLE__SMTP__PORT=18083
  export REVEILLE__EGRESS__ALLOW='["127.0.0.0/8"]'
  prepare "$work/people.toml"
  serve
  echo "from create to page, 100 creates a second, SQLite:"
  target/python/bin/python scripts/latency.py 127.0.0.1:18080 "$KEY" "$people" | sed 's/^/  /'
  leave
}

silent_mail
echo "${seconds} s each, 64 connections, durable before the answer, $(nproc) cores with the load generator"
for part in $parts; do "part_$part"; done
ls -l "$reveille" | awk '{printf "binary %.1f MB\n", $5 / 1048576}'
