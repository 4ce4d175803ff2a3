# make demo and make test do all the set-up on a machine that has only Swift.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup browser build lib demo test python threads soak accuracy bench peers benchtest format docs golden study clean

SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
DAMM := .build/release/damm
LINUX := $(filter Linux,$(shell uname -s))
PYTHON ?= python3
PYTHON_IS_WHOLE := import ensurepip, os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")
PYTHON_HAS_ALL := import distributed, mpmath, mypy, numpy, pyarrow, pytest, setuptools
VENV := .build/venv
SOAK ?= 20
DATA ?= ../shared/data
# where Homebrew has libpq, which it does not link
export PKG_CONFIG_PATH := $(subst $() ,:,$(strip $(PKG_CONFIG_PATH) \
  $(wildcard /opt/homebrew/opt/libpq/lib/pkgconfig /usr/local/opt/libpq/lib/pkgconfig)))
# Tests that wait for a clock, by themselves: beside others that compute they would wait for these.
TIMED := DAMMFeedsTests
BENCH := $(if $(QUICK),.build,docs)

help: ## What can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

# Debian's package would make a cluster and start its server, which nobody here asks for.
define without-cluster
$(SUDO) apt-get install -qq -y postgresql-common && $(SUDO) sed -i \
	        's/^#*create_main_cluster.*/create_main_cluster = false/' \
	        /etc/postgresql-common/createcluster.conf
endef

# Only what is missing, and quietly; the output is shown when it fails.
setup:
	@missing=; \
	for library in gsl:libgsl-dev sqlite3:libsqlite3-dev libpq:libpq-dev zlib:zlib1g-dev; do \
	  pkg-config --exists $${library%%:*} 2>/dev/null || missing="$$missing $${library##*:}"; done; \
	case $$missing in *libgsl*) missing="$$missing pkg-config";; esac; \
	for tool in $(TOOLS); do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	[ -z "$(NEEDS_POSTGRES)" ] || scripts/postgres.sh --check >/dev/null \
	  || missing="$$missing postgresql procps"; \
	[ -z "$(NEEDS_PYTHON)" ] || $(PYTHON) -c '$(PYTHON_IS_WHOLE)' 2>/dev/null \
	  || missing="$$missing python3-venv python3-dev"; \
	[ -z "$$missing" ] || { \
	  echo "Installing $$missing ..."; \
	  if command -v apt-get >/dev/null; then \
	    log=$$(mktemp); export DEBIAN_FRONTEND=noninteractive; \
	    { $(SUDO) apt-get update -qq && \
	      case $$missing in *postgresql*) $(without-cluster);; esac && \
	      $(SUDO) apt-get install -qq -y $$missing; } >"$$log" 2>&1 \
	      || { cat "$$log"; exit 1; }; rm -f "$$log"; \
	  elif command -v brew >/dev/null; then \
	    brew install -q gsl pkg-config libpq $(if $(NEEDS_POSTGRES),postgresql); \
	  else echo "Please install $$missing."; exit 1; fi; }

build: setup ## Build the command in release
	@swift build -c release --product damm

# The archive is made anew: the archiver leaves objects of files that are gone.
lib: setup ## libdamm.so, libdamm.a, damm.h and files for pkg-config, in .build/lib
	@rm -f .build/release/libDAMMC.a
	@swift build -c release --product DAMMC
	@scripts/lib.sh .build/release/libDAMMC.a .build/lib

demo: build ## Build, then show a curve, quotes, replays and a sweep with their pages, and markets on a shared pool
	@echo; echo '$$ damm curve --price 3000 --iv 0.8 --horizon-days 7 --reserve-a 3e6 --reserve-b 1000'
	@$(DAMM) curve --price 3000 --iv 0.8 --horizon-days 7 --reserve-a 3e6 --reserve-b 1000
	@echo; echo '$$ damm quote --orders data/demo/orders.csv --sequence (the same curve)'
	@$(DAMM) quote --orders data/demo/orders.csv --sequence \
	  --price 3000 --iv 0.8 --horizon-days 7 --reserve-a 3e6 --reserve-b 1000
	@echo; echo '$$ damm iv --forward 3000 --strike 3300 --expiry-days 7 --premium 24 --type call'
	@$(DAMM) iv --forward 3000 --strike 3300 --expiry-days 7 --premium 24 --type call
	@mkdir -p .build/demo
	@echo; echo '$$ damm replay data/demo/pool-day.csv --iv 0.65 --fee-bps 5 --flow-share 0.006 --html .build/demo/day.html'
	@$(DAMM) replay data/demo/pool-day.csv --iv 0.65 --fee-bps 5 --flow-share 0.006 --html .build/demo/day.html
	@echo; echo '$$ damm path --price 3000 --regime 0.4:3 --regime 1.2:1 --jumps-per-year 50 --jump-deviation 0.02 \'
	@echo '    --steps 20160 --seed 7 > .build/demo/path.csv'
	@$(DAMM) path --price 3000 --regime 0.4:3 --regime 1.2:1 --jumps-per-year 50 --jump-deviation 0.02 \
	  --steps 20160 --seed 7 > .build/demo/path.csv
	@echo '$$ damm replay .build/demo/path.csv --fee-bps 30 --reform-bps 300 --noise-volume 3e5 --noise-size 2e3 \'
	@echo '    --html .build/demo/path.html'
	@$(DAMM) replay .build/demo/path.csv --fee-bps 30 --reform-bps 300 --noise-volume 3e5 --noise-size 2e3 \
	  --html .build/demo/path.html
	@echo; echo '$$ damm sweep .build/demo/path.csv --noise-volume 3e5 --noise-size 2e3 --grid fee-bps=5,15,30,60 \'
	@echo '    --grid reform-bps=none,100,300,1000 --html .build/demo/sweep.html'
	@$(DAMM) sweep .build/demo/path.csv --noise-volume 3e5 --noise-size 2e3 --grid fee-bps=5,15,30,60 \
	  --grid reform-bps=none,100,300,1000 --html .build/demo/sweep.html
	@echo; echo 'Pages with charts: .build/demo/day.html, .build/demo/path.html and .build/demo/sweep.html'
	@echo; echo '$$ damm markets'
	@$(DAMM) markets

test: TOOLS := $(if $(LINUX),gcc valgrind)
test soak: NEEDS_POSTGRES := yes
test python: NEEDS_PYTHON := $(LINUX)
test: setup browser ## Build and run all tests in release
	@rm -f .build/release/libDAMMC.a
	swift build -c release --build-tests
	$(if $(LINUX),@scripts/lib.sh .build/release/libDAMMC.a .build/lib)
	swift test -c release --skip-build --filter $(TIMED)
	swift test -c release --skip-build --skip $(TIMED)
	$(if $(LINUX),$(test-threads))
	$(if $(LINUX),$(test-python))

# Packages are fetched once. Nothing is written into the folder python.
define test-python
@$(VENV)/bin/python -c '$(PYTHON_HAS_ALL)' 2>/dev/null || { \
  echo "Making $(VENV) ..."; $(PYTHON) -m venv --clear $(VENV) && \
  $(VENV)/bin/pip install -q --disable-pip-version-check \
    'setuptools>=70.1' numpy mypy mpmath pytest distributed pyarrow; }
@DAMM_LIBRARY=$(CURDIR)/.build/lib/libdamm.so \
  $(VENV)/bin/pip install -q --disable-pip-version-check --no-build-isolation ./python
DAMM=$(CURDIR)/$(DAMM) PYTHONDONTWRITEBYTECODE=1 $(VENV)/bin/python -m pytest -q python
endef

# A build of its own, without optimisation: that is done sooner.
define test-threads
swift build --package-path Tests/Threads --scratch-path .build/threads --sanitize=thread
@scripts/threads.sh .build/threads/debug/damm-threads
endef

threads: setup ## Many threads on one pool under the thread sanitizer; DAMM_SOAK=n runs it n times as long
	$(test-threads)

python: lib build ## Install the Python package into .build/venv and test it
	$(test-python)

soak: build ## The property tests SOAK times as long (20), and the accuracy of every curve that fits
	swift build -c release --build-tests
	DAMM_SOAK=$(SOAK) swift test -c release --skip-build --filter \
	  'Audit.*Tests|SwapLawTests|FeeLawTests|DifferentialTests|BatchTests|StraightLineTests|SequenceTests|ReformTests|PoolAttackTests|PoolScaleTests|ShareBookLawTests|LotsTests|ImpliedVolatilityTests|NodeTransportTests|DAMMPricesTests|DAMMSharedTests|DAMMLedgerTests'
	$(DAMM) accuracy --largest 2097152 --swaps 10

accuracy: build ## Measure all declared error bounds
	$(DAMM) accuracy

# Opens the pages of reports in tests. Where there is none to be had they are not opened, and the tests say so.
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome
browser:
	@for browser in $(BROWSERS); do command -v $$browser >/dev/null && exit 0; done; \
	  [ ! -d '/Applications/Google Chrome.app' ] || exit 0; \
	  command -v apt-get >/dev/null || { echo "No Chromium: pages of reports are not opened."; exit 0; }; \
	  echo "Installing a browser ..."; export DEBIAN_FRONTEND=noninteractive; \
	  { $(SUDO) apt-get update -qq && { $(SUDO) apt-get install -qq -y chromium-headless-shell \
	    || $(SUDO) apt-get install -qq -y chromium; }; } >/dev/null 2>&1 \
	    || echo "No Chromium was installed: pages of reports are not opened."

# Peers of the benchmark, and of nothing else. Without one its rows are left out and the report says so.
peers:
	@for peer in libsleef:libsleef-dev libQuantLib:libquantlib0v5; do \
	  if command -v apt-get >/dev/null && ! ldconfig -p | grep -q "$${peer%%:*}"; then \
	    echo "Installing $${peer##*:} ..."; \
	    { $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      $(SUDO) apt-get install -qq -y "$${peer##*:}"; } >/dev/null 2>&1 \
	      || echo "$${peer##*:} was not installed."; \
	  fi; \
	done

bench: setup peers ## Speed beside peers, to docs/benchmarks.md; QUICK=1: under a minute, to .build
	@swift build --package-path Benchmarks -c release --product damm-bench
	@mkdir -p $(BENCH)
	@Benchmarks/.build/release/damm-bench $(if $(QUICK),--quick) --markdown $(BENCH)/benchmarks.md \
	  --chart $(BENCH)/benchmarks.svg --json $(BENCH)/benchmarks.json

benchtest: setup ## Test the figures of the benchmark, and that it runs
	swift test --package-path Benchmarks
	@$(MAKE) --no-print-directory bench QUICK=1 >/dev/null

format: ## Format the sources
	swift format -i -r Sources Tests Benchmarks/Sources Benchmarks/Tests Package.swift Benchmarks/Package.swift

# One catalogue a module; docc comes with Swift. A build of its own: symbols are written only for what
# is compiled.
docs: setup ## The documentation as a static site, a folder a module, in site/
	@rm -rf .build/docs site && mkdir -p .build/docs/symbols site
	@for target in DAMMReplay DAMMLedger; do \
	  swift build --scratch-path .build/docs --target $$target -Xswiftc -emit-symbol-graph \
	    -Xswiftc -emit-symbol-graph-dir -Xswiftc $(CURDIR)/.build/docs/symbols || exit 1; \
	done
	@for module in DAMMModel DAMMKernel DAMMOracle DAMMPool DAMMPrices DAMMShared DAMMLedger DAMMFeeds DAMMReplay; do \
	  mkdir -p .build/docs/$$module && \
	  mv .build/docs/symbols/$$module.symbols.json .build/docs/symbols/$$module@*.symbols.json \
	    .build/docs/$$module/ 2>/dev/null; \
	  docc convert Sources/$$module/$$module.docc --warnings-as-errors \
	    --additional-symbol-graph-dir .build/docs/$$module \
	    --fallback-display-name $$module --fallback-bundle-identifier damm.$$module \
	    --transform-for-static-hosting --hosting-base-path $$module \
	    --output-path site/$$module || exit 1; \
	done

golden: ## Make data/golden again (needs Python with python-flint and mpmath)
	python3 -m pip install -q python-flint mpmath
	python3 data/golden/make_golden.py
	python3 data/golden/make_volatility.py

# Real markets, which are no part of this project.
study: ## What a pool would have earned on recorded flow, to docs/study.md; CHECK=1: only whether that is what it says
	@[ -d $(DATA) ] || { echo "The study needs market data, which is no part of this project: there is no folder $(DATA) (DATA=FOLDER names another)."; exit 1; }
	@$(MAKE) --no-print-directory build
	@$(PYTHON) scripts/study.py --binary $(DAMM) --data $(DATA) --out docs $(if $(CHECK),--check)

clean: ## Remove everything that was built
	rm -rf .build Benchmarks/.build site python/src/damm/*.so* python/src/*.egg-info
