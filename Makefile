# For people: make run, make test. Everything else is Meson; see docs/architecture.md.
.PHONY: all run test check bench fuzz kill deps clean format

all: deps build/build.ninja
	@ninja -C build

run:
	@scripts/install-packages run
	@[ -f build/build.ninja ] || meson setup build >/dev/null
	@ninja -C build src/swb
	@scripts/run

test: deps
	@scripts/test

check: deps
	@scripts/check

bench: deps
	@scripts/bench

# Longer fuzzing: make fuzz SECONDS=600
SECONDS ?= 60
fuzz: deps
	@scripts/fuzz $(SECONDS)

# The server, killed at more moments: make kill MOMENTS=200
MOMENTS ?= 200
kill: deps
	@SWB_KILL_MOMENTS=$(MOMENTS) scripts/test --timeout-multiplier 20 'scenario server_kill'

deps:
	@scripts/install-packages

build/build.ninja:
	@meson setup build >/dev/null

format:
	@clang-format -i $$(git ls-files '*.[ch]')

clean:
	@rm -rf build build-*
