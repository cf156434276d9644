#!/usr/bin/env bash
# The whole script of ../shared/language.md: language_page.sh BINARY SOURCE_FOLDER. It checks without an error, its tests pass, and coverage
# is printed. Skipped, visibly, where the page is not there.
set -euo pipefail
binary=$1
cd "$2"
page=../shared/language.md
[ -r "$page" ] || { echo "skipped: ../shared is not here"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The first block of the section.
awk '/^## A whole script/ { found = 1 } found && /^```/ { if (inside) exit; inside = 1; next } inside' "$page" >"$folder/page.stage"
[ -s "$folder/page.stage" ] || { echo "the script was not found in $page"; exit 1; }

"$binary" check "$folder/page.stage" >"$folder/findings" || { cat "$folder/findings"; exit 1; }
if "$binary" fmt --help >/dev/null 2>&1; then
  cp "$folder/page.stage" "$folder/laid-out.stage"
  "$binary" fmt "$folder/laid-out.stage"
  "$binary" fmt "$folder/laid-out.stage" --check
  rm "$folder/laid-out.stage"
fi
"$binary" test "$folder/page.stage" --coverage
