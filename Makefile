# Works with GNU make 3.81 and later. Another Python: make PYTHON=python3.12 demo
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.ready-bench
UV := $(BIN)/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate pyproject.toml

.PHONY: help demo run test pytest chaos bench bench-full questions mutants lint lock clean
.DEFAULT_GOAL := help

# What Python has compiled is kept, whatever the environment says: tests start it many times.
export PYTHONDONTWRITEBYTECODE :=

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## a small Slack in your browser with Linchpin at work in it
	@$(BIN)/python -m bot demo

run: $(READY) ## the bot in your own Slack (needs .env, see .env.example)
	@$(BIN)/python -m bot run

test: $(READY) ## everything that must hold: lint, types, layers, tests
	@$(MAKE) --no-print-directory -j 2 lint pytest

# Beside the linters: a first run of mypy takes most of a minute, on one processor.
pytest: $(READY)
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist worksteal

chaos: $(READY) ## kill it, stop it, break its Slack: most of an hour; writes docs/reliability.md
	$(BIN)/python -m tests.chaos --write

bench: $(BENCH_READY) ## measure it beside Celery, Procrastinate and itself: 10 minutes; writes docs/performance.md
	$(BIN)/python -m bench --write

bench-full: $(BENCH_READY) ## the same at full sizes with more runs: 15 minutes
	$(BIN)/python -m bench --full --write

questions: $(READY) ## what people type, into the demo: right, half, wrong (SET=aside for those kept back)
	$(BIN)/python -m bench.questions $(foreach set,$(SET),--set $(set))

mutants: $(READY) ## mutation testing of the rules and the outbox: hours (ONLY='bot.rules.time.snooze*')
	$(BIN)/python -m mutmut run $(ONLY)

lint: $(READY) ## style, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(READY) $(UV) ## write the lock files anew from pyproject.toml (UPGRADE=--upgrade for newer ones)
	$(COMPILE) $(UPGRADE) --output-file requirements.lock
	$(COMPILE) $(UPGRADE) --constraint requirements.lock --extra dev --extra postgres \
		--output-file requirements-dev.lock
	$(COMPILE) $(UPGRADE) --constraint requirements-dev.lock --extra dev --extra postgres \
		--extra bench --output-file requirements-bench.lock

clean: ## remove .venv and what the tools left; your database and .env stay
	rm -rf $(VENV) mutants .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV): | $(READY)
	$(BIN)/python -m pip install --quiet 'uv>=0.13'

# Made once, and again when the lock file changes. An existing .venv is kept unless its Python is gone.
$(READY): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Linchpin needs Python 3.11 or later, and '$(PYTHON)' is not. Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		exit 1; }
	@echo "Preparing $(VENV), once; this takes about a minute …"
	@test -x $(BIN)/python || $(PYTHON) -m venv --clear $(VENV) || { \
		rm -rf $(VENV); \
		echo "Python could not make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $(READY)

# What the bench compares with. A redis-server has to be on the machine already.
$(BENCH_READY): requirements-bench.lock $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $(BENCH_READY)
