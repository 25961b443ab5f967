# `make` lists what a person can do here.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP = $(BIN)/python -m pip
# uv takes a quarter of pip's time. It is asked to use pip's own index and certificates; where it can't, pip goes on.
INSTALL = install() { \
	index=$$($(PIP) config get global.index-url 2>/dev/null || echo "$$PIP_INDEX_URL"); \
	[ -z "$$index" ] || export UV_DEFAULT_INDEX="$$index"; \
	$(PIP) install --quiet --disable-pip-version-check uv \
	&& $(BIN)/python -m uv pip install --quiet --system-certs --python $(BIN)/python --constraint constraints.txt "$$@" \
	&& $(PIP) uninstall --quiet --yes uv \
	|| $(PIP) install --quiet --disable-pip-version-check --constraint constraints.txt "$$@"; }; install

WHAT := --editable .

# A run and its tests start many processes: compiled once, not by each.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run up test lint ops docs wheel image bench clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/.installed ## Make today's content, offline unless a key is set, and show the brief
	$(BIN)/pressroom daily
	$(BIN)/pressroom brief

up: $(VENV)/.installed ## Start Prefect with everything deployed, and the review desk, until Ctrl-C
	$(BIN)/pressroom up

test: $(VENV)/.installed-dev ## Run all tests
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

ops: $(VENV)/.installed-ops

lint: $(VENV)/.installed-dev ## Check style, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/check_words.py

docs: $(VENV)/.installed-ops ## Build the documentation into build/docs
	$(BIN)/python -m deployments.site build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file build/site/mkdocs.yml --site-dir ../docs

wheel: $(VENV)/.installed ## Build the wheel, and try it in an environment of its own
	rm -rf build/lib build/bdist.* build/wheel
	$(PIP) wheel --quiet --no-deps --wheel-dir build/wheel .
	bare=$$(mktemp -d)/venv; wheel=$$(echo build/wheel/*.whl); \
	$(MAKE) --no-print-directory VENV=$$bare WHAT=$$wheel $$bare/.installed && deployments/wheel $$bare $$wheel; \
	code=$$?; rm -rf $$(dirname $$bare); exit $$code

image: $(VENV)/.installed ## Build the images of worker and desk with buildah, and try them (as root)
	deployments/image/build

bench: $(VENV)/.installed-dev ## Run the benchmarks
	$(BIN)/python -m benchmarks

clean: ## Remove what runs and tests have left; the environment stays
	rm -rf .pressroom .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Pressroom into $(VENV) (about a minute the first time)"
	$(INSTALL) $(WHAT)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing the tools for tests and checks"
	$(INSTALL) --editable '.[dev]'
	@touch $@

$(VENV)/.installed-ops: $(VENV)/.installed-dev
	@echo "Installing the tools for deployments and documentation"
	$(INSTALL) --editable '.[dev,ops]'
	@touch $@
