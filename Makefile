# satuatap: two commands.
#   make run     from nothing to a serving demo city
#   make test    every check
# For those who build it: make install | check | lock | soak | clean.
VENV := .venv
BIN := $(VENV)/bin
export UV_SYSTEM_CERTS := 1
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python

.PHONY: run test check soak install install-test lock clean

run: install
	@exec $(BIN)/satuatap serve

test: install-test
	@exec $(BIN)/python tests/run.py all

check: install-test
	@exec $(BIN)/python tests/run.py check

soak: install-test
	@exec $(BIN)/python tests/run.py soak

install: $(VENV)/.installed
	@$(BIN)/satuatap build

install-test: $(VENV)/.installed $(VENV)/.installed-test
	@$(BIN)/satuatap build --tests

# The first step on a bare machine: a virtual environment and, in it, uv.
$(VENV)/.uv: requirements-bootstrap.txt deploy/make_venv.sh
	@sh deploy/make_venv.sh $(VENV)

$(VENV)/.installed: $(VENV)/.uv requirements.txt requirements-node.txt pyproject.toml
	@echo "  memasang pustaka ..."
	@$(INSTALL) --require-hashes -r requirements.txt
	@command -v npm > /dev/null || { echo "  memasang Node (hanya untuk npm) ..."; $(INSTALL) --require-hashes -r requirements-node.txt; }
	@$(INSTALL) --offline --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements-test.txt
	@echo "  memasang alat uji ..."
	@$(INSTALL) --require-hashes -r requirements-test.txt
	@touch $@

# New locks from pyproject.toml and package.json; no address of any registry in them.
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate $(UPGRADE)
lock: $(VENV)/.uv
	$(COMPILE) --group bootstrap -o requirements-bootstrap.txt
	$(COMPILE) --group node -o requirements-node.txt
	$(COMPILE) --group build pyproject.toml -o requirements.txt
	$(COMPILE) --group build --group test pyproject.toml -c requirements.txt -o requirements-test.txt
	@command -v npm > /dev/null && npm install --package-lock-only --ignore-scripts --loglevel=error || true

clean:
	rm -rf $(VENV) build node_modules .cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +
	find src -name '*.mo' -delete
