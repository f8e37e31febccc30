# swift-gan. Everything is built in the release configuration, so training and tests share one build.

PREFIX ?= /usr/local
ARGS ?=

gan := .build/release/gan
swift_sources := Sources Tests Examples Benchmarks Package.swift

.DEFAULT_GOAL := help
.PHONY: help setup build train test bench lint format docs install clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install missing Debian packages, and libtorch in the user's cache
	@scripts/bootstrap

build: setup ## build the command, .build/release/gan
	swift build -c release --product gan

train: build ## train a first GAN on built-in digits in under five minutes (or ARGS="mlp --steps 2000")
	$(gan) train $(or $(ARGS),--minutes 3.5)

# Testable imports would compile every module a second time, and no test needs them. Tests that crash processes on purpose need no
# backtraces, which take minutes to write for a process of libtorch's size.
test: setup ## run all tests
	python3 -B -m unittest discover --start-directory scripts/tests --pattern '*_test.py'
	python3 -B -m unittest discover --start-directory Benchmarks/tests --pattern '*_test.py'
	@scripts/test-environment .build/test-venv
	SWIFT_BACKTRACE=enable=no swift test -c release --disable-xctest --disable-testable-imports $(ARGS)

bench: build ## compare the speed with TensorFlow and PyTorch, which it installs (or ARGS="--cases mlp-128")
	swift build -c release --product same-mathematics
	@scripts/bench-environment .build/bench-venv
	.build/bench-venv/bin/python Benchmarks/run.py $(ARGS)

lint: ## check the formatting rules, as CI does
	swift format lint --strict --parallel --recursive $(swift_sources)

format: ## rewrite the sources by the formatting rules
	swift format --in-place --parallel --recursive $(swift_sources)

docs: build ## build the documentation, .build/docs/swift-gan.doccarchive
	@scripts/documentation .build/docs

install: build ## copy the command to PREFIX/bin (it still uses libtorch from the user's cache)
	install -D -m 755 $(gan) $(DESTDIR)$(PREFIX)/bin/gan
	@$(DESTDIR)$(PREFIX)/bin/gan version

clean: ## remove everything that was built (libtorch stays in the cache)
	rm -rf .build
