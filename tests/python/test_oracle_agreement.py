"""komhen and a second, slow reading of the method agree on random files."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

ORACLE = Path(__file__).resolve().parents[1] / "oracle"
pytestmark = pytest.mark.skipif(not ORACLE.is_dir(), reason=f"the oracle is not at {ORACLE}")


@pytest.fixture
def differential(monkeypatch):
    monkeypatch.syspath_prepend(str(ORACLE))
    import differential

    return differential


def agree(differential, capsys, *arguments):
    status = differential.main([*arguments, "--measures"])
    said = capsys.readouterr().out
    assert status == 0, said


@pytest.mark.parametrize("seeds", ["1..20", "21..40", "41..60"])
def test_the_package_agrees_with_the_oracle_row_by_row_and_measure_by_measure(differential, capsys, seeds):
    agree(differential, capsys, "--api", "--seeds", seeds)


def test_the_command_line_agrees_with_the_oracle(differential, capsys):
    # A saved cube knows its round: `measure X.cube` takes no --round.
    command = f"{shlex.quote(sys.executable)} -m komhen"
    agree(differential, capsys, "--komhen", command, "--seeds", "1..3", "--measure-round", "never")
