# Sourced from the source root: builds an sdist and a wheel from it (build/dist), installs the wheel into build/venv, which
# has the tests' tools and nothing else, and puts that first on PATH. A second run builds only when something changed.
venv=$PWD/build/venv
maker=$PWD/build/maker # what builds; the package must not need it to run
# makes_venv FOLDER TOOLS: the tools in an environment of their own.
makes_venv() {
  if [ ! -x "$1/bin/python" ]; then
    mkdir -p build
    "${PYTHON:-python3}" -m venv "$1" || return 1
  fi
  [ "$(cat "$1/tools" 2>/dev/null)" = "$2" ] && return
  # shellcheck disable=SC2086
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check $2 || return 1
  printf '%s' "$2" >"$1/tools"
}
makes_venv "$maker" "build scikit-build-core>=0.10 pybind11>=3.0" || return 1
makes_venv "$venv" "${KOMHEN_PYTHON_TOOLS:-pytest}" || return 1
PATH=$venv/bin:$PATH
export PATH
# What the package is made of, so that an unchanged tree is not built again.
made_of=$(find CMakeLists.txt cmake pyproject.toml README.md LICENSE capi/komhen.h include src python -type f ! -name '*.so' \
  ! -path '*__pycache__*' -print0 | sort -z | xargs -0 cksum | cksum)
if [ "$(cat "$venv/made_of" 2>/dev/null)" != "$made_of" ]; then
  rm -rf build/dist build/tmp
  mkdir -p build/dist build/tmp
  # The wheel is built from the sdist in a folder that has another name each time: the cache takes paths from
  # here, and with the flags of the release preset finds the core that it has compiled.
  TMPDIR=$PWD/build/tmp CCACHE_BASEDIR=$PWD/build/tmp CCACHE_NOHASHDIR=1 \
    CMAKE_CXX_COMPILER_LAUNCHER=$(command -v ccache || true) \
    "$maker/bin/python" -m build --no-isolation -C cmake.define.KOMHEN_WERROR=ON --outdir build/dist . >build/dist/log 2>&1 || { cat build/dist/log; return 1; }
  python -m pip install --quiet --disable-pip-version-check --no-deps --no-index --force-reinstall build/dist/*.whl ||
    return 1
  printf '%s' "$made_of" >"$venv/made_of"
fi
