"""Writes docs/reference.md from the docstrings of komhen: python docs/make_reference.py. With --check it only compares."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from pathlib import Path
from typing import Any

import komhen

PAGE = Path(__file__).with_name("reference.md")
STUB = Path(komhen.__file__).with_name("_core.pyi")
HEAD = """# Reference: komhen in Python

Made from the docstrings by `python docs/make_reference.py`; `help(komhen.count)` says the same. Names stand as in
`komhen.__all__`. Words of the method: [glossary](glossary.md).
"""
KINDS = (
    ("Functions", lambda value: inspect.isfunction(value)),
    ("Classes", lambda value: inspect.isclass(value)),
    ("Values", lambda value: True),
)


def stub_signatures() -> dict[str, str]:
    """``Cube.add`` -> its signature, for what is compiled and has none of its own."""
    out = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.FunctionDef):
                    given = ast.unparse(item.args)
                    given = re.sub(r"^self(, /)?(, )?", "", given)
                    out[f"{node.name}.{item.name}"] = f"({given})" + (f" -> {ast.unparse(item.returns)}" if item.returns else "")
    return out


COMPILED = stub_signatures()


def signature(name: str, value: Any) -> str:
    """A call as its reader writes it; annotations stand as in the source."""
    if name in COMPILED:
        return COMPILED[name]
    found = inspect.signature(value)
    parts, only_named = [], False
    for parameter in found.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not only_named:
            parts.append("*")
            only_named = True
        star = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        said = star + parameter.name
        if isinstance(parameter.annotation, str):
            said += f": {parameter.annotation}"
        if parameter.default is not parameter.empty:
            said += f" = {parameter.default!r}"
        parts.append(said)
    returns = f" -> {found.return_annotation}" if isinstance(found.return_annotation, str) else ""
    return f"({', '.join(parts)}){returns}"


def prose(text: str) -> str:
    """A docstring as Markdown: headings of sections bold, parameters as a list, examples fenced."""
    out: list[str] = []
    lines = inspect.cleandoc(text).splitlines()
    section, fenced, at = "", False, 0
    while at < len(lines):
        line = lines[at]
        if at + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[at + 1]):
            section = line
            out.append(f"**{line}**\n")
            at += 2
            continue
        if line.startswith(">>>") and not fenced:
            out.append("```python")
            fenced = True
        elif fenced and not line:
            out.append("```")
            fenced = False
        if not fenced and section in ("Parameters", "Returns", "Raises") and line:
            name, colon, kind = line.partition(" : ")
            if line.startswith(" "):
                line = "  " + line.strip()
            else:
                line = f"- `{name}`" + (f": {kind}" if colon else "")
        out.append(line.replace("``", "`") if not fenced else line)
        at += 1
    if fenced:
        out.append("```")
    return "\n".join(out).strip()


def members(kind: type) -> list[tuple[str, Any, bool]]:
    """The public methods and properties of a class, and whether each is called."""
    base: set[str] = set(dir(tuple)) | set(dir(int)) | set(dir(list)) | set(dir(Exception))
    found = []
    for name in sorted(set(dir(kind))):
        value = inspect.getattr_static(kind, name)
        if name.startswith("_") or (name in base and name not in ("count",)) or not (value.__doc__ or "").strip():
            continue
        if name in base and not inspect.isfunction(value):
            continue
        called = callable(getattr(kind, name)) and not isinstance(value, property)
        if called or isinstance(value, property) or type(value).__name__ == "_tuplegetter":
            found.append((name, value, called))
    return found


def public(name: str) -> Any:
    """What a name of the package is; of a package that is called, its function."""
    value = getattr(komhen, name)
    while inspect.ismodule(value):
        value = getattr(value, name)
    return value


def page() -> str:
    """The whole page."""
    names = {name: public(name) for name in sorted(komhen.__all__, key=str.lower)}
    out = [HEAD]
    for title, fits in KINDS:
        chosen = [name for name, value in names.items() if fits(value)]
        for name in chosen:
            value = names[name]
            if name == chosen[0]:
                out.append(f"## {title}\n")
            out.append(f"### {name}\n")
            if title == "Functions":
                out.append(f"```python\nkomhen.{name}{signature(name, value)}\n```\n\n{prose(value.__doc__)}\n")
            elif title == "Classes":
                out.append(prose(value.__doc__) + "\n")
                for member, found, called in members(value):
                    doc = inspect.cleandoc(getattr(value, member).__doc__ or found.__doc__).split("\n\n")[0]
                    sign = signature(f"{name}.{member}", getattr(value, member)) if called else ""
                    out.append(f"- `{member}{sign}`: " + " ".join(doc.replace("``", "`").split()))
                out.append("")
            else:
                out.append(f"{VALUES[name]}\n")
        names = {name: value for name, value in names.items() if name not in chosen}
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out))


VALUES = {
    "METHOD_EDITION": "Text: the method and the edition of its task list.",
    "MUNICIPALITIES": "A tuple of the 98 `Municipality` rows: code and name. Source: docs/exchange-file.md.",
    "TASKS": "A tuple of the 35 mandatory `Task` rows. Source: KL, \"Kommunernes henvendelser\", spring 2012.",
    "__version__": "Text: the version of the package and of its compiled core.",
}

if __name__ == "__main__":
    made = page()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if PAGE.read_text(encoding="utf-8") == made else "docs/reference.md is not what the docstrings say")
    PAGE.write_text(made, encoding="utf-8")
