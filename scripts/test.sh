#!/usr/bin/env bash
# Everything that must hold: format, lints, all tests on SQLite and PostgreSQL with real peers, and the fuzzer.
# Installs what it needs. Any failure ends it with a non-zero exit code.
set -euo pipefail
cd "$(dirname "$0")/.."
# What is built once and never again is built faster without what the next build would use.
[[ -d target/debug ]] || export CARGO_INCREMENTAL=0

step() {
  printf '\n== %s (%s s)\n' "$1" "$SECONDS"
}

step "prepare"
bash scripts/prepare.sh
step "format"
cargo fmt --all -- --check
step "lints"
cargo clippy --workspace --all-targets --locked -- -D warnings
step "build"
# With everything that tests ask of dependencies, so that none is built twice.
cargo build --workspace --bins --examples --tests --locked
step "tests"
# Most of them wait for programs, databases and disks: two for each core keep it busy.
RUST_TEST_THREADS="${RUST_TEST_THREADS:-$((2 * $(nproc)))}" cargo test --workspace --locked
step "the API's own examples, against the demo"
bash scripts/lifecycle.sh
step "crashes of the real binary"
for database in sqlite postgresql; do
  CRASH_PROFILE=debug bash scripts/crash.sh --rounds 15 --database "$database" --end-leases
done
step "fuzz from the served OpenAPI document"
bash scripts/fuzz.sh
step "done"
