# Agora's commands. `make help` lists them; every one works on a fresh clone, each does first what it needs.
# Needed: Python 3.11 or newer with pip, git, make. Everything else is installed into .venv, from lock files with hashes.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

BIN := .venv/bin
LOCKS := packaging/locks
STAMPS := .venv/.stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
LOCKED := $(PIP) install --quiet --require-hashes --requirement

# A stamp carries the checksum of what it stands for: the same inputs are never installed twice, changed ones always are.
sum = $(firstword $(shell cat $(1) 2>/dev/null | cksum))
UI_SOURCES = $(shell find ui -type f \( -name '*.css' -o -name '*.js' -o -name '*.mjs' -o -name '*.json' -o -name '*.svg' \) \
	-not -path 'ui/node_modules/*' -not -path 'ui/dist/*' | LC_ALL=C sort)
PACKAGE := $(STAMPS)/package-$(call sum,pyproject.toml $(LOCKS)/build.txt $(LOCKS)/runtime.txt)
NODE_MODULES := $(STAMPS)/npm-$(call sum,ui/package.json ui/package-lock.json $(LOCKS)/build.txt)
SCHEMA := $(STAMPS)/schema-$(call sum,$(sort $(wildcard engine/migrations/*.py engine/migrations/versions/*.py)))
BUNDLE = $(STAMPS)/bundle-$(call sum,$(UI_SOURCES))
DESKTOP := $(STAMPS)/desktop-$(call sum,$(LOCKS)/desktop.txt)
SERVICES := $(STAMPS)/services-$(call sum,$(LOCKS)/services.txt)
DEV := $(STAMPS)/dev-$(call sum,$(LOCKS)/dev.txt)

##@ Using it

.PHONY: run
run: install ## Install what is missing and start Agora (ARGS="serve --port 9000" goes to the command)
	@bash packaging/setup/window.sh $(DESKTOP)
	@exec $(BIN)/agora $(ARGS)

.PHONY: install
install: $(PACKAGE) ui $(SCHEMA) ## Everything that `run` does but start it; leaves .venv/bin/agora
	@$(BIN)/python -m compileall -q -x node_modules app ui engine adapters
	@$(BIN)/python -m ui.writing_down

.PHONY: services
services: install $(SERVICES) ## Install what Redis, Kafka and object storage need (only where the settings choose them)

.PHONY: ui
ui: $(PACKAGE) $(NODE_MODULES) ## Build the styles, scripts, icons and fonts into ui/dist
	@bash packaging/setup/bundle.sh $(BUNDLE)

.PHONY: desktop
desktop: install $(DEV) $(DESKTOP) ## Build a folder that runs without Python, into dist/agora
	$(BIN)/python -m PyInstaller --noconfirm --clean --log-level WARN build.spec
	@[ "$$(uname -s)" != Linux ] || $(BIN)/python packaging/desktop/glibc.py dist/agora
	@echo "Built dist/agora. Start it with dist/agora/agora."

.PHONY: deb
deb: desktop ## Build a package for Debian and Ubuntu, into dist
	$(BIN)/python packaging/desktop/deb.py dist/agora dist

.PHONY: archive
archive: desktop ## Build an archive that running programs update themselves with, into dist
	$(BIN)/python packaging/desktop/release.py pack dist/agora dist

##@ Changing it

.PHONY: test
test: install $(DEV) $(DESKTOP) ## Run all tests (TESTS="tests/engine -k refund" picks some; WORKERS=4 is for four cores)
	@bash tests/machine.sh
	@$(BIN)/python -m pytest --numprocesses $(or $(WORKERS),2) --dist loadfile --no-loadscope-reorder \
		-p tests.plugins.long_first -p tests.plugins.no_skips -p tests.plugins.second_try $(TESTS)

.PHONY: harness
harness: install $(DEV) ## Kill, fill, lock and damage a busy server, then audit it (MINUTES=30, SEED=7, DATABASE=URL)
	@bash tests/machine.sh
	@$(BIN)/python -m tests.harness --minutes $(or $(MINUTES),30) $(if $(SEED),--seed $(SEED)) \
		$(if $(DATABASE),--database "$(DATABASE)")

.PHONY: fuzz
fuzz: install $(DEV) ## Ask every call of the API whatever Schemathesis thinks of (ARGS="--minutes 30 --seed 7")
	@$(BIN)/python -m tests.fuzz $(ARGS)

.PHONY: audit
audit: $(DEV) ## Ask whether a locked library has a known hole; needs the network
	@BIN=$(BIN) bash packaging/setup/audit.sh

.PHONY: screenshots
screenshots: install $(DEV) ## Draw the README's pictures anew, of the demo organisation
	@bash tests/machine.sh
	@$(BIN)/python -m tests.browser.gallery docs/screenshots

.PHONY: check
check: install $(DEV) ## Formatting, lint, types, import contracts, templates, spelling, locks, sizes
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.checks

.PHONY: format
format: $(DEV) ## Format code and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: install $(DEV) ## Print a table of speeds and memory; never fails on a time
	$(BIN)/python -m tests.benchmarks $(ARGS)

.PHONY: lock
lock: $(DEV) ## Write the lock files anew (UPGRADE=1 takes the newest versions)
	@BIN=$(BIN) bash packaging/setup/lock.sh $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## Remove what was installed and built (never the data folder)
	rm -rf .venv build dist engine/migrations/fresh.json ui/dist ui/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# What the commands stand on

.venv/bin/python:
	@bash packaging/setup/venv.sh

$(PACKAGE): | .venv/bin/python
	@echo "Installing Agora's libraries (once for each lock file) …"
	@mkdir -p $(STAMPS) && rm -f $(STAMPS)/package-*
	@$(LOCKED) $(LOCKS)/build.txt
	@$(LOCKED) $(LOCKS)/runtime.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(SCHEMA): | $(PACKAGE)
	@rm -f $(STAMPS)/schema-* engine/migrations/fresh.json
	@$(BIN)/python -m engine.migrations.writing_down
	@touch $@

$(NODE_MODULES): | $(PACKAGE)
	@echo "Installing the UI's libraries …"
	@rm -f $(STAMPS)/npm-*
	@cd ui && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --no-fund --no-audit --loglevel=error
	@touch $@

$(DEV): | $(PACKAGE)
	@echo "Installing the tools for tests and checks …"
	@rm -f $(STAMPS)/dev-*
	@$(LOCKED) $(LOCKS)/dev.txt
	@touch $@

$(SERVICES): | $(PACKAGE)
	@rm -f $(STAMPS)/services-*
	@$(LOCKED) $(LOCKS)/services.txt
	@touch $@

$(DESKTOP): | $(PACKAGE)
	@echo "Installing the window's toolkit (on Linux about 300 MB, once) …"
	@rm -f $(STAMPS)/desktop-*
	@$(LOCKED) $(LOCKS)/desktop.txt
	@touch $@
