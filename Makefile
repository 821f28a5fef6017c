# make run: set up and run the main job. make test: set up, lint, check types, test. make test-oldest: a part of the tests with the
# oldest versions of the dependencies that are declared. make test-slow: long tests. make docs: the web pages. make proofs: the
# executable checks of proofs/. make rocq: the machine-checked theorems of proofs/rocq (needs coqc). make dist: wheel and sdist,
# checked. All need python3 (3.11 or later; test-oldest: 3.11 or 3.12) with venv.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
TOOLS := .venv/tools-ready
PAGES := .venv/pages-ready
OLDEST := .venv-oldest/ready
# Each dependency is used by some of these, and they take one or two minutes.
OLDEST_TESTS := tests/cli tests/exact tests/network tests/emit/fields tests/emit/plot tests/emit/test_closed_form_json.py tests/test_versions.py \
    tests/conditions/test_formula.py tests/eigenvalues/test_spectrum.py tests/theorems/test_check.py \
    tests/logarithm/test_closed_form.py tests/systems/test_region_ode.py tests/dynamics/test_simulation.py

.PHONY: run test test-oldest test-slow docs proofs dist rocq bench clean

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

$(OLDEST): pyproject.toml constraints-oldest.txt
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	.venv-oldest/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-oldest.txt -e ".[test]"
	touch $(OLDEST)

test-oldest: $(OLDEST)
	.venv-oldest/bin/pytest -n auto -m "not slow" $(OLDEST_TESTS)

test-slow: $(TOOLS)
	$(BIN)/pytest -n auto -m "slow or hypothesis" --hypothesis-profile=many

$(PAGES): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[docs]"
	touch $(PAGES)

docs: $(PAGES)
	$(BIN)/sphinx-build -q -W --keep-going docs docs/_build/html
	@echo "Written: docs/_build/html/index.html"

# One line for each check: what it proves, and how (proofs/README.md). Seconds.
proofs: $(READY)
	$(BIN)/python -m proofs.checks

# The wheel is built from the sdist, and tried in an environment of its own, in a folder where no source is found.
dist: $(TOOLS)
	rm -rf dist build .venv-dist
	$(BIN)/python -m build > /dev/null
	$(BIN)/twine check --strict dist/*
	$(PYTHON) -m venv .venv-dist
	.venv-dist/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	cd dist && ../.venv-dist/bin/symplrnn check addition --strict
	cd dist && ../.venv-dist/bin/python -c 'import symplrnn as sr; print(sr.derive(sr.example("addition"))["01"].matrix)'
	cd dist && ../.venv-dist/bin/symplrnn export complex --to python > model.py

rocq:
	proofs/rocq/build.sh

bench: $(TOOLS)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.simulation
	$(BIN)/python -m benchmarks.crossing
	$(BIN)/python -m benchmarks.irrational
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.regions
	$(BIN)/python -m benchmarks.certificates

clean:
	rm -rf .venv .venv-oldest .venv-dist out dist build docs/_build
