#!/usr/bin/env bash
# The suite under the sanitizers: scripts/sanitize.sh [asan|tsan]; without an argument one after the other. A finding fails its test.
set -euo pipefail
cd "$(dirname "$0")/.."

# The thread sanitizer sees only what it has instrumented: the language, the engine with its threads and its stores. gRPC comes from the
# system, and calls of our code from its threads would look like races.
core='^(engine|store|histories|reference|runtime|support|outbox|verify):'

run() {
  local preset=$1
  shift
  cmake --preset "$preset" -Wno-dev >/dev/null
  cmake --build --preset "$preset"
  echo "== $preset"
  ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error "$@"
}

for preset in ${1:-asan tsan}; do
  case $preset in
    asan) UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 run asan ;;
    tsan) run tsan -R "$core" -E '^outbox: (deliveries|erasure)$' ;;  # those that need the server
    *) echo "sanitize: there is no preset \`$preset\`; expected asan or tsan" >&2; exit 2 ;;
  esac
done
