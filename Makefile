# `make` alone lists the commands. PYTHON=python3.12 picks another interpreter, ARGS="…" goes to the command run.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
# Warnings about the machine's own pip configuration are not the reader's concern; errors are shown.
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# What is installed already, so that only a changed lock or project file installs anything again.
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
PROJECT := $(VENV)/.project-installed

.DELETE_ON_ERROR:
.PHONY: help install demo up test check format hooks bench lock clean

help:
	@echo "make demo     show what Muster does, and leave it running until Ctrl-C"
	@echo "make up       run the whole service on this machine      (ARGS=\"--port 9000 --workers 2\")"
	@echo "make install  build .venv from the lock files"
	@echo "make test     run every test; service tests need MUSTER_TEST_* addresses   (ARGS=\"-k claims\")"
	@echo "make check    ruff, mypy, bandit, the import rules, licenses and the lock files"
	@echo "make format   lay the code out and mend what ruff can mend"
	@echo "make hooks    run the checks before every commit"
	@echo "make bench    measure, beside a reference on the same machine"
	@echo "make lock     make the lock files anew                   (ARGS=--upgrade takes newer releases)"
	@echo "make clean    remove .venv and what the tools left"

install: $(PROJECT)

demo: $(PROJECT)
	@$(BIN)/muster demo $(ARGS)

up: $(PROJECT)
	@$(BIN)/muster up $(ARGS)

test: $(DEV)
	@$(BIN)/python -m pytest $(ARGS)

check: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	$(BIN)/bandit --quiet --recursive -ll --configfile pyproject.toml service worker
	@$(BIN)/python tools/check_dependencies.py
	$(BIN)/python -m pytest -q tests/architecture/test_locks.py

format: $(DEV)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

hooks: $(DEV)
	$(BIN)/pre-commit install

bench: $(DEV)
	@$(BIN)/python -m bench $(ARGS)

# Made for every platform and for Python 3.11 upwards; the file holds hashes and no address.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock: $(DEV)
	$(COMPILE) $(ARGS) pyproject.toml -o requirements/runtime.txt
	$(COMPILE) $(ARGS) --extra dev --extra telemetry --extra parquet -c requirements/runtime.txt pyproject.toml \
		-o requirements/dev.txt
	$(COMPILE) $(ARGS) --extra telemetry -c requirements/runtime.txt pyproject.toml -o requirements/telemetry.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Muster needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || echo missing)." >&2; \
		echo "Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements/runtime.txt | $(BIN)/python
	@echo "Installing the locked packages into $(VENV); the first time takes a minute or two." >&2
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@touch $@

# The build backend is in the lock: nothing unpinned is fetched to build the project.
$(PROJECT): $(RUNTIME) pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): $(PROJECT) requirements/dev.txt
	@echo "Installing the locked test and build tools into $(VENV)." >&2
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
