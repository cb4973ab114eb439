# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --require-hashes

.PHONY: demo test bench fuzz coverage-map lock format setup setup-test clean
.DELETE_ON_ERROR:

demo: setup
	@$(BIN)/python -m tools.zinc demo $(if $(ONCE),--once)

test: setup setup-test
	@$(BIN)/python -m tools.check

bench: setup setup-test .venv-bench/.installed
	@$(BIN)/python -m tools.bench

# Other cards each time; what is printed first makes the same ones again
fuzz: setup-test
	@$(BIN)/python -m tests.fuzz

coverage-map: setup-test
	@$(BIN)/python -m tools.coverage_map

format: setup-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: .venv/.installed
setup-test: .venv/.installed-test

.venv/.installed: requirements.lock
	@echo "setting up .venv (once)" >&2
	@$(PYTHON) -m venv .venv
	@$(PIP) -r requirements.lock
	@touch $@

.venv/.installed-test: .venv/.installed requirements-test.lock requirements-build.lock requirements-pcsc.lock tools/install_test_parts.sh
	@$(PIP) -r requirements-test.lock
	@sh tools/install_test_parts.sh
	@touch $@

# Apart: the package that we measure beside has our name, and asks for old versions of what we use
.venv-bench/.installed: requirements-bench.lock
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/pip --disable-pip-version-check install --quiet --require-hashes --no-deps -r requirements-bench.lock
	@touch $@

# Versions and hashes for every platform, no addresses; needs `pip install uv` in the environment of whoever locks
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock:
	$(LOCK) requirements.in -o requirements.lock
	$(LOCK) requirements-test.in -o requirements-test.lock
	$(LOCK) requirements-build.in -o requirements-build.lock
	$(LOCK) requirements-pcsc.in -o requirements-pcsc.lock
	$(LOCK) --no-deps requirements-bench.in -o requirements-bench.lock

clean:
	rm -rf .venv build
