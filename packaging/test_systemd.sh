#!/usr/bin/env bash
# The package under systemd: packaging/test_systemd.sh ROOT VERSION ARCHITECTURE, after packaging/test_inside.sh. Boots the Debian that
# packaging/test.sh made in namespaces of its own, where systemd is PID 1: the unit's sandbox is in force there. Where the machine has no
# control groups of version 2 or permits no namespaces (inside many containers), it says so and is skipped.
set -euo pipefail
export root=$1
first=$2
architecture=$3
boot=

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'package test: %s\n' "$*" >&2; exit 1; }
skip() { echo "note: skipped, $*"; exit 0; }
run() { printf '$ %s\n' "$*"; booted "$@"; }
must_be() { [ "$2" = "$3" ] || fail "$1: expected \`$2\`, found \`$3\`"; printf '%s: %s\n' "$1" "$3"; }

say "systemd as PID 1, in namespaces of its own"
groups=$(findmnt -n -t cgroup2 -o TARGET | head -n 1)
[ -n "$groups" ] || skip "there are no control groups of version 2"
group=$groups/stagecraft-package.$$
mkdir "$group" 2>/dev/null || skip "no control group can be made"
unshare --mount --pid --cgroup --uts --ipc --net --fork true 2>/dev/null || { rmdir "$group"; skip "namespaces are not permitted"; }

end() {
  # unshare takes its children with it.
  [ -z "$boot" ] || kill -KILL "$boot" 2>/dev/null || true
  [ -z "$boot" ] || wait "$boot" 2>/dev/null || true
  # What was in the groups needs a moment to be gone.
  for _ in $(seq 50); do
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.1
  done
}
trap end EXIT

# Its own /proc, /sys, /run and /dev, and nothing of the machine's beside them.
enter() {
  set -euo pipefail
  mount --make-rprivate /
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mount -t tmpfs -o mode=755 tmpfs "$root/dev"
  local device
  for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  ln -s /proc/self/fd "$root/dev/fd"
  mkdir "$root/dev/shm" "$root/dev/pts"
  mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"
  mount -t tmpfs tmpfs "$root/dev/shm"
  mkdir -p "$root/mnt/before"
  cd "$root"
  pivot_root . mnt/before
  umount -l /mnt/before
  mount --make-rshared / # as systemd wants it for the sandboxes of its units
  ip link set lo up
  # systemd takes itself to be in a container then, and leaves the machine's devices and clock alone.
  exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=multi-user.target
}
export -f enter

(
  echo "$BASHPID" >"$group/cgroup.procs"
  exec unshare --mount --pid --cgroup --uts --ipc --net --fork --kill-child bash -c enter
) >/dev/null 2>"$root/../boot.log" &
boot=$!

# Runs something in the booted system.
booted() {
  nsenter -t "$init" --all env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}
state=
for _ in $(seq 60); do
  kill -0 "$boot" 2>/dev/null || break
  init=
  read -r init _ <"/proc/$boot/task/$boot/children" || true # there is no end of line
  state=$([ -z "$init" ] || booted systemctl is-system-running 2>/dev/null || true)
  case "$state" in running | degraded) break ;; esac
  sleep 0.5
done
case "$state" in
  running | degraded) echo "it is $state" ;;
  *)
    cat "$root/../boot.log" >&2
    fail "systemd does not come up: ${state:-no answer}"
    ;;
esac

package() { echo "/packages/stagecraft_$1_$architecture.deb"; }
of_service() { booted systemctl show stagecraft.service -p "$1" --value; }
contacts() { booted stagecraft contacts list --limit 0 --json | grep -c '"name": "contacts/' || true; }
# The server has said where it listens: systemd calls it active as soon as the program runs.
is_up() {
  for _ in $(seq 100); do
    booted stagecraft revisions >/dev/null 2>&1 && return
    sleep 0.1
  done
  booted journalctl --no-pager -u stagecraft.service >&2
  fail "the server does not answer"
}

say "installed: started, within the sandbox of its unit"
run dpkg -i "$(package "$first")"
is_up
run systemctl status --no-pager --lines=0 stagecraft.service
pid=$(of_service MainPID)
# shellcheck disable=SC2016
must_be "no new privileges, filter of system calls, capabilities" "1 2 0000000000000000" \
  "$(booted awk '/^(NoNewPrivs|Seccomp|CapBnd):/ { value[$1] = $2 } END { print value["NoNewPrivs:"], value["Seccomp:"], value["CapBnd:"] }' "/proc/$pid/status")"
examples=/usr/share/doc/stagecraft/examples/inside-sales
run stagecraft deploy $examples
run stagecraft contacts import $examples/contacts.csv --id Email --as-of 2025-10-05T18:00:00Z 2>/dev/null || [ $? = 1 ] # two rows are bad on purpose
run stagecraft publish $examples/events.ndjson
before=$(contacts)

say "upgraded: the server is another process, and has what there was"
run dpkg -i "$(package "$first+test1")"
is_up
[ "$(of_service MainPID)" != "$pid" ] || fail "the server was not started again"
must_be "what the server of before said" "stopping: finishing what was taken" \
  "$(booted journalctl --no-pager --output=cat -u stagecraft.service _PID="$pid" | tail -n 1)"
must_be "contacts" "$before" "$(contacts)"

say "killed: started again"
run systemctl kill --signal=KILL stagecraft.service
for _ in $(seq 200); do
  [ "$(of_service NRestarts)" != 1 ] || break
  sleep 0.1
done
is_up
must_be "restarts" 1 "$(of_service NRestarts)"
must_be "contacts" "$before" "$(contacts)"

say "disabled by the administrator: stays so"
run systemctl disable --now stagecraft.service
run dpkg -i "$(package "$first+test1")"
must_be "the unit" "inactive disabled" "$(of_service ActiveState) $(booted systemctl is-enabled stagecraft.service || true)"

say "removed: stopped"
run systemctl enable --now stagecraft.service
is_up
run dpkg -r stagecraft
must_be "the unit" inactive "$(of_service ActiveState)"
must_be "what listens" "" "$(booted ss -Hltn)"
run dpkg -P stagecraft
must_be "failed units" "" "$(booted systemctl --failed --no-legend --plain)"
