#!/bin/sh
# The shared library as its embedders meet it: its names, what it needs, its size, and its ABI against the baseline.
# usage: test_symbols.sh LIBKOMHEN_C.SO FOLDER_OF_KOMHEN_H SONAME [instrumented|static-runtime|plain]
set -eu
library=$1 capi=$2 soname=$3 kind=${4:-plain}
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
fail() {
  echo "FAILED: $*" >&2
  failed=1
}

# The names, and that each is an ordinary function (T). The version script's own marks (A) are no names.
nm -D --defined-only "$library" | awk '$2 != "A" { print $2, $3 }' | sort -k 2 >"$out/found"
awk '{ print "T", $1 }' "$capi/symbols.txt" | LC_ALL=C sort -k 2 >"$out/wanted"
LC_ALL=C sort -k 2 "$out/found" >"$out/sorted"
diff -u "$out/wanted" "$out/sorted" || fail "the exported names are not those of capi/symbols.txt"
LC_ALL=C sort -c "$capi/symbols.txt" || fail "capi/symbols.txt is not sorted"
echo "$(wc -l <"$out/found") exported names"

readelf -d "$library" >"$out/dynamic"
sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p' "$out/dynamic" >"$out/soname"
[ "$(cat "$out/soname")" = "$soname" ] || fail "the SONAME is $(cat "$out/soname") and not $soname"
grep -q '(RPATH)\|(RUNPATH)' "$out/dynamic" && [ "$kind" != instrumented ] && grep '(RPATH)\|(RUNPATH)' "$out/dynamic"
grep -q '(TEXTREL)' "$out/dynamic" && fail "the library has relocations in its code"

if [ "$kind" = instrumented ]; then
  echo "SKIPPED: what an instrumented library needs and weighs says nothing"
else
  for need in $(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' "$out/dynamic"); do
    case "$kind $need" in
      *" libc.so."* | *" libm.so."* | *" libsqlite3.so."* | *" ld-linux"*) ;;
      "plain libstdc++.so."* | "plain libgcc_s.so."*) ;;
      *) fail "the library needs $need" ;;
    esac
    echo "needs $need"
  done
  cp "$library" "$out/stripped"
  strip --strip-unneeded "$out/stripped"
  size=$(wc -c <"$out/stripped")
  echo "stripped: $size bytes"
  [ "$size" -lt 2000000 ] || fail "the stripped library has $size bytes; 2000000 is the limit"
fi

# The header against the baseline of its ABI: functions, public structs and numbers may be added and never changed.
python3 "$here/abi_stub.py" "$capi/komhen.h" "$out/stub.c" "$out/constants"
grep -vxFf "$out/constants" "$here/abi/constants-0.txt" && fail "these constants have gone or have other numbers"
baseline="$here/abi/komhen_c-0.abi"
if ! command -v abidiff >/dev/null || ! command -v abidw >/dev/null; then
  echo "SKIPPED: abidw is not here (apt-get install abigail-tools)"
elif [ ! -e "$baseline" ]; then
  echo "SKIPPED: there is no baseline yet (sh tests/capi/make_baseline.sh)"
else
  sh "$here/make_baseline.sh" "$out/now.abi" "$out/now.constants" "$capi"
  abidiff --no-added-syms "$baseline" "$out/now.abi" || fail "the ABI is not that of the baseline"
  echo "the ABI is that of the baseline"
fi
exit $failed
