# bhxh: `make` prints the targets. Every target sets up what it needs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python

.PHONY: help demo serve test journeys foreign proof check matrix bench pictures screens assets translations docs lock where format clean

help: ## print the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 18

demo: ## set everything up and run the main job before your eyes; results in out/
	@./bootstrap.sh run
	@$(PY) -m tools.demo

serve: ## keep it running; prints addresses and sandbox identities
	@./bootstrap.sh run
	@$(PY) -m tools.serve

test: ## set everything up and run the tests (up to 20 minutes on 2 cores)
	@./bootstrap.sh dev
	@$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

journeys: ## walk a dozen stories through the pages in a real browser, with and without scripts, on three widths (minutes)
	@./bootstrap.sh dev
	@$(PY) -m pytest -q -n 0 -o python_files='journey_*.py' tests/journeys

foreign: ## run the demo and have everything it makes judged by other people's programs (minutes); table in out/foreign.md
	@./bootstrap.sh foreign
	@$(PY) -m tools.foreign

proof: ## the long version of what make test samples (hours): make proof PROOF_SEED=7 PROOF_ROUNDS=500 ONLY=crash
	@./bootstrap.sh dev
	@PROOF_SEED=$(PROOF_SEED) PROOF_ROUNDS=$(PROOF_ROUNDS) $(PY) -m pytest -q -o python_files='proof_*.py' $(if $(ONLY),tests/proof/proof_$(ONLY).py,tests/proof)

check: ## lint, types, import contracts, migrations, fresh documents
	@./bootstrap.sh dev
	@$(PY) -m ruff format --check -q .
	@$(PY) -m ruff check -q .
	@$(PY) -m mypy
	@mkdir -p build && .venv/bin/lint-imports --no-cache > build/lint-imports.txt 2>&1 || { cat build/lint-imports.txt; exit 1; }
	@$(PY) -m tools.check_migrations
	@$(PY) -m tools.matrix --check
	@$(PY) -m tools.generate_docs --check

matrix: ## print who may what: every address, subcommand and command with whom it lets in
	@./bootstrap.sh run
	@$(PY) -m tools.matrix

bench: ## measure; writes bench/RESULTS.md
	@./bootstrap.sh run
	@$(PY) -m bench

docs: ## write the generated documents anew
	@./bootstrap.sh dev
	@$(PY) -m tools.generate_docs

lock: ## pin the dependencies anew, with hashes and without addresses
	@./bootstrap.sh dev
	@cd requirements && for part in run dev; do ../.venv/bin/pip-compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe --no-header -o $$part.lock $$part.in; done

pictures: ## turn what make demo left in out/ into pictures to look at
	@$(PY) -m tools.pictures

screens: ## pictures of every page at phone and desktop width, in both languages, into out/screens/
	@./bootstrap.sh dev
	@rm -rf out/screens
	@BHXH_SCREENS=$(CURDIR)/out/screens $(PY) -m pytest -q -n 0 tests/doors/test_*_in_a_browser.py

assets: ## build styles and scripts of the pages anew (needs Node and its registry; what is built is committed)
	@cd bhxh/web/assets && npm ci --silent && npm run --silent build

translations: ## take up new sentences of the templates; says which have no English yet
	@./bootstrap.sh dev
	@$(PY) -m tools.translations

where: ## find a procedure: make where Q="tăng lao động"
	@$(PY) -m tools.where "$(Q)"

format: ## format the code
	@$(PY) -m ruff format -q . && $(PY) -m ruff check -q --fix .

clean: ## stop the embedded database of this checkout and remove what was made here
	@$(PY) -m tools.clean
