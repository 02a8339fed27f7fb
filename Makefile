# `make help` lists what there is. Every target is harmless when it is run twice.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Runs a command with settings of its own, so no .env is needed and none interferes.
APART := $(BIN)/python -m tests.environment
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
CHECKS := check-code check-types check-layers check-migrations check-catalogue check-deploy check-templates check-secrets

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test attack chaos soak check $(CHECKS) audit format messages screenshots clean

help: ## List the targets.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS='|' read -r target text; do printf '%-20s %s\n' "$$target" "$$text"; done

run: .venv/.installed .env ## Install, prepare the database and serve on http://127.0.0.1:8000 (PORT=… for another).
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_reference
	@$(MANAGE) setup_roles
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) first_administrator
	@echo "Serving on http://127.0.0.1:$(PORT)/ — Ctrl-C stops."
	@exec $(BIN)/gunicorn bma_consult.wsgi --bind 127.0.0.1:$(PORT)

demo: .venv/.installed .env ## Add sample submissions, clearly labelled.
	@$(MANAGE) demo

test: .venv/.installed-dev ## Test on SQLite and PostgreSQL, in a real browser too (ARGS="-k word" for some).
	@$(BIN)/python -m tests.run $(ARGS)

attack: .venv/.installed-dev ## Attack a server of its own for long, with every payload in a browser (ATTACK_MINUTES=60).
	@LONG=1 $(BIN)/python -m tests.run --only sqlite $(or $(ARGS),-q tests/attacks tests/in_browser/test_attacks.py tests/views/test_api_fuzzed.py)

chaos: .venv/.installed-dev ## Kill processes and databases, fill disks, turn clocks while 10,000 opinions come in (as root: all of it).
	@LONG=1 $(BIN)/python -m tests.run $(or $(ARGS),-q -o faulthandler_timeout=0 tests/faults)

soak: .venv/.installed-dev ## Let more and more citizens come at once, far too many, then few, and compare what they were told.
	@$(BIN)/python -m benchmarks.load $(ARGS)

check: .venv/.installed-dev ## Check style, types, layers, migrations, catalogue, deployment, templates, secrets.
	@$(MAKE) --no-print-directory --keep-going $(CHECKS)

check-code: .venv/.installed-dev
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check || { $(BIN)/ruff format --check; exit 1; }

check-types: .venv/.installed-dev
	@$(APART) $(BIN)/mypy --no-error-summary

check-layers: .venv/.installed-dev
	@$(BIN)/lint-imports --no-logo

check-migrations: .venv/.installed-dev
	@$(APART) $(MANAGE) makemigrations --check --dry-run

check-catalogue: .venv/.installed-dev
	@$(APART) $(BIN)/python -m tests.catalogue --check

check-deploy: .venv/.installed-dev
	@$(APART) env HTTPS=on STAFF_TWO_FACTOR=on ALLOWED_HOSTS=consult.example.org $(MANAGE) check --deploy --fail-level WARNING

check-templates: .venv/.installed-dev
	@$(BIN)/djhtml --tabwidth 2 --check templates

check-secrets: .venv/.installed-dev
	@$(BIN)/python -m tests.leaks

audit: .venv/.installed-dev ## Ask for known vulnerabilities of the pinned packages; fails when nothing answers.
	@$(BIN)/python -m tests.audit

format: .venv/.installed-dev ## Put code and templates into their standard form.
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet
	@$(BIN)/djhtml --tabwidth 2 templates

messages: .venv/.installed-dev ## Collect the texts to translate into locale/ and compile what is there.
	@$(APART) $(BIN)/python -m tests.catalogue

screenshots: .venv/.installed-dev ## Take the pictures in docs/screenshots/.
	@$(BIN)/python -m tests.screenshots

clean: ## Remove the virtual environment and the caches; .env and var/ stay.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is older or missing. Try: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Building .venv …"
	@$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt | .venv/bin/pip
	@echo "Installing requirements.txt …"
	@$(PIP_INSTALL) --requirement requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@echo "Installing requirements-dev.txt …"
	@$(PIP_INSTALL) --requirement requirements-dev.txt
	@touch $@

.env: | .venv/bin/pip
	@umask 077 && $(BIN)/python -c 'import base64, secrets; \
		print("SECRET_KEY=" + secrets.token_urlsafe(64)); \
		print("CONTACT_KEYS=" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()); \
		print("HTTPS=off"); \
		print("STAFF_TWO_FACTOR=off")' > .env.new && mv .env.new .env
	@echo "Wrote .env with new random keys. Keep it: contact details cannot be read without its CONTACT_KEYS."
