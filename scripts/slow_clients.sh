#!/usr/bin/env bash
# What clients that take nothing cost the others: scripts/slow_clients.sh BUILD_FOLDER
# Events by four streams, and one at a time, first alone and then beside 900 streams of WatchChanges (of at most 1000) of which nothing is
# read, until the server has cut them all off; and how much memory the server needs. Fails when one ends in another way, or when the next
# client finds anything else than a calm server.
#   BENCH_SECONDS, BENCH_RULES, BENCH_CONTACTS   as scripts/bench.sh has them (default 10 s, 1000 rules, 100000 contacts); BENCH_READERS
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server_address.sh
build=${1:-build/release}
contacts=${BENCH_CONTACTS:-100000}
readers=${BENCH_READERS:-900}
export BENCH_SECONDS=${BENCH_SECONDS:-10}
work=$(mktemp -d "$PWD/$build/slow_clients.XXXXXX")
server=
slow=
trap '[ -z "$slow" ] || kill "$slow" 2>/dev/null || true; [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

mkdir "$work/scripts"
"$build/bin/publish_load" script "${BENCH_RULES:-1000}" >"$work/scripts/bench.stage"
"$build/bin/stagecraft" serve --data "$work/data" --listen 127.0.0.1:0 --scripts "$work/scripts" >"$work/server.log" 2>&1 &
server=$!
address=$(server_address "$work/server.log" "$server")

memory() { awk -v what="$1" -v name="$2" '$1 == what ":" { printf "stagecraft.slow_clients.%s %.0f MB\n", name, $2 / 1024 }' "/proc/$server/status"; }
load() {
  "$build/bin/publish_load" stream "$address" "$contacts" 4 256
  "$build/bin/publish_load" unary "$address" "$contacts" 1
}
"$build/bin/publish_load" contacts "$address" "$contacts"
echo "== alone"
load
memory VmRSS memory_before
echo "== beside $readers clients that take nothing"
"$build/bin/publish_load" slow_readers "$address" "$readers" "$work/opened" >"$work/slow.out" &
slow=$!
until [ -e "$work/opened" ]; do
  kill -0 "$slow" || { echo "slow_clients: the slow clients ended at once" >&2; exit 1; }
  sleep 0.1
done
load
memory VmHWM memory_most
wait "$slow"
slow=
cat "$work/slow.out"
echo "== afterwards"
load
kill "$server"
wait "$server" || { cat "$work/server.log" >&2; echo "slow_clients: the server ended with an error" >&2; exit 1; }
server=
