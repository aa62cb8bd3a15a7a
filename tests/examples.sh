#!/bin/sh
# Builds the programs of examples/ as their readers would, against a fresh installation, and runs each in two locales:
# all of them must print examples/expected.txt, byte for byte, and count nothing twice when they are run again.
set -eu
cd "$(dirname "$0")/.."
prefix=$PWD/build/installed
work=$PWD/build/examples
expected=$PWD/examples/expected.txt
failures=0

rm -rf "$prefix" "$work"
mkdir -p "$work"
installed() {
  cmake --preset release && cmake --build build/release --target komhen komhen_c komhen_c_static &&
    cmake --install build/release --prefix "$prefix"
}
if ! installed >"$work/log" 2>&1; then
  cat "$work/log"
  exit 1
fi
lib=$(dirname "$(find "$prefix" -name libkomhen_c.so)")
LD_LIBRARY_PATH=$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
PKG_CONFIG_PATH=$lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export LD_LIBRARY_PATH PKG_CONFIG_PATH

failed() {
  echo "$1: FAILED: $2"
  failures=$((failures + 1))
}
skipped() { echo "$1: skipped: $2"; }

# build NAME COMMAND...: quietly, unless it fails; a compiler's warnings are no failure here.
build() {
  name=$1
  shift
  "$@" >"$work/log" 2>&1 && return 0
  cat "$work/log"
  failed "$name" "it does not build"
  return 1
}

# passes NAME COMMAND...: COMMAND is given the path of a journal.
passes() {
  name=$1
  shift
  for locale in C C.UTF-8; do
    journal=$work/$(printf %s "$name" | tr -c 'a-zA-Z0-9' _).$locale.journal
    if ! LC_ALL=$locale "$@" "$journal" >"$work/first" 2>"$work/errors"; then
      cat "$work/errors"
      failed "$name" "it gave up under LC_ALL=$locale"
      return 0
    fi
    if ! cmp -s "$expected" "$work/first"; then
      diff -u "$expected" "$work/first" || true
      failed "$name" "it printed something else under LC_ALL=$locale"
      return 0
    fi
    # Again on the same journal: what became of the events is another story (two lines), what counts is not.
    LC_ALL=$locale "$@" "$journal" 2>&1 | sed 1,2d >"$work/second" || true
    if ! sed 1,2d "$expected" | cmp -s - "$work/second"; then
      cat "$work/second"
      failed "$name" "it counted something else when it was run again under LC_ALL=$locale"
      return 0
    fi
  done
  echo "$name: passed"
}

by_cmake() {
  folder=$1
  shift
  cmake -S "examples/$folder" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" "$@" && cmake --build "$work/cmake"
}
# with_cmake NAME FOLDER PROGRAM [SETTING...]
with_cmake() {
  name=$1 folder=$2 program=$3
  shift 3
  rm -rf "$work/cmake"
  build "$name" by_cmake "$folder" -B "$work/cmake" "$@" || return 0
  cp "$work/cmake/$program" "$work/$program"
  passes "$name" "$work/$program"
}
# shellcheck disable=SC2046
with_pkg_config() {
  out=$1
  shift
  ${CC:-cc} -std=c99 "$@" examples/c/main.c -o "$out" $(pkg-config --cflags --libs komhen_c)
}
# shellcheck disable=SC2046
with_pkg_config_static() {
  ${CC:-cc} -std=c99 -static examples/c/main.c -o "$1" $(pkg-config --static --cflags --libs komhen_c)
}

# alone NAME PROGRAM: whether it carries komhen in itself.
alone() {
  if readelf -d "$2" | grep -q komhen; then failed "$1" "it still asks for libkomhen_c.so"; fi
}

with_cmake "C, CMake" c example_c
with_cmake "C, CMake, komhen linked in" c example_c -DEXAMPLE_STATIC=ON
alone "C, CMake, komhen linked in" "$work/example_c"
if command -v pkg-config >/dev/null; then
  if build "C, pkg-config" with_pkg_config "$work/c" -Wall -Wextra -Wpedantic -Wconversion -Werror; then
    passes "C, pkg-config" "$work/c"
  fi
  if build "C, pkg-config, everything linked in" with_pkg_config_static "$work/c_static"; then
    passes "C, pkg-config, everything linked in" "$work/c_static"
    alone "C, pkg-config, everything linked in" "$work/c_static"
  fi
else
  skipped "C, pkg-config" "there is no pkg-config"
fi
with_cmake "C++" cpp journal

if command -v mcs >/dev/null && command -v mono >/dev/null; then
  if build "C#, Mono" mcs -langversion:7 -warnaserror -out:"$work/Example.exe" examples/csharp/*.cs; then
    passes "C#, Mono" mono "$work/Example.exe"
  fi
else
  skipped "C#, Mono" "there is no mcs or no mono"
fi

# The major version of a JDK's javac.
version_of() { "$1" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'; }

jna=/usr/share/java/jna.jar
if ! command -v javac >/dev/null || [ "$(version_of javac)" -lt 17 ]; then
  skipped "Java, JNA" "there is no JDK of 17 or later on PATH"
elif [ ! -e "$jna" ]; then
  skipped "Java, JNA" "there is no $jna"
elif build "Java, JNA" javac -Xlint:all -Werror -encoding UTF-8 -cp "$jna" -d "$work/jna" \
  examples/java/Main.java examples/java/komhen/*.java; then
  passes "Java, JNA" java -Djna.encoding=UTF-8 -cp "$jna:$work/jna" Main
fi

newest=
for jdk in /usr/lib/jvm/*; do
  [ -x "$jdk/bin/javac" ] || continue
  version=$(version_of "$jdk/bin/javac")
  if [ "${version:-0}" -ge 22 ] && [ "$version" -gt "${newest_version:-0}" ]; then
    newest=$jdk newest_version=$version
  fi
done
if [ -z "$newest" ]; then
  skipped "Java, java.lang.foreign" "there is no JDK of 22 or later under /usr/lib/jvm"
else
  # Everything but the class that calls C is the same.
  shared=$(find examples/java -name '*.java' ! -path '*/komhen/Komhen.java')
  # shellcheck disable=SC2086
  if build "Java $newest_version, java.lang.foreign" "$newest/bin/javac" -Xlint:all -encoding UTF-8 -d "$work/ffm" \
    $shared examples/java-ffm/komhen/Komhen.java; then
    passes "Java $newest_version, java.lang.foreign" "$newest/bin/java" --enable-native-access=ALL-UNNAMED \
      -cp "$work/ffm" Main
  fi
fi

[ "$failures" = 0 ] || exit 1
