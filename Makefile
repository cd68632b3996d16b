# Two commands: `make run` and `make test`. Everything else is for those who change the project.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(shell command -v uv 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run serve test check bench docs lock clean

help: ## what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{ printf "  make %-7s %s\n", $$1, $$2 }'

run: $(VENV)/.run ## convert, validate, release and deliver every sample; then say where to look
	@$(BIN)/sdmx-gateway run

serve: $(VENV)/.run ## serve what is released, at http://127.0.0.1:8080
	@$(BIN)/sdmx-gateway serve

test: $(VENV)/.dev ## the whole test suite
	@$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(VENV)/.dev ## style, types, docstrings, direction of imports, generated documents
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python docs/generate.py --check

bench: $(VENV)/.dev ## how fast, as ratios to peers in the same run
	@$(BIN)/python benchmarks/conversion.py
	@$(BIN)/python benchmarks/formats.py

docs: $(VENV)/.dev ## write the generated documents anew
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/crim_gen_reg.py

lock: ## lock the dependencies anew, with hashes and without any host (needs uv)
	@uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml \
	    --extra postgresql -o requirements.lock
	@uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml \
	    --extra postgresql --group test --group check --group bench -o requirements-dev.lock

clean: ## remove what was made: environment, releases, outbox
	rm -rf $(VENV) var dist build .pytest_cache .mypy_cache .ruff_cache

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "sdmx_gateway needs Python 3.11 or later: make PYTHON=python3.12 …"; exit 1; }
	@echo "making $(VENV) from hash-locked requirements: a minute or two, once"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python requirements.lock pyproject.toml
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: $(VENV)/.python requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.run

# The project itself is put on the path without being built, so that nothing but the locked files is ever fetched.
define install
	@$(if $(UV),$(UV) pip install -q --python $(BIN)/python --require-hashes -r $(1),$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1))
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "sdmx_gateway_checkout.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@printf '#!/bin/sh\nexec "%s/$(BIN)/python" -m sdmx_gateway "$$@"\n' "$(CURDIR)" > $(BIN)/sdmx-gateway && chmod +x $(BIN)/sdmx-gateway
endef
