# The verbs of this repository. `make help` lists them; CI runs the same ones (.ci/run).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
DESTDIR ?=
BENCH ?= all
BENCHFLAGS ?=
SOAK ?= all
SOAKFLAGS ?=
TESTFLAGS ?=

# The release: Swift's runtime is linked in, so the binary runs on a node that has no Swift.
# The manifest is read anew each time: a kept one would name the commit of an earlier build.
RELEASE := -c release --static-swift-stdlib --manifest-cache none
BINARY := .build/release/aismove

.PHONY: help demo build test test-release lint format bench soak install uninstall manual deps clean

help: ## what the verbs do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## a minute's tour: a small dataset with a hole and a damaged shard, on loopback
	@scripts/install-deps.sh demo
	swift build --product aismove
	@scripts/demo.sh .build/debug/aismove

build: ## the release binary, .build/release/aismove, with Swift's runtime linked statically
	@scripts/install-deps.sh build
	swift build $(RELEASE) --product aismove

test: deps ## every test, against real servers on loopback (TESTFLAGS="--filter NodeStoreTests")
	swift build --build-tests
	@python=$$(scripts/venv.sh test); export AISMOVE_TEST_PYTHON="$$python"; \
	  swift test --skip-build --disable-xctest $(TESTFLAGS)

test-release: build deps ## the end-to-end tests, with the release binary
	swift build --build-tests
	@python=$$(scripts/venv.sh test); export AISMOVE_TEST_PYTHON="$$python" AISMOVE_TEST_BINARY="$(CURDIR)/$(BINARY)"; \
	  swift test --skip-build --disable-xctest --filter EndToEndTests $(TESTFLAGS)

lint: ## formatting and syntax: Swift, shell, Python
	@scripts/install-deps.sh lint
	swift format lint --strict -r Sources Tests Package.swift
	@scripts/lint-scripts.sh

format: ## rewrites the Swift sources as `make lint` wants them
	swift format -i -r Sources Tests Package.swift

bench: build ## the tables of docs/performance.md (BENCH=shards|small|durable|again|names|s3-shards|s3-small|s3-list|all)
	@scripts/install-deps.sh bench
	@python=$$(scripts/venv.sh bench); \
	  "$$python" scripts/bench.py --aismove $(BINARY) --only $(BENCH) $(BENCHFLAGS)

soak: build ## long runs: a million keys, objects, inputs (SOAK=listing|present|faults|fuzz|all, SOAKFLAGS=--quick)
	@scripts/install-deps.sh bench
	@scripts/install-deps.sh test
	@python=$$(scripts/venv.sh bench); AISMOVE_TEST_PYTHON=$$(scripts/venv.sh test); export AISMOVE_TEST_PYTHON; \
	  "$$python" scripts/soak.py --aismove $(BINARY) --only $(SOAK) $(SOAKFLAGS)

manual: build ## man page and shell completions, into .build/share
	@scripts/manual.sh $(BINARY) .build/share $(RELEASE)

install: ## binary, man page and completions below PREFIX (default /usr/local)
	@scripts/install.sh "$(DESTDIR)$(PREFIX)" $(BINARY) .build/share

uninstall: ## removes what `make install` put below PREFIX
	@scripts/install.sh --remove "$(DESTDIR)$(PREFIX)"

deps: ## the Debian packages and the Python packages that the tests need, if missing
	@scripts/install-deps.sh test
	@scripts/venv.sh test >/dev/null

clean: ## removes what was built
	rm -rf .build
