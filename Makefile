# `make demo` and `make test` need only Python >= 3.11 (with venv), git and a Rust toolchain with rustfmt and clippy;
# everything else they install into .venv themselves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# cargo-nextest lands in .venv too when the machine has none, so a fresh machine is changed nowhere else.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo test quick lint format docs bench bench-startup bench-parse bench-scan bench-round-trip bench-main bench-labels bench-grouping bench-sizes bench-split bench-scaffolds bench-tests bench-tier bench-blocking coverage lock wheel tools nextest clean

help:
	@echo "make demo     set up, then audit -> branches on the bundled workspace (under two minutes)"
	@echo "make test     set up, then ruff, mypy and every test (some 15 minutes on two cores)"
	@echo "make quick    the same without the tests that run cargo on real code"
	@echo "make coverage the same tests with a report of the branches that they take, beside them in .coverage"
	@echo "make lock     write constraints.txt again: the newest development tools that pyproject.toml allows"
	@echo "make docs     write the generated parts of README.md again"
	@echo "make bench    the measurements of benchmarks/README.md"
	@echo "make wheel    build dist/*.whl"

demo: $(VENV)/.product tools
	$(BIN)/remediate demo

test: lint nextest
	$(BIN)/pytest -n 2

quick: lint nextest
	$(BIN)/pytest -n 2 -m "not slow"

# Not part of `make test`: tracing costs more than a sixth of its time.
coverage: lint nextest
	$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered

lint: $(VENV)/.dev tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: $(VENV)/.dev
	$(BIN)/python docs/generate.py

bench: bench-startup bench-parse bench-scan

bench-startup: $(VENV)/.product
	$(BIN)/python benchmarks/startup.py

bench-parse: $(VENV)/.product
	$(BIN)/python -m benchmarks.parse.coverage

bench-scan: $(VENV)/.product
	$(BIN)/python -m benchmarks.scan.speed

bench-round-trip: $(VENV)/.product
	$(BIN)/python -m benchmarks.scan.round_trip

bench-main: $(VENV)/.product
	$(BIN)/python -m benchmarks.main_job.run

bench-labels: $(VENV)/.product
	$(BIN)/python -m benchmarks.labels.blind
	$(BIN)/python -m benchmarks.labels.harness

bench-grouping: $(VENV)/.product
	$(BIN)/python -m benchmarks.grouping.run

bench-sizes: $(VENV)/.product
	$(BIN)/python -m benchmarks.sizes.run

bench-scaffolds: $(VENV)/.product
	$(BIN)/python -m benchmarks.scaffolds.run

bench-tests: $(VENV)/.product
	$(BIN)/python -m benchmarks.tests_moved.run

bench-tier: $(VENV)/.product
	$(BIN)/python -m benchmarks.tier.run

bench-blocking: $(VENV)/.product
	$(BIN)/python -m benchmarks.blocking.heartbeat
	$(BIN)/python -m benchmarks.blocking.labels
	$(BIN)/python -m benchmarks.blocking.history
	$(BIN)/python -m benchmarks.blocking.speed

bench-split: $(VENV)/.product
	$(BIN)/python -m benchmarks.split.run
	$(BIN)/python -m benchmarks.split.determinism

# Every development tool at one version, so that a gate says today what it said yesterday.
lock:
	rm -rf $(VENV)-lock
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(VENV)-lock/bin/python -m pip freeze --exclude-editable > constraints.txt
	rm -rf $(VENV)-lock

wheel: $(VENV)/.dev
	$(BIN)/python -m hatchling build -t wheel

# A missing tool is an error with a name, never a skipped check.
tools:
	@for tool in "git --version" "cargo --version" "rustfmt --version" "cargo clippy --version"; do \
	    $$tool >/dev/null 2>&1 || { echo "missing: '$$tool' does not work here; see README.md, Requirements" >&2; exit 2; }; \
	done

# The product works without nextest; the tests prove that it also works with it. A debug build compiles fastest.
nextest: tools
	@cargo nextest --version >/dev/null 2>&1 || CARGO_PROFILE_DEV_DEBUG=0 cargo install cargo-nextest --locked --debug --root $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "missing: Python 3.11 or newer ($(PYTHON))" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.product: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(VENV)/.product $@

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
