"""What travels to workers arrives as it was, and outcomes of several calls add up to that of one."""

from __future__ import annotations

import os
import pickle

import pytest

import komhen
from komhen import _core
from support import ROW, cube_of, file_of

ROUND = """
id = "2013-trial"
weeks = ["2012-W17", "2012-W18"]
scheme = "hilleroed-2014"
package = ["23.05.10", "32.06.08"]
[[reclassify]]
source = "kmd-boligstøtte"
tasks = ["32.06.08"]
from = "new_case"
to = "case_information"
weeks = ["2012-W17"]
"""
PROFILE = """
delimiter = "|"
encoding = "windows-1252"
[municipality]
value = 657
[date]
column = "Dag"
format = "%d/%m %Y"
[kle]
value = "23.05.10"
[channel]
column = "Vej"
words = { Ringer = "telephone" }
otherwise = "reject"
[type]
column = "Hvad"
words = { Ny = "new_case" }
otherwise = "guidance"
[direction]
value = "incoming"
"""


def test_a_round_a_participation_and_a_profile_survive_pickling(tmp_path):
    (tmp_path / "round.toml").write_text(ROUND, encoding="utf-8")
    (tmp_path / "profile.toml").write_text(PROFILE, encoding="utf-8")
    (tmp_path / "p.csv").write_text("municipality;weeks\n657;2012-W17\n", encoding="utf-8")
    (tmp_path / "rows.csv").write_bytes(
        "Dag|Vej|Hvad\n23/04 2012|Ringer|Ny\n24/04 2012|Ringer|andet å\n24/04 2012|Due|Ny\n1/5 2012|Ringer|Ny\n".encode(
            "cp1252"
        )
    )
    told = (
        komhen.load_round(tmp_path / "round.toml"),
        _core.load_participation(str(tmp_path / "p.csv")),
        _core.load_profile(str(tmp_path / "profile.toml")),
    )
    again = pickle.loads(pickle.dumps(told))
    assert again[:2] == told[:2]
    assert again[2].name == told[2].name and again[2].columns == {"date": "Dag", "channel": "Vej", "type": "Hvad"}
    counted = [komhen.count(tmp_path / "rows.csv", round=r, participation=p, profile=f) for r, p, f in (told, again)]
    assert counted[0].to_bytes() == counted[1].to_bytes() and counted[0].outcome == counted[1].outcome
    assert counted[0].outcome.rows_accepted == 2
    assert counted[0].outcome.rejected["unknown_channel"] == counted[0].outcome.rejected["outside_participation"] == 1
    for builtin in ("2011-autumn", "2012-spring"):
        round = komhen.load_round(builtin)
        assert pickle.loads(pickle.dumps(round)) == round


def test_outcomes_of_several_files_add_up_to_that_of_one_call(tmp_path):
    plain = file_of(tmp_path / "a.csv", ROW, ROW.replace("telephone", "due"))
    danish = file_of(
        tmp_path / "b.csv", ROW + ";blåt;x", header="municipality;date;kle;channel;type;direction;unit;note"
    )
    for order in ([plain, danish], [danish, plain], [plain, plain.with_name("c.csv")]):
        plain.with_name("c.csv").write_bytes(plain.read_bytes())
        first, second = (komhen.count(file).outcome for file in order)
        first.merge(second)
        assert first == komhen.count(order).outcome


def test_pieces_of_one_stream_have_the_encoding_of_the_whole():
    polars = pytest.importorskip("polars")
    names = dict(zip("municipality date kle channel type direction".split(), ROW.split(";")))
    ascii, danish = ([names | {"unit": unit}] for unit in ("hus", "blåt"))
    for pieces in ([ascii, danish], [danish, ascii], [ascii, ascii], [danish, danish]):
        first, second = (komhen.count(polars.DataFrame(piece)).outcome for piece in pieces)
        first.merge(second, of_one_stream=True)
        assert first == komhen.count(polars.DataFrame(pieces[0] + pieces[1])).outcome


def test_outcomes_of_different_rounds_do_not_add_up(tmp_path):
    file = file_of(tmp_path / "a.csv", ROW)
    with_round, without = komhen.count(file, round="2012-spring").outcome, komhen.count(file).outcome
    before = with_round.to_json()
    with pytest.raises(komhen.KomhenError, match="different rounds"):
        with_round.merge(without)
    assert with_round.to_json() == before


def test_a_cube_travels_with_its_outcome(tmp_path):
    cube = komhen.count(file_of(tmp_path / "a.csv", ROW))
    again = pickle.loads(pickle.dumps(cube))
    assert again == cube and again.outcome == cube.outcome
    assert cube_of({}).outcome is None


@pytest.mark.parametrize(
    "text, found",
    [
        ("municipality;date;kle;channel;type;direction;event_id\n", True),
        ("sep=;\r\n\r\nkommune;dato;kle;kanal;type;retning;hændelse_id\r\n", True),
        ('"municipality";date;kle;channel;type;direction;"a\nb";event_id\rx', True),
        ("municipality;date;kle;channel;type;direction;unit\n" + "å;" * 700_000, False),
        ("municipality;date;kle;channel;type;direction", False),
        ("no header at all\n" * 30, False),
    ],
)
def test_a_file_with_event_ids_is_known_by_its_header_alone(tmp_path, text, found):
    from komhen import _parts

    (tmp_path / "a.csv").write_bytes(text.encode())
    plan = _parts.plan_of("2012-spring", None, None, None)
    assert ("event_id" in plan.dimensions_of_file(os.fsencode(tmp_path / "a.csv"))) == found
