#!/usr/bin/env bash
# The example as a project of its own, built on the installed library, and run: installed.sh BUILD_FOLDER FOLDER STAGECRAFT
set -euo pipefail
tests=$(cd "$(dirname "$0")" && pwd)
rm -rf "$2"
cmake --install "$1" --component client --prefix "$2/prefix" >/dev/null
cmake -G Ninja -S "$tests/../../examples/clients/cpp" -B "$2/build" -Wno-dev -DCMAKE_PREFIX_PATH="$2/prefix" >/dev/null
cmake --build "$2/build" >/dev/null
"$tests/with_server.sh" "$3" "$2/build/leads"
