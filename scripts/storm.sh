#!/usr/bin/env bash
# Prints how creates fare in a storm: 64 connections create incidents for one person or a thousand, while the mail server
# works, refuses connections or accepts and never answers, in windows of 3 s.
# WINDOWS (20) of each, PEOPLE ("1 1000"), MAIL ("works refuses hangs"), DATABASES ("sqlite postgresql"); REVEILLE names
# another program to measure. Needs what scripts/prepare.sh installs, and Debian's wrk.
# Figures are of the machine that they were taken on, load generator included: compare the windows of one run.
set -euo pipefail
cd "$(dirname "$0")/.."
windows="${WINDOWS:-20}"
people="${PEOPLE:-1 1000}"
mails="${MAIL:-works refuses hangs}"
databases="${DATABASES:-sqlite postgresql}"

command -v wrk >/dev/null || { echo "storm.sh needs Debian's package wrk" >&2; exit 1; }
[ -x target/python/bin/python ] || bash scripts/prepare.sh
if [ -z "${REVEILLE:-}" ]; then cargo build --release --locked -q -p server --bin reveille; fi
reveille="${REVEILLE:-target/release/reveille}"
work="$(mktemp -d /tmp/reveille-storm.XXXXXX)"
programs=/usr/lib/postgresql/15/bin
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  pids=()
}
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
end() {
  stop
  if [ -d "$work/cluster" ]; then as_postgres "$programs/pg_ctl" -D "$work/cluster" -m immediate stop >/dev/null 2>&1 || true; fi
  rm -rf "$work"
}
trap end EXIT

up() { # returns once http://127.0.0.1:18080/healthz answers, or fails after many tries
  for _ in $(seq 2000); do
    if curl -s -o /dev/null http://127.0.0.1:18080/healthz; then return 0; fi
  done
  echo "nothing listens on port 18080" >&2
  return 1
}

mail() { # works|refuses|hangs
  case "$1" in
    works) target/python/bin/python - <<'P' &
import asyncio
from aiosmtpd.controller import Controller
class Taken:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"
Controller(Taken(), hostname="127.0.0.1", port=18025).start()
asyncio.new_event_loop().run_forever()
P
      pids+=($!) ;;
    hangs) python3 - <<'P' &
import socket
listener = socket.create_server(("127.0.0.1", 18025), backlog=512)
held = []
while True:
    held.append(listener.accept())
P
      pids+=($!) ;;
    refuses) ;;
  esac
}

directory() { # PEOPLE: one policy for each
  printf '[organization]\nname = "storm"\n'
  for number in $(seq 0 $(($1 - 1))); do
    printf '[[user]]\nusername = "p%s"\nemail = "p%s@example.com"\n' "$number" "$number"
  done
}

cluster() {
  mkdir "$work/cluster" && chmod 755 "$work"
  if [ "$(id -u)" = 0 ]; then chown postgres "$work/cluster"; fi
  as_postgres "$programs/initdb" -D "$work/cluster" -U postgres -A trust -E UTF8 --locale=C >/dev/null
  as_postgres "$programs/pg_ctl" -D "$work/cluster" -l "$work/cluster/log" -w \
    -o "-k $work/cluster -c listen_addresses= -c shared_buffers=256MB" start >/dev/null
}

export REVEILLE__SERVER__LISTEN=127.0.0.1:18080 REVEILLE__LIMITS__RATE_PER_SECOND=0 REVEILLE__LOG__LEVEL=error
export REVEILLE__SMTP__HOST=127.0.0.1 REVEILLE__SMTP__PORT=18025 REVEILLE__SMTP__SECURITY=none
export REVEILLE__SMTP__FROM=reveille@example.com

if curl -s -o /dev/null http://127.0.0.1:18080/healthz; then echo "something listens on port 18080" >&2; exit 1; fi
run=0
for database in $databases; do
  if [ "$database" = postgresql ]; then cluster; fi
  for count in $people; do
    for mail in $mails; do
      run=$((run + 1))
      if [ "$database" = sqlite ]; then
        export REVEILLE__DATABASE__URL="sqlite:$work/storm$run.db"
      else
        as_postgres psql -q -h "$work/cluster" -U postgres -c "create database storm$run"
        export REVEILLE__DATABASE__URL="postgresql://postgres@localhost/storm$run?host=$work/cluster"
      fi
      directory "$count" >"$work/storm.toml"
      "$reveille" apply "$work/storm.toml" >/dev/null
      KEY="$("$reveille" key create --organization storm --name storm --scope admin)"
      export KEY PEOPLE_COUNT="$count"
      mail "$mail"
      "$reveille" serve >"$work/log" 2>&1 &
      pids+=($!)
      up
      : >"$work/figures"
      for window in $(seq "$windows"); do
        MODE=people RUN="$run-$window" wrk -t2 -c64 -d3s --latency -s scripts/bench.lua \
          http://127.0.0.1:18080/incidents/create | sed -n 's/^figures //p' >>"$work/figures"
      done
      awk -v what="$database, $count people, mail $mail" '
        { rates = rates sprintf(" %d·%d", $1, $3); errors += $5
          if (NR == 1) first = $1
          if (NR == 1 || $1 < worst) worst = $1
          if ($3 > slow) slow = $3; last = $1 }
        END { printf "%-40s first %d, worst %d, last %d a second; worst to first %.2f; worst p99 %d ms; errors %d\n  each a second · p99 ms:%s\n",
                what, first, worst, last, worst / first, slow, errors, rates }' "$work/figures"
      stop
    done
  done
done
