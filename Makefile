# The work is done in scripts/; every target sets up what it needs by itself.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test check bench bench-publish chaos setup lock fmt clean

# The project's own Python once it exists, else the machine's.
PYTHON ?= $(shell for p in .venv/bin/python python3.11 python3.12 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' \
	2>/dev/null && echo $$p && break; done)
ifeq ($(strip $(PYTHON)),)
$(error Later needs Python 3.11 or 3.12. On Debian 12: apt-get install python3 python3-venv)
endif

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo:  ## Start everything with a demo workspace; Ctrl-C stops it (PORT=8000, DEMO_DIR=var/demo)
	@$(PYTHON) -m scripts.demo

test:  ## Run the whole suite on PostgreSQL and Redis (ARGS="-k words" for a part)
	@$(PYTHON) -m scripts.run_tests $(ARGS)

check:  ## Format, lint, types, import contracts, deployment check, migrations
	@$(PYTHON) -m scripts.check

bench:  ## Measure; results in benchmarks/results/latest.json (ONLY=demo for a part)
	@$(PYTHON) -m scripts.bench $(ONLY)

chaos:  ## Kill workers and servers while 1,000 posts fall due, some 4 minutes (SEED=7 repeats)
	@$(PYTHON) -m scripts.chaos $(SEED)

bench-publish:  ## Measure the publishing engine alone (WITH=10m for ten million rows)
	@$(PYTHON) -m scripts.bench publish

setup:  ## Install the locked packages into .venv
	@$(PYTHON) -m scripts.setup dev

lock:  ## Write requirements/*.txt anew from pyproject.toml (UPGRADE=1 for newer versions)
	@$(PYTHON) -m scripts.lock

fmt:  ## Format the code and mend what ruff can mend
	@$(PYTHON) -m scripts.check --fix

clean:  ## Remove environment and caches; the demo's data in var/demo stays
	@$(PYTHON) -m scripts.clean
