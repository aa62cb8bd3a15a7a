#!/bin/sh
# clang-tidy over the core, once for each content of it: the result of an unchanged file is kept in build/tidy.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/tidy
headers=$(cat .clang-tidy $(find include src -name '*.hpp' | sort) | cksum | tr -d ' ')
for file in src/*.cpp; do
  mark="build/tidy/$(basename "$file").$headers.$(cksum <"$file" | tr -d ' ')"
  [ -e "$mark" ] || printf '%s\0%s\0' "$file" "$mark"
done | xargs -0 -r -n 2 -P 2 sh -c 'clang-tidy-16 --quiet -p build/sanitize "$1" 2>/dev/null && : >"$2"' sh
