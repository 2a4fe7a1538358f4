#!/usr/bin/env bash
# Kills the real program again and again with kill -9, under load, over one database that grows, and compares what was
# answered with what is there, and who was to be paged with who was. Ends with a table, and fails at any loss.
#   scripts/crash.sh --rounds N --database sqlite|postgresql [--seed S] [--end-leases]
#   scripts/crash.sh --nodes 2 --rounds N --database postgresql   two nodes; every five seconds one is killed
#   scripts/crash.sh --due N --database sqlite|postgresql         so many incidents that come due at once
# --end-leases: at the end, do not wait for the minute after which PostgreSQL's nodes take over from one that died.
# CRASH_PROFILE=debug takes the debug build, which is there after the tests. Needs scripts/prepare.sh to have been run.
set -euo pipefail
cd "$(dirname "$0")/.."

profile="${CRASH_PROFILE:-release}"
case "$profile" in
  release) options=(--release --package checks) ;;
  # As the tests are built, so that no dependency is built anew.
  debug) options=(--workspace --test all) ;;
  *) echo "CRASH_PROFILE is release or debug" >&2; exit 2 ;;
esac
# The program itself is built by the example, in the same profile, so that it is never a stale one.
cargo build "${options[@]}" --locked --quiet --example crash
exec "target/$profile/examples/crash" "$@"
