set -euo pipefail
"$PROGRAM" compact data --keep 1d
