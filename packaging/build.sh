#!/usr/bin/env bash
# Makes the Debian package of a build folder, and has lintian look at it: packaging/build.sh BUILD [OUT [CHANGELOG]]
# The version is that of the changelog's newest entry: CMake's version, and behind a dash the package's own number.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
out=${2:-$build/package}
changelog=${3:-packaging/changelog}

version=$(dpkg-parsechangelog -l "$changelog" -S Version)
project=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
[ "${version%-*}" = "$project" ] ||
  { echo "package: $changelog is of version ${version%-*}, CMakeLists.txt of $project; write an entry for the new version" >&2; exit 1; }

# The same sources give the same text, whenever they are built.
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog -l "$changelog" -S Timestamp)
export SOURCE_DATE_EPOCH
mkdir -p "$build/packaging" "$out"
gzip -9nc "$changelog" >"$build/packaging/changelog.Debian.gz"
# A screen without end: a description stays in one line.
COLUMNS=1000 help2man --no-info --include packaging/stagecraft.h2m "$build/bin/stagecraft" >"$build/packaging/stagecraft.1"
gzip -9nf "$build/packaging/stagecraft.1"

package=$out/stagecraft_${version}_$(dpkg --print-architecture).deb
rm -f "$package"
cpack --config "$build/CPackConfig.cmake" -B "$out" -D CPACK_DEBIAN_PACKAGE_RELEASE="${version##*-}" >"$build/packaging/cpack.log" 2>&1 ||
  { cat "$build/packaging/cpack.log" >&2; exit 1; }
rm -rf "$out/_CPack_Packages"
# Lintian wants to know that it is root's on purpose.
lintian --allow-root --fail-on error,warning "$package"
echo "$package"
