"""Every public name says what it takes, gives and raises, and where its definition stands; the examples run."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import komhen
from komhen import _core

ROOT = Path(__file__).resolve().parents[2]


def public(name):
    """What a name of the package is; of a package that is called, its function."""
    value = getattr(komhen, name)
    while inspect.ismodule(value):
        value = getattr(value, name)
    return value


FUNCTIONS = sorted(name for name in komhen.__all__ if inspect.isfunction(public(name)))
CLASSES = sorted(name for name in komhen.__all__ if inspect.isclass(getattr(komhen, name)))
OURS = [name for name in CLASSES if name not in ("KomhenError",)]
LIBRARIES = {"komhen.plots": "altair", "komhen.report": "jinja2"}  # what a part of the package needs to be imported


def sections(doc: str) -> dict[str, str]:
    """The sections of a docstring; what stands before the first is ''."""
    parts = re.split(r"^(\w+)\n-{3,}$", doc, flags=re.M)
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2]))}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_takes_gives_and_raises_and_shows_it(name):
    value = public(name)
    found = sections(inspect.getdoc(value))
    parameters = list(inspect.signature(value).parameters)
    assert {"Returns", "Raises", "Examples"} | ({"Parameters"} if parameters else set()) <= set(found), sorted(found)
    said = re.findall(r"^([\w, ]+) : .+$", found.get("Parameters", ""), re.M)
    documented = [one for line in said for one in line.split(", ")]
    assert documented == parameters
    assert "KomhenError" in found["Raises"] or "TypeError" in found["Raises"]
    assert ">>>" in found["Examples"]


@pytest.mark.parametrize("name", FUNCTIONS + OURS)
def test_a_name_says_where_its_definition_stands(name):
    doc = inspect.getdoc(public(name))
    assert re.search(r"^Source|\bSource\b.*:", doc, re.M), doc
    for page in re.findall(r"docs/[\w-]+\.md", doc):
        assert (ROOT / page).is_file(), page


@pytest.mark.parametrize("name", CLASSES)
def test_every_public_method_and_property_of_a_class_says_what_it_is(name):
    kind = getattr(komhen, name)
    inherited = {one for base in (int, tuple, list, Exception) for one in dir(base)}
    for member in dir(kind):
        if member.startswith("_") or (member in inherited and member not in vars(kind)):
            continue
        static = inspect.getattr_static(kind, member)
        if not callable(getattr(kind, member)) and type(static).__name__ not in ("property", "_tuplegetter"):
            assert isinstance(static, kind) or f"``{member}``" in kind.__doc__, member  # a value, not a method
            continue
        doc = static.__doc__ if type(static).__name__ == "property" else getattr(kind, member).__doc__
        assert doc and len(doc.split()) > 1, f"{name}.{member}"


def modules() -> list[str]:
    return [found.name for found in pkgutil.walk_packages(komhen.__path__, "komhen.") if not found.name.endswith("__main__")]


@pytest.mark.parametrize("name", ["komhen", *modules()])
def test_the_examples_of_a_module_run(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for part, needed in LIBRARIES.items():
        if name.startswith(part):
            pytest.importorskip(needed)
    if name == "komhen.progress":
        pytest.importorskip("rich"), pytest.importorskip("pyarrow")
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, raise_on_error=False, verbose=False)
    assert failed == 0


@pytest.mark.parametrize("name", ["Cube", "Outcome", "Round", "Participation", "Profile", "Baseline"])
def test_the_examples_of_what_is_compiled_run(name):
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder(exclude_empty=True).find(getattr(komhen, name), name, module=False, globs={}):
        runner.run(test)
    assert runner.failures == 0


def test_the_reference_is_what_the_docstrings_say():
    script = ROOT / "docs" / "make_reference.py"
    run = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr


GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
TABLES = (
    "CHANNELS TYPES DIRECTIONS CLOSURES FORMS SCHEMES GROUPS REASONS DIMENSIONS MEASURES SETS CASE_UNITS CERTAINTIES "
    "COST_BASES GOAL_KINDS COMPARATORS GOAL_OUTCOMES"
).split()


@pytest.mark.parametrize("table", TABLES)
def test_the_glossary_has_every_word_with_its_labels(table):
    for _, token, danish, english, _ in getattr(_core, table):
        assert f"| {danish} | {english} | `{token}` |" in GLOSSARY, token


def test_every_word_of_the_headers_is_in_the_glossary():
    """Also those that Python has no table of."""
    rows = set()
    for header in (ROOT / "include").rglob("*.hpp"):
        for words in re.findall(r"kWords<\w+> = std::to_array<Word<\w+>>\(\{(.*?)\}\);", header.read_text("utf-8"), re.S):
            rows |= set(re.findall(r'\{\s*\w+::\w+,\s*"([^"]*)",\s*"([^"]*)",\s*"([^"]*)"', words))
    assert len(rows) > 100
    assert [row for row in sorted(rows) if f"| {row[1]} | {row[2]} | `{row[0]}` |" not in GLOSSARY] == []


def test_where_the_glossary_says_a_term_is_defined_there_is_a_page():
    places = re.findall(r"\b(?:docs|include)/[\w/.-]+\.(?:md|hpp)", GLOSSARY)
    places += [f"docs/{place}" for place in re.findall(r"\]\((?!\.\./)([\w/.-]+)\)", GLOSSARY)]
    assert len(places) > 40 and [place for place in places if not (ROOT / place).is_file()] == []
