#!/usr/bin/env bash
# The inside-sales example, offline: inside_sales.sh BINARY SOURCE_FOLDER.
set -euo pipefail
exit 1
