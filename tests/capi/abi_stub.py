"""Writes what an embedder sees of komhen, as C that compiles: the header and a function of every name in it.

usage: abi_stub.py KOMHEN_H OUT.c [CONSTANTS.txt]

Held against a baseline by abidiff, it says whether a function or a public struct has changed, and nothing of what lies
behind the opaque handles, which may change freely. The constants go beside it, one a line.
"""

import sys
from pathlib import Path

from header import constants, prototypes

header = Path(sys.argv[1])
lines = ['#include "komhen.h"']
for returns, name, inside in prototypes(header):
    body = "" if returns == "void" else " return 0;"
    unused = [] if inside == "void" else [piece.replace("*", " ").split()[-1] for piece in inside.split(",")]
    lines.append(f"{returns} {name}({inside}) {{ {' '.join(f'(void){word};' for word in unused)}{body} }}")
Path(sys.argv[2]).write_text("\n".join(lines) + "\n", encoding="utf-8")
if len(sys.argv) > 3:
    Path(sys.argv[3]).write_text("".join(f"{name} {number}\n" for name, number in constants(header)), encoding="utf-8")
