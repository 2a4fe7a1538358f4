# Short names for commands that also work without just.

# Start the program: `just run demo`, `just run serve --config reveille.toml`.
run *arguments:
    cargo run -- {{arguments}}

# The demo, as the README shows it: a minute of the night passes in a second.
demo:
    cargo run --release -- demo --speed 60

# Everything that must hold, on SQLite and PostgreSQL, with real peers.
test:
    bash scripts/test.sh

# What a change must pass before it is looked at: format, lints, house rules.
check:
    cargo fmt --all -- --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test -p checks --test all -- tidy

# Write what is seen into the stories, to be reviewed as a change of behaviour.
stories:
    REVEILLE_WRITE_STORIES=1 cargo test -p checks --test all -- stories

# Simulated nights on call: a thousand seeds, or one with all that happens in it.
sim *seed:
    bash scripts/sim.sh {{seed}}

# Creates a second, beside a bare server with the same insert.
bench:
    bash scripts/bench.sh

# Write the generated documents: docs/errors.md and docs/openapi.json.
docs:
    REVEILLE_WRITE_DOCS=1 cargo test -p web --test documents
