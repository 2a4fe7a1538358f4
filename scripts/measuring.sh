# What the scripts that measure share; they source it. It builds the program, or takes that of REVEILLE, and gives a folder $work that
# is removed at the end, with all that runs: processes in `pids`, and the PostgreSQL server of `cluster`.
# shellcheck shell=bash
script="$(basename "$0")"
command -v wrk >/dev/null || { echo "$script needs Debian's package wrk" >&2; exit 1; }
[ -x target/python/bin/python ] || bash scripts/prepare.sh
# `also` names what else is to be built, in the same go, since another choice of packages would build all of it anew.
if [ -z "${REVEILLE:-}" ]; then cargo build --release --locked -q -p server --bin reveille ${also[@]+"${also[@]}"}; fi
reveille="${REVEILLE:-$PWD/target/release/reveille}"
work="$(mktemp -d "/tmp/reveille-${script%.sh}.XXXXXX")"
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

up() { # PORT: returns once http://127.0.0.1:PORT/healthz answers, or fails after many tries
  for _ in $(seq 2000); do
    if curl -s -o /dev/null "http://127.0.0.1:$1/healthz"; then return 0; fi
  done
  echo "nothing listens on port $1" >&2
  return 1
}

# A mail server that accepts connections and never answers: notifications are queued and claimed as always, and
# delivery itself costs the measured server next to nothing.
silent_mail() {
  python3 - <<'P' &
import socket
listener = socket.create_server(("127.0.0.1", 18025), backlog=512)
held = []
while True:
    held.append(listener.accept())
P
  pids+=($!)
}

cluster() { # a durable PostgreSQL server
  mkdir "$work/cluster" && chmod 755 "$work"
  if [ "$(id -u)" = 0 ]; then chown postgres "$work/cluster"; fi
  as_postgres "$programs/initdb" -D "$work/cluster" -U postgres -A trust -E UTF8 --locale=C >/dev/null
  as_postgres "$programs/pg_ctl" -D "$work/cluster" -l "$work/cluster/log" -w \
    -o "-k $work/cluster -c listen_addresses= -c shared_buffers=256MB" start >/dev/null
}
database() { # NAME: makes a database of the cluster, and prints its URL
  as_postgres psql -q -h "$work/cluster" -U postgres -c "create database $1"
  echo "postgresql://postgres@localhost/$1?host=$work/cluster"
}

first_service() { # KEY: the id of the first service
  curl -s -H "Authorization: token $1" http://127.0.0.1:18080/list/services |
    python3 -c 'import json,sys; services = json.load(sys.stdin); print(services[0]["ref_id"] if services else "none")'
}
newest() { # the number of the newest incident, 0 where there is none; by the key in KEY
  curl -s -H "Authorization: token $KEY" -d '{"limit": 1}' http://127.0.0.1:18080/incidents/list |
    python3 -c 'import json,sys; print((json.load(sys.stdin) or [{"organization_instance_id": 0}])[0]["organization_instance_id"])'
}

export REVEILLE__SERVER__LISTEN=127.0.0.1:18080 REVEILLE__LIMITS__RATE_PER_SECOND=0 REVEILLE__LOG__LEVEL=error
if curl -s -o /dev/null http://127.0.0.1:18080/healthz; then echo "something listens on port 18080" >&2; exit 1; fi
mail_of_18025() { # where the measured server sends mail
  export REVEILLE__SMTP__HOST=127.0.0.1 REVEILLE__SMTP__PORT=18025 REVEILLE__SMTP__SECURITY=none
  export REVEILLE__SMTP__FROM=reveille@example.com
}
