#!/bin/sh
# komhen.h compiles alone, with no warning, in each of the languages that it says it is.
# usage: test_header.sh CC CXX FOLDER_OF_KOMHEN_H
set -eu
cc=$1 cxx=$2 include=$3
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
warnings="-Wall -Wextra -Werror -pedantic"
try() {
  echo "test_header.c as $1"
  shift
  "$@" $warnings -I"$include" -o "$out/header" && "$out/header"
}
for standard in c99 c11 c17; do
  try $standard "$cc" -std=$standard -x c "$here/test_header.c" -Wstrict-prototypes -Wmissing-prototypes
done
for standard in c++11 c++14 c++17 c++20; do
  try $standard "$cxx" -std=$standard -x c++ "$here/test_header.c"
done
# The header needs nothing before it, and may stand twice.
printf '#include "komhen.h"\n#include "komhen.h"\nextern int one; int one = 1;\n' >"$out/twice.c"
"$cc" -std=c99 $warnings -I"$include" -fsyntax-only "$out/twice.c"
echo "the header stands alone, and twice"
