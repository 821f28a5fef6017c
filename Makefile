# make run: set up and run the main job. make test: set up, lint, check types, test. Both need python3 (3.11 or later) with venv.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
TOOLS := .venv/tools-ready

.PHONY: run test test-slow bench clean

$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $(READY)

$(TOOLS): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test,dev]"
	touch $(TOOLS)

run: $(READY)
	mkdir -p out
	$(BIN)/symplrnn check addition
	$(BIN)/symplrnn derive addition
	$(BIN)/symplrnn check addition --json > out/addition-check.json
	$(BIN)/symplrnn derive addition --json > out/addition-ode.json
	$(BIN)/symplrnn latex addition --standalone > out/addition.tex
	$(BIN)/symplrnn simulate complex --z0 2,-1 --steps 100 -o out/complex.csv
	@echo "Written: out/addition-check.json, out/addition-ode.json, out/addition.tex (compile it with pdflatex), out/complex.csv"

test: $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto -m "not slow"

test-slow: $(TOOLS)
	$(BIN)/pytest -n auto -m slow

bench: $(TOOLS)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.simulation
	$(BIN)/python -m benchmarks.crossing

clean:
	rm -rf .venv out
