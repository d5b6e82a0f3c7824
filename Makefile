# The commands a person calls; CI calls `make test`. Both `run` and `test` create .venv when it is missing.
PYTHON ?= python3
PY     := .venv/bin/python
READY  := .venv/.ready

# One thread: two threads on small batches are 3-25 times slower, and results must not depend on the count.
export OMP_NUM_THREADS ?= 1

.PHONY: run test check lint docs controls study-kill study-live study-forks study-realtime study-flips study-sweep study-spans study-orders bench-orders study-impact study-macro study-legacy study-scale study-forecast study-transmission study-experiments study-audit study-attribution study-society study-identify clean

run: $(READY)          ## 25 years of the macro economy, with figures and a report in runs/
	$(PY) -m simengine run

test: $(READY)         ## every test, on all processors
	$(PY) -m pytest -n auto --dist loadfile

lint: $(READY)
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check: lint test       ## style, types, import contracts, then every test

docs: $(READY)         ## the documentation as a site in docs/_build: warnings are errors, links are checked
	$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	$(PY) -m sphinx -W --keep-going --quiet -b html docs docs/_build/html
	$(PY) -m sphinx -W --keep-going --quiet -b linkcheck docs docs/_build/links

controls: $(READY)     ## measure the random-policy control again, analysis/macro/data/controls.json
	$(PY) -m simengine.controls

study-kill: $(READY)   ## kill -9 a run of each world at 50 random moments, resume, compare digests
	$(PY) tests/simengine/kill_resume.py --kills 50

study-flips: $(READY)  ## flip 200 bits in folders of runs, a study and a training: found, or the same comes out
	PYTHONPATH=. $(PY) tests/simengine/bit_flips.py --flips 200

study-sweep: $(READY)  ## 1,000 runs killed -9 twice, and over three Ray nodes with one killed: equal tables
	$(PY) -m tests.simengine.kill_sweep

study-live: $(READY)   ## 50 runs told random commands and killed at random moments, beside what their journals plan
	$(PY) -m tests.simengine.live_kills --runs 50

study-forks: $(READY)  ## 200 forks beside their parents, 50 ticks travelled to beside runs that stopped there
	$(PY) -m tests.simengine.fork_study --forks 200 --travels 50

study-realtime: $(READY)  ## ten minutes at 60 ticks a second: macro, barter and inventory side by side
	$(PY) -m tests.simengine.realtime_study --seconds 600

study-spans: $(READY)  ## what a span of many ticks costs in a toy market: a year, a call, observers
	$(PY) -m tests.kernel.measure_spans

study-orders: $(READY)  ## ten million random messages to the order book and to a plain one: every answer compared
	$(PY) -m tests.markets.differential_study

bench-orders: $(READY)  ## messages a second of the order book along five price paths, beside two others (pip install pyorderbook)
	$(PY) -m tests.markets.bench_orders

study-macro: $(READY)  ## what the macro world must show, beside its targets
	$(PY) -m tests.simengine.worlds.macro.measure

study-impact: $(READY)  ## what one order does to the price, 64 pairs of forks a size; keeps analysis/exchange/data/impact.csv
	$(PY) -m simengine study impact
	mkdir -p analysis/exchange/data
	cp runs/impact/impact.csv analysis/exchange/data/

study-scale: $(READY)  ## facts, volatility and inequality at 20 to 500 firms; keeps analysis/macro/data/scale.csv
	$(PY) -m simengine study scale
	cp runs/scale/scale.csv analysis/macro/data/

study-transmission: $(READY)  ## impulse responses beside the VAR literature; keeps the table
	$(PY) -m simengine study transmission --replicas 192
	cp runs/transmission/transmission.csv analysis/macro/data/transmission.csv

study-legacy: $(READY)  ## an earlier program's "Reality Score", rules and networks beside random decisions: a comparison only
	$(PY) -m tests.studies.macro.measure_legacy

study-audit: $(READY)  ## which mechanism produces which fact; keeps its tables for the report
	$(PY) -m simengine audit macro --out runs/audit
	cp runs/audit/*.csv analysis/macro/data/

study-attribution: $(READY)  ## what learning changed, sector by sector; keeps analysis/macro/data/attribution.csv
	$(PY) -m simengine attribute macro --best-response all --out runs/attribution
	cp runs/attribution/attribution.csv analysis/macro/data/attribution.csv

study-society: $(READY)  ## what the parts of a barter society are worth; keeps analysis/barter/data
	$(PY) -m simengine attribute barter --replicas 32 --seed 1 --out runs/society
	cp runs/society/attribution.csv analysis/barter/data/attribution.csv
	cp runs/society/measures.csv analysis/barter/data/measures.csv

study-identify: $(READY)  ## which facts tell which parameter; keeps the table
	$(PY) -m simengine calibrate macro --generations 0 --screen 0 --identify --out runs/identify
	cp runs/identify/identification.csv analysis/macro/data/identification.csv

study-experiments: $(READY)  ## six experiments, a figure and a measured paragraph each; keeps the numbers
	$(PY) -m simengine study experiments --replicas 192
	cp runs/experiments/experiments.csv analysis/macro/data/experiments.csv

study-forecast: $(READY)  ## US growth and inflation against AR(1) and VAR(1); keeps analysis/macro/data/forecast.csv
	$(PY) -m simengine study forecast
	cp runs/forecast/forecast.csv analysis/macro/data/

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "simengine needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@echo "installing simengine and its libraries into .venv: some minutes, once"
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf .venv runs .mypy_cache .pytest_cache .ruff_cache .hypothesis
