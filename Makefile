# make run   builds Promograph (with Node.js also its playground) and serves on SQLite
# make test  runs all tests, on SQLite and on a PostgreSQL of their own
# make bench measures how fast webhooks are kept and applied, make soak whether memory stays flat (bench/README.md)
# make check is what has to be clean besides: format, lints, schema file, documentation
# make audit looks for known faults, licences and sources of the dependencies (needs cargo-deny and its list of advisories)

.PHONY: run test bench soak check audit

run:
	cargo run --release --locked -- serve

test:
	./scripts/test

bench:
	cargo build --release --locked
	cargo run --release --locked -p promograph-bench -- rates

soak:
	cargo build --release --locked
	cargo run --release --locked -p promograph-bench -- soak
	cargo run --release --locked -p promograph-bench -- outage

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo run --quiet --locked -- schema --check schema.graphql
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked

audit:
	@cargo deny --version >/dev/null 2>&1 || { echo 'make audit needs cargo-deny: cargo install cargo-deny --locked' >&2; exit 1; }
	cargo deny --workspace --locked check
