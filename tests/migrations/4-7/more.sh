set -euo pipefail
"$PROGRAM" contacts merge ben old --actor mika@acme.example
"$PROGRAM" contacts erase gone --yes --actor mika@acme.example
"$PROGRAM" users away ben@acme.example --from 2026-11-06T09:00:00Z --until 2027-06-01T09:00:00Z --note holidays --actor mika@acme.example
"$PROGRAM" tasks complete "$("$PROGRAM" tasks --json | sed -n 's|.*"name": *"tasks/\([0-9]*\)".*|\1|p' | sort -n | head -1)" --actor aya@acme.example
"$PROGRAM" stop Chase --contact eva --reason "asked to be left alone"
"$PROGRAM" disable "on email opened"
until [ "$("$PROGRAM" deliveries --json | grep -c STATE_SENT_DRY)" = 3 ]; do sleep 0.1; done
