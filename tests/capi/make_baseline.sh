#!/bin/sh
# Writes the ABI that komhen.h lays down: tests/capi/abi/komhen_c-0.abi and the constants beside it. Run it when a
# version is released, never to make a test pass.
# usage: make_baseline.sh [SONAME.abi [CONSTANTS.txt [FOLDER_OF_KOMHEN_H]]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
abi=${1:-$here/abi/komhen_c-0.abi}
constants=${2:-$here/abi/constants-0.txt}
capi=${3:-$here/../../capi}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/abi_stub.py" "$capi/komhen.h" "$work/stub.c" "$constants"
"${CC:-cc}" -std=c99 -g -O0 -fPIC -shared -Wl,-soname,libkomhen_c.so.0 -I"$capi" "$work/stub.c" -o "$work/stub.so"
# No places and no names of files: the same header gives the same baseline on every machine.
abidw --no-corpus-path --no-comp-dir-path --no-show-locs --short-locs --out-file "$abi" "$work/stub.so"
