# For the commands of tests/cli/*.case: the binary under test, and a server of one's own.
stagecraft() { "$STAGECRAFT" "$@"; }

# start_server [OPTION…]: a server on the folder `data` and a free port, or on $LISTEN; STAGECRAFT_SERVER and STAGECRAFT_HTTP say where. Stopped when the case ends.
start_server() {
  : >server.log
  "$STAGECRAFT" serve --data data --listen "${LISTEN:-127.0.0.1:0}" "$@" >server.log 2>&1 &
  server=$!
  trap stop_server EXIT
  until grep -q '^listening on' server.log; do
    kill -0 "$server" 2>/dev/null || { cat server.log >&2; exit 99; }
    sleep 0.02
  done
  STAGECRAFT_SERVER=$(sed -n 's/^listening on \([^ ,]*\).*/\1/p' server.log)
  STAGECRAFT_HTTP=$(sed -n 's/^listening on .*, \(https*:[^ ,]*\),.*/\1/p' server.log)
  export STAGECRAFT_SERVER STAGECRAFT_HTTP
}

# Stops it as an operator would; the exit code is the server's.
stop_server() {
  trap - EXIT
  kill -TERM "$server"
  wait "$server"
}
