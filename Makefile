# fadeno. A fresh machine needs Python 3.11 or newer and make; everything else comes from package registries.
#
#   make demo       set up, load a small sample company, open the product
#   make test       what every change must pass (5 minutes on 2 cores)
#   make test-all   the slow and rough ones too, and the suite on other PostgreSQL versions found here
#   make seek       the property tests with examples nobody saw before (the others take the same ones every time)
#   make check      format, lint, floors, house rules (1 minute)
#   make bench      measure, write BENCHMARKS.md
#   make schema     write db/schema.sql anew from the migrations
#   make docs       write docs/channels.md anew from the labels and guides of channels
#   make lock       pin dependencies anew, with hashes and without registry addresses

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test test-all seek check bench schema docs lock format clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p && break; done)
PY := .venv/bin/python
JOBS ?= 2
PYTEST := $(PY) -m pytest -n $(JOBS) --dist worksteal
QUICK := not slow and not rough
OTHERS := $(wildcard /usr/lib/postgresql/1[5-9])
PIP := $(PY) -m pip --disable-pip-version-check --no-input install --require-hashes --no-deps

help:
	@sed -n '2,/^$$/s/^# \{0,1\}//p' Makefile

.venv/.made:
	@test -n "$(PYTHON)" || { echo "fadeno needs Python 3.11 or newer, and none is here (PYTHON=/path/to/python make …)"; exit 1; }
	@echo "— making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv || { echo "If pip is missing: install your system's python3-venv."; exit 1; }
	@echo "$(CURDIR)/src" > "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/fadeno_source.pth"
	@printf '#!%s\nimport sys\nfrom fadeno.entry.cli import main\nsys.exit(main())\n' "$(CURDIR)/$(PY)" > .venv/bin/fadeno
	@chmod +x .venv/bin/fadeno
	@touch $@

.venv/.run: requirements.lock | .venv/.made
	@echo "— installing what fadeno runs on ($$(grep -c '==' $<) packages)"
	@$(PIP) -r $<
	@touch $@

.venv/.dev: requirements-dev.lock | .venv/.made
	@echo "— installing what fadeno runs on and is tested with ($$(grep -c '==' $<) packages)"
	@$(PIP) -r $<
	@touch .venv/.run $@

.venv/.clients: tests/clients/package-lock.json tests/prepare .venv/.dev
	@tests/prepare
	@touch $@

demo: .venv/.run
	@echo "— starting fadeno with a sample company; Ctrl-C ends it"
	@exec $(PY) -m fadeno demo --data-dir data/demo

test: .venv/.dev .venv/.clients
	$(PYTEST) -m "$(QUICK)"

test-all: .venv/.dev .venv/.clients
	$(PY) -m pytest -m "slow or rough" --timeout 900
	@for other in $(OTHERS); do \
		echo "— the suite on PostgreSQL in $$other"; \
		FADENO_TEST_POSTGRES=$$other $(PYTEST) -m "$(QUICK) and not browser and not node"; \
	done

seek: .venv/.dev
	FADENO_TEST_EXAMPLES=new $(PYTEST) -m "$(QUICK)" $$(grep -rlE --include='test_*.py' '^@given' tests)

check: .venv/.dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m pytest -q tests/house

bench: .venv/.dev
	$(PY) -m benchmarks

schema: .venv/.run
	$(PY) -m fadeno.db.schema

docs: .venv/.run
	$(PY) -m fadeno.channels.guide

format: .venv/.dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

UV := $(shell command -v uv || echo .venv/bin/uv)
COMPILE := pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q

lock: | .venv/.made
	@test -x $(UV) || $(PY) -m pip -q install uv
	$(UV) $(COMPILE) $(LOCK) --group dev -o requirements-dev.lock
	$(UV) $(COMPILE) -c requirements-dev.lock -o requirements.lock

clean:
	rm -rf .venv build dist .pytest_cache .ruff_cache .hypothesis tests/clients/node_modules
