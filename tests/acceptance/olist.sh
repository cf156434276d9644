#!/usr/bin/env bash
# The Olist run equals the answer key of ../shared/data/README.md: olist.sh BINARY SOURCE_FOLDER.
set -euo pipefail
binary=$1
cd "$2"
key=../shared/data/README.md
[ -r "$key" ] || { echo "skipped: ../shared is not here"; exit 77; }

printed=$("$binary" run examples/olist --input ../shared/data/olist --format csv | tr -d '\r')
# "2017-07 239→2, 08 386→9, … 2018-01 1141→152, …" as lines "2017-07,239,2".
expected=$(sed -n 's/.*Answer key ([^)]*): \(.*\)\. Licence.*/\1/p' "$key" | tr ',' '\n' |
  sed -E 's/^ *//; s/→/,/; s/ /,/' | awk -F, '{ if (length($1) > 2) year = substr($1, 1, 5); else $1 = year $1; print $1 "," $2 "," $3 }')
[ -n "$expected" ] || { echo "the answer key was not found in $key"; exit 1; }
# The key leaves out the month before its first, in which no lead was won.
actual=$(printf '%s\n' "$printed" | grep -E '^20[0-9]{2}-[0-9]{2},' | grep -v '^2017-06,')
diff <(printf '%s\n' "$expected") <(printf '%s\n' "$actual")
printf '%s\n' "$printed" | grep -qx 'Customer,842'
[ "$(printf '%s\n' "$printed" | sed -n '/^lifecycle,/,/^$/p' | awk -F, 'NR > 1 { sum += $2 } END { print sum }')" = 8000 ]
echo "8000 leads, 842 won; every month as in the answer key"
