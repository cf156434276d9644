#!/usr/bin/env bash
# Every example is as CI wants its scripts: examples.sh BINARY SOURCE_FOLDER. No error and no warning, laid out by `fmt`, its tests pass.
set -euo pipefail
binary=$1
cd "$2"
for folder in examples/*/; do
  [ "$folder" = examples/clients/ ] && continue # programs that call a server
  "$binary" check "$folder" --warnings-as-errors
  "$binary" fmt "$folder" --check
  "$binary" test "$folder"
done
"$binary" test examples/inside-sales --mutate --mutation-at-least 90
echo "all examples are in order"
