# The front door. Every target does its own set-up on a bare Debian 12 machine and is quick the second time.
PRESET ?= release
BUILD := build/$(PRESET)
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

# Says nothing when all is well.
configure = cmake --preset $(PRESET) -Wno-dev >build-configure.log 2>&1 || { cat build-configure.log; rm -f build-configure.log; exit 1; }; rm -f build-configure.log

.PHONY: help setup build run test sanitize fuzz fuzz-requests torture bench fmt lint docs deb deb-test clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 10

setup: ## install what is needed (Debian packages and npm; with sudo where you are not root)
	@scripts/setup.sh

build: setup ## build everything (PRESET=dev, asan or tsan for the other builds)
	@$(configure)
	@cmake --build --preset $(PRESET)

run: build ## the product, at work: a server with the inside-sales example, its contacts and a fortnight of events
	@scripts/demo.sh $(BUILD)/bin/stagecraft

test: build ## all tests, with a summary; tests that read ../shared are skipped visibly where a clone stands alone
	@scripts/test.sh $(PRESET)

sanitize: setup ## the whole suite under the address and undefined-behaviour sanitizers, then the engine's core and its threads under the thread sanitizer
	@scripts/sanitize.sh

fuzz: setup ## any bytes through parse, check, fmt and compile under two sanitizers: 60 s, or FUZZ_SECONDS=…
	@scripts/fuzz.sh compile $(or $(FUZZ_SECONDS),60)

fuzz-requests: setup ## any requests to a server by each of its doors, under two sanitizers: 60 s, or FUZZ_SECONDS=…
	@scripts/fuzz.sh requests $(or $(FUZZ_SECONDS),60)

torture: build ## at full size: faults of disks at every call, 500 times kill -9, a thousand histories through verify, two thousand in many manners, overload, and a million histories against the reference (some hours)
	@scripts/torture.sh $(BUILD)

bench: build ## the figures, each beside its limit measured in the same run
	@scripts/bench.sh $(BUILD)

fmt: setup ## format the C++ sources in place
	@git ls-files -z '*.h' '*.cc' | xargs -0 clang-format -i

lint: build ## formatting, clang-tidy, buf lint
	@scripts/lint.sh $(BUILD)

docs: setup ## docs/api.md, from the comments of the protos
	@scripts/api_docs.py

deb: setup ## the Debian package, in build/release/package; lintian finds nothing in it
	@$(configure)
	@cmake --build --preset $(PRESET) --target stagecraft
	@packaging/build.sh $(BUILD)

deb-test: deb ## the package on a Debian 12 of its own: installed, at work, upgraded, removed, purged (as root; some minutes)
	@packaging/test.sh $(BUILD)

clean: ## remove the build folders
	@rm -rf build
