#!/bin/sh
# Runs every fuzz target for SECONDS (default 60) each: sh tests/fuzz/run.sh [SECONDS] [BUILD_DIR]
set -eu
here=$(cd "$(dirname "$0")" && pwd); root=$(cd "$here/../.." && pwd)
seconds=${1:-60}; out=${2:-$root/build-fuzz}
flags="-std=c++20 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined"
mkdir -p "$out/obj"
for body in "$root"/src/*.cpp; do
  object=$out/obj/$(basename "$body").o
  [ "$object" -nt "$body" ] || ccache clang++-16 $flags -fsanitize=fuzzer-no-link -I"$root/include" -I"$root/src" -c "$body" -o "$object"
done
for target in "$here"/fuzz_*.cpp; do
  name=$(basename "$target" .cpp)
  clang++-16 $flags -fsanitize=fuzzer -I"$root/include" -I"$root/src" "$target" "$out"/obj/*.o -o "$out/$name"
done
for target in "$here"/fuzz_*.cpp; do
  name=$(basename "$target" .cpp)
  mkdir -p "$out/corpus/$name"
  dict=; [ -f "$here/$name.dict" ] && dict=-dict=$here/$name.dict
  seeds=; [ -d "$here/seeds/$name" ] && seeds=$here/seeds/$name
  "$out/$name" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 -artifact_prefix="$out/$name-" $dict "$out/corpus/$name" $seeds
done
