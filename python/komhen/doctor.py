"""What a maintainer asks first: versions, build and encodings."""

from __future__ import annotations

import importlib.util
import locale
import platform
import sys

from . import _core


def diagnosis() -> dict[str, str]:
    """Facts about this installation, by name. No path and no name of the machine or user is among them."""
    optional = ("pyarrow", "polars", "pandas", "numpy", "rich", "pyspark")
    found = [name for name in optional if importlib.util.find_spec(name) is not None]
    return {
        "komhen": _core.__version__,
        "method edition": _core.METHOD_EDITION,
        "taxonomy version": str(_core.TAXONOMY_VERSION),
        "C ABI": "not built in this version",
        "build": _core.BUILD,
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "standard output": getattr(sys.stdout, "encoding", None) or "closed",
        "standard error": getattr(sys.stderr, "encoding", None) or "closed",
        "file names": sys.getfilesystemencoding(),
        "locale": locale.getlocale()[1] or "C",
        "optional packages found": ", ".join(found) or "none",
    }
