#!/usr/bin/env bash
# Measures administration and sign-in with 1,000 people and 200 routines: reads and changes, whether the answer to a wrong password
# tells who there is, and what 200 wrong passwords a second cost whoever creates incidents and is paged. On SQLite, or on the
# database of DATABASE_URL. PARTS ("administration sign-ins guesses") and SECONDS_EACH (10) say what and how long; REVEILLE names
# another program to measure. Needs Debian's wrk; figures are of this machine only: compare those of one run.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/measuring.sh
export REVEILLE__DATABASE__URL="${DATABASE_URL:-sqlite:$work/reveille.db}"
export REVEILLE__SERVER__PUBLIC_URL=http://localhost:18080
export REVEILLE__SERVER__TRUSTED_PROXIES=127.0.0.1/32 REVEILLE__EGRESS__ALLOW=127.0.0.1/32
{
  printf '[organization]\nname = "bench"\n'
  for n in $(seq 0 999); do
    printf '\n[[user]]\nusername = "p%s"\nwebhook = { url = "http://127.0.0.1:18082/", secrets = ["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"] }\n' "$n"
  done
  for n in $(seq 0 199); do
    printf '\n[[routine]]\nname = "r%s"\ntimezone = "Europe/Berlin"\n[[routine.routine_layers]]\n' "$n"
    printf 'valid_start = "2026-01-05"\nrotation_start = "09:00:00"\nrotation_frequency = 7\n'
    printf 'rotations = [["p%s"], ["p%s"], ["p%s"], ["p%s"]]\n' "$n" $((n + 200)) $((n + 400)) $((n + 600))
    printf '\n[[escalation_policy]]\nname = "e%s"\n' "$n"
    printf 'levels = [{ minutes = 10, routines = ["r%s"] }, { minutes = 30, routines = ["r%s"] }]\n' "$n" $(((n + 1) % 200))
    printf '\n[[service]]\nname = "s%s"\nescalation_policy = "e%s"\n' "$n" "$n"
  done
} >"$work/bench.toml"
"$reveille" apply "$work/bench.toml" >/dev/null
sed -n 's/^name = "\([rs][0-9]*\|e[0-9]*\)"$/\1/p' "$work/bench.toml" | xargs "$reveille" release --organization bench >/dev/null
sed -n 's/^username = "\(.*\)"$/\1/p' "$work/bench.toml" | xargs "$reveille" release --organization bench >/dev/null
KEY="$("$reveille" key create --organization bench --name bench --scope admin)"
path="$("$reveille" setup-link --organization bench --user p0 | sed -n 's|.*\(/app/setup/[^ ]*\).*|\1|p')"
"$reveille" serve &
server=$!
pids+=("$server")
up 18080
SERVICE="$(first_service "$KEY")"
export KEY SERVICE
python3 scripts/people.py 127.0.0.1:18080 "$KEY" "$server" "$path" "${SECONDS_EACH:-10}" "${PARTS:-administration sign-ins guesses}"
