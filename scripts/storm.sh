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

source scripts/measuring.sh
mail_of_18025

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
    hangs) silent_mail ;;
    refuses) ;;
  esac
}

directory() { # PEOPLE: one policy for each
  printf '[organization]\nname = "storm"\n'
  for number in $(seq 0 $(($1 - 1))); do
    printf '[[user]]\nusername = "p%s"\nemail = "p%s@example.com"\n' "$number" "$number"
  done
}

run=0
for database in $databases; do
  if [ "$database" = postgresql ]; then cluster; fi
  for count in $people; do
    for mail in $mails; do
      run=$((run + 1))
      if [ "$database" = sqlite ]; then
        export REVEILLE__DATABASE__URL="sqlite:$work/storm$run.db"
      else
        REVEILLE__DATABASE__URL="$(database "storm$run")"
        export REVEILLE__DATABASE__URL
      fi
      directory "$count" >"$work/storm.toml"
      "$reveille" apply "$work/storm.toml" >/dev/null
      KEY="$("$reveille" key create --organization storm --name storm --scope admin)"
      export KEY PEOPLE_COUNT="$count"
      mail "$mail"
      "$reveille" serve >"$work/log" 2>&1 &
      pids+=($!)
      up 18080
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
