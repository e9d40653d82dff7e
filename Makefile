# The one list of commands; CI calls the same targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements
# Annoy's own flags are -march=native, whose wheel may crash on another machine, and -ffast-math, whose
# approximate roots, and so the index, differ between makers of processors. With AVX the order of
# additions is in Annoy's source; the compiler does not choose it.
export ANNOY_COMPILER_ARGS := -O3,-fno-fast-math
ifeq ($(shell uname -m),x86_64)
ANNOY_COMPILER_ARGS := $(ANNOY_COMPILER_ARGS),-mavx
endif
export PIP_DISABLE_PIP_VERSION_CHECK := 1

ANNOY = $(VENV)/annoy$(ANNOY_COMPILER_ARGS).done
TESTS = $(BIN)/pytest -m 'not soak' --numprocesses 4 --dist loadfile --no-loadscope-reorder
PIP_INSTALL = $(BIN)/pip install --quiet --no-build-isolation

.PHONY: help setup setup-spark wheel run test test-fast coverage lint format docs star bench soak lock clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/runtime.done  ## Create the environment from the lock

setup-spark: $(VENV)/spark.done  ## Add Spark and Delta Lake, for `sonic run --target spark` (needs Java 17)

wheel: $(VENV)/build.done  ## Build the wheel into dist/, with the dbt project inside
	@rm -rf build dist
	@$(BIN)/pip wheel --quiet --no-build-isolation --no-deps --wheel-dir dist .
	@rm -rf build
	@ls dist/*.whl

run: setup  ## Run the main job: real components, a simulated Spotify, fifteen tracks per listener
	@$(BIN)/sonic run

test: $(VENV)/dev.done  ## Run the tests that CI runs
	$(TESTS)

test-fast: $(VENV)/dev.done  ## Run only the unit tests, in under three minutes
	$(BIN)/pytest -m 'not soak and not whole' --numprocesses 2 --dist loadfile

coverage: $(VENV)/dev.done  ## Run the tests of `make test` and show the lines that none of them runs
	$(TESTS) --cov --cov-report=term-missing:skip-covered

lint: $(VENV)/dev.done  ## Check style, types, SQL, YAML and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint --strict .
	$(BIN)/sqlfluff lint dbt_sonic --disable-progress-bar

format: $(VENV)/dev.done  ## Fix the style where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/dev.done  ## Write the lineage site of the last run: dbt docs, column lineage, the star
	$(BIN)/sonic docs

star: $(VENV)/dev.done  ## Draw docs/star.svg again after a change of Gold
	$(BIN)/dbt --quiet parse --project-dir dbt_sonic --profiles-dir dbt_sonic --target memory \
	  --target-path $(abspath $(VENV))/star --log-path $(abspath $(VENV))/star
	$(BIN)/python -m sonic.report.star_svg $(VENV)/star/manifest.json docs/star.svg

bench: $(VENV)/dev.done  ## Measure on this machine; docs/benchmarks.md keeps the figures
	$(BIN)/python bench/main_job.py
	$(BIN)/python bench/kaggle.py
	$(BIN)/python bench/history.py
	$(BIN)/python -m bench.warehouse
	$(BIN)/python bench/engines.py
	$(BIN)/python -m bench.recommendations
	$(BIN)/python -m bench.evaluation

soak: $(VENV)/dev.done  ## Run the long tests: many days, many kills
	$(BIN)/pytest -m soak

lock:  ## Resolve the pinned, hashed locks again (needs uv)
	uv pip compile $(LOCK)/build.in -o $(LOCK)/build.lock $(LOCK_OPTIONS)
	uv pip compile pyproject.toml -o $(LOCK)/runtime.lock -c $(LOCK)/build.lock $(LOCK_OPTIONS)
	uv pip compile pyproject.toml -o $(LOCK)/dev.lock -c $(LOCK)/runtime.lock $(LOCK_OPTIONS) --group dev

clean:  ## Remove the environment and the caches; keep the data of runs (data/)
	rm -rf $(VENV) build dist *.egg-info .coverage .coverage.* .import_linter_cache .mypy_cache .pytest_cache
	rm -rf .ruff_cache .hypothesis dbt_sonic/target dbt_sonic/logs dbt_sonic/.user.yml

LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
  --no-emit-index-url --custom-compile-command "make lock"

$(VENV)/build.done: $(LOCK)/build.lock
	@sh $(LOCK)/check_system.sh "$(PYTHON)"
	@echo "Creating the environment in $(VENV) (about two minutes) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) --require-hashes -r $(LOCK)/build.lock
	@touch $@

# pip's cache does not distinguish wheels by their flags, so Annoy bypasses it.
$(ANNOY): $(VENV)/build.done $(LOCK)/runtime.lock
	@sed -n '/^annoy==/,/via/p' $(LOCK)/runtime.lock > $(VENV)/annoy.lock && test -s $(VENV)/annoy.lock
	@$(PIP_INSTALL) --no-cache-dir --no-deps --force-reinstall --require-hashes -r $(VENV)/annoy.lock
	@rm -f $(VENV)/annoy-*.done && touch $@

$(VENV)/runtime.done: $(ANNOY) $(LOCK)/runtime.lock pyproject.toml
	@$(PIP_INSTALL) --require-hashes -r $(LOCK)/runtime.lock
	@$(PIP_INSTALL) --no-deps --editable .
	@touch $@

$(VENV)/dev.done: $(VENV)/runtime.done $(LOCK)/dev.lock
	@$(PIP_INSTALL) --require-hashes -r $(LOCK)/dev.lock
	@touch $@

$(VENV)/spark.done: $(VENV)/dev.done sonic/engines/spark.py
	@$(BIN)/python -m sonic.engines.spark
	@touch $@
