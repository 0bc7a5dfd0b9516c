# `make report` and `make test` need Python 3.11 or newer and make; all else is set up in .venv on first use.
# Another Python: make PYTHON=python3.12 report. Options of xk or pytest: make report ARGS="--lang en".

PYTHON ?= python3
VENV ?= .venv
UV ?= uv
ARGS ?=
TESTFLAGS ?= -n 2 --dist loadfile --no-loadscope-reorder
PIPFLAGS ?= -qq

BIN := $(VENV)/bin
# Wheels only: a package built from source would fetch build tools that no lock has pinned.
PIP_INSTALL := PIP_USER=0 $(BIN)/python -m pip --disable-pip-version-check --no-input install $(PIPFLAGS)
LOCKED := --require-hashes --only-binary :all: --requirement
FAILED := || { echo "pip could not install; to see what it does: make PIPFLAGS= $(MAKECMDGOALS)" >&2; exit 1; }
COMPILE := $(UV) pip compile --quiet --universal --fork-strategy fewest --generate-hashes --no-build \
	--python-version 3.11 --custom-compile-command "make lock" $(UPGRADE) pyproject.toml --extra build --extra app

# Packages from outside would count as installed, and be absent on the next machine.
unexport PYTHONPATH PYTHONHOME
# Compiled once, not by each of the many processes that reports and tests start.
unexport PYTHONDONTWRITEBYTECODE

# A Python asked for by name wins over the one that .venv was made with.
ifneq ($(origin PYTHON),file)
ifneq ($(shell $(PYTHON) --version 2>&1),$(shell $(BIN)/python --version 2>&1))
.PHONY: $(VENV)/.made
endif
endif

NEEDS_UV := @command -v $(UV) >/dev/null || { \
	echo "this needs uv: pip install uv, or make UV=/path/to/uv $(MAKECMDGOALS)" >&2; exit 1; }

.PHONY: help report test lab lint format build docs sbom check lock lowest clean distclean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

report: $(VENV)/.runtime ## build the reports about Yunfu; reports/latest/index.html is the start
	$(BIN)/xk report $(ARGS)

test: $(VENV)/.dev ## run the tests
	$(BIN)/python -m pytest $(TESTFLAGS) $(ARGS)

lab: $(VENV)/.runtime ## open JupyterLab on the notebooks
	$(BIN)/xk lab $(ARGS)

lint: $(VENV)/.dev ## check style, notebooks and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## put code and notebooks into the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

build: $(VENV)/.runtime ## data/raw -> data/processed
	$(BIN)/xk build $(ARGS)

docs: $(VENV)/.dev ## the documentation as a site in build/docs, pictures drawn anew; opens offline
	$(BIN)/python docs/build_site.py --pictures

sbom: $(VENV)/.dev ## what requirements.lock holds, as CycloneDX JSON in build/sbom.json
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --mc-type application \
		--output-reproducible --output-file build/sbom.json

check: $(VENV)/.runtime ## check the tables in data/raw
	$(BIN)/xk check $(ARGS)

lock: ## renew the lock files; the newest versions allowed: make lock UPGRADE=--upgrade
	$(NEEDS_UV)
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --extra docs --constraint requirements.lock --output-file requirements-dev.lock

lowest: ## run the tests with the lowest versions that pyproject.toml allows
	$(NEEDS_UV)
	$(UV) venv --quiet --clear --python $(PYTHON) build/lowest
	$(UV) pip install --quiet --python build/lowest --resolution lowest-direct --editable '.[dev,docs,app,build]'
	build/lowest/bin/python -m pytest $(TESTFLAGS) $(ARGS)

clean: ## remove what was computed, but for the reports
	find data/processed -mindepth 1 ! -name README.md -delete
	rm -rf build dist .pytest_cache .ruff_cache .mypy_cache
	find . -path ./$(VENV) -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

distclean: clean ## remove the reports and .venv too
	find reports -mindepth 1 ! -path reports/README.md -delete
	rm -rf $(VENV) xk.egg-info

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is not:" >&2; \
		echo "name one that is, for instance: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: its modules venv and ensurepip are missing." >&2; \
		echo "Debian, Ubuntu: have an administrator run: apt install python3-venv" >&2; \
		echo "Or name another Python, for instance: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; \
		echo "Or use conda: conda env create -f environment.yml (see CONTRIBUTING.md)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements.lock pyproject.toml
	@echo "setting up $(VENV) from requirements.lock: a minute or two, once"
	@$(PIP_INSTALL) $(LOCKED) requirements.lock $(FAILED)
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable . $(FAILED)
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "adding the tools for tests and checks from requirements-dev.lock"
	@$(PIP_INSTALL) $(LOCKED) requirements-dev.lock $(FAILED)
	@touch $@
