# `make demo` settles the sample, `make test` runs the tests; both set up everything first, on any fresh machine with
# Python 3.11 or later. PYTHON names the interpreter to set up with.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test evidence fuzz damaged bench bench-intake positions spark bench-spark cluster mutation faults docs lock clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "yoc needs Python 3.11 or later; name it with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

$(VENV)/.spark: requirements/spark.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
	touch $@

$(VENV)/.mutation: requirements/mutation.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mutation.txt
	touch $@

demo: $(VENV)/.runtime ## Make the synthetic sample and settle it
	$(BIN)/yoc demo

test: $(VENV)/.dev ## Run every check and test
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto

evidence: $(VENV)/.dev ## Run every test and record in the package what was tried, for `yoc evidence` (SEED=N: the same cases again)
	SEED=$(SEED) nice -n 10 $(BIN)/python tests/evidence/run.py

fuzz: $(VENV)/.dev ## Try every law again and again with fresh seeds, MINUTES=10, EXAMPLES=100 a law in a round; keep the result
	MINUTES=$(MINUTES) EXAMPLES=$(EXAMPLES) nice -n 10 $(BIN)/python tests/fuzz/run.py

damaged: $(VENV)/.dev ## Damage a thousand inputs and see that each is refused, told, or the same to the penny
	$(BIN)/python tests/damaged/run.py --write

bench: $(VENV)/.bench ## Time a whole year of 1,000,000 people against plain scripts (half an hour; LINES="2000000 20000000", WAYS="floor stages" for less)
	$(BIN)/python -m pytest -q tests/benchmarks
	$(BIN)/python benchmarks/year.py $(if $(LINES),--lines $(LINES)) $(if $(PEOPLE),--people $(PEOPLE)) $(if $(WAYS),--ways $(WAYS)) $(if $(ROUNDS),--rounds $(ROUNDS)) --write

bench-intake: $(VENV)/.dev ## Time the reading of raw files against the engine alone (LINES="900000 20000000" for more; makes the sample first)
	test -d data/2026-27/bnssg-working-age || $(BIN)/yoc synth
	$(BIN)/python benchmarks/intake.py $(if $(LINES),--lines $(LINES)) --write

positions: $(VENV)/.dev ## Time the settling of 10,000 and 100,000 rows of a table, together and one by one
	$(BIN)/python benchmarks/positions.py --write

spark: $(VENV)/.spark ## Install Apache Spark here, for `yoc reconcile --engine spark` and the tests that compare both engines (needs Java 17)

bench-spark: $(VENV)/.spark ## Time local Spark at 2 and 20 million lines, and compare its pence with DuckDB's (LINES="2000000" for fewer)
	nice -n 10 $(BIN)/python benchmarks/spark.py $(if $(LINES),--lines $(LINES)) --write

cluster: $(VENV)/.spark ## Settle a small world on Spark's processes of a cluster, here, and compare the bytes with DuckDB's (or on SPARK_REMOTE)
	$(BIN)/python tests/engine/on_a_cluster.py

mutation: $(VENV)/.mutation ## Put small faults into the code that decides money and see that the tests notice (about 40 minutes)
	nice -n 10 $(BIN)/python tests/mutation/run.py $(MUTANTS)

faults: $(VENV)/.dev ## Kill reconciliations and restatements at 400 moments and see that the next one puts it right (needs PostgreSQL and Linux)
	$(BIN)/python tests/faults/run.py $(if $(MOMENTS),--moments $(MOMENTS)) --write

docs: $(VENV)/.dev ## Make the reference pages again from the code
	$(BIN)/python docs/reference/generate.py

lock: ## Renew the locked dependencies (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -o requirements/runtime.txt
	uv pip compile --group build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -c requirements/runtime.txt -o requirements/build.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -c requirements/runtime.txt -c requirements/build.txt -o requirements/dev.txt
	uv pip compile pyproject.toml --extra spark --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -c requirements/runtime.txt -c requirements/build.txt -c requirements/dev.txt -o requirements/spark.txt
	uv pip compile --group mutation --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -c requirements/runtime.txt -c requirements/build.txt -c requirements/dev.txt -o requirements/mutation.txt
	uv pip compile --group bench --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet -c requirements/runtime.txt -c requirements/build.txt -c requirements/dev.txt -o requirements/bench.txt

clean: ## Remove the environment and what the sample made
	rm -rf $(VENV) mutants data reports/2026-27 reconciliation/2026-27/bnssg-working-age/runs reconciliation/2026-27/bnssg-working-age/signatures reconciliation/store*
