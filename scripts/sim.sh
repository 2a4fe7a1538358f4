#!/usr/bin/env bash
# Plays simulated nights on call and watches every promise (docs/simulation.md).
#
#   bash scripts/sim.sh          SEEDS nights (1000) of ACTIONS actions (400) from FIRST (1) on, on all cores; prints seeds
#                                a minute, and keeps seeds that fail in crates/checks/src/world/seeds.txt
#   bash scripts/sim.sh SEED     that night, with all that happens in it; DATABASE=postgresql plays it there
set -euo pipefail
cd "$(dirname "$0")/.."

actions=${ACTIONS:-400}
kept=crates/checks/src/world/seeds.txt
cargo build --quiet --release --locked --package checks --example sim
program=${CARGO_TARGET_DIR:-target}/release/examples/sim

if [ $# -gt 0 ]; then
    exec "$program" seed "$1" "$actions" "${DATABASE:-sqlite}"
fi

seeds=${SEEDS:-1000}
first=${FIRST:-1}
cores=$(nproc)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
began=$(date +%s%N)
# A few seeds at a time, so that no core waits for another at the end.
seq "$first" 10 $((first + seeds - 1)) |
    xargs -P "$cores" -I{} sh -c '
        last=$(($3 + $4 - 1)); count=10
        [ $(({} + 9)) -le "$last" ] || count=$((last - {} + 1))
        "$1" {} "$count" "$5" >"$2/{}" 2>"$2/{}.errors" || true
        tail -n 1 "$2/{}" | grep -q "seeds from" || echo "FAILED {} (the program ended early)" >>"$2/{}"
    ' sh "$program" "$out" "$first" "$seeds" "$actions"
milliseconds=$((($(date +%s%N) - began) / 1000000))
cat "$out"/* | grep -v 'seeds from' || true

failed=$(cat "$out"/* | sed -n 's/^FAILED \([0-9]*\).*/\1/p' | sort -n)
for seed in $failed; do
    grep -q "^$seed\b" "$kept" || echo "$seed" >>"$kept"
done
echo "$seeds seeds of $actions actions in $((milliseconds / 1000)) s, $((seeds * 60000 / milliseconds)) a minute on $cores cores, $(echo "$failed" | grep -c . || true) broke a promise"
[ -z "$failed" ]
