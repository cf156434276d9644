#!/usr/bin/env bash
# Writes a data folder with an older version of the program, and puts it down as SQL: make.sh PROGRAM FOLDER, where PROGRAM is the
# `stagecraft` of that version and FOLDER the one beside this file that is to have it. The scripts are FOLDER/script.stage, the events
# events.ndjson, and what else FOLDER has: first.ndjson before the server is stopped, offline.sh while it is, more.ndjson and more.sh
# afterwards, options of the server, and past: how far the clock of the first server is behind (`-3d`, by libfaketime). In the end it is killed, so that the journal is ahead of the checkpoint.
set -euo pipefail
program=$(realpath "$1")
folder=$(realpath "$2")
events=$(dirname "$(realpath "$0")")/events.ndjson
options=()
if [ -e "$folder/options" ]; then read -ra options <"$folder/options"; fi
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -KILL "$server" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"
mkdir scripts
cp "$folder/script.stage" scripts/

clock=()
start() {
  : >server.log
  "${clock[@]}" "$program" serve --data data --listen 127.0.0.1:0 --scripts scripts "${options[@]}" >server.log 2>&1 &
  server=$!
  until grep -q '^listening on' server.log; do
    kill -0 "$server" 2>/dev/null || { cat server.log >&2; exit 1; }
    sleep 0.1
  done
  STAGECRAFT_SERVER=$(sed -n 's/^listening on \([^,]*\),.*/\1/p' server.log)
  export STAGECRAFT_SERVER
}

if [ -e "$folder/past" ]; then clock=(env LD_PRELOAD=libfaketime.so.1 LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu/faketime FAKETIME_DONT_FAKE_MONOTONIC=1 "FAKETIME=$(cat "$folder/past")"); fi
start
clock=()
head -n 6 "$events" >first.ndjson
"$program" publish first.ndjson
if [ -e "$folder/first.ndjson" ]; then "$program" publish "$folder/first.ndjson"; fi
kill -TERM "$server"
wait "$server"
if [ -e "$folder/offline.sh" ]; then PROGRAM=$program bash "$folder/offline.sh"; fi
start
tail -n +7 "$events" >second.ndjson
"$program" publish second.ndjson
if [ -e "$folder/more.ndjson" ]; then "$program" publish "$folder/more.ndjson"; fi
if [ -e "$folder/more.sh" ]; then PROGRAM=$program bash "$folder/more.sh"; fi
kill -KILL "$server"
wait "$server" || true
server=
for name in journal state; do
  { echo "PRAGMA user_version=$(sqlite3 "data/$name.db" 'PRAGMA user_version');"; sqlite3 "data/$name.db" .dump; } >"$folder/$name.sql"
done
