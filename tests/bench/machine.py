"""What a figure was measured on: the kind of machine, never its name."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path


def _first(path: str, key: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(key):
            return line.partition(":")[2].strip()
    return ""


def when() -> dict:
    """When something was measured, how busy the machine was then, and of which commit."""
    root = Path(__file__).resolve().parents[2]

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], capture_output=True, text=True, cwd=root).stdout.strip()

    commit = git("rev-parse", "--short", "HEAD")
    if git("status", "--porcelain", "include", "src", "capi", "python"):
        commit += " and changes"
    return {"date": datetime.date.today().isoformat(), "load": round(os.getloadavg()[0], 1), "commit": commit or "?"}


def described() -> dict:
    import komhen

    libraries = {"Python": platform.python_version()}
    for name in ("duckdb", "polars", "pandas", "pyarrow", "numpy"):
        libraries[name] = importlib.metadata.version(name)
    gcc = subprocess.run(["g++", "-dumpfullversion"], capture_output=True, text=True).stdout.strip()
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) / 2**20
    return {
        **when(),
        "machine": f"{_first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores, {memory:.0f} GiB",
        "komhen": komhen.__version__,
        "versions": libraries | {"g++": gcc},
    }
