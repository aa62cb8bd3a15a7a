# Sourced from the source root: makes build/venv, installs komhen into it, and puts it first on PATH.
# A second run builds only what changed.
venv=$PWD/build/venv
if [ ! -x "$venv/bin/python" ]; then
  mkdir -p build
  "${PYTHON:-python3}" -m venv "$venv"
fi
PATH=$venv/bin:$PATH
export PATH
tools="scikit-build-core>=0.10 pybind11>=3.0 ${KOMHEN_PYTHON_TOOLS:-}"
if [ "$(cat "$venv/tools" 2>/dev/null)" != "$tools" ]; then
  # shellcheck disable=SC2086
  python -m pip install --quiet --disable-pip-version-check $tools || return 1
  printf '%s' "$tools" >"$venv/tools"
fi
# What the package is made of, so that an unchanged tree is not installed again.
made_of=$(find CMakeLists.txt pyproject.toml include src python -type f ! -name '*.so' ! -path '*__pycache__*' -print0 |
  sort -z | xargs -0 cksum | cksum)
if [ "$(cat "$venv/made_of" 2>/dev/null)" != "$made_of" ]; then
  CMAKE_CXX_COMPILER_LAUNCHER=$(command -v ccache || true) \
    python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --force-reinstall . ||
    return 1
  printf '%s' "$made_of" >"$venv/made_of"
fi
