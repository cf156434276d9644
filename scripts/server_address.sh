# Sourced by scripts that start a server on a port of its own choice: server_address LOG PID prints where it listens, once it does.
server_address() {
  local address
  for _ in $(seq 200); do
    address=$(grep -oE '127\.0\.0\.1:[0-9]+' "$1" | head -n 1) && [ -n "$address" ] && { echo "$address"; return; }
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  cat "$1" >&2
  echo "the server did not start" >&2
  return 1
}
