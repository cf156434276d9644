#!/usr/bin/env bash
# Runs a command against a server of its own, with TLS and a token: with_server.sh STAGECRAFT COMMAND…
# The command finds it by STAGECRAFT_SERVER, STAGECRAFT_HTTP, STAGECRAFT_TLS_CA and STAGECRAFT_TOKEN.
set -euo pipefail
binary=$1
shift
folder=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null && wait "$server"; } || true
  rm -rf "$folder"
}
trap finish EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$folder/server.key" -out "$folder/server.pem" -days 2 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
"$binary" token create ana@acme.example --role service --data "$folder/data" --output "$folder/token" 2>/dev/null
: >"$folder/log"
"$binary" serve --data "$folder/data" --listen 127.0.0.1:0 --tls-cert "$folder/server.pem" --tls-key "$folder/server.key" >"$folder/log" 2>&1 &
server=$!
until grep -q '^listening on' "$folder/log"; do
  kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 99; }
  sleep 0.02
done
STAGECRAFT_SERVER=$(sed -n 's/^listening on \([^ ,]*\).*/\1/p' "$folder/log")
STAGECRAFT_HTTP=$(sed -n 's/^listening on .*, \(https*:[^ ,]*\),.*/\1/p' "$folder/log")
STAGECRAFT_TOKEN=$(cat "$folder/token")
export STAGECRAFT_SERVER STAGECRAFT_HTTP STAGECRAFT_TOKEN STAGECRAFT_TLS_CA="$folder/server.pem"
"$@"
