# `make` builds the report, `make help` tells the rest. Whatever a target needs is installed into .venv
# first, from requirements.lock, and again when that or pyproject.toml has changed.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEST_PROGRAMS := $(VENV)/.test-programs

# For example: make PYTHON=python3.13
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q -q

# For example: make report ARGS="--edition print", make test ARGS="-k charts"
ARGS ?=

UV := uv==0.13.9

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := report
.PHONY: report test test-slow test-all fuzz lint format bench lock clean help

report: $(READY) ## build the report into out/ (the default)
	@$(BIN)/reportgen build $(ARGS)

test: $(READY) ## run the fast tests
	@$(BIN)/pytest -q -n auto --dist loadgroup -m "not slow" $(ARGS)

test-slow: $(READY) $(TEST_PROGRAMS) ## run the tests that `make test` leaves out
	@$(BIN)/pytest -q -n auto --dist loadgroup -m slow $(ARGS)

test-all: $(READY) $(TEST_PROGRAMS) ## run all tests
	@$(BIN)/pytest -q -n auto --dist loadgroup $(ARGS)

fuzz: $(READY) ## run the commands on 80,000 made-up inputs (ARGS="--target build --cases 500": on fewer)
	@$(BIN)/python -m tests.fuzz $(ARGS)

lint: $(READY) ## check style and types
	@$(BIN)/ruff check -q --output-format concise
	@$(BIN)/ruff format -q --check
	@$(BIN)/mypy --no-error-summary

format: $(READY) ## rewrite the code in the project's style
	@$(BIN)/ruff check -q --fix-only
	@$(BIN)/ruff format -q

bench: $(READY) ## measure how long things take, beside other programs
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(READY) ## pin the dependencies anew after a change of pyproject.toml (ARGS=--upgrade: the newest)
	@$(PIP) install $(UV)
	@$(BIN)/uv pip compile -q --no-config --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links $(ARGS) -o requirements.lock pyproject.toml

clean: ## remove what was built and the caches, but not .venv
	@rm -rf build dist .reportgen/cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find out -mindepth 1 ! -name .gitkeep -delete
	@find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

help: ## show this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' $(MAKEFILE_LIST) | awk -F'\t' '{ printf "make %-10s %s\n", $$1, $$2 }'

# What comes as source is built by the locked setuptools. pip would fetch one by itself, whose hash
# nobody has checked.
$(READY): pyproject.toml requirements.lock .ci/system-packages
	@test -n "$(PYTHON)" || { echo "error: Python 3.11 or newer is needed; give its path: make PYTHON=…" >&2; exit 1; }
	@echo "Setting up $(VENV) …" >&2
	@$(PYTHON) .ci/system-packages
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@sed -n '/^setuptools==/,/^ *#/p' requirements.lock | $(PIP) install --require-hashes -r /dev/stdin
	@$(PIP) install --require-hashes --no-build-isolation -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# A browser and a reader of PDF files, for the slow tests.
$(TEST_PROGRAMS): $(READY) .ci/system-packages
	@if $(BIN)/python .ci/system-packages --for-tests; then touch $@; fi
