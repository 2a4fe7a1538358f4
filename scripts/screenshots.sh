#!/usr/bin/env bash
# Takes pictures of the console's pages on a phone and on a desk, by day and by night, into docs/console; or of the pages that are
# named into the folder FOLDER. Needs scripts/prepare.sh to have been run.
#   scripts/screenshots.sh [PAGE...]     such as: scripts/screenshots.sh now incidents/4 'routines/payments?days=14'
set -euo pipefail
cd "$(dirname "$0")/.."
pages=("$@")
[ "${#pages[@]}" -gt 0 ] || pages=(now incidents incidents/4 on-call routines/payments services/checkout
  integrations/prometheus people policies/primary edit/services/checkout me me/when audit edit/escalation-policies/primary)
cargo build --workspace --locked --quiet --example screenshots --test all
exec target/debug/examples/screenshots "${FOLDER:-docs/console}" "${pages[@]}"
