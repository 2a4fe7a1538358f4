#!/usr/bin/env bash
# Prints what commands and other people's pages cost while WAIT (200000) pages wait for one person, on each of DATABASES
# ("sqlite postgresql"): see waiting.py. REVEILLE names another program to measure. Needs what scripts/prepare.sh installs, and
# Debian's wrk. Figures are of the machine that they were taken on, callers and mail server included.
set -euo pipefail
cd "$(dirname "$0")/.."
wait="${WAIT:-200000}"
databases="${DATABASES:-sqlite postgresql}"

source scripts/measuring.sh
mail_of_18025

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

export REVEILLE__SERVER__PUBLIC_URL=http://127.0.0.1:18080 REVEILLE__EGRESS__ALLOW='["127.0.0.0/8"]'

for database in $databases; do
  if [ "$database" = sqlite ]; then
    export REVEILLE__DATABASE__URL="sqlite:$work/waiting.db"
  else
    cluster
    REVEILLE__DATABASE__URL="$(database waiting)"
    export REVEILLE__DATABASE__URL
  fi
  "$reveille" apply "$work/waiting.toml" >/dev/null
  KEY="$("$reveille" key create --organization waiting --name waiting --scope admin)"
  export KEY PEOPLE_COUNT=1
  "$reveille" serve >"$work/log" 2>&1 &
  pids+=($!)
  up 18080
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
