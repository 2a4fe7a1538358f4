# Runs a throw-away PostgreSQL in the directory $1 until standard input ends, which it does even when the test is killed.
# $2 is the folder of PostgreSQL's programs, $3 are further settings, $4 is the folder of a certificate, if it has one. Says "ready" when the server accepts. Then takes one
# word a line, and says "done" or "failed" after it: start, stop, freeze, thaw, demote, promote.
# A closed pipe means the test was killed while the server started: stop it all the same.
trap '' INT TERM HUP PIPE
as_owner=""
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    chown postgres "$1" && as_owner="runuser -u postgres --" || exit 1
fi
control() { # COMMAND [OPTION...]: pg_ctl
    command="$1"
    shift
    $as_owner "$programs/pg_ctl" -D "$place/data" "$@" "$command" >"$place/$command.log" 2>&1 </dev/null
}
start() {
    control start -l "$place/server.log" -w -t 120 -o "-k '$place' -c listen_addresses= -c max_connections=300 \
        -c shared_buffers=64MB -c fsync=off -c full_page_writes=off $settings"
}
signal() { # NAME: to the server and all that it started
    server="$(head -n 1 "$place/data/postmaster.pid")"
    kill -"$1" "$server" $(ps -o pid= --ppid "$server")
}
obey() {
    case "$1" in
    start) start ;;
    stop) control stop -m immediate ;;
    freeze) signal STOP ;;
    thaw) signal CONT ;;
    demote) control stop -m fast && $as_owner touch "$place/data/standby.signal" && start ;;
    promote) control promote -w ;;
    *) false ;;
    esac
}
place="$1" programs="$2" settings="$3"
cd "$1" || exit 1
if [ -n "${4-}" ]; then
    cp "$4/server.crt" "$4/server.key" "$1" && chmod 600 "$1/server.key" || exit 1
    [ -z "$as_owner" ] || chown postgres "$1/server.crt" "$1/server.key" || exit 1
fi
if $as_owner "$2/initdb" -D "$1/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$1/initdb.log" 2>&1 </dev/null &&
    start; then
    echo ready
    while read -r word; do
        if obey "$word"; then echo done; else echo failed; fi
    done
else
    cat "$1"/*.log >&2
fi
signal CONT 2>/dev/null
control stop -m immediate
rm -rf "$1"
