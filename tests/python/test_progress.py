"""Progress as people see it: a bar of tqdm's or rich's that ends with the work."""

from __future__ import annotations

import sys

import pytest

import komhen
from komhen.progress import bar
from support import HEADER, ROW


@pytest.mark.parametrize("kind", ["tqdm", "rich"])
def test_a_bar_goes_to_the_end_with_the_count(tmp_path, kind, capsys):
    pytest.importorskip(kind)
    file = tmp_path / "a.csv"
    file.write_text("\n".join([HEADER, *[ROW] * 20_000, ""]))
    with bar("counting", kind) as progress:
        assert komhen.count(file, progress=progress).contacts == 20_000
    shown = "".join(capsys.readouterr())
    assert "counting" in shown and "100%" in shown


@pytest.mark.parametrize("kind", ["tqdm", "rich"])
def test_a_bar_without_a_known_end_tells_what_is_done(kind, capsys):
    pytest.importorskip(kind)
    with bar("rows", kind) as progress:
        progress(65_536, -1)
    assert "rows" in "".join(capsys.readouterr())


def test_a_bar_of_what_is_not_installed_names_it(monkeypatch):
    for name in ("tqdm", "tqdm.auto", "rich", "rich.progress"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(komhen.KomhenError, match="tqdm or rich, which is not installed"):
        with bar():
            pass
    with pytest.raises(komhen.KomhenError, match="needs rich, which is not installed"):
        with bar(kind="rich"):
            pass
    with pytest.raises(ValueError, match="'tqdm' or 'rich'"):
        with bar(kind="x"):
            pass
