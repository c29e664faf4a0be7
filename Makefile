# Everything on a fresh machine: `make serve` and `make test`. Needs Python 3.11 or newer, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# A lock that changed, or the package's own description, makes the environment anew.
$(VENV)/serve: requirements.lock pyproject.toml hatch_build.py $(wildcard translations/*/LC_MESSAGES/*.po)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/test: requirements-dev.lock $(VENV)/serve
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

.PHONY: serve test check lint bench lock clean

serve: $(VENV)/serve  ## the guide on http://127.0.0.1:8000
	$(BIN)/advisor serve

test: lint  ## lint, types, architecture, content, and every test; real-browser tests where a Chromium is found
	$(BIN)/advisor check
	$(BIN)/pytest

lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(VENV)/serve  ## the editorial check of the content alone
	$(BIN)/advisor check

bench: $(VENV)/test  ## the figures of docs/architecture.md, measured here
	$(BIN)/python -m benchmarks

LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock:  ## pin the dependencies anew, after pyproject.toml changed
	$(BIN)/python -m pip install --quiet pip-tools
	$(LOCK) --extra build -o requirements.lock pyproject.toml
	$(LOCK) --extra build --extra dev --constraint requirements.lock -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist
