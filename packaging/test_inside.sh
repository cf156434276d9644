#!/usr/bin/env bash
# The second half of packaging/test.sh, in the Debian that it made, with the first version installed: test_inside.sh VERSION ARCHITECTURE
set -euo pipefail
first=$1
architecture=$2
unit=/lib/systemd/system/stagecraft.service
data=/var/lib/stagecraft
examples=/usr/share/doc/stagecraft/examples/inside-sales
server=

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'package test: %s\n' "$*" >&2; exit 1; }
# Shows a command, and runs it.
run() { printf '$ %s\n' "$*"; "$@"; }
# As the server's user, as an administrator would.
as_stagecraft() { run runuser -u stagecraft -- "$@"; }
# must_be WHAT EXPECTED FOUND
must_be() { [ "$2" = "$3" ] || fail "$1: expected \`$2\`, found \`$3\`"; printf '%s: %s\n' "$1" "$3"; }
of_unit() { sed -n "s/^$1=//p" "$unit"; }
package() { echo "/packages/stagecraft_$1_$architecture.deb"; }

# What systemd does with the unit: the environment of its files, its user, its folder, its command line.
start() {
  local command file
  command=$(of_unit ExecStart)
  printf '$ %s\n' "$command"
  (
    set -a
    while IFS= read -r file; do
      # shellcheck disable=SC1090
      if [ -e "${file#-}" ]; then . "${file#-}"; fi
    done < <(of_unit EnvironmentFile)
    cd "$(of_unit WorkingDirectory)"
    umask "$(of_unit UMask)"
    exec setpriv --reuid="$(of_unit User)" --regid="$(of_unit Group)" --clear-groups --no-new-privs --bounding-set=-all \
      sh -c "exec $command"
  ) >/tmp/server.log 2>&1 &
  server=$!
  for _ in $(seq 100); do
    grep -q '^listening on' /tmp/server.log && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  cat /tmp/server.log
  grep -q '^listening on' /tmp/server.log || fail "the server did not start"
}

stop() {
  kill -"$(of_unit KillSignal)" "$server"
  wait "$server" || fail "the server ended with $?"
  server=
  echo "the server ended by itself"
}

# gRPC's sockets are of IPv6, also for IPv4.
listening() { ss -Hltn | awk '{ print $4 }' | sed 's/^\[::ffff:\(.*\)\]/\1/' | sort | paste -sd ' '; }
count() { stagecraft contacts list --limit 0 --json | grep -c '"name": "contacts/' || true; }

ip link set lo up

say "what the installation made"
must_be "user" "stagecraft:$data:/usr/sbin/nologin" "$(getent passwd stagecraft | cut -d: -f1,6,7)"
must_be "data folder" "stagecraft stagecraft 700" "$(stat -c '%U %G %a' $data)"
must_be "folder of settings" "root stagecraft 750" "$(stat -c '%U %G %a' /etc/stagecraft)"
must_be "the unit" enabled "$(systemctl is-enabled stagecraft.service)"
must_be "version" "stagecraft ${first%-*}" "$(stagecraft --version)"
must_be "dpkg --verify" "" "$(dpkg --verify stagecraft)"

say "the unit, as systemd reads it"
run systemd-analyze verify --man=no "$unit"
run systemd-analyze security --offline=true --threshold=20 --no-pager "$unit" | tail -n 1

say "the server, by the command line of its unit"
start
must_be "listens on" "127.0.0.1:7400 127.0.0.1:7401" "$(listening)"
must_be "runs as" stagecraft "$(stat -c %U "/proc/$server")"
run stagecraft deploy "$examples"
run stagecraft contacts import "$examples/contacts.csv" --id Email --as-of 2025-10-05T18:00:00Z || [ $? = 1 ] # two rows are bad on purpose
run stagecraft publish "$examples/events.ndjson"
contacts=$(count)
[ "$contacts" -gt 0 ] || fail "there are no contacts"
echo "$contacts contacts"

say "a token, made beside the server; from then on nobody is let in without one"
as_stagecraft stagecraft token create admin@acme.example --role admin --data $data --output $data/admin.token
must_be "the token's file" "stagecraft 600" "$(stat -c '%U %a' $data/admin.token)"
mv $data/admin.token /root/
for _ in $(seq 100); do
  stagecraft revisions >/tmp/refused 2>&1 || break
  sleep 0.1
done
if stagecraft revisions >/tmp/refused 2>&1; then fail "somebody without a token was let in"; fi
cat /tmp/refused
STAGECRAFT_TOKEN=$(cat /root/admin.token)
export STAGECRAFT_TOKEN
run stagecraft revisions
stop

say "options and secrets of the administrator"
sed -i 's,^STAGECRAFT_OPTIONS=.*,STAGECRAFT_OPTIONS="--deliveries /etc/stagecraft/deliveries.toml --dry-run-deliveries",' /etc/default/stagecraft
printf '[smtp]\nurl = "smtp://127.0.0.1:2525"\nfrom = "Sales <sales@acme.example>"\nuser = "sales"\npassword_env = "SMTP_PASSWORD"\n' >/etc/stagecraft/deliveries.toml
install -m 600 /dev/null /etc/stagecraft/secrets.env
echo 'SMTP_PASSWORD=swordfish-7400' >/etc/stagecraft/secrets.env
changed=$(md5sum /etc/default/stagecraft)
start
tr '\0' ' ' <"/proc/$server/cmdline" | tee /tmp/cmdline
echo
grep -q -e --dry-run-deliveries /tmp/cmdline || fail "the options did not reach the server"
! grep -q swordfish /tmp/cmdline || fail "a secret stands in the command line"

say "upgrade, while the server runs"
run dpkg -i "$(package "$first+test1")" </dev/null
must_be "installed" "$first+test1" "$(dpkg-query -W -f '${Version}' stagecraft)"
must_be "the changed conffile" "$changed" "$(md5sum /etc/default/stagecraft)"
must_be "contacts, by the server of before" "$contacts" "$(count)"
stop
start
must_be "contacts, by the new server" "$contacts" "$(count)"
run stagecraft revisions
stop
as_stagecraft stagecraft verify $data

say "upgrade to a version with another conffile"
run dpkg --force-confold -i "$(package "$first+test2")" </dev/null
must_be "the changed conffile" "$changed" "$(md5sum /etc/default/stagecraft)"
grep -q 'new in this version' /etc/default/stagecraft.dpkg-dist || fail "the package's own conffile is not beside it"

say "backup, and back, as README.Debian has it"
start
run stagecraft backup /root/backup
stop
run mv $data $data.before
run stagecraft restore /root/backup --data $data
run chown -R stagecraft:stagecraft $data
run chmod 700 $data
start
must_be "contacts after the restore" "$contacts" "$(count)"
stop

say "root looks at the folder, and the server still works on it"
run stagecraft verify $data
run stagecraft token list --data $data
start
stop

say "remove"
run dpkg -r stagecraft
[ ! -e /usr/bin/stagecraft ] || fail "the program is still there"
must_be "the changed conffile" "$changed" "$(md5sum /etc/default/stagecraft)"
[ -s $data/journal.db ] || fail "the data is gone"
[ -e /etc/stagecraft/deliveries.toml ] || fail "what the administrator made is gone"

say "installed once more, on the same data"
run dpkg --force-confold -i "$(package "$first+test2")" </dev/null
must_be "the unit" enabled "$(systemctl is-enabled stagecraft.service)"
start
must_be "contacts" "$contacts" "$(count)"
stop

say "purge"
run dpkg -P stagecraft | tee /tmp/purge
grep -q "the data is kept" /tmp/purge || fail "nothing is said of the data"
for path in /etc/default/stagecraft /etc/default/stagecraft.dpkg-dist /etc/stagecraft /usr/share/doc/stagecraft \
  /etc/systemd/system/multi-user.target.wants/stagecraft.service /etc/systemd/system/stagecraft.service; do
  if [ -e "$path" ] || [ -L "$path" ]; then fail "$path is still there"; fi
done
[ -s $data/journal.db ] || fail "the data is gone"
must_be "whose the data is" stagecraft "$(stat -c %U $data)"

say "purge of a server that never had data"
run dpkg -i "$(package "$first")" >/dev/null </dev/null
rm -rf $data
install -d $data
run dpkg -P stagecraft
[ ! -e $data ] || fail "an empty data folder was left"
