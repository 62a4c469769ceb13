# The two commands of a newcomer: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
# The profile transformer's environment: torch is in no other.
TORCH := .venv-transformer
TORCH_LOCK := scripts/balise/model/configs/transformer.txt
# libatomic1 is for the program that drives Chromium.
PACKAGES := chromium libatomic1 nginx postgresql
.DEFAULT_GOAL := help
.PHONY: help demo test lint gate transformer bench soak live pictures lock packages clean

help:  ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

# $(call install,VENV,LOCK): an environment with what a lock names and the project itself.
define install
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: apt-get install python3.11 python3.11-venv, or make PYTHON=…"; exit 1; }
	$(PYTHON) -m venv --clear $(1)
	$(1)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-compile -r $(2)
	$(1)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(1)/bin/pip check
	@touch $@
endef

$(INSTALLED): constraints.txt pyproject.toml
	$(call install,$(VENV),constraints.txt)

$(TORCH)/installed: $(TORCH_LOCK) pyproject.toml
	$(call install,$(TORCH),$(TORCH_LOCK))

demo: $(INSTALLED)  ## Run the whole loop on the seed article and the corpus
	$(BIN)/balise demo

test: packages $(INSTALLED) lint  ## Check everything: lint, tests, a core-only install
	$(BIN)/pytest -n 4 --dist loadgroup

lint: $(INSTALLED)  ## ruff, ruff format and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

gate: $(INSTALLED)  ## Train the recipe and hold its scores against the recorded floors
	$(BIN)/balise model train --out build/gate/model
	$(BIN)/balise model evaluate build/gate/model/model-best --split test --no-baseline \
		--out build/gate/report --gate tests/floors.json

transformer: $(TORCH)/installed  ## Test the profile transformer, in an environment of its own
	$(TORCH)/bin/pytest tests/transformer/transformer_*.py

bench: packages $(INSTALLED)  ## Time balise beside its peers
	$(BIN)/pytest -s tests/benchmarks/bench_*.py

soak: packages $(INSTALLED)  ## Kill, cut and fill up everything at many points, and run it again
	$(BIN)/pytest -n 2 --dist worksteal tests/soak/soak_*.py

live: $(INSTALLED)  ## Publish to the real Hub: BALISE_TEST_HUB=OWNER HF_TOKEN=... make live
	@[ -n "$$BALISE_TEST_HUB" ] && [ -n "$$HF_TOKEN" ] || { echo "BALISE_TEST_HUB (an owner on the Hub) and HF_TOKEN must be set"; exit 1; }
	$(BIN)/pytest tests/live/live_*.py

pictures: packages $(INSTALLED)  ## Make the pictures of the README anew (after make demo)
	PYTHONPATH=tests $(BIN)/python tests/pictures.py

packages:
	@missing=""; for name in $(PACKAGES); do dpkg -s $$name >/dev/null 2>&1 || missing="$$missing $$name"; done; \
	[ -z "$$missing" ] && exit 0; \
	line="apt-get update -q && apt-get install -y -q$$missing"; \
	if [ "$$(id -u)" = 0 ]; then DEBIAN_FRONTEND=noninteractive sh -c "$$line"; \
	elif sudo -n true 2>/dev/null; then sudo DEBIAN_FRONTEND=noninteractive sh -c "$$line"; \
	else echo "The tests need Debian packages; as root: $$line"; exit 1; fi

lock:  ## Write constraints.txt anew with today's versions
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet '.[doccano,dev]' hatchling editables
	build/lock/bin/pip freeze --all --exclude balise --exclude pip > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet '.[transformer]' hatchling editables
	build/lock/bin/pip freeze --all --exclude balise --exclude pip | sed 's/+cpu//' > $(TORCH_LOCK)

clean:  ## Remove what was built
	rm -rf build $(VENV) $(TORCH)
