#!/usr/bin/env bash
# Fuzzes a server of its own from the OpenAPI document that it serves; whatever the document does not promise fails.
# FUZZ_SEED, FUZZ_EXAMPLES (for each operation and phase) and FUZZ_SECONDS (for sequences of requests) vary it;
# arguments go on to schemathesis' first run.
# Needs target/debug/reveille, and scripts/prepare.sh to have been run.
set -euo pipefail
cd "$(dirname "$0")/.."

seed="${FUZZ_SEED:-1}"
examples="${FUZZ_EXAMPLES:-15}"
seconds="${FUZZ_SECONDS:-20}"
root="$PWD"
folder="$(mktemp -d)"
started=()
finish() {
  for process in "${started[@]}"; do
    kill -KILL "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap finish EXIT

fail() {
  echo "scripts/fuzz.sh: $1" >&2
  if [ -s "$folder/log" ]; then
    echo "the end of the server's log:" >&2
    tail -n 20 "$folder/log" >&2
  fi
  exit 1
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# People can be reached, so that incidents go through the whole of their lives: by a real mail server that keeps nothing.
mail_port="$(free_port)"
target/python/bin/python -m aiosmtpd -n -l "127.0.0.1:$mail_port" -c aiosmtpd.handlers.Sink >"$folder/mail" 2>&1 &
started+=("$!")

port="$(free_port)"
url="http://127.0.0.1:$port"
export REVEILLE__SERVER__LISTEN="127.0.0.1:$port" REVEILLE__DATABASE__URL="sqlite:$folder/reveille.db"
export REVEILLE__LIMITS__RATE_PER_SECOND=0 REVEILLE__LOG__FORMAT=json
export REVEILLE__SMTP__HOST=127.0.0.1 REVEILLE__SMTP__PORT="$mail_port" REVEILLE__SMTP__SECURITY=none
export REVEILLE__SMTP__FROM="Reveille <reveille@example.com>"
# The demo, with routines, a heartbeat and somebody who has every contact.
mkdir "$folder/directory"
cp examples/demo.toml crates/checks/src/harness/routines.toml "$folder/directory"
printf '[[heartbeat]]\nname = "backup"\nusers = ["ana"]\nevery_seconds = 3600\n' >"$folder/directory/heartbeats.toml"
target/debug/reveille apply "$folder/directory" >"$folder/applied"
key="$(target/debug/reveille key create --organization demo --name fuzz --scope admin)"
target/debug/reveille serve 2>"$folder/log" &
server=$!
started+=("$server")
curl -sS --fail --output /dev/null --retry 120 --retry-delay 1 --retry-connrefused "$url/healthz" 2>"$folder/curl" ||
  fail "the server did not begin to listen"

# What exists is told to the fuzzer, or it would hardly ever guess an id, and only see requests refused with 404.
python3 scripts/fuzz_dictionaries.py "$url" "$key" "$folder/integration" >"$folder/schemathesis.toml" || fail "incidents could not be prepared"

export SCHEMATHESIS_HOOKS="$root/scripts/fuzz_hooks.py" PYTHONDONTWRITEBYTECODE=1
run() {
  local authorization="$1"
  shift
  (cd "$folder" && "$root/target/python/bin/schemathesis" --config-file "$folder/schemathesis.toml" \
    run "$url/openapi.json" --header "Authorization: $authorization" --checks all --seed "$seed" \
    --max-examples "$examples" --generation-database none --continue-on-failure --no-color "$@") ||
    fail "the fuzzer found something, or could not run (seed $seed, $examples examples)"
}
# What monitoring tools speak to is asked with the key of an integration, further below.
others=()
for tag in senders events alerts heartbeats; do
  others+=(--exclude-tag "$tag")
done
# What is tried out, who is asked in, a period, a layer and what is a person's own have rules which no schema tells: what the schema allows may be refused.
# Sessions end as a whole, and are read afterwards as none: a sequence would take what is ended for what is gone.
ruled=()
for operation in end-sessions {try,test}-integration try-routing-rules invite my-shifts maintenance-occurrences \
  {cover-candidates,ask-for-cover,answer-cover} set-{contact,notification-rules} remove-contact {add,replace,change,remove}-{layer,exception}; do
  ruled+=(--exclude-operation-id "$operation")
done
run "token $key" --phases examples,coverage,fuzzing,stateful "${others[@]}" --exclude-tag directory "${ruled[@]}" "$@"
run "token $key" --phases examples,coverage,fuzzing --exclude-checks positive_data_acceptance "${ruled[@]/exclude/include}"
# Sequences of requests once more: the fuzzer begins them with `create` only where no other operation seems a surer
# beginning, and from these two it comes to a few of the links only.
run "token $key" --phases stateful --exclude-operation-id list-incidents --exclude-operation-id alerts \
  "${ruled[@]}" --max-time "$seconds" --exclude-tag directory \
  "${others[@]}"
# What comes from monitoring tools is read leniently: what the schema does not allow need not be refused.
run "GenieKey $(cat "$folder/integration")" --phases examples,coverage,fuzzing --exclude-checks negative_data_rejection \
  "${others[@]/exclude/include}"

# Components have the rules of the directory file, too. They come last, because what the runs before need may be removed; and the
# fuzzer's own key must stay.
examples=$((examples / 4 + 1))
run "token $key" --phases examples,fuzzing --exclude-checks positive_data_acceptance --include-tag directory \
  --exclude-operation-id revoke-key

kill -0 "$server" 2>/dev/null || fail "the server is gone"
if grep -e '"level":"ERROR"' -e panicked "$folder/log" >&2; then
  fail "the server's log has errors"
fi
curl -sS --fail "$url/readyz" >"$folder/ready" || fail "the server is not ready afterwards: $(cat "$folder/ready")"
kill -TERM "$server"
code=0
wait "$server" || code=$?
[ "$code" -eq 0 ] || fail "after SIGTERM the server ended with $code"
echo "scripts/fuzz.sh: nothing found (seed $seed, $examples examples)"
