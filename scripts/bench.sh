#!/usr/bin/env bash
# The figures of Stagecraft, each beside its limit measured in the same run: scripts/bench.sh BUILD_FOLDER
#   BENCH_PASSES    passes, Stagecraft and limit in turn; medians are shown (default 3)
#   BENCH_SECONDS   seconds a figure (default 2)
#   BENCH_RULES, BENCH_CONTACTS   size of the workload (default 1000 rules, 100000 contacts)
#   BENCH_LIMITS    the harness that measures the limit (default ../shared/bench/limits; without it the ratios are left out, visibly)
# Results also go to BUILD_FOLDER/bench.json.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server_address.sh
build=${1:-build/release}
passes=${BENCH_PASSES:-3}
export BENCH_SECONDS=${BENCH_SECONDS:-2} LIMITS_SECONDS=${BENCH_SECONDS:-2}
rules=${BENCH_RULES:-1000}
contacts=${BENCH_CONTACTS:-100000}
limits=${BENCH_LIMITS:-../shared/bench/limits}
work=$(mktemp -d "$PWD/$build/bench.XXXXXX")
figures=$work/figures
server=
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; server=; } || true; }
trap 'stop; rm -rf "$work"' EXIT

start() { # a server on a fresh folder with the rule set and the contacts; sets $address
  rm -rf "$work/data"
  "$build/bin/stagecraft" serve --data "$work/data" --listen 127.0.0.1:0 --scripts "$work/scripts" >"$work/server.log" 2>&1 &
  server=$!
  address=$(server_address "$work/server.log" "$server")
  "$build/bin/publish_load" contacts "$address" "$contacts" >>"$figures"
}

mkdir "$work/scripts"
"$build/bin/publish_load" script "$rules" >"$work/scripts/bench.stage"
: >"$figures"
[ ! -x "$build/bin/engine_bench" ] || "$build/bin/engine_bench" | tee -a "$figures"
for pass in $(seq "$passes"); do
  echo "pass $pass of $passes"
  start
  for load in "unary $address $contacts 1" "unary $address $contacts 64" "unary $address $contacts 128" "stream $address $contacts 1 1024" "stream $address $contacts 4 1024"; do
    # shellcheck disable=SC2086
    "$build/bin/publish_load" $load | tee -a "$figures"
  done
  stop
  if [ -x "$limits/run.sh" ]; then
    LIMITS_WORK="$PWD/$build/limits" "$limits/run.sh" durable | grep -E '^grpc.tcp.(stream.*batch1024|unary)' | tee -a "$figures"
  fi
done

[ -x "$limits/run.sh" ] || echo "note: $limits is not here; the limit was not measured and the ratios are left out"
awk -v rules="$rules" -v contacts="$contacts" -v json="$build/bench.json" '
  { values[$1] = values[$1] " " $2; unit[$1] = $3 }
  function median(name,   list, n, i, j, t) {
    n = split(values[name], list, " ")
    for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j] + 0 < list[j - 1] + 0; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
    return n == 0 ? "" : list[int((n + 1) / 2)] + 0
  }
  function greater(a, b) { return a == "" ? b : (b == "" || a > b ? a : b) }
  function lesser(a, b) { return a == "" ? b : (b == "" || a < b ? a : b) }
  # lower: a smaller figure is better, and the target is an upper bound of the ratio
  function row(title, name, limit, target, lower,   ours, ratio, met) {
    ours = median(name)
    if (ours == "") return
    ratio = limit == "" ? "" : ours / limit
    met = ratio == "" ? "-" : (lower ? (ratio <= target) : (ratio >= target)) ? "yes" : "no"
    printf "%-46s %12.0f %-9s %12s %8s %9s  %s\n", title, ours, unit[name], limit == "" ? "-" : sprintf("%.0f", limit), ratio == "" ? "-" : sprintf("%.2f", ratio), target == "" ? "-" : (lower ? "<= " : ">= ") target, met
    printf "%s\n  {\"figure\": \"%s\", \"value\": %s, \"unit\": \"%s\", \"limit\": %s, \"ratio\": %s, \"target\": %s}", separator, name, ours, unit[name], limit == "" ? "null" : limit, ratio == "" ? "null" : ratio, target == "" ? "null" : target >json
    separator = ","
  }
  END {
    printf "[" >json
    sync = "durable_sync"; callback = "durable_callback"
    printf "\n%d rules, %d contacts, synchronous=FULL, client on the same machine; medians\n\n", rules, contacts
    printf "%-46s %12s %-9s %12s %8s %9s  %s\n", "figure", "stagecraft", "unit", "limit", "ratio", "target", "met"
    row("durable events, StreamEvents 4 x 1024", "stagecraft.stream.4x1024.rate", greater(median("grpc.tcp.stream." sync ".batch1024.streams4.rate"), median("grpc.tcp.stream." callback ".batch1024.streams4.rate")), 0.5, 0)
    row("durable events, StreamEvents 1 x 1024", "stagecraft.stream.1x1024.rate", greater(median("grpc.tcp.stream." sync ".batch1024.streams1.rate"), median("grpc.tcp.stream." callback ".batch1024.streams1.rate")), "", 0)
    row("one event alone, p50", "stagecraft.unary.1.p50", lesser(median("grpc.tcp.unary." sync ".inflight1.p50"), median("grpc.tcp.unary." callback ".inflight1.p50")), 1.3, 1)
    row("one event alone, p99", "stagecraft.unary.1.p99", lesser(median("grpc.tcp.unary." sync ".inflight1.p99"), median("grpc.tcp.unary." callback ".inflight1.p99")), 2, 1)
    row("unary, 64 in flight", "stagecraft.unary.64.rate", "", "", 0)
    row("unary, 128 in flight", "stagecraft.unary.128.rate", greater(median("grpc.tcp.unary." sync ".inflight128.rate"), median("grpc.tcp.unary." callback ".inflight128.rate")), 0.7, 0)
    row("contacts created through StreamEvents", "load.contacts_created", "", "", 0)
    for (name in values) if (name ~ /^stagecraft\.engine\./) row(name, name, "", "", 0)
    printf "\n]\n" >json
    printf "\nalso in %s\n", json
  }' "$figures"
