# Every recipe is one line and sets up what it needs: python3 with venv is enough.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check bench bundle lowest clean

demo: .venv/ready ## build the demo book and run the relief desk over it
	@$(BIN)/steadyrest demo --out out/demo

test: .venv/ready ## all tests
	@$(BIN)/python -m pytest

check: .venv/ready ## format, lint, types, import order
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/uv lock --check && $(BIN)/python tools/make_docs.py --check

bench: .venv/ready ## every measured claim, as JSON lines
	@$(BIN)/python -m bench

bundle: .venv/ready ## one archive for a closed network: Python, wheels, SBOM, licences
	@$(BIN)/python tools/bundle.py

lowest: .venv/ready ## all tests with the oldest dependencies that are allowed
	@$(BIN)/uv venv -q --clear .venv-lowest && $(BIN)/uv pip install -q --python .venv-lowest/bin/python --resolution lowest-direct -e . --group dev && .venv-lowest/bin/python -m pytest

.venv/ready: pyproject.toml uv.lock
	@$(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check uv && UV_PROJECT_ENVIRONMENT=.venv $(BIN)/uv sync --frozen --quiet && touch $@

clean: ## remove what the other recipes made
	@rm -rf .venv .venv-lowest out
