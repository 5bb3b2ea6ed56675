# One place for every command. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
EMBEDDED := env -u DATABASE_URL -u REDIS_URL DJANGO_SETTINGS_MODULE=config.settings.dev
export PYTHONUNBUFFERED := 1

.PHONY: help
help: ## Lists the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "make %-11s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## Prepares .venv for the application and its tests
	@bin/setup test

.PHONY: demo demo-reset
demo: ## Serves Placet with an embedded database, worker and timetable (PORT=8000)
	@bin/setup run
	@$(EMBEDDED) $(PY) manage.py demo

demo-reset: ## Removes the embedded database and its files, then serves again
	@bin/setup run
	@$(EMBEDDED) $(PY) manage.py demo --reset

.PHONY: run
run: setup ## Serves the embedded database with debug pages and automatic reload
	@$(EMBEDDED) DJANGO_DEBUG=1 $(PY) manage.py runserver $${PORT:-8000}

.PHONY: test
test: setup ## Lints, then runs every test on every database found
	@bin/setup browser
	@$(MAKE) --no-print-directory lint
	@$(PY) tests/run.py

.PHONY: lint
lint: setup ## Checks style, types, templates, layers and migrations
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@if find templates -name '*.html' | grep -q .; then .venv/bin/djlint --quiet --lint templates; fi
	@.venv/bin/lint-imports
	@env -u DATABASE_URL -u REDIS_URL $(PY) manage.py makemigrations --check --dry-run

.PHONY: format
format: setup ## Rewrites the code in the house format
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

.PHONY: lock
lock: setup ## Rebuilds the locked requirements from the .in files
	@PATH="$$PWD/.venv/bin:$$PATH" bin/lock

.PHONY: nightly bench snapshot docs shots
nightly: setup ## Runs the races and the properties at full size
	@bin/setup browser
	@PLACET_NIGHTLY=1 REQUIRE_SERVICES=1 $(PY) tests/run.py

bench: setup ## Measures imports and public pages at full size (DATABASE_URL for PostgreSQL)
	@$(PY) manage.py bench

snapshot: setup ## Rebuilds the shipped référentiel from the public files (SOURCES=folder)
	@$(EMBEDDED) $(PY) manage.py build_snapshot $(SOURCES)

docs: setup ## Draws the diagrams and tables of docs/ from the code
	@$(EMBEDDED) $(PY) manage.py draw_workflows

shots: setup ## Takes the screenshots of the README
	@bin/setup browser
	@$(PY) tests/run.py --shots
