"""Reads komhen.h, for the tests that are made from it."""

import re
from pathlib import Path


def bare_text(path: Path) -> str:
    """The header without remarks and preprocessor lines."""
    text = re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.S).replace("\\\n", " ")
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def prototypes(path: Path) -> list[tuple[str, str, str]]:
    """What every exported function returns, its name, and its parameters as they are written."""
    found = re.findall(r"KOMHEN_API\s+([\w\s*]+?)(komhen_\w+)\(([^)]*)\)\s*;", bare_text(path))
    return [(" ".join(returns.split()), name, " ".join(inside.split())) for returns, name, inside in found]


def constants(path: Path) -> list[tuple[str, int]]:
    """Every constant that stands for a word, and its number."""
    bodies = re.findall(r"enum\s*\{([^}]*)\}", bare_text(path))
    pairs = [re.fullmatch(r"\s*(KOMHEN_\w+)\s*=\s*(\d+)\s*", piece) for body in bodies for piece in body.split(",")]
    return [(pair[1], int(pair[2])) for pair in pairs if pair]
