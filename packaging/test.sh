#!/usr/bin/env bash
# The life of the Debian package on a system of its own: packaging/test.sh BUILD. Wants root.
# Builds it in two versions, and a third with another conffile, makes a Debian 12 in a temporary folder, and there installs, runs, upgrades,
# removes and purges: by hand (packaging/test_inside.sh), and under systemd (packaging/test_systemd.sh). The machine stays as it is: processes,
# mounts and network are of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
[ "$(id -u)" = 0 ] || { echo "package test: making a Debian in a folder needs root" >&2; exit 2; }

say() { printf '\n== %s\n' "$*"; }

work=$(mktemp -d /var/tmp/stagecraft-package.XXXXXX)
trap 'rm -rf "$work"' EXIT
root=$work/root

# Runs something in the new system; when it ends, all that it started ends, and its mounts are gone.
inside() {
  unshare --mount --pid --fork --kill-child --mount-proc="$root/proc" chroot "$root" \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# Writes a changelog with an entry of that version on top.
changelog_of() {
  printf 'stagecraft (%s) bookworm; urgency=medium\n\n  * For a test of upgrades.\n\n -- %s  %s\n\n' "$1" \
    "$(dpkg-parsechangelog -l packaging/changelog -S Maintainer)" "$(date -R -d "@$(($(dpkg-parsechangelog -l packaging/changelog -S Timestamp) + 60))")"
  cat packaging/changelog
}

say "the package, in two versions; lintian looks at both"
first=$(dpkg-parsechangelog -l packaging/changelog -S Version)
mkdir "$work/packages"
packaging/build.sh "$build" "$work/packages"
changelog_of "$first+test1" >"$work/changelog"
packaging/build.sh "$build" "$work/packages" "$work/changelog"
architecture=$(dpkg --print-architecture)

say "a third, whose conffile is another one"
dpkg-deb -R "$work/packages/stagecraft_$first+test1_$architecture.deb" "$work/third"
sed -i "s/^Version: .*/Version: $first+test2/" "$work/third/DEBIAN/control"
echo '# A line that is new in this version.' >>"$work/third/etc/default/stagecraft"
dpkg-deb --root-owner-group -z1 -b "$work/third" "$work/packages/stagecraft_$first+test2_$architecture.deb"
rm -rf "$work/third"

say "a Debian 12 in a folder"
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Codename: bookworm' 'Component: main' | head -n 1)
debootstrap --variant=minbase bookworm "$root" ${mirror:+"$mirror"} >"$work/debootstrap.log" 2>&1 ||
  { tail -n 20 "$work/debootstrap.log" >&2; exit 1; }
cp /etc/resolv.conf "$root/etc/"
mkdir "$root/packages"
mv "$work/packages"/*.deb "$root/packages/"
cp packaging/test_inside.sh "$root/packages/"

say "installed, with what it depends on"
# systemd for systemd-analyze, iproute2 for what listens where.
{ inside apt-get update && inside apt-get install -y --no-install-recommends systemd iproute2; } >"$work/apt.log" 2>&1 ||
  { tail -n 20 "$work/apt.log" >&2; exit 1; }
inside apt-get install -y --no-install-recommends "/packages/stagecraft_${first}_$architecture.deb" >"$work/apt.log" 2>&1 ||
  { tail -n 20 "$work/apt.log" >&2; exit 1; }
grep -E 'newly installed|stagecraft (\(|\.)|symlink' "$work/apt.log"

# No network: the server's port is then free for sure.
unshare --net true || { echo "package test: a network of its own is not possible here" >&2; exit 2; }
export -f inside
export root
unshare --net bash -c 'inside /packages/test_inside.sh "$@"' inside "$first" "$architecture"

packaging/test_systemd.sh "$root" "$first" "$architecture"
say "all as it should be"
