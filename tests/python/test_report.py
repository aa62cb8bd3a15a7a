"""The report: its chapters hold the core's numbers, exactly, in every format, and nothing from data is obeyed."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import time
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

import komhen
from komhen.report.cells import Count, Gap, Part, Points, Printed
from report_world import ATTACK, FORMULA, reported, round_of, with_a_rejection
from support import cli, cube_of, done, one_line, refused

CHAPTERS = (
    "participation status tasks directions costs types case_information closure forms quality method"
).split()


@pytest.fixture(scope="module")
def made():
    return reported()


@pytest.fixture(scope="module")
def page(made):
    pytest.importorskip("jinja2")
    return made.to_html()


def table(report, id):
    return next(table for table in report.tables() if table.id == id)


# --- chapters ---------------------------------------------------------------------------------------------------------


def test_the_chapters_come_in_the_order_of_kls_report(made):
    assert [chapter.id for chapter in made] == CHAPTERS
    assert all(chapter.heading and (chapter.words or chapter.parts) for chapter in made)


def test_the_shares_of_the_tasks_and_their_changes_are_the_cores(made):
    now, before = round_of(20), round_of(12)
    compared = {row["task"]: row for row in komhen.compare(before, now, by="task", tasks="kl-35")}
    rows = {row.task: row.cells for row in table(made, "tasks").rows if row.task}
    assert len(rows) == 35
    for task, cells in rows.items():
        part, change = cells[2], cells[5]
        share = Fraction(part.numerator, part.denominator) if part.denominator else None
        expected = compared.get(task, {"after": None, "printed_change": None})
        assert share == expected["after"]
        shown = None if change.text("da") == "–" else int(change.text("da").replace("−", "-"))
        assert shown == expected["printed_change"]


def test_each_of_the_three_shares_stands_beside_its_own_earlier_one(made):
    before = round_of(12)
    queries = ({"basis": "all"}, {"basis": "all", "tasks": "kl-35"}, {"basis": "application", "tasks": "kl-35"})
    for row, query in zip(table(made, "status").rows, queries):
        (found,) = komhen.self_service(before, scheme=made.asked.scheme, **query)
        part = row.cells[4]
        assert (part.numerator, part.denominator) == (found["numerator"], found["denominator"])


def test_a_note_of_several_goals_stands_once(tmp_path):
    path = Path(__file__).resolve().parents[2] / "examples" / "goals" / "hilleroed.toml"
    notes = table(komhen.report(round_of(20), goals=path), "goals").notes
    assert len(notes) == len({note.partition(": ")[2] for note in notes})
    assert "ambassadors, strategy, borger-dk, level-3, forms, health, schools, nemsms: det står ikke i nogen optælling" in "\n".join(notes)


def test_costs_are_the_cores_and_contacts_without_a_price_stand_apart(made):
    found = komhen.costs(round_of(20), "copenhagen-2010", by="channel", where={"direction": "incoming"}, unpriced="apart")
    rows = table(made, "costs_channel").rows
    expected = [*found.to_pylist(), found.total]
    assert [(row.cells[0].value, row.cells[1].value) for row in rows] == [(r["contacts"], r["unpriced"]) for r in expected]
    amounts = [None if row.cells[2].numerator is None else Fraction(row.cells[2].numerator, row.cells[2].denominator) for row in rows]
    assert amounts == [r["cost_exact"] if r["contacts"] else None for r in expected]


def test_without_prices_the_chapter_on_costs_says_so_and_shows_no_zero():
    report = komhen.report(round_of(20), lang="en")
    assert report["costs"].parts == () and "not the same as zero" in report["costs"].words[0].text("en")
    assert report["costs"].tables == []


def test_a_figure_that_kl_withheld_is_named_in_the_table_and_in_the_method(tmp_path):
    cube = komhen.Cube()
    file = tmp_path / "a.csv"
    file.write_text("municipality;date;kle;channel;type;direction\n657;2012-04-23;29.03.04;telephone;new_case;incoming\n")
    cube = komhen.count(file, round="2012-spring")
    report = komhen.report(cube)
    row = next(row for row in table(report, "tasks").rows if row.task == "29.03.04")
    printed = row.cells[-1]
    assert isinstance(printed, Printed) and (printed.value, printed.text("da")) == (None, "udeladt")
    assert any("29.03.04" in sentence.text("da") for sentence in report["method"].words)
    move = next(row for row in table(report, "tasks").rows if row.task == "23.05.10").cells
    assert (move[2].text("da"), move[-1].text("da")) == ("–", "55 %")


def test_rejections_stand_by_reason_when_the_reading_is_known(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(
        "municipality;date;kle;channel;type;direction\n657;2012-04-23;29.03.04;pigeon;new_case;incoming\n"
        "657;2012-04-23;29.03.04;telephone;new_case;incoming\n"
    )
    report = komhen.report(komhen.count(file), lang="en")
    (row,) = table(report, "rejections").rows
    assert (row.heads[0], row.cells[0].value, row.cells[1].text("en")) == ("unknown_channel", 1, "50%")
    assert report["quality"].words[0].text("en") == "Rejected rows: 1 of 2 read."


@pytest.mark.parametrize("many", [40, 41, 42, 90])
def test_the_table_of_sources_adds_up_however_many_there_are(many, tmp_path):
    cube = komhen.Cube()
    contact = {"municipality": 657, "week": "2012-W17", "task": "23.05.10", "channel": "telephone"}
    for at in range(many):
        cube.add(**contact, type="new_case", direction="incoming", source=f"system {at:02}", count=at + 1)
    report = komhen.report(cube)
    rows = next(t for c in json.loads(report.to_json())["chapters"] for t in c["tables"] if t["id"] == "sources")["rows"]
    assert sum(row["contacts"] for row in rows) == cube.contacts
    assert ("(others)" in {row["source"] for row in rows}) == (many > 41)
    report.to_csv(tmp_path / "csv")
    with open(next((tmp_path / "csv").glob("*sources.csv")), encoding="utf-8-sig", newline="") as file:
        assert sum(int(row[1]) for row in list(csv.reader(file, delimiter=";"))[1:]) == cube.contacts


def test_the_goals_of_a_file_stand_with_their_outcome(tmp_path):
    path = Path(__file__).resolve().parents[2] / "examples" / "goals" / "national.toml"
    report = komhen.report(round_of(20), goals=path, lang="en")
    rows = {row.heads[0]: [cell.text("en") for cell in row.cells] for row in table(report, "goals").rows}
    found = komhen.goals(round_of(20), path)
    assert list(rows) == [goal.id for goal in found]
    assert all(rows[goal.id][3].lower() == goal.outcome.replace("_", " ") for goal in found)


def test_an_empty_cube_has_a_report_too():
    report = komhen.report(komhen.Cube())
    assert [chapter.id for chapter in report] == CHAPTERS
    assert json.loads(report.to_json())["contacts"] == 0
    pytest.importorskip("jinja2")
    assert "–" in report.to_html()


def test_a_language_that_there_is_not_is_a_bad_call():
    with pytest.raises(ValueError, match="'da' or 'en'"):
        komhen.report(komhen.Cube(), lang="de")


def test_every_sentence_is_there_in_both_languages():
    from komhen.report.texts import _WORDS

    for key, (danish, english) in _WORDS.items():
        assert danish and english, key
        assert sorted(re.findall(r"\{\d\}", danish)) == sorted(re.findall(r"\{\d\}", english)), key


def test_the_title_speaks_of_one_municipality_or_of_several_and_the_weeks_of_one_round_or_of_none():
    one, several = cube_of({}), round_of(20)
    assert komhen.report(one).title.startswith("Kommunens henvendelser: ")
    assert komhen.report(several).title.startswith("Kommunernes henvendelser: ")
    assert "flere uger" in komhen.report(several)["participation"].words[1].text("da")  # it is of no round


def test_a_change_between_counts_that_share_no_task_says_so():
    move, board = {"task": "23.05.10", "week": "2011-W40"}, {"task": "32.03.04", "channel": "self_service"}
    report = komhen.report(cube_of(board), before=cube_of(move))
    change = next(key for key in report.summary if key.label == "Ændring, procentpoint")
    assert change.figure.text("da") == "+100" and "Ingen opgave har ansøgninger i begge tællinger" in change.words.text("da")
    assert "Ingen opgave" in table(report, "anomalies").rows[0].cells[0].text("da")
    together = komhen.report(cube_of(board, {}), before=cube_of(move))
    assert "Ingen opgave" not in together.summary[1].words.text("da")


def test_what_the_core_notes_stands_in_danish_on_a_danish_page_and_in_english_on_an_english_one(tmp_path):
    path = Path(__file__).resolve().parents[2] / "examples" / "goals" / "national.toml"
    now, before = round_of(20), cube_of({"source": "other", "week": "2011-W40"})
    said = {}
    for lang in ("da", "en"):
        report = komhen.report(now, before=before, goals=path, prices="copenhagen-2010", lang=lang)
        found = [note for part in report.tables() for note in part.notes]
        found += [sentence.text(lang) for chapter in report for sentence in chapter.words]
        found += [row.cells[0].text(lang) for row in table(report, "anomalies").rows]
        said[lang] = "\n".join(found)
    for danish, english in (
        ("talt til og med 13.05.2012, før målets frist 31.12.2015", "counted to 2012-05-13, before the goal is due on 2015-12-31"),
        ("kun den tidligere tælling har kilden 'other'", "only the earlier side has the source 'other'"),
        ("(erfaringstal, trykt af Herning Kommune)", "as printed by Herning Kommune"),
        ("Komhen har lagt kildens fire klasser", "omhen laid the source's four classes"),
        ("KOMHEN 2.0 (35 opgaver, 2012)", "KOMHEN 2.0 (35 tasks, 2012)"),
    ):
        assert danish in said["da"] and english not in said["da"]
        assert english in said["en"] and danish not in said["en"]


def test_every_sentence_that_the_core_writes_of_goals_and_comparisons_has_its_danish():
    """Read from the core's sources, so that a new sentence there is missed here. Variables are what stands between two texts."""
    from komhen import _notes

    core = Path(__file__).resolve().parents[2] / "src"
    seen = 0
    for name in ("goal.cpp", "compare.cpp", "measure.cpp", "count.cpp"):
        source = (core / name).read_text(encoding="utf-8")
        for call in re.findall(r"(?:notes_?|warnings)\.(?:push|emplace)_back\((.*?)\);", source, re.S):
            texts = re.findall(r'"((?:[^"\\]|\\.)*)"', call)
            if not texts:
                continue  # a note that a file holds
            between = [" " if re.fullmatch(r"\s*", gap) else gap for gap in re.split(r'"(?:[^"\\]|\\.)*"', call)][1:-1]
            sentence = texts[0] + "".join(("" if gap == " " else "2012-05-13") + text for gap, text in zip(between, texts[1:]))
            sentence += "" if call.rstrip().endswith('"') else "2012-05-13" if sentence.endswith(" on ") else "1"
            sentence = re.sub(r"cover 2012-05-13 and 2012-05-13", "cover 1 and 2", sentence)
            sentence = re.sub(r"has the 2012-05-13", "has the source", sentence)
            assert _notes.said(sentence, "da") != sentence, sentence
            assert _notes.said(sentence, "en") == sentence
            seen += 1
    assert seen >= 11


def test_a_picture_of_one_bar_has_no_highest_and_lowest_and_one_of_nothing_says_so():
    from komhen.report.pictures import alt, draw

    (municipalities,) = [p for p in komhen.report(cube_of({}))["participation"].pictures if p.id == "municipalities"]
    assert alt(municipalities, "da") == f"{municipalities.title}. 657 Herning, 0 %."
    for chapter in komhen.report(komhen.Cube()):
        for picture in chapter.pictures:
            assert draw(picture, "da") == '<p class="note">Ingen henvendelser</p>', picture.id


# --- the counts that a filter sums ------------------------------------------------------------------------------------


def summed(report, cell):
    """What the page's script sums for a figure without a filter, from what is embedded."""
    facts = report.asked.facts
    counts = json.loads(facts.counts)
    out = []
    for at in cell.sums:
        total = 0
        for municipality, tasks in zip(facts.municipalities, counts):
            for task, pairs in tasks:
                kle, kl35 = facts.tasks[task], facts.to_dict()["kl35"][task]
                scope = cell.scope
                if scope == "35" and not kl35 or scope[0] == "t" and scope != f"t{kle}":
                    continue
                if scope[0] in "mM" and (scope[1:] != str(municipality) or scope[0] == "M" and not kl35):
                    continue
                total += sum(count for place, count in zip(pairs[::2], pairs[1::2]) if place in facts.sums[at])
        out.append(total)
    return tuple(out)


def test_what_the_page_embeds_sums_to_what_the_core_measured(made):
    seen = 0
    for part in made.tables():
        for row in part.rows:
            for cell in row.cells:
                if isinstance(cell, (Count, Part, Points)) and cell.sums and ":" not in cell.scope:
                    assert summed(made, cell) == cell.integers, (part.id, row.heads, cell)
                    seen += 1
                elif isinstance(cell, Gap) and cell.sums:
                    assert summed(made, cell) == cell.integers[:2]
    assert seen > 400


# --- the page ---------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Elements with their attributes, and what stands in scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        if self.cdata_elem == "script":
            self.scripts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_page_names_nothing_that_a_browser_would_fetch(page):
    found = Page(page)
    for tag, attributes in found.elements:
        for name in ("src", "href", "action", "srcset", "poster", "data"):
            value = attributes.get(name, "")
            assert not value or value.startswith(("#", "data:text/csv")), (tag, name, value[:60])
    assert "url(" not in page and "@import" not in page
    (policy,) = [meta["content"] for meta in found.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy


def test_labels_of_the_data_are_text_on_the_page_and_in_its_script(page):
    found = Page(page)
    assert ATTACK not in page and "<script>alert" not in page
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page
    assert len(found.all("script")) == 3
    data = json.loads(found.scripts[0])
    assert any(ATTACK in str(bar) for picture in data["pictures"] for bar in picture.get("bars", ()))
    assert "<" not in found.scripts[0]


def test_every_table_has_a_caption_and_scopes_and_every_picture_words_and_a_table(page, made):
    found = Page(page)
    tables = len(made.tables())
    assert len(found.all("table")) == len(found.all("caption")) == tables
    assert all(th.get("scope") in ("col", "row") for th in found.all("th"))
    pictures = [div for div in found.all("div") if div.get("role") == "img"]
    assert len(pictures) == sum(len(chapter.pictures) for chapter in made) == len(found.all("details"))
    assert all(len(div["aria-label"]) > 20 for div in pictures)
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in found.all("a") if a["href"].startswith("#")} <= set(ids)
    assert [html["lang"] for html in found.all("html")] == ["da"]


def test_a_picture_follows_a_filter_when_every_figure_of_it_can_be_summed_and_stays_when_none_can(tmp_path, made):
    pytest.importorskip("jinja2")
    report = with_a_rejection(tmp_path)
    for one, fixed in ((made, set()), (report, {"rejections"})):
        found = Page(one.to_html())
        described = json.loads(found.scripts[0])["pictures"]
        assert all(bar[1] >= 0 for drawn in described for bar in drawn.get("bars", ()))
        assert all(place >= 0 for drawn in described for _, parts in drawn.get("stacks", ()) for place in parts)
        every = [picture for chapter in one for picture in chapter.pictures]
        following = [picture.title for picture in every if picture.id not in fixed]
        assert [drawn["title"] for drawn in described] == following
        shown = [element["data-p"] for element in found.all("div") if "data-p" in element]
        assert shown == [str(place) for place in range(len(following))]


def test_the_link_under_a_table_is_its_csv(page, made):
    from urllib.parse import unquote

    from komhen.report.csv_files import csv_text

    links = {a["data-table"]: a["href"] for a in Page(page).all("a") if "data-table" in a}
    for one in made.tables():
        head, _, body = links[one.id].partition(",")
        assert head == "data:text/csv;charset=utf-8"
        assert unquote(body) == csv_text(one, "da")


def test_without_jinja2_the_sentence_names_it_and_the_way_to_get_it(tmp_path):
    code = (
        "import sys; sys.modules['jinja2'] = None; sys.modules['xlsxwriter'] = None\n"
        "import komhen\nr = komhen.report(komhen.Cube())\n"
        "for f in (r.to_html, lambda: r.to_xlsx('x.xlsx')):\n"
        "    try: f()\n    except komhen.KomhenError as e: print(e)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert run.stdout.splitlines() == [
        "a page needs jinja2, which is not installed: pip install komhen[report]",
        "a workbook needs xlsxwriter, which is not installed: pip install komhen[report]",
    ], run.stderr


def test_importing_komhen_brings_none_of_what_a_report_needs():
    code = "import komhen, sys; print([m for m in ('jinja2', 'xlsxwriter', 'altair', 'komhen.report') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


# --- files ------------------------------------------------------------------------------------------------------------


def test_csv_is_what_a_danish_excel_opens_rightly(made, tmp_path):
    paths = made.to_csv(tmp_path / "out")
    assert [path.name for path in paths][:2] == ["01-weeks_counted.csv", "01-weeks.csv"]
    content = (tmp_path / "out" / "03-tasks.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfKLE;Opgave;") and content.count(b"\r\n") == content.count(b"\n") == 37
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    move = next(row for row in rows if row[0] == "23.05.10")
    share = komhen.self_service(round_of(20), by="task", where={"task": "23.05.10"}).to_dict()["rows"][0]["share"]
    assert move[4] == share.replace(".", ",")
    english = reported("en").to_csv(tmp_path / "en")
    assert share in english[[path.name for path in english].index("03-tasks.csv")].read_text("utf-8-sig")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1"])
def test_a_csv_cell_that_a_spreadsheet_would_obey_is_guarded(text):
    from komhen.report.csv_files import guarded

    assert guarded(text).lstrip('"').startswith("'")
    assert guarded("plain; text") == '"plain; text"'


def test_json_is_exact_and_the_same_each_time(made):
    found = json.loads(made.to_json())
    assert found == made.to_dict() == json.loads(reported().to_json())
    rows = {row["kle"]: row for table in found["chapters"][2]["tables"] for row in table["rows"]}
    for row in komhen.self_service(round_of(20), by="task", tasks="kl-35").to_dict()["rows"]:
        share = {name: row[name] for name in ("numerator", "denominator", "share")}
        assert rows[row["task"]]["self_service"] == share

    def floats(value):
        if isinstance(value, dict):
            value = list(value.values())
        return any(map(floats, value)) if isinstance(value, list) else isinstance(value, float)

    assert not floats(found)


def test_the_json_names_things_as_the_method_does_and_only_its_labels_have_a_language(made):
    def without_words(found):
        tables = [table for chapter in found["chapters"] for table in chapter["tables"]]
        rows = [
            {key: value for key, value in row.items() if not key.endswith("_label") and key not in ("found", "meaning")}
            for table in tables
            for row in table["rows"]
        ]
        return rows, [(key["id"], key["figure"]) for key in found["summary"]]

    found = made.to_dict()
    assert without_words(found) == without_words(reported("en").to_dict())
    rows = {table["id"]: table["rows"] for chapter in found["chapters"] for table in chapter["tables"]}
    mix = {row["channel"]: row["numerator"] for row in komhen.mix(round_of(20), by="channel", where={"direction": "incoming"})}
    assert {row["channel"]: row["all_contacts"] for row in rows["channels_incoming"]} == mix
    assert rows["channels_incoming"][0]["channel_label"] == "Telefon"
    assert [row["municipality"] for row in rows["municipalities"]] == sorted([101, 219, 657])
    assert {row["source"] for row in rows["sources"]} >= {"", "upload"}  # no source is a label of the page, and no source
    blank = rows["status"][0]
    assert (blank["gap"], blank["population"]) == (None, "all")


def test_the_workbook_reads_back_with_real_numbers_filters_and_frozen_heads(made, tmp_path):
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    made.to_xlsx(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert len(book.sheetnames) == 1 + len(made.tables())
    heads = {sheet.title: sheet.freeze_panes for sheet in book}
    assert [heads.pop("Kort fortalt"), set(pane[1:] for pane in heads.values())] == [None, {"5"}]
    sheet = book["De 35 opgaver"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C5", "A4:H39")
    row = next(row for row in sheet.iter_rows() if row[0].value == "23.05.10")
    part = next(row for row in table(made, "tasks").rows if row.task == "23.05.10").cells[2]
    assert (row[2].value, row[3].value) == (part.numerator, part.denominator)
    assert row[4].value == pytest.approx(part.numerator / part.denominator, rel=1e-15) and row[4].number_format == "0%"
    assert all(column.width > 3 for column in sheet.column_dimensions.values())
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert not [cell for cell in cells if cell.data_type == "s" and not cell.value.strip()]  # what is not there is no text
    assert FORMULA in [cell.value for cell in cells] and ATTACK in [cell.value for cell in cells]


def test_a_workbook_that_cannot_be_written_is_one_sentence(made, tmp_path):
    pytest.importorskip("xlsxwriter")
    with pytest.raises(komhen.KomhenError, match="lies in a directory that does not exist"):
        made.to_xlsx(tmp_path / "none" / "r.xlsx")


def test_the_same_report_is_the_same_workbook_byte_for_byte(made):
    pytest.importorskip("xlsxwriter")
    from komhen.report.workbook import workbook

    first, began = workbook(made), time.time()
    while int(time.time()) == int(began):
        time.sleep(0.05)
    assert workbook(made) == first


def test_a_report_is_of_the_moment_in_which_it_was_made():
    cube, before = round_of(20), round_of(12)
    report = komhen.report(cube, before=before)
    written = report.to_json()
    for counted in (cube, before):
        counted.merge(round_of(7))
    assert report.to_json() == written and f'"contacts": {round_of(20).contacts},' in written


def test_an_outcome_that_is_none_is_a_bad_call():
    with pytest.raises(TypeError, match="outcome must be an Outcome, not str"):
        komhen.report(komhen.Cube(), outcome="010160-1234")


def test_what_turns_text_round_is_not_on_the_page_and_spaces_that_do_not_break_are():
    pytest.importorskip("jinja2")
    text = komhen.report(cube_of({"source": "Team\u00a0Nord\u202e Borger\u00adservice"})).to_html()
    assert "\u202e" not in text and text.count("Team\u00a0Nord\ufffd Borger\u00adservice") >= 2


def test_in_a_notebook_the_key_figures_stand_escaped(made):
    piece = made._repr_html_()
    assert "<table>" in piece and made.summary[0].figure.text("da") in piece and "<script" not in piece


def test_a_folder_that_holds_files_of_another_report_is_refused_and_left_as_it_was(made, tmp_path):
    made.to_csv(tmp_path / "csv")
    made.to_csv(tmp_path / "csv")  # the same report again writes over all of them
    before = {path.name: path.read_bytes() for path in (tmp_path / "csv").iterdir()}
    other = komhen.report(round_of(12))  # without prices, so without tables of costs
    with pytest.raises(komhen.KomhenError, match="holds 05-costs_channel.csv, 05-costs_type.csv, which this report does not"):
        other.to_csv(tmp_path / "csv")
    assert {path.name: path.read_bytes() for path in (tmp_path / "csv").iterdir()} == before
    pytest.importorskip("vl_convert")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "goals.svg").write_text("of another round")
    with pytest.raises(komhen.KomhenError, match="holds goals.svg"):
        made.to_pictures(tmp_path / "pictures")
    assert len(list((tmp_path / "pictures").iterdir())) == 1


def test_goals_that_were_held_against_another_count_are_refused():
    path = Path(__file__).resolve().parents[2] / "examples" / "goals" / "national.toml"
    now, other = round_of(20), round_of(12)
    assert komhen.report(now, goals=komhen.goals(round_of(20), path)).to_dict() == komhen.report(now, goals=path).to_dict()
    with pytest.raises(komhen.KomhenError, match="held against another count"):
        komhen.report(now, goals=komhen.goals(other, path))
    found = komhen.goals(now, path)
    now.add(municipality=657, week="2012-W17", task="23.05.10", channel="letter", type="new_case", direction="incoming")
    with pytest.raises(komhen.KomhenError, match="held against another count"):
        komhen.report(now, goals=found)


def test_tables_and_chapters_of_a_report_show_themselves_and_give_their_rows(made):
    tasks = made["tasks"].tables[0]
    assert repr(tasks).startswith(tasks.caption + "\nKLE") and len(repr(tasks).splitlines()) < 45
    assert "Word(" not in repr(made["status"]) and "Hvem tager" not in repr(made["status"])
    assert tasks._repr_html_().count("<tr>") == 37 and '<table class="komhen" lang="da">' in tasks._repr_html_()
    sources = made["quality"]._repr_html_()
    assert ATTACK not in sources and "&lt;script&gt;" in sources
    assert tasks.to_pylist() == made.to_dict()["chapters"][2]["tables"][0]["rows"]
    with pytest.raises(komhen.KomhenError, match="lang='en'"):
        tasks.to_html("en")
    with pytest.raises(KeyError, match="the report has no chapter 'taks'; it has tasks"):
        made["taks"]


# --- the command ------------------------------------------------------------------------------------------------------


def test_sums_that_a_browser_cannot_hold_exactly_take_the_filters_off_and_the_page_says_so():
    pytest.importorskip("jinja2")
    report = komhen.report(cube_of({"count": 2**60}), lang="en")
    found = Page(report.to_html())
    assert json.loads(found.scripts[0])["exact"] is False and json.loads(found.scripts[1]) == []
    assert "Filters are off" in report.to_html() and "1,152,921,504,606,846,976" in report.to_html()


def test_the_command_writes_what_is_asked_for(tmp_path):
    pytest.importorskip("jinja2"), pytest.importorskip("xlsxwriter")
    round_of(20).save(tmp_path / "a.cube")
    round_of(12).save(tmp_path / "b.cube")
    outputs = {name: tmp_path / f"r.{name}" for name in ("html", "xlsx", "csv", "json")}
    options = [word for name, path in outputs.items() for word in (f"--{name}", path)]
    said = done(
        "report", tmp_path / "a.cube", "--before", tmp_path / "b.cube", "--prices", "copenhagen-2010", "--lang", "en",
        "--format", "json", *options,
    )
    assert [row["what"] for row in json.loads(said)] == list(outputs)
    assert json.loads(outputs["json"].read_text()) == reported("en").to_dict()
    assert outputs["html"].read_text() == reported("en").to_html()
    assert len(list(outputs["csv"].iterdir())) == len(reported("en").tables())


def test_the_command_says_in_one_sentence_what_it_cannot_do(tmp_path):
    round_of(20).save(tmp_path / "a.cube")
    assert "name what to write" in one_line(cli("report", tmp_path / "a.cube"), 2)
    assert "also read or written" in refused("report", tmp_path / "a.cube", "--json", tmp_path / "a.cube")
    assert "no price table" in refused("report", tmp_path / "a.cube", "--json", tmp_path / "r", "--prices", "none")
    assert "not there" in refused("report", tmp_path / "a.cube", "--json", tmp_path / "none" / "r.json")


def test_the_pictures_go_to_files_for_slides(made, tmp_path):
    pytest.importorskip("vl_convert")
    paths = made.to_pictures(tmp_path / "pictures")
    assert {"tasks.svg", "channels.svg", "costs.svg"} <= {path.name for path in paths}
    assert all(path.read_text(encoding="utf-8").startswith("<svg") for path in paths)
    # The costs of the picture are those of the chapter.
    total = next(row for row in table(made, "costs_channel").rows if row.total).cells[2].text("da")
    drawn = (tmp_path / "pictures" / "costs.svg").read_text(encoding="utf-8")
    assert f"I alt {total}" in drawn and "kun retning: Indgående" in drawn
    with pytest.raises(komhen.KomhenError, match='"svg" or "png"'):
        made.to_pictures(tmp_path, format="gif")


# --- a whole round ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spring(tmp_path_factory):
    """The simulated spring-2012 round of KL's size, saved."""
    folder = tmp_path_factory.mktemp("spring")
    komhen.simulate(folder / "spring.csv", round="2012-spring", rows=650_000)
    komhen.count(folder / "spring.csv", round="2012-spring").save(folder / "spring.cube")
    (folder / "spring.csv").unlink()
    return folder / "spring.cube"


def test_the_page_of_a_round_of_kls_size_is_light(spring):
    """Written by a fresh process. What it takes is measured by tests/bench, not here."""
    pytest.importorskip("jinja2")
    done("report", spring, "--html", spring.with_name("r.html"))
    assert spring.with_name("r.html").stat().st_size < 3_000_000


def test_the_page_shows_kls_figures_beside_those_of_the_simulated_round(spring):
    report = komhen.report(komhen.load_cube(spring))
    assert report.summary[0].figure.text("da") == "33 %"
    for row in table(report, "tasks").rows:
        if isinstance(row.cells[-1], Printed) and row.cells[-1].value is not None:
            assert row.cells[2].text("da") == row.cells[-1].text("da"), row.heads
    assert [row.cells[2].text("da") for row in table(report, "status").rows] == ["5 %", "20 %", "33 %"]
    weeks = {row.heads[0]: row.cells[0].value for row in table(report, "weeks_counted").rows}
    assert sum(weeks.values()) == 2 * 49


def test_the_python_and_the_command_of_the_page_on_reports_run(tmp_path, monkeypatch):
    pytest.importorskip("jinja2"), pytest.importorskip("xlsxwriter")
    text = (Path(__file__).resolve().parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    (command,) = re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "docs/report.md", "exec"), {})
    assert {path.name for path in tmp_path.iterdir()} == {
        "registrations.csv", "registrations.participation.csv", "report.html", "report.xlsx", "report", "report.json"
    }
    for name in ("spring", "autumn"):
        komhen.count("registrations.csv", round="2012-spring").save(f"{name}.cube")
    words = command.split()
    assert words[:2] == ["komhen", "report"]
    assert json.loads(done(*words[1:], "--format", "json"))[0] == {"what": "html", "path": "report.html"}
