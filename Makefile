# What to type here: `make help`. Works with GNU make 3.81 and newer and with BSD make.
# `make PYTHON=/path/to/python3` chooses the Python that .venv is made with.

PY = .venv/bin/python
PYTEST = $(PY) -m pytest --dist worksteal
SUITE = $(PYTEST) -n 3 --ignore=tests/e2e
# What never asks the database under test, or brings its own, runs once, with SQLite's turn.
NO_DATABASE = tests/lib tests/dev tests/media/test_decoding.py tests/test_architecture.py \
	tests/test_docs.py tests/test_locks.py tests/frame/test_checks.py \
	tests/frame/test_deployment.py tests/frame/test_env.py tests/frame/test_logs.py \
	tests/frame/test_settings.py tests/frame/test_storages.py tests/frame/test_variables.py \
	tests/frame/test_wait_for_db.py tests/media/test_check_media.py tests/pagecache/test_copies.py \
	tests/pagecache/test_door.py tests/pagecache/test_outage.py tests/pagecache/test_store.py \
	tests/site/test_colour.py tests/site/test_links.py
COMPILE = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(FLAGS) pyproject.toml

.PHONY: help build run-dev run-live kill test test-sqlite test-postgres lint e2e messages bench lock

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /make \1	/p' Makefile | expand -t 16

build: ## make .venv hold what requirements-dev.txt locks
	@PYTHON="$(PYTHON)" sh dev/bootstrap.sh

run-dev: build ## serve a sample blog from SQLite, reloading on every change
	@$(PY) -m dev.serve development

run-live: build ## serve with gunicorn and production settings on this machine
	@$(PY) -m dev.serve production

kill: ## stop what run-dev and run-live have started
	@test ! -x $(PY) || $(PY) -m dev.kill

test: test-sqlite test-postgres ## run every test on SQLite, then on PostgreSQL what asks a database

test-sqlite: build
	@$(SUITE) --database=sqlite

test-postgres: build
	@$(SUITE) $(NO_DATABASE:%=--ignore=%) --database=postgres

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

bench: build ## measure what docs promise about speed
	@$(PY) -m bench

lock: build ## compile requirements*.txt from pyproject.toml (FLAGS=--upgrade for newer ones)
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --group dev --constraint requirements.txt --output-file requirements-dev.txt
