#!/usr/bin/env bash
# The example in TypeScript: generated, type-checked, and run against a server: typescript.sh STAGECRAFT
set -euo pipefail
tests=$(cd "$(dirname "$0")/.." && pwd)
cd "$tests/../examples/clients/typescript"
export PATH="$tests/api:$PATH" # buf
npm run --silent generate
npm run --silent check
rm -rf dist
npm run --silent build
"$tests/client/with_server.sh" "$1" npm run --silent start
