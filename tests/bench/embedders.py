"""What embedders pay: compile time beside <regex> and <iostream>, sizes, start-up, and import over bare Python."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDES = {
    "nothing": "",
    "<iostream>": "#include <iostream>",
    "<regex>": "#include <regex>",
    "komhen/taxonomy/taxonomy.hpp": "#include <komhen/taxonomy/taxonomy.hpp>",
    "komhen/komhen.hpp": "#include <komhen/komhen.hpp>",
}


def _timed(command: list, **environment: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [str(part) for part in command], check=True, stdout=subprocess.DEVNULL, env={**os.environ, **environment}
    )
    return time.perf_counter() - began


def measured(build: Path, binary: Path, rounds: int) -> list[dict]:
    import komhen

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        works = {}
        for at, (name, line) in enumerate(INCLUDES.items()):
            source = folder / f"{at}.cpp"
            source.write_text(f"{line}\nint main() {{}}\n")
            works[f"compile: {name}"] = [
                "g++",
                "-std=c++20",
                "-O2",
                f"-I{ROOT / 'include'}",
                "-c",
                source,
                "-o",
                folder / "out.o",
            ]
        works["start: /bin/true"] = ["/bin/true"]
        works["start: a C++ program with one contact in a cube"] = [binary, "start"]
        works["start: python -c pass"] = [sys.executable, "-c", "pass"]
        works["start: python -c 'import komhen'"] = [sys.executable, "-c", "import komhen"]
        times: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds):
            for name, command in works.items():
                # A start is short: the least of several is the one that nothing came between.
                many = 5 if name.startswith("start") else 1
                times[name].append(min(_timed(command) for _ in range(many)))
        out = [{"what": name, "seconds": statistics.median(took)} for name, took in times.items()]
        sizes = {"python extension": Path(komhen._core.__file__)}
        for name in ("libkomhen.a", "libkomhen_c.so"):
            found = sorted(build.rglob(name))
            if found:
                sizes[name] = found[0].resolve()
        for name, path in sizes.items():
            stripped = folder / path.name
            how = "--strip-debug" if path.suffix == ".a" else "--strip-unneeded"
            subprocess.run(["strip", how, "-o", stripped, path], check=True)
            out.append({"what": f"size: {name}, stripped", "bytes": stripped.stat().st_size})
    for row in out:
        print(f"  {row['what']}: " + (f"{row['seconds'] * 1000:.1f} ms" if "seconds" in row else f"{row['bytes']} B"))
    return out
