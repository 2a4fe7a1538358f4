# Short names for commands that also work without just.

# Start the program: `just run demo`, `just run serve --config reveille.toml`.
run *arguments:
    cargo run -- {{arguments}}

# A night of the demo, as the README shows it: a minute passes in a second.
demo:
    cargo run --release -- demo --speed 60 --without-incidents --data ./reveille-night

# Everything that must hold, on SQLite and PostgreSQL, with real peers.
test:
    bash scripts/test.sh

# What a change must pass before it is looked at: format, lints, house rules.
check:
    cargo fmt --all -- --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test --workspace --test all -- tidy

# Write what is seen into the stories, to be reviewed as a change of behaviour.
stories:
    REVEILLE_WRITE_STORIES=1 cargo test --workspace --test all -- stories

# What the suite tries a little of, tried for long: whatever parses what comes from outside, with so many cases each.
fuzz-long cases="20000":
    PROPTEST_CASES={{cases}} cargo test --workspace --test all -- fuzz:: --test-threads=1
    PROPTEST_CASES={{cases}} cargo test -p server fuzz

# Simulated nights on call: a thousand seeds, or one with all that happens in it.
sim *seed:
    bash scripts/sim.sh {{seed}}

# Creates a second, beside a bare server with the same insert.
bench:
    bash scripts/bench.sh

# Creates a second in a storm, while the mail server works, refuses or hangs.
storm:
    bash scripts/storm.sh

# What commands and other people's pages cost while 200,000 pages wait for one person.
waiting:
    bash scripts/waiting.sh

# What pages of the console weigh and take, and what 500 open ones cost.
pages:
    bash scripts/pages.sh

# What administration and sign-in take, and what two hundred wrong passwords a second cost everything else.
people:
    bash scripts/people.sh

# Take the pictures of docs/console.
screenshots *pages:
    bash scripts/screenshots.sh {{pages}}

# Creates a second with one node and with two on one PostgreSQL.
bench-nodes:
    bash scripts/nodes.sh

# Kill the real program again and again: `just crash --rounds 1000 --database postgresql`.
crash *arguments:
    bash scripts/crash.sh {{arguments}}

# Licences, sources and known vulnerabilities of what other people wrote: cargo install cargo-deny --locked, once.
deny:
    cargo deny check

# Write the generated documents: docs/errors.md and docs/openapi.json.
docs:
    REVEILLE_WRITE_DOCS=1 cargo test --workspace --test documents
