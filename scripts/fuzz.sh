#!/usr/bin/env bash
# Fuzzes under the address and undefined-behaviour sanitizers: the language (parse, check, format, lower), or requests to a server by each
# of its doors.
#   scripts/fuzz.sh compile|requests [SECONDS] [JOBS]      60 seconds in one process unless given
# What it has learnt stays in build/fuzz/corpus; an input that breaks a promise is kept in build/fuzz/findings and ends the run with 1.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-}
seconds=${2:-60}
jobs=${3:-1}

command -v clang++ >/dev/null && ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a >/dev/null 2>&1 ||
  { echo "fuzz: clang's fuzzer is missing: run scripts/setup.sh" >&2; exit 2; }
cmake --preset fuzz -Wno-dev >/dev/null

# fuzz NAME OPTION…: runs build/fuzz/bin/NAME_fuzz from its seeds and from what it has learnt.
fuzz() {
  local name=$1 corpus=build/fuzz/corpus/$1
  shift
  mkdir -p "$corpus" build/fuzz/findings
  local options=(-artifact_prefix=build/fuzz/findings/ -print_final_stats=1 -max_total_time="$seconds" -verbosity=0 "$@")
  [ "$jobs" = 1 ] || options+=(-fork="$jobs" -ignore_crashes=0)
  echo "fuzz: $name, $seconds s"
  "build/fuzz/bin/${name}_fuzz" "${options[@]}" "$corpus" "build/fuzz/seeds/$name"
}

fuzz_compile() {
  cmake --build --preset fuzz --target compile_fuzz
  local seeds=build/fuzz/seeds/compile
  rm -rf "$seeds"
  mkdir -p "$seeds"
  for file in tests/language/*/*.test; do awk -v out="$seeds" -f tests/fuzz/seeds.awk "$file"; done
  for file in examples/*/*.stage; do cp "$file" "$seeds/$(echo "$file" | tr / -)"; done
  ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0 fuzz compile -dict=tests/fuzz/stage.dict -max_len=4096 -timeout=10 -rss_limit_mb=3000
}

fuzz_requests() {
  cmake --build --preset fuzz --target request_fuzz
  rm -rf build/fuzz/seeds/request
  build/fuzz/bin/request_fuzz --seeds=build/fuzz/seeds/request
  # Leaks are looked for at the end: libFuzzer looks whenever a request has allocated more than it has given back, as it does on a server.
  # A server is not as fast as a compiler, and one call may test scripts for ten seconds.
  REQUEST_FUZZ_HISTORY=${REQUEST_FUZZ_HISTORY:-build/fuzz/history} ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0 \
    fuzz request -max_len=8192 -len_control=0 -timeout=60 -rss_limit_mb=3000 -detect_leaks=0
}

export UBSAN_OPTIONS=print_stacktrace=1
case $what in
  compile) fuzz_compile ;;
  requests) fuzz_requests ;;
  *) echo "fuzz: no such thing: $what; expected compile or requests" >&2; exit 2 ;;
esac
