# Runs a throw-away PostgreSQL in the directory $1 until standard input ends, which it does even when the test is killed.
# $2 is the folder of PostgreSQL's programs. Says "ready" when the server accepts.
# A closed pipe means the test was killed while the server started: stop it all the same.
trap '' INT TERM HUP PIPE
as_owner=""
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    chown postgres "$1" && as_owner="runuser -u postgres --" || exit 1
fi
finish() {
    $as_owner "$2/pg_ctl" -D "$1/data" -m immediate stop >"$1/stop.log" 2>&1 </dev/null
    rm -rf "$1"
}
cd "$1" || exit 1
if $as_owner "$2/initdb" -D "$1/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$1/initdb.log" 2>&1 </dev/null &&
    $as_owner "$2/pg_ctl" -D "$1/data" -l "$1/server.log" -w -t 120 -o "-k '$1' -c listen_addresses= \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 \
        -c shared_buffers=64MB" start >"$1/start.log" 2>&1 </dev/null; then
    echo ready
    read -r _
else
    cat "$1"/*.log >&2
fi
finish "$1" "$2"
