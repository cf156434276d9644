set -euo pipefail
"$PROGRAM" contacts merge ben old --actor mika@acme.example
"$PROGRAM" contacts erase gone --yes --actor mika@acme.example
until [ "$("$PROGRAM" deliveries --json | grep -c STATE_SENT_DRY)" = 3 ]; do sleep 0.1; done
