"""What a maintainer asks first: versions, build and encodings."""

from __future__ import annotations

import importlib.util
import locale
import platform
import sys
import sysconfig

from . import _core

# What komhen uses where it is there.
OPTIONAL = "numpy pandas polars pyarrow duckdb pyspark rich tqdm altair vl_convert jinja2 xlsxwriter".split()


def diagnosis() -> dict[str, str]:
    """Facts about this installation, by name. No path and no name of the machine or user is among them.

    Returns
    -------
    dict
        Text by name: the versions of komhen, its C ABI, the method and taxonomy, SQLite and Python; compiler, build type and
        flags; the encodings of locale, standard streams and file names; and the optional packages that are installed, with
        versions.

    Examples
    --------
    >>> from komhen.doctor import diagnosis
    >>> diagnosis()["method edition"]
    'KOMHEN 2.0 (35 tasks, 2012)'
    """
    return {
        "komhen": _core.__version__,
        "C ABI": str(_core.C_ABI),
        "method edition": _core.METHOD_EDITION,
        "taxonomy version": str(_core.TAXONOMY_VERSION),
        "build": _core.BUILD,
        "compiler flags": _core.COMPILER_FLAGS or "none",
        "SQLite": _core.SQLITE,
        "Python": f"{platform.python_implementation()} {platform.python_version()}" + _lock(),
        "system": f"{platform.system()} {platform.machine()}",
        "standard output": getattr(sys.stdout, "encoding", None) or "closed",
        "standard error": getattr(sys.stderr, "encoding", None) or "closed",
        "file names": sys.getfilesystemencoding(),
        "locale": locale.getlocale()[1] or "C",
        "locale's encoding": locale.getpreferredencoding(False),
        "optional packages found": ", ".join(map(_with_version, filter(_is_there, OPTIONAL))) or "none",
    }


def _lock() -> str:
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        return ""
    return ", free-threaded" + (", with its lock on" if sys._is_gil_enabled() else "")  # type: ignore[attr-defined]


def _is_there(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _with_version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{name} {version({'vl_convert': 'vl-convert-python'}.get(name, name))}"
    except PackageNotFoundError:  # a package that stands on the path without having been installed
        return name
