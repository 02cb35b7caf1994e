# Every target sets up its own environment in .venv first; `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
# Processes of the tests; arguments passed on to the command or to pytest.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
TORCH := .venv/torch
CLUSTER := .venv/cluster
PEERS := .venv/peers
DOCS := .venv/docs
LOWEST := .venv/lowest
LOWEST_TESTS := ./tests/unit/model ./tests/unit/calculus ./tests/unit/rigorous ./tests/unit/theory/test_theory_degenerate.py ./tests/canaries
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
ROOTS := ste_theory derivations checks
.PHONY: help docs test-lowest setup verify report test test-slow test-torch test-cluster test-kills lint types fuzz bench coverage readme lock clean FORCE

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: $(VENV)/installed ## the environment alone

verify: setup ## verify every claim at the level standard (ARGS="yin2019 --jobs 2")
	@$(BIN)/ste-theory verify --level standard $(ARGS)

# One file that opens in any browser without a network, and the numbers behind it.
REPORT ?= build/report
LEVEL ?= full
report: setup ## the report of a full run, as build/report/index.html (REPORT=DIR LEVEL=standard ARGS="--seed 1")
	@$(BIN)/ste-theory verify --level $(LEVEL) --report $(REPORT) $(ARGS)

# --pyargs: the doctests run in the installed modules, where derivations/ and checks/ have the names their imports use.
test: setup ## all tests and the examples in docstrings (ARGS="-k planted")
	@$(BIN)/pytest -q -n $(JOBS) --dist loadgroup -m "not slow" --doctest-modules --pyargs ste_theory ./tests $(ARGS)

test-slow: setup ## what make test leaves out: the long forms of some tests
	@$(BIN)/pytest -q -n $(JOBS) --dist loadgroup -m slow ./tests $(ARGS)

# Nine minutes at most on a busy machine; `make test` kills two of the runs twice.
test-kills: setup ## runs killed ten times at random moments and resumed, on threads and processes, against runs left alone
	@STE_THEORY_KILLS=10 $(BIN)/pytest -q ./tests/unit/montecarlo/test_montecarlo_kills.py $(ARGS)

# In its own environment, against the tree of links that the editable install of the other keeps. There a missing library
# is a failure; `make test` skips these tests.
test-torch: setup $(TORCH)/dependencies ## the tests against PyTorch, snntorch, norse, spikingjelly and brevitas
	@tree=$$(cat $(VENV)/lib/python3*/site-packages/__editable__.ste_theory-*.pth); \
	PYTHONPATH="$$tree" STE_THEORY_REQUIRE_TORCH=1 $(TORCH)/bin/pytest -q -n $(JOBS) --dist loadgroup ./tests/networks $(ARGS)

test-cluster: setup $(CLUSTER)/dependencies ## the tests on a Dask cluster of this machine
	@tree=$$(cat $(VENV)/lib/python3*/site-packages/__editable__.ste_theory-*.pth); \
	PYTHONPATH="$$tree" STE_THEORY_REQUIRE_CLUSTER=1 $(CLUSTER)/bin/pytest -q ./tests/cluster $(ARGS)

# A part of the tests with the lowest versions that pyproject.toml admits, against the tree of links as above. -P: ./ste_theory
# lacks derivations and checks. PyTorch, Dask and the others of the extras have versions of their own in their locks.
test-lowest: setup $(LOWEST)/dependencies ## a part of the tests with the lowest supported versions
	@tree=$$(cat $(VENV)/lib/python3*/site-packages/__editable__.ste_theory-*.pth); export PYTHONPATH="$$tree"; \
	$(LOWEST)/bin/pytest -q -n $(JOBS) -p no:cacheprovider $(LOWEST_TESTS) $(ARGS); \
	$(LOWEST)/bin/python -P -m ste_theory verify yin2019.identity yin2019.relu-bound --level quick --seed 1

lint: setup ## style and format
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "not formatted: run $(BIN)/ruff format ." >&2; exit 1; }

# Beside this file mypy would take ./ste_theory, which lacks derivations and checks, for the package: MYPYPATH, searched first,
# names the editable install's tree of links instead; benchmarks import each other by the names they have in their folder.
# Messages are given the names of the files that the links lead to.
types: setup ## strict types, in the library, its content, the tests and the benchmarks
	@tree=$$(cat $(VENV)/lib/python3*/site-packages/__editable__.ste_theory-*.pth); \
	MYPYPATH="$$tree:benchmarks" $(BIN)/mypy "$$tree/ste_theory" setup.py tests benchmarks $(ARGS) \
		| sed -E 's#^build/__editable__[^/]*/(ste_theory/(derivations|checks)/|)#\2/#; s#^/##'

fuzz: setup ## a hundred thousand texts in the formula language, with counts, time and memory (ARGS="--count 1000000 --seed 2")
	@$(BIN)/python -m tests.properties.fuzz $(ARGS)

# Two of them in the environment of the peers (PyTorch, JAX, QMCPy, vegas).
bench: setup $(PEERS)/dependencies ## all benchmarks against peers, and against the stored ratios (ARGS="throughput" ARGS="--rewrite")
	@$(BIN)/python benchmarks/run.py --peers $(PEERS)/bin/python $(ARGS)

# Apart from `make bench`: a count, not a comparison of speeds. Half an hour on two cores. Small runs one after the other
# spend half of their time on memory that the C library gives back to the system and asks for again, unless told not to.
coverage: setup ## how often every stopping guarantee fails, in 10,000 runs each (ARGS="--runs 200")
	@MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=1073741824 $(BIN)/python benchmarks/coverage.py --jobs $(JOBS) $(ARGS)

# The pages of the API, the commands and the gallery are written from the code and are in no clone. Sphinx has an environment of its own.
docs: setup $(DOCS)/dependencies ## the documentation in build/docs/html, warnings as errors
	@rm -rf build/docs && mkdir -p build/docs && cp -R docs build/docs/source && mkdir -p build/docs/source/reference
	@$(BIN)/python docs/api_pages.py build/docs/source/reference/api.md
	@$(BIN)/python docs/command_pages.py build/docs/source/reference/commands.md
	@$(BIN)/python docs/gallery_page.py build/docs/source/reference/gallery.md
	@$(DOCS)/bin/python -m sphinx --fail-on-warning --keep-going --quiet -b html build/docs/source build/docs/html
	@echo build/docs/html/index.html

readme: setup ## the tables of README.md and docs/explanation/verdicts.md, from a real run (ARGS="--results build/report/results.json")
	@$(BIN)/python docs/readme_table.py $(ARGS)

# Its own environment, so that the tool and what it needs stay out of the lock. No index, header or path is written.
lock: ## newest versions that satisfy pyproject.toml, with their hashes, to requirements.lock
	@rm -rf build/lock && $(PYTHON) -m venv build/lock
	@build/lock/bin/pip --quiet --disable-pip-version-check install pip-tools
	@build/lock/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev --extra report --output-file requirements.lock pyproject.toml
	@build/lock/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file docs/requirements.lock docs/requirements.in

clean: ## remove the environment, builds and caches
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find $(ROOTS) $(wildcard tests benchmarks) -name __pycache__ -type d -prune -exec rm -rf {} +

# --clear: the environment holds what the lock says and nothing else.
$(VENV)/dependencies: requirements.lock
	@test -n "$(PYTHON)" || { echo "ste_theory needs Python 3.11 or newer: none found" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "ste_theory needs Python 3.11 or newer: $(PYTHON) is $$($(PYTHON) --version)" >&2; exit 1; }
	@echo "setting up $(VENV) with $(PYTHON)" >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

# One command, without dependencies: the lock is complete, and says why.
$(TORCH)/dependencies: requirements-torch.lock | $(VENV)/installed
	@echo "setting up $(TORCH)" >&2
	@$(PYTHON) -m venv --clear $(TORCH)
	@$(TORCH)/bin/python -m pip --quiet --disable-pip-version-check install --no-deps -r requirements-torch.lock
	@touch $@

$(CLUSTER)/dependencies: requirements-cluster.lock | $(VENV)/installed
	@echo "setting up $(CLUSTER)" >&2
	@$(PYTHON) -m venv --clear $(CLUSTER)
	@$(CLUSTER)/bin/python -m pip --quiet --disable-pip-version-check install --no-deps -r requirements-cluster.lock
	@touch $@

$(PEERS)/dependencies: requirements-peers.lock | $(VENV)/installed
	@echo "setting up $(PEERS)" >&2
	@$(PYTHON) -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip --quiet --disable-pip-version-check install --no-deps -r requirements-peers.lock
	@touch $@

$(DOCS)/dependencies: docs/requirements.lock | $(VENV)/installed
	@echo "setting up $(DOCS)" >&2
	@$(PYTHON) -m venv --clear $(DOCS)
	@$(DOCS)/bin/python -m pip --quiet --disable-pip-version-check install --require-hashes -r docs/requirements.lock
	@touch $@

$(LOWEST)/dependencies: pyproject.toml .ci/lowest_bounds.py | $(VENV)/installed
	@echo "setting up $(LOWEST)" >&2
	@$(PYTHON) -m venv --clear $(LOWEST)
	@$(BIN)/python .ci/lowest_bounds.py report > $(LOWEST)/requirements.txt
	@$(LOWEST)/bin/python -m pip --quiet --disable-pip-version-check install -r $(LOWEST)/requirements.txt pytest pytest-xdist
	@touch $@

# The strict editable install links files one by one, so a new or removed file asks for a new install; an edited one does not.
$(VENV)/sources: FORCE | $(VENV)/dependencies
	@find $(ROOTS) -type f -not -path '*/__pycache__/*' | LC_ALL=C sort > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(VENV)/installed: $(VENV)/dependencies $(VENV)/sources pyproject.toml setup.py
	@$(PIP) install --no-build-isolation --no-deps --config-settings editable_mode=strict --editable .
	@touch $@
