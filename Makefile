# Two commands: `make run` starts the dashboard, `make test` runs the tests. Both set up what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
PYTEST_ARGS ?=
MLFLOW_PYTHON ?= python3

.PHONY: run test reference explore api-fuzz check format screenshots bench campaign peers-tests clean

run: $(VENV)/product
	@$(BIN)/python -m core doctor --quiet --port $(PORT)
	@exec $(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/tests
	$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

# The tests that make up their inputs, with new ones and many more of them.
explore: $(VENV)/tests
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -n 2 --dist loadfile -m hypothesis $(PYTEST_ARGS)

# /api/v1 asked 5,000 times, by its own OpenAPI, with new requests each time.
api-fuzz: $(VENV)/tests
	HYPOTHESIS_PROFILE=explore REST_CASES=$${REST_CASES:-5000} $(BIN)/python -m pytest -q tests/core/web/test_rest_fuzz.py $(PYTEST_ARGS)

# Our Shapley values against those of shap, which is installed for it beside everything else.
reference: $(VENV)/tests $(VENV)/shap
	$(BIN)/python -m pytest -q tests/core/explain/test_shap.py $(PYTEST_ARGS)

check: $(VENV)/tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py

format: $(VENV)/tests
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: $(VENV)/tests
	$(BIN)/python -m tests.browser.screenshots

# Each prints its table and how long it took. What needs data sets is left out where there are none.
bench: export TRAINDECK_DATA_DIR ?= $(wildcard ../shared/data)
bench: $(VENV)/tests .peers/installed
	@echo "About an hour, and nothing else should run. One table alone: $(BIN)/python -m benchmarks.<name>"
	@$(BIN)/python -m benchmarks

# Two hosts on one PostgreSQL server for ten minutes, with cables pulled and supervisors killed; as root, for the cables.
campaign: $(VENV)/tests
	$(BIN)/python -m tests.core.launch.campaign

# MLflow's own tests against our server: MLFLOW is a checkout of it, MLFLOW_PYTHON an interpreter that has mlflow, pytest,
# pytest-asyncio and pytest-timeout.
peers-tests: $(VENV)/product
	@test -d "$(MLFLOW)/tests/tracking" || { echo "Say where a checkout of MLflow is: make peers-tests MLFLOW=../mlflow"; exit 1; }
	cd $(MLFLOW) && PYTHONPATH=$(CURDIR)/tests/peers:. TRAINDECK_ROOT=$(CURDIR) TRAINDECK_PYTHON=$(CURDIR)/$(BIN)/python \
		$(MLFLOW_PYTHON) -m pytest -q -p mlflow_plugin -p no:cacheprovider --tb=short --timeout 120 $(PYTEST_ARGS) \
		tests/tracking/test_rest_tracking.py tests/tracking/test_mlflow_artifacts.py tests/tracking/test_tracking.py \
		-k "not ([file or workspace or trace or webhook or cli or gateway or example)"

clean:
	rm -rf $(VENV) .peers .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Traindeck needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Stamps, so that each set of packages is installed once and again when its list changes.
$(VENV)/product: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/tests: requirements-dev.txt requirements-postgres.txt $(VENV)/product
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@sh tests/browser/install_chromium.sh $(BIN)/python
	@sh tests/install_postgresql.sh
	@sh tests/install_faketime.sh
	@touch $@

$(VENV)/shap: requirements-explain.txt $(VENV)/product
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-explain.txt
	@touch $@

# The tools that the benchmarks compare with, out of the way of ours.
.peers/installed: benchmarks/requirements-peers.txt
	$(PYTHON) -m venv .peers
	.peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements-peers.txt
	@touch $@
