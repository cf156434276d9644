#!/usr/bin/env bash
# Ten times the load that a server can take, for a minute: scripts/overload.sh BUILD_FOLDER
# What it takes, what it refuses, how long both wait, and how much memory it needs. Fails when something that was accepted is not there
# once, when a call is refused without saying when to try again or none is, when accepted calls wait for more than 5 s (99 %), when memory
# grows by more than what was accepted leaves, or when the next client finds anything else than a calm server.
#   BENCH_SECONDS, BENCH_RULES, BENCH_CONTACTS   as scripts/bench.sh has them (default 60 s, 1000 rules, 100000 contacts)
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server_address.sh
build=${1:-build/release}
contacts=${BENCH_CONTACTS:-100000}
export BENCH_SECONDS=${BENCH_SECONDS:-60}
work=$(mktemp -d "$PWD/$build/overload.XXXXXX")
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

mkdir "$work/scripts"
"$build/bin/publish_load" script "${BENCH_RULES:-1000}" >"$work/scripts/bench.stage"
"$build/bin/stagecraft" serve --data "$work/data" --listen 127.0.0.1:0 --scripts "$work/scripts" >"$work/server.log" 2>&1 &
server=$!
address=$(server_address "$work/server.log" "$server")

megabytes() { awk -v what="$1" '$1 == what ":" { printf "%.0f", $2 / 1024 }' "/proc/$server/status"; }
memory() { echo "stagecraft.overload.$2 $(megabytes "$1") MB"; }
"$build/bin/publish_load" contacts "$address" "$contacts"
memory VmRSS memory_before
before=$(megabytes VmRSS)
"$build/bin/publish_load" overload "$address" "$contacts" | tee "$work/overload.out"
memory VmHWM memory_most
# The transport and the inbox hold at most half a gigabyte of what waits; an accepted event leaves its id, and now and then a task or a
# notification.
[ "$(megabytes VmHWM)" -le $((before + 768 + $(sed -n 's/^every one of the \([0-9]*\) accepted.*/\1/p' "$work/overload.out") * 256 / 1048576)) ] ||
  { echo "overload: the server took more memory than what it accepted explains" >&2; exit 1; }
BENCH_SECONDS=2 "$build/bin/publish_load" unary "$address" "$contacts" 1
kill "$server"
wait "$server" || { cat "$work/server.log" >&2; echo "overload: the server ended with an error" >&2; exit 1; }
server=
