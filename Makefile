# CRE Toolkit. `make` alone lists what can be made.
#
# Python 3.11 or newer, Node 20 or newer and make are all that a machine needs; the rest is installed here,
# in this folder, and again only when what is asked for has changed.

PYTHON ?= python3
PORT ?= 8000
export PORT
CHILDREN ?= 1000

bin := .venv/bin
pytest := $(bin)/pytest -p no:cacheprovider
# The tests that touch a database: those that run again on PostgreSQL.
on_databases := -m database tests/unit tests/integration tests/attacks
# The tests of what is covered whole, by branch: watching which lines run slows a test down, so only these are.
covered := tests/rules tests/spec tests/unit/children
whole := cre_toolkit/rules/*,cre_toolkit/children/access.py,cre_toolkit/children/standing.py,cre_toolkit/children/viewers.py

.DEFAULT_GOAL := help
.PHONY: help run install install-dev check test bench format lint lock clean

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install  ## Install, then serve the demonstration and its worker (PORT=8000)
	@$(bin)/python scripts/serve.py

install:  ## Install what the service needs; the command line is then at .venv/bin/cre
	@$(PYTHON) scripts/install.py base

install-dev:
	@$(PYTHON) scripts/install.py dev

check: lint  ## The inner loop: lint, types, layers, rules and unit tests on SQLite
	$(pytest) -q -n logical tests/architecture tests/rules tests/spec tests/unit

test: lint  ## Everything: all tests, on SQLite and PostgreSQL, and in a real browser
	@CHROMIUM="$(CHROMIUM)" $(bin)/python scripts/chromium.py
	$(pytest) -n logical $(covered) --cov=cre_toolkit/rules --cov=cre_toolkit/children --cov-report=
	$(bin)/coverage report --fail-under=100 --include='$(whole)'
	$(pytest) -n logical --dist loadgroup --ignore=tests/browser $(addprefix --ignore=,$(covered))
	$(bin)/python scripts/postgres_for_tests.py $(pytest) -n logical --dist loadgroup $(on_databases)
	CHROMIUM="$(CHROMIUM)" $(pytest) -n logical tests/browser

lint: install-dev
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/djlint templates cre_toolkit --lint --quiet
	$(bin)/mypy
	$(bin)/lint-imports --no-cache
	$(bin)/python manage.py makemigrations --check --dry-run

bench: install-dev  ## Measure beside a floor (CHILDREN=1000); the figures go to docs/reference/performance.md
	$(bin)/python -m bench --children $(CHILDREN)

format: install-dev  ## Put Python files into the project's format
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

lock: install-dev  ## Lock the newest versions that requirements/*.in allow
	cd requirements && for name in base dev; do \
		../$(bin)/uv pip compile $$name.in --output-file $$name.txt --upgrade --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-header --quiet || exit 1; done

clean:  ## Take away what was installed, built and tried, the demonstration's data too
	rm -rf .venv node_modules var build *.egg-info .coverage* htmlcov .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
