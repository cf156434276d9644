set -euo pipefail
"$PROGRAM" contacts merge ben old --actor mika@acme.example
"$PROGRAM" contacts erase gone --yes --actor mika@acme.example
