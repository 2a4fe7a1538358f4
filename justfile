# Short names for commands that also work without just.

# Start the server with the built-in configuration.
run *arguments:
    cargo run -- {{arguments}}

# Everything that can be tested on this machine.
test:
    cargo test --workspace

# What a change must pass before it is looked at: format, lints, house rules.
check:
    cargo fmt --all -- --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test -p checks --test all -- tidy

# The simulated world; with a seed, that one night again.
sim seed="":
    REVEILLE_SEED={{seed}} cargo test -p checks --test all -- simulation --nocapture

# The stories of promises.
stories:
    cargo test -p checks --test all -- stories

# Measurements.
bench:
    cargo bench --workspace

# The documentation of the code.
docs:
    cargo doc --workspace --no-deps
