"""How long `import komhen` takes over bare Python: python tests/bench/import.py [ROUNDS], in the environment it is installed in.

Bare Python, `import komhen` and, to compare, `import json, decimal, fractions` are started in turn; what is printed is the
median of each and what it takes over bare Python. A machine with other work shows more: look at the processor's time too.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time

PROGRAMS = {"bare": "pass", "komhen": "import komhen", "three of the standard library": "import json, decimal, fractions"}


def started(code: str) -> tuple[float, float]:
    """Milliseconds by the clock and by the processor."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", code], check=True)
    clock, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return clock * 1000, used * 1000


def main(rounds: int) -> None:
    for code in PROGRAMS.values():
        started(code)  # the files are in memory and compiled from here on
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in PROGRAMS}
    for _ in range(rounds):
        for name, code in PROGRAMS.items():
            times[name].append(started(code))
    bare = [statistics.median(column) for column in zip(*times["bare"])]
    for name, took in times.items():
        clock, used = (statistics.median(column) for column in zip(*took))
        print(f"{name}: {clock:.1f} ms, {used:.1f} ms of the processor; over bare {clock - bare[0]:.1f} and {used - bare[1]:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
