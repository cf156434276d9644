#!/usr/bin/env bash
# Fuzzes parse, check, format and lower under the address and undefined-behaviour sanitizers.
#   scripts/fuzz.sh [SECONDS] [JOBS]      60 seconds in one process unless given
# What it has learnt stays in build/fuzz/corpus; an input that breaks a promise is kept in build/fuzz/findings and ends the run with 1.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
jobs=${2:-1}

command -v clang++ >/dev/null && ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a >/dev/null 2>&1 ||
  { echo "fuzz: clang's fuzzer is missing: run scripts/setup.sh" >&2; exit 2; }
cmake --preset fuzz -Wno-dev >/dev/null
cmake --build --preset fuzz --target compile_fuzz

corpus=build/fuzz/corpus
findings=build/fuzz/findings
seeds=build/fuzz/seeds
rm -rf "$seeds"
mkdir -p "$corpus" "$findings" "$seeds"
for file in tests/language/*/*.test; do awk -v out="$seeds" -f tests/fuzz/seeds.awk "$file"; done
for file in examples/*/*.stage; do cp "$file" "$seeds/$(echo "$file" | tr / -)"; done

export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0 UBSAN_OPTIONS=print_stacktrace=1
common=(-dict=tests/fuzz/stage.dict -artifact_prefix="$findings/" -max_len=4096 -timeout=10 -rss_limit_mb=3000 -print_final_stats=1
        -max_total_time="$seconds" -verbosity=0)
if [ "$jobs" = 1 ]; then
  build/fuzz/bin/compile_fuzz "${common[@]}" "$corpus" "$seeds"
else
  build/fuzz/bin/compile_fuzz "${common[@]}" -fork="$jobs" -ignore_crashes=0 "$corpus" "$seeds"
fi
