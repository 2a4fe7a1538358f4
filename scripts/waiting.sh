#!/usr/bin/env bash
# Prints what commands and other people's pages cost while WAIT (200000) pages wait for one person, on each of DATABASES
# ("sqlite postgresql"): see waiting.py. REVEILLE names another program to measure. Needs what scripts/prepare.sh installs, and
# Debian's wrk. Figures are of the machine that they were taken on, callers and mail server included.
set -euo pipefail
cd "$(dirname "$0")/.."
wait="${WAIT:-200000}"
databases="${DATABASES:-sqlite postgresql}"

command -v wrk >/dev/null || { echo "waiting.sh needs Debian's package wrk" >&2; exit 1; }
[ -x target/python/bin/python ] || bash scripts/prepare.sh
if [ -z "${REVEILLE:-}" ]; then cargo build --release --locked -q -p server --bin reveille; fi
reveille="${REVEILLE:-target/release/reveille}"
work="$(mktemp -d /tmp/reveille-waiting.XXXXXX)"
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

cat >"$work/waiting.toml" <<'T'
[organization]
name = "waiting"

[[user]]
username = "p0"
email = "p0@example.com"

[[user]]
username = "ana"

[[user]]
username = "nobody"

[[user]]
username = "hook"
[user.webhook]
url = "http://127.0.0.1:18082/"
secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
T

export REVEILLE__SERVER__LISTEN=127.0.0.1:18080 REVEILLE__SERVER__PUBLIC_URL=http://127.0.0.1:18080
export REVEILLE__LIMITS__RATE_PER_SECOND=0 REVEILLE__LOG__LEVEL=error REVEILLE__EGRESS__ALLOW='["127.0.0.0/8"]'
export REVEILLE__SMTP__HOST=127.0.0.1 REVEILLE__SMTP__PORT=18025 REVEILLE__SMTP__SECURITY=none
export REVEILLE__SMTP__FROM=reveille@example.com

for database in $databases; do
  if [ "$database" = sqlite ]; then
    export REVEILLE__DATABASE__URL="sqlite:$work/waiting.db"
  else
    mkdir "$work/cluster" && chmod 755 "$work"
    if [ "$(id -u)" = 0 ]; then chown postgres "$work/cluster"; fi
    as_postgres "$programs/initdb" -D "$work/cluster" -U postgres -A trust -E UTF8 --locale=C >/dev/null
    as_postgres "$programs/pg_ctl" -D "$work/cluster" -l "$work/cluster/log" -w \
      -o "-k $work/cluster -c listen_addresses= -c shared_buffers=256MB" start >/dev/null
    export REVEILLE__DATABASE__URL="postgresql://postgres@localhost/postgres?host=$work/cluster"
  fi
  "$reveille" apply "$work/waiting.toml" >/dev/null
  KEY="$("$reveille" key create --organization waiting --name waiting --scope admin)"
  export KEY PEOPLE_COUNT=1
  "$reveille" serve >"$work/log" 2>&1 &
  pids+=($!)
  until curl -s -o /dev/null http://127.0.0.1:18080/healthz; do :; done
  echo "$database"
  coproc callers { target/python/bin/python scripts/waiting.py 127.0.0.1:18080 "$KEY"; }
  callers_pid="$callers_PID"
  pids+=("$callers_pid")
  exec {answers}<&"${callers[0]}" {orders}>&"${callers[1]}"
  read -r _ <&"$answers"
  made=0
  while [ "$made" -lt "$wait" ]; do
    more="$(MODE=people RUN="fill-$made" wrk -t2 -c64 -d2s --latency -s scripts/bench.lua http://127.0.0.1:18080/incidents/create |
      sed -n 's/^ *\([0-9]*\) requests in .*/\1/p')"
    made=$((made + more))
  done
  echo "$made created for one person"
  echo go >&"$orders"
  cat <&"$answers"
  wait "$callers_pid" || true
  exec {answers}<&- {orders}>&-
  stop
done
