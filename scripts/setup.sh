#!/usr/bin/env bash
# Installs all that building, testing and running need: the one list of packages. Debian packages and npm only.
# Does nothing, quickly, when everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  # build
  g++ cmake ninja-build ccache make pkg-config git ca-certificates
  # libraries
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc libabsl-dev
  tao-pegtl-dev libsqlitecpp-dev libsqlite3-dev libutf8proc-dev libxxhash-dev libcsv-dev libtomlplusplus-dev libpugixml-dev libre2-dev
  libfmt-dev libspdlog-dev libcli11-dev libdtl-dev nlohmann-json3-dev libexpected-dev libmimalloc-dev libcurl4-openssl-dev libssl-dev libboost1.74-dev prometheus-cpp-dev tzdata
  # graph --format svg
  graphviz fonts-liberation
  # tests and benchmarks
  catch2 librapidcheck-dev libbenchmark-dev sqlite3 python3 python3-aiosmtpd openssl curl patch
  # make fuzz
  clang libclang-rt-14-dev
  # make fmt, make lint
  clang-format clang-tidy
  # make deb, make deb-test
  dpkg-dev file help2man lintian debootstrap
)
# Only where no newer Node.js is there already.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "setup: installing packages needs root or sudo: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
  fi
  echo "setup: installing ${missing[*]}"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  export DEBIAN_FRONTEND=noninteractive
  { "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 ||
    { tail -n 30 "$log" >&2; echo "setup: the packages could not be installed, see above" >&2; exit 1; }
fi

# promtool, for the alerts, out of Debian's package of Prometheus. Not installed: that would start a server here. Without it their test is skipped.
if ! command -v promtool >/dev/null && [ ! -x build/tools/promtool ]; then
  echo "setup: promtool"
  folder=$(mktemp -d)
  if (cd "$folder" && apt-get download prometheus && dpkg-deb -x prometheus_*.deb .) >"$folder/log" 2>&1; then
    mkdir -p build/tools
    install "$folder/usr/bin/promtool" build/tools/promtool
  else
    echo "setup: no promtool: $(tail -n 1 "$folder/log")" >&2
  fi
  rm -r "$folder"
fi

# The npm packages of each folder that has a lock file, again only when the lock file changed.
while IFS= read -r lock; do
  folder=$(dirname "$lock")
  stamp="$folder/node_modules/.stagecraft-lock"
  cmp -s "$lock" "$stamp" && continue
  echo "setup: npm packages of $folder"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
  cp "$lock" "$stamp"
done < <(find . -name package-lock.json -not -path '*/node_modules/*' -not -path './build/*')
