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
step "build, with lints"
# Clippy is the compiler here, of the workspace alone: what it has looked at is what the tests run, and nothing is read twice. The
# words between warnings and the next option are what clippy itself puts there.
RUSTC_WORKSPACE_WRAPPER="$(rustup which clippy-driver 2>/dev/null || command -v clippy-driver)"
export RUSTC_WORKSPACE_WRAPPER CLIPPY_ARGS="-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__"
# With everything that tests ask of dependencies, so that none is built twice.
cargo build --workspace --all-targets --locked
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
