#!/usr/bin/env bash
# Formatting, clang-tidy and buf lint: scripts/lint.sh BUILD_FOLDER. Ends with 1 when one of them finds something.
# The compile commands are for GCC, whose warnings clang does not all know.
set -uo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
failed=0
git ls-files -z '*.h' '*.cc' | xargs -0 clang-format --dry-run --Werror || failed=1
git ls-files -z '*.cc' | grep -zv '^tests/' | xargs -0 -n 4 -P "$(nproc)" clang-tidy --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option || failed=1
buf=tests/api/buf
"$buf" lint proto || failed=1
exit $failed
