# Two commands are enough: `make run` and `make test`. They need python3 (3.11 or newer) and nothing else.
PYTHON ?= python3
VENV := .venv/bin/python
MAKEFLAGS += --no-print-directory
BASE := requirements/bootstrap.py base
TEST := requirements/bootstrap.py test
SERVICES_DATABASE ?= postgres://postgres@127.0.0.1:5432/postgres
SERVICES_BROKER ?= redis://127.0.0.1:6379/5
# Three processes on two cores: the journeys wait for the browser most of their time.
PYTEST := -m pytest -n 3 --dist worksteal -rs --durations=10
# Tests start Python hundreds of times: what one process compiled serves the others, whatever the shell says.
COMPILED := env -u PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-services schemathesis lint format lock messages frontend benchmark settings-table states-table rules-table python
.DEFAULT_GOAL := help

help:
	@echo "make run             start the platform (PORT=8000); everything it needs is set up on the first start"
	@echo "make test            all tests; browser journeys need Chromium"
	@echo "make test-services   all tests on PostgreSQL and Redis (DATABASE_URL, CELERY_BROKER_URL)"
	@echo "make schemathesis    more than 5,000 requests made from the API's own description"
	@echo "make lint            style, types, security, import contracts"
	@echo "make lock            write requirements/*.txt again from requirements/*.in"
	@echo "make messages        collect texts for translation and compile the catalogues"
	@echo "make frontend        build the style sheet and scripts (needs Node; the results are committed)"
	@echo "make benchmark       measure the figures in docs/"
	@echo "make settings-table  write docs/settings.md again"
	@echo "make states-table    write docs/states.md again"
	@echo "make rules-table     write docs/rules.md again"

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "There is no $(PYTHON): install Python 3.11 or newer (for example \`apt-get install python3 python3-venv\`)." >&2; exit 1; }

run: python
	@exec $(PYTHON) $(BASE) -m network_platform.processes

test: python
	@$(PYTHON) $(TEST) -m tests.chromium
	@$(COMPILED) $(PYTHON) $(TEST) $(PYTEST) $(ARGS)

test-services: export DATABASE_URL := $(or $(DATABASE_URL),$(SERVICES_DATABASE))
test-services: export CELERY_BROKER_URL := $(or $(CELERY_BROKER_URL),$(SERVICES_BROKER))
test-services: python
	@$(PYTHON) $(TEST) -m tests.services
	@$(PYTHON) $(TEST) -m tests.chromium
	@$(COMPILED) $(PYTHON) $(TEST) $(PYTEST) $(ARGS)

schemathesis: export SCHEMATHESIS_EXAMPLES := $(or $(SCHEMATHESIS_EXAMPLES),25)
schemathesis: python
	@$(PYTHON) $(TEST) -m pytest tests/api/test_schemathesis.py -n 0 -s --show-capture=no -o log_cli=false $(ARGS)

lint: python
	@$(PYTHON) $(TEST) -m ruff check .
	@$(PYTHON) $(TEST) -m ruff format --check .
	@$(PYTHON) $(TEST) -m djlint templates --lint --quiet
	@$(PYTHON) $(TEST) -m mypy
	@$(PYTHON) $(TEST) -m bandit -q -ll -c pyproject.toml -r network_platform incubators mentors competitions cms deploy
	@$(PYTHON) $(TEST) -c "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

format: python
	@$(PYTHON) $(TEST) -m ruff check --fix --exit-zero .
	@$(PYTHON) $(TEST) -m ruff format .

lock: python
	@$(PYTHON) $(BASE) requirements/lock.py

messages: python
	@$(PYTHON) $(BASE) manage.py messages

states-table: python
	@$(PYTHON) $(BASE) manage.py states_table --write

rules-table: python
	@$(PYTHON) $(BASE) manage.py rules_table --write

settings-table: python
	@$(PYTHON) $(BASE) manage.py settings_table --write

frontend:
	@command -v npm >/dev/null 2>&1 || { echo "There is no npm: install Node 20 or newer; \`make run\` does not need it." >&2; exit 1; }
	@cd frontend && npm ci --no-audit --no-fund && npm run build

benchmark: python
	@$(PYTHON) $(TEST) -m benchmarks
