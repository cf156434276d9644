#!/usr/bin/env bash
# The inside-sales example, offline: inside_sales.sh BINARY SOURCE_FOLDER. Each expectation is named after its row of product.md.
set -euo pipefail
binary=$1
cd "$2"
failed=0

# Two rows of the contacts are bad on purpose, hence exit code 1.
print() { "$binary" run examples/inside-sales --print "$1" --format csv 2>/dev/null | tr -d '\r' || [ "${PIPESTATUS[0]}" = 1 ]; }
contacts=$(print contacts)
tasks=$(print tasks)
notifications=$(print notifications)

expect() {  # expect ROW TEXT PATTERN: a line of TEXT matches
  grep -qE "$3" <<<"$2" || { echo "FAILED $1: no line matches $3"; failed=1; }
}

"$binary" check examples/inside-sales
expect S1 "$contacts" '^kenji\.tanaka@.*,SQL,|^kenji\.tanaka@.*,MQL,Recycle,'
expect S2 "$contacts" '^noa\.levi@.*,SQL,Pricing,'
expect S3 "$contacts" '^hana\.sato@.*,Customer,Open Deal,'
expect S5 "$contacts" '^priya\.nair@.*,SQL,New,(aya|ben|carla)@brightwater\.example,'
expect S5 "$notifications" 'New SQL: Priya Nair \(Saffron Works\), score [0-9]+'
expect S5 "$tasks" 'Call Priya Nair,(aya|ben|carla)@brightwater\.example,2025-10-08 1[0-9]:[0-9]{2},high'
expect S7 "$contacts" '^jonas\.weber@.*,MQL,Recycle,'
expect S10 "$contacts" '^liam\.byrne@.*,SQL,Attempted to Contact,'
expect S10 "$contacts" '^marek\.nowak@.*,SQL,Meeting Scheduled,'
expect S11 "$notifications" 'Set the lead status of Hana Sato'
expect S11 "$notifications" 'Noa Levi goes to nurturing: bad timing, or pricing\?'
expect S11 "$notifications" '2025-10-11 09:36,priya\.nair@.*,mika@brightwater\.example,Priya Nair has waited 3 days'
expect S18 "$contacts" '^peter\.novak@.*,-[0-9]+$'
expect S19 "$contacts" '^ines\.duarte@.*,SQL,'
expect S25 "$contacts" '^tomas\.herrera@altamira\.example,'
[ "$failed" = 0 ] && echo "the fortnight went as it should"
exit $failed
