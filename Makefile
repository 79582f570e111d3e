# make help says what there is. Everything lives in .venv and target; nothing outside the folder is touched.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench calibrate torture extension torch

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
export PATH := $(CURDIR)/$(BIN):$(PATH)
# No test waits for the network or draws colours.
export NO_COLOR := 1
export PIP_QUIET := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The features that the extension builds the core's dependencies with, so that they are built once.
SAME := --features arrow-array/ffi

# $(call stage,name,command): runs a command and prints how long it took.
stage = @begun=$$(date +%s.%N); echo "==> $(1)"; $(2); echo "<== $(1): $$(printf '%.1f' $$(echo "$$(date +%s.%N) - $$begun" | bc -l 2>/dev/null || awk "BEGIN{print $$(date +%s.%N)-$$begun}")) s"

help: ## show this
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(VENV)/.done: requirements-dev.txt
	$(call stage,venv,$(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install -r requirements-dev.txt && touch $@)

# Ray is kept apart: 250 MB that nothing but its tests needs.
.ray/.done: requirements-ray.txt $(VENV)/.done
	$(call stage,ray,rm -rf .ray && $(BIN)/python -m pip install --no-deps --target .ray -r requirements-ray.txt && touch $@)

extension: $(VENV)/.done
	$(call stage,extension,maturin develop --quiet --profile ci --locked)

demo: extension ## write two runs in different formats, read and compare them, write a report
	@rm -rf out/demo && fastlogs demo -o out/demo

lint: $(VENV)/.done ## formatting, lints, types, layers
	$(call stage,rustfmt,cargo fmt --all --check)
	$(call stage,clippy,cargo clippy --quiet --workspace --all-targets --profile ci --locked -- -D warnings)
	$(call stage,ruff,ruff check --quiet python tests benches docs && ruff format --quiet --check python tests benches)

test: extension lint .ray/.done ## everything that must hold before a change lands
	$(call stage,types,mypy --no-error-summary && python -m mypy.stubtest fastlogs._core --mypy-config-file pyproject.toml --concise)
	$(call stage,layers,lint-imports --no-cache)
	$(call stage,rust tests,cargo test --quiet --profile ci --locked -p fastlogs-simd && cargo test --quiet --profile ci --locked -p fastlogs-core $(SAME))
	$(call stage,python tests,FASTLOGS_TORCH= FASTLOGS_CLOUD=required python -m pytest)
	$(call stage,ray tests,FASTLOGS_TORCH= PYTHONPATH=$(CURDIR)/.ray FASTLOGS_RAY=required python -m pytest -m ray tests/python/test_cluster.py)

	$(if $(FASTLOGS_TORCH),$(MAKE) --no-print-directory torch)

# torch and the trainers that it is used by, in a folder of their own: no other test can come to need it.
.torch/.done: requirements-torch.txt .ci/light_torch.py $(VENV)/.done
	$(call stage,torch,rm -rf .torch && python .ci/light_torch.py .torch requirements-torch.txt && touch $@)

torch: .torch/.done ## the tests in a training loop, with a real torch and real trainers (600 MB, once)
	$(call stage,torch tests,FASTLOGS_TORCH=required PYTHONPATH=.torch python -m pytest tests/python/in_training)

bench: $(VENV)/.done ## measure beside polars, re, rg and wc; results as dated text
	$(call stage,release build,maturin develop --quiet --release --locked)
	@python benches/run.py

calibrate: extension ## 2,500 comparisons and 200 sweeps whose truth is known, held against it; results as dated text
	$(call stage,calibrate,python benches/calibrate.py)
	$(call stage,calibrate sweeps,python benches/calibrate.py --sweeps 200)

torture: extension ## the promises of docs/coverage.md, in full: slow
	@FASTLOGS_TORTURE=1 PROPTEST_CASES=20000 cargo test --quiet --profile ci --locked -p fastlogs-core
	@FASTLOGS_TORTURE=1 python -m pytest tests -m "" --timeout 3600
