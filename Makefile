# What to type here: `make help`. Works with GNU make 3.81 and newer and with BSD make.
# `make PYTHON=/path/to/python3` chooses the Python that .venv is made with.

# Where PYTHONDONTWRITEBYTECODE is inherited, each process would compile all our modules anew, and
# each of pytest's rewrite all tests again. Empty is unset.
PY = PYTHONDONTWRITEBYTECODE= .venv/bin/python
PYTEST = $(PY) -m pytest --dist worksteal
SUITE = $(PYTEST) -n 4 --ignore=tests/e2e
COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(FLAGS) pyproject.toml

.PHONY: help build run-dev run-live kill test test-sqlite test-postgres lint e2e messages bench lock

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /make \1	/p' Makefile | expand -t 16

build: ## make .venv hold what requirements-dev.txt locks
	@PYTHON="$(PYTHON)" sh dev/bootstrap.sh

run-dev: build ## serve a sample blog from SQLite, pages showing every change
	@$(PY) -m dev.serve development

run-live: build ## serve with gunicorn and production settings on this machine
	@$(PY) -m dev.serve production

kill: ## stop what run-dev and run-live have started
	@test ! -x .venv/bin/python || $(PY) -m dev.kill

test: test-sqlite test-postgres ## run every test on SQLite, then on PostgreSQL what asks a database

test-sqlite: build
	@$(SUITE) --database=sqlite

test-postgres: build
	@$(SUITE) --database=postgres

lint: build ## check style, types, templates, import floors and migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet .
	$(PY) -m mypy
	$(PY) -c "from importlinter.cli import lint_imports; exit(lint_imports(no_logo=True))"
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check

e2e: build ## drive the product in a real Chromium
	@$(PYTEST) -n 2 tests/e2e

messages: build ## bring the catalogues of other languages in step with the source
	@$(PY) -m dev.messages

bench: build ## measure what docs promise about speed (on Linux)
	@$(PY) -m bench

lock: build ## compile requirements*.txt from pyproject.toml (FLAGS=--upgrade for newer ones)
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --group dev --constraint requirements.txt --output-file requirements-dev.txt
