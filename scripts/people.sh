#!/usr/bin/env bash
# Measures administration and sign-in with 1,000 people and 200 routines: reads and changes, whether the answer to a wrong password
# tells who there is, and what 200 wrong passwords a second cost whoever creates incidents and is paged. On SQLite, or on the
# database of DATABASE_URL. PARTS ("administration sign-ins guesses") and SECONDS_EACH (10) say what and how long; REVEILLE names
# another program to measure. Needs Debian's wrk; figures are of this machine only: compare those of one run.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v wrk >/dev/null || { echo "people.sh needs Debian's package wrk" >&2; exit 1; }
if [ -z "${REVEILLE:-}" ]; then cargo build --release --locked -q -p server --bin reveille; fi
reveille="${REVEILLE:-$PWD/target/release/reveille}"
work="$(mktemp -d /tmp/reveille-people.XXXXXX)"
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
export REVEILLE__DATABASE__URL="${DATABASE_URL:-sqlite:$work/reveille.db}"
export REVEILLE__SERVER__LISTEN=127.0.0.1:18080 REVEILLE__SERVER__PUBLIC_URL=http://localhost:18080
export REVEILLE__SERVER__TRUSTED_PROXIES=127.0.0.1/32 REVEILLE__EGRESS__ALLOW=127.0.0.1/32
export REVEILLE__LIMITS__RATE_PER_SECOND=0 REVEILLE__LOG__LEVEL=error
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
until curl -sf http://127.0.0.1:18080/readyz >/dev/null; do sleep 0.1; done
SERVICE="$(curl -s -H "Authorization: token $KEY" http://127.0.0.1:18080/list/services |
  python3 -c 'import json,sys; print(json.load(sys.stdin)[0]["ref_id"])')"
export KEY SERVICE
python3 scripts/people.py 127.0.0.1:18080 "$KEY" "$server" "$path" "${SECONDS_EACH:-10}" "${PARTS:-administration sign-ins guesses}"
