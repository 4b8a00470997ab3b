.DEFAULT_GOAL := help
.PHONY: help run test test-long unit fmt lint check audit bench bench-reads soak screenshots house

help: ## Lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Builds the server (with Node.js also its pages) and serves on SQLite
	cargo run --release --locked -- serve

test: ## Runs all tests, on SQLite and on a PostgreSQL of their own
	./scripts/test

test-long: ## Runs the generated tests for longer: documents, figures, events, crashes (about an hour)
	PROMOGRAPH_TEST_ORACLE_DOCUMENTS=6667 PROMOGRAPH_TEST_FIGURES_QUERIES=700 PROMOGRAPH_TEST_FUZZ=20 PROMOGRAPH_TEST_CRASH_ROUNDS=20 ./scripts/test --test it -- oracle figures fuzz crash

unit: ## Runs the unit tests alone, in seconds
	cargo test --locked --workspace --lib

fmt: ## Formats the code
	cargo fmt --all

lint: ## Looks for what clippy finds
	cargo clippy --workspace --all-targets --locked -- -D warnings

check: lint ## Format, lints, generated files, documentation; audit if cargo-deny is installed
	cargo fmt --all --check
	cargo run --quiet --locked -- schema --check schema.graphql
	cargo run --quiet --locked -- settings --check docs/settings.md
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked
	@if cargo deny --version >/dev/null 2>&1; then $(MAKE) --no-print-directory audit; else echo 'audit left out: cargo-deny is not installed'; fi

audit: ## Looks for known vulnerabilities, licences and sources of the dependencies (needs cargo-deny)
	@cargo deny --version >/dev/null 2>&1 || { echo 'make audit needs cargo-deny: cargo install cargo-deny --locked' >&2; exit 1; }
	cargo deny --workspace --locked check

bench: ## Measures how fast webhooks are stored and applied (bench/README.md)
	cargo build --release --locked
	cargo run --release --locked -p promograph-bench -- rates

bench-reads: ## Measures GraphQL beside PostGraphile and a hand-written server (needs wrk and npm)
	cargo build --release --locked
	cargo build --release --locked -p promograph-bench -p promograph-limit
	npm ci --prefix bench/postgraphile --no-audit --no-fund --loglevel error
	target/release/promograph-bench reads --write

soak: ## Measures whether memory stays flat, and an outage of the database
	cargo build --release --locked
	cargo run --release --locked -p promograph-bench -- soak
	cargo run --release --locked -p promograph-bench -- outage

screenshots: ## Takes the pages' pictures for README and docs (needs Node.js and Chromium)
	cargo build --locked
	tests/browser/run target/debug/promograph screenshots

house: ## Measures the code: names, lines, files
	@scripts/house
