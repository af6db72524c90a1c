# The whole interface: make demo, make test, make nightly, make check, make generate.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT := out/demo
# each worker begins with a run of neighbours, which share what their module sets up, and takes over what others have left
WORKERS := -n auto --dist worksteal

.PHONY: demo test nightly check generate clean

demo: $(READY) ## scan the shipped example estate and write its reports
	@mkdir -p $(OUT)
	@$(BIN)/jwksgov scan examples/acme --config examples/acme/.jwksgov.yaml \
		-o $(OUT)/report.html -o $(OUT)/report.txt -o $(OUT)/report.json -o $(OUT)/report.sarif; \
	code=$$?; test $$code -eq 1 || { echo "the demo estate has planted problems: exit code 1 expected, got $$code"; exit 1; }
	@echo
	@echo "Exit code 1: the estate has findings, as planted. The reports:"
	@ls -1 $(OUT)/report.*
	@echo "For people: $(OUT)/report.html, in any browser."

test: $(READY) ## run the whole test suite
	$(BIN)/python -m pytest $(WORKERS)

nightly: $(READY) ## run the tests that are long by nature
	$(BIN)/python -m pytest $(WORKERS) -m nightly

check: $(READY) ## lint, types, import contracts, policies, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/jwksgov policy check
	$(BIN)/jwksgov policy test
	$(BIN)/python docs/generate.py --check

generate: $(READY) ## print everything that is generated: schemas/, pages in docs/, blocks of the README
	$(BIN)/python docs/generate.py

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jwksgov needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/python -m compileall -q scanner
	@touch $@

clean:
	rm -rf $(VENV) out
