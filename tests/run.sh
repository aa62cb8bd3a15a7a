#!/bin/sh
# All tests. `sh tests/run.sh full` runs the long forms as well.
set -eu
cd "$(dirname "$0")/.."
long=${1:-}
step() { printf '\n== %s\n' "$*"; }
began=$(date +%s)

step "what the tests need"
sh .ci/setup.sh
KOMHEN_PYTHON_TOOLS="pytest mypy rich tqdm pyarrow polars pandas duckdb altair vl-convert-python jinja2 xlsxwriter openpyxl \
playwright axe-playwright-python nbclient ipykernel pyspark dask[dataframe] distributed"
export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1

step "the formatter has nothing to change"
find include src capi tests python examples -name '*.hpp' -o -name '*.cpp' | xargs clang-format-16 --dry-run --Werror

step "C++ with GCC"
cmake --preset release >/dev/null
cmake --build --preset release -- --quiet
ctest --preset release

step "C++ with Clang and the address and undefined-behaviour sanitizers"
cmake --preset sanitize >/dev/null
cmake --build --preset sanitize -- --quiet
ctest --preset sanitize

step "the C ABI from 16 threads, with the thread sanitizer"
cmake --preset thread >/dev/null
cmake --build --preset thread --target capi_threads -- --quiet
ctest --preset thread

step "a project that finds the installed library"
cmake --install build/release --prefix build/installed >/dev/null
cmake -S tests/consumer -B build/consumer -G Ninja -DCMAKE_PREFIX_PATH="$PWD/build/installed" >/dev/null
cmake --build build/consumer -- --quiet
build/consumer/consumer

step "the examples, built as their readers build them"
sh tests/examples.sh

step "Python"
. .ci/python.sh
mypy
python -m mypy.stubtest komhen._core --ignore-missing-stub --allowlist tests/python/stubtest.allow
pytest

step "the command line against the independent reading"
python tests/oracle/differential.py --komhen "komhen" --seeds 1..40 --measures
if [ "$long" = full ]; then
  step "clang-tidy"
  sh tests/tidy.sh
  step "long forms"
  python tests/oracle/differential.py --api --seeds 1..20000 --measures
  sh tests/bench/memory.sh 10000000
  python tests/differential/money.py build/release/tests/komhen_money_driver --expressions 10000000
fi

printf '\nall tests passed in %d s\n' $(($(date +%s) - began))
