#!/usr/bin/env bash
# The product at work: a server on a fresh data folder with the scripts, the contacts and the recorded fortnight of
# examples/inside-sales, and what came of them. On a terminal the server stays up until Ctrl-C.
#
#   scripts/demo.sh [BINARY]
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "${1:-build/release/bin/stagecraft}")
example=examples/inside-sales
data=build/demo.stagecraft
log=build/demo-server.log
server=

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; fi

say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
aside() { printf '%s%s%s\n' "$dim" "$*" "$plain"; }
# Shows a command as it would be typed, and runs it.
run() {
  printf '%s$ stagecraft' "$dim"
  printf ' %s' "${@@Q}" | sed "s/'\([A-Za-z0-9_.,:/@=-]*\)'/\1/g"
  printf '%s\n' "$plain"
  "$binary" "$@"
}

stop() {
  trap - EXIT INT TERM
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
}
trap stop EXIT
trap 'printf "\n"; stop; exit 0' INT TERM

# Starts the server at an address and waits until it listens; 1 when it does not.
start() {
  "$binary" serve --data "$data" --listen "$1" --scripts "$example" >"$log" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    grep -q '^listening on' "$log" && return 0
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  wait "$server" || true
  server=
  return 1
}

mkdir -p build
rm -rf "$data"
say 'Lead management as code: three short scripts run inside sales'
aside "$(grep -h -A 3 '^# -- moves' $example/3-inside-sales.stage | tail -n 3 | sed 's/^/    /')"

say 'A server on a fresh data folder, with the scripts deployed'
start 127.0.0.1:7400 || start 127.0.0.1:0 || { cat "$log" >&2; exit 1; }
STAGECRAFT_SERVER=$(sed -n 's/^listening on \([^,]*\),.*/\1/p' "$log")
export STAGECRAFT_SERVER
cat "$log"

say 'Contacts, out of a HubSpot export of Sunday, 5 October 2025'
run contacts import $example/contacts.csv --id Email --as-of 2025-10-05T18:00:00Z || aside 'Two rows of the file are bad on purpose: each is named, the others are in.'

say 'Two weeks of what happened: visits, forms, mails, calls, meetings'
run publish $example/events.ndjson
aside 'Timers that are due by now fire once a contact has been quiet for five seconds …'
sleep 6

say 'Where the contacts stand now'
run contacts list --count-by status
run contacts list --filter 'lifecycle in (SQL, Opportunity, Customer)' --order-by 'last name'

say 'What people were asked to do, and what they were told'
run tasks --limit 6 2>/dev/null
run notifications --limit 8 2>/dev/null

say 'Why is Jonas Weber in status Recycle?'
run explain jonas.weber@webertechnik.example status

say 'Look further'
sed 's/^/  /' <<END
stagecraft contacts show hana.sato@hinode.example
stagecraft contacts list --filter 'score >= 35 and lifecycle is not Customer'
stagecraft explain priya.nair@saffronworks.example score
stagecraft notifications --to mika@brightwater.example
printf 'on SQL set status Nwe\n' | stagecraft check -
END
aside "  (stagecraft is $binary, and the server is at $STAGECRAFT_SERVER: export STAGECRAFT_SERVER=$STAGECRAFT_SERVER)"

if [ -t 0 ] && [ -t 1 ]; then
  say 'The server stays up until Ctrl-C.'
  wait "$server" || true
fi
