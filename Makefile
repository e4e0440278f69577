# For people: make run, make test. Everything else is Meson; see docs/architecture.md.
.PHONY: all run test check bench fuzz race kill clean format

all: build/build.ninja
	@ninja -C build

run: build/build.ninja
	@ninja -C build src/swb
	@scripts/run

test: packages-test
	@scripts/test

check: packages-check
	@scripts/check

bench: packages-run
	@scripts/bench

# Longer fuzzing: make fuzz SECONDS=600
SECONDS ?= 60
fuzz: packages-check
	@scripts/fuzz $(SECONDS)

# The tests under ThreadSanitizer.
race: packages-check
	@scripts/race

# The server, killed at more moments: make kill MOMENTS=200
MOMENTS ?= 200
kill: packages-test
	@SWB_KILL_MOMENTS=$(MOMENTS) scripts/test --timeout-multiplier 20 'scenario server_kill'

packages-%:
	@scripts/install-packages $*

build/build.ninja: | packages-run
	@scripts/configure build

format:
	@clang-format -i $$(git ls-files '*.[ch]')

clean:
	@rm -rf build build-*
