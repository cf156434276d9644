#!/usr/bin/env bash
# A disk that fills up under load: full_disk.sh BINARY. The server ends with one clear line and exit code 2; with more room it opens the
# same folder, takes the same file, and every event is there once, with what rules and counters made of it.
set -euo pipefail
if [ "${STAGECRAFT_NAMESPACE:-}" != 1 ]; then
  unshare --user --map-root-user --mount mount -t tmpfs none /mnt 2>/dev/null || { echo "skipped: no file system can be mounted here"; exit 77; }
  STAGECRAFT_NAMESPACE=1 exec unshare --user --map-root-user --mount "$0" "$@"
fi

binary=$1
disk=$(mktemp -d)
mount -t tmpfs -o size=8m tmpfs "$disk"
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -9 "$server" 2>/dev/null || true; umount -l "$disk"; rm -rf "$work" "$disk"' EXIT
fail() { echo "FAILED: $*"; cat "$work"/server.* "$work"/publish.* 2>/dev/null; exit 1; }

events=60000
awk -v n=$events 'BEGIN { for (i = 0; i < n; i++) printf "{\"id\":\"e%d\",\"contact\":\"c%d\",\"type\":\"page viewed\",\"occurred_at\":\"2026-10-05T09:00:00Z\",\"fields\":{\"page\":\"/page/%0200d\"},\"create_if_missing\":true}\n", i, i % 500, i }' >"$work/events.ndjson"

mkdir "$work/scripts"
cat >"$work/scripts/views.stage" <<'END'
counter views of page viewed
when views reaches 60 set status Open
rule "open" on page viewed wait 3 years notify "ben@acme.example" "three years"
END

start() {
  rm -f "$work/server.out"  # the last server's says that it listens
  "$binary" serve --data "$disk/data" --scripts "$work/scripts" --listen "unix:$work/socket" >"$work/server.out" 2>"$work/server.err" &
  server=$!
  until grep -q '^listening on' "$work/server.out"; do
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.02
  done
}
publish() { "$binary" publish "$work/events.ndjson" --server "unix:$work/socket" >"$work/publish.out" 2>"$work/publish.err"; }

start || fail "the server did not start"
publish && fail "the whole file fitted: the disk is too large for this test"
code=0
wait "$server" || code=$?
server=
[ "$code" = 2 ] || fail "exit code $code, expected 2"
[ "$(grep -c 'the disk is full' "$work/server.err")" = 1 ] || fail "expected one line that says that the disk is full"

mount -o remount,size=256m "$disk"
start || fail "the server did not start again"
publish || fail "the file did not go in with more room"
grep -qE "applied" "$work/publish.out" || fail "no summary"
publish || fail "the file did not go in twice"
grep -qE "^0 events applied.* $events there already" "$work/publish.out" || fail "the second time changed something"
"$binary" contacts list --filter 'views is 120 and status is Open' --count-by status --server "unix:$work/socket" >"$work/count"
grep -qE "^Open +500$" "$work/count" || fail "expected 500 contacts with 120 views and status Open, found: $(cat "$work/count")"
kill -TERM "$server"
wait "$server" || fail "the server did not stop well"
server=
echo "the disk was full, then it was not: $events events, each once"
