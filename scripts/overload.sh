#!/usr/bin/env bash
# Ten times the load that a server can take, for a minute: scripts/overload.sh BUILD_FOLDER
# What it takes, what it refuses, how long both wait, and how much memory it needs. Fails when something that was accepted is not there
# once, when a call is refused without saying when to try again, or when the next client finds anything else than a calm server.
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

memory() { awk -v what="$1" -v name="$2" '$1 == what ":" { printf "stagecraft.overload.%s %.0f MB\n", name, $2 / 1024 }' "/proc/$server/status"; }
"$build/bin/publish_load" contacts "$address" "$contacts"
memory VmRSS memory_before
"$build/bin/publish_load" overload "$address" "$contacts"
memory VmHWM memory_most
BENCH_SECONDS=2 "$build/bin/publish_load" unary "$address" "$contacts" 1
kill "$server"
wait "$server" || { cat "$work/server.log" >&2; echo "overload: the server ended with an error" >&2; exit 1; }
server=
