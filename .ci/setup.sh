#!/bin/sh
# Installs the Debian 12 packages that the build and the tests need; quick when they are there.
# `sh .ci/setup.sh build` is enough to build; without a word the tests' packages come too.
set -eu
packages="g++ cmake ninja-build ccache libboost1.81-dev libhowardhinnant-date-dev libtomlplusplus-dev libsqlite3-dev"
[ "${1:-all}" = build ] ||
  packages="$packages doctest-dev clang-16 libclang-rt-16-dev clang-tidy-16 clang-format-16 \
abigail-tools binutils locales \
pkg-config mono-mcs mono-runtime libmono-system4.0-cil libmono-system-core4.0-cil libjna-java \
chromium fonts-dejavu-core"
# The examples in Java take any JDK of 17 or later that is there already.
[ "${1:-all}" = build ] || command -v javac >/dev/null || packages="$packages default-jdk-headless"
# Debian's own Python comes without what a virtual environment and an extension need.
case "$(readlink -f "$(command -v "${PYTHON:-python3}" || echo none)")" in
  none | /usr/bin/*) packages="$packages python3 python3-venv python3-dev" ;;
esac
missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "komhen needs these Debian packages:$missing" >&2; exit 1; }
  as_root=sudo
fi
echo "installing:$missing"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
