#!/usr/bin/env bash
# The engine's tests at full size: scripts/torture.sh BUILD. Some hours on two cores; ends at the first step that fails.
# TORTURE_SEEDS: histories of each slice that are held against the reference (default 100 000: more than a million in all).
set -euo pipefail
cd "$(dirname "$0")/.."

build=$1
seeds=${TORTURE_SEEDS:-100000}
chunk=$((seeds < 5000 ? seeds : 5000))
logs=$build/torture
mkdir -p "$logs"

step() {
  local name=$1
  shift
  local start=$SECONDS
  echo "== $name"
  "$@" || { echo "torture: $name failed" >&2; exit 1; }
  echo "== $name: passed in $((SECONDS - start)) s"
}

# Chunks of seeds over all processors; the log of each stays. Plays them all, and then says which differ.
second_opinion() {
  rm -f "$logs"/seeds_*
  seq 1 "$chunk" "$seeds" | xargs -P "$(nproc)" -I '{}' sh -c \
    "STAGECRAFT_FIRST_SEED={} STAGECRAFT_SEEDS=$chunk '$build/bin/reference_test' >'$logs/seeds_{}.log' 2>&1 || touch '$logs/seeds_{}.failed'" || return 1
  sed -n 's/.*: \([0-9]*\) histories .* agree.*/\1/p' "$logs"/seeds_*.log | awk '{ same += $1 } END { print same " histories agree" }'
  local failed
  failed=$(find "$logs" -name 'seeds_*.failed')
  [ -z "$failed" ] || { echo "torture: see the .log beside $failed"; grep -h -A60 FAILED "$logs"/seeds_*.log; return 1; } >&2
}

step "faults of disks at every call" env STAGECRAFT_TORTURE=1 "$build/bin/disk_fault_test"
step "500 times kill -9 under load" env STAGECRAFT_ROUNDS=500 "$build/bin/kill_under_load_test"
step "500 times kill -9 of compactions" env STAGECRAFT_ROUNDS=500 "$build/bin/compaction_kill_test"
step "a thousand histories through verify" env STAGECRAFT_SEEDS=1000 "$build/bin/verify_test" "random histories*"
step "two thousand histories, each in many manners" env STAGECRAFT_SEEDS=2000 "$build/bin/histories_test" "the same history*"
step "overload" scripts/overload.sh "$build"
step "$seeds seeds of each slice against the reference" second_opinion
