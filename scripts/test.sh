#!/usr/bin/env bash
# Runs all tests of a build folder: scripts/test.sh PRESET. The last lines are CTest's summary.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-release}
[ -d ../shared ] || echo "note: ../shared is not here; the tests that read it are skipped"
ctest --preset "$preset" --parallel "$(nproc)" --no-tests=error
