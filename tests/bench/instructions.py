"""Instructions per row of the reader, from callgrind: the same on every run, whatever else the machine does.

The difference between two files of one kind, so that starting and ending are not in it. In a small file nearly every row
makes a cell, which is in the figure; in a larger one most rows meet a cell again, as they do in a round. The processor
that valgrind shows has no AVX-512.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

RECORDED = Path(__file__).with_name("instructions.txt")
SIZES = ((30_000, 60_000), (400_000, 800_000))  # a simulated round has at least 22,000
SAME = 0.02  # a compiler's patch release moves it by less


def _instructions(binary: Path, path: Path) -> int:
    command = [
        "valgrind",
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        binary,
        "count",
        path,
        "2012-spring",
        "1",
    ]
    said = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", said)[1])


def recorded() -> dict[str, int]:
    if not RECORDED.exists():
        return {}
    return {kind: int(figure) for kind, figure in (line.split() for line in RECORDED.read_text().splitlines())}


def measured(binary: Path, folder: Path, words: dict) -> list[dict]:
    import komhen

    import random_cells

    if not shutil.which("valgrind"):
        raise SystemExit("instructions need valgrind")
    before, out = recorded(), []
    for kind in ("random", "simulated"):
        for sizes in SIZES:
            found = []
            for rows in sizes:
                path = folder / f"small-{kind}-{rows}.csv"
                if kind == "random":
                    random_cells.made(str(path), rows, words)
                else:
                    komhen.simulate(path, round="2012-spring", rows=rows, seed=1)
                found.append(_instructions(binary, path))
                path.unlink()
            a_row = round((found[1] - found[0]) / (sizes[1] - sizes[0]))
            name = f"{kind},{sizes[0]}-{sizes[1]}"
            out.append({"file": name, "instructions": a_row, "recorded": before.get(name)})
            change = f", {a_row / before[name]:.3f} times what was recorded" if name in before else ""
            print(f"  {name}: {a_row} instructions a row{change}", flush=True)
    ratios = {run["file"]: run["instructions"] / run["recorded"] if run["recorded"] else 0.0 for run in out}
    worse = [kind for kind, ratio in ratios.items() if ratio > 1 + SAME]
    if worse:
        print(f"  MORE than {RECORDED.name} says, which is left as it is: {', '.join(worse)}")
    elif any(ratio < 1 - SAME for ratio in ratios.values()):  # 0: never recorded
        RECORDED.write_text("".join(f"{run['file']} {run['instructions']}\n" for run in out))
    return out
