#!/usr/bin/env bash
# Measures the console: what a first visit weighs, how long the server takes for each page with FILL (100000) incidents stored, and
# what 500 open pages cost while 1,000 incidents come in. On SQLite, or on the database of DATABASE_URL. Needs Debian's wrk;
# figures are of this machine only. SECONDS_EACH (10) is the length of the load of each page.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/measuring.sh
export REVEILLE__DATABASE__URL="${DATABASE_URL:-sqlite:$work/reveille.db}"
export REVEILLE__SERVER__PUBLIC_URL=http://localhost:18080
{
  printf '[organization]\nname = "bench"\n'
  for user in ana ben $(seq -f 'p%g' 200); do printf '\n[[user]]\nusername = "%s"\nemail = "%s@example.com"\n' "$user" "$user"; done
  printf 'role = "owner"\n' | sed 's/^/\n[[user]]\nusername = "olga"\nemail = "olga@example.com"\n/'
  printf '\n[[routine]]\nname = "weekly"\ntimezone = "Europe/Berlin"\n[[routine.routine_layers]]\n'
  printf 'valid_start = "2026-01-05"\nrotation_start = "09:00:00"\nrotation_frequency = 7\n'
  printf 'rotations = [["ana"], ["ben"], ["p1"], ["p2"]]\n'
  printf '\n[[escalation_policy]]\nname = "primary"\nlevels = [{ minutes = 10080, routines = ["weekly"] }]\n'
  for service in db $(seq -f 's%g' 100); do printf '\n[[service]]\nname = "%s"\nescalation_policy = "primary"\n' "$service"; done
} >"$work/bench.toml"
"$reveille" apply "$work/bench.toml" >/dev/null
KEY="$("$reveille" key create --organization bench --name bench --scope admin)"
path="$("$reveille" setup-link --organization bench --user olga | sed -n 's|.*\(/app/setup/[^ ]*\).*|\1|p')"
"$reveille" serve &
server=$!
pids+=("$server")
up 18080
SERVICE="$(first_service "$KEY")"
export KEY SERVICE
run=0
while [ "$(newest)" -lt "${FILL:-100000}" ]; do
  run=$((run + 1))
  MODE=create RUN=$run wrk -t2 -c64 -d5s -s scripts/bench.lua http://127.0.0.1:18080/create >/dev/null
done
echo "$(newest) incidents stored"
python3 scripts/pages.py 127.0.0.1:18080 "$KEY" "$path" "$server" "${SECONDS_EACH:-10}"
