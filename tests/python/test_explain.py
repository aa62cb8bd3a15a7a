"""Objects that explain themselves: tables for a page, words for figures, suggestions for rejected rows."""

from __future__ import annotations

import html.parser
import subprocess
import sys

import pytest

import komhen
from support import CPR, HEADER, ROW, cube_of, file_of

EVIL = '<script>alert("x")</script>&'
MEASURES = {
    "contacts": lambda cube: komhen.contacts(cube, by="channel"),
    "mix": lambda cube: komhen.mix(cube, by=["task", "channel"]),
    "self_service": lambda cube: komhen.self_service(cube, by="task"),
    "digital": lambda cube: komhen.digital(cube, set="broad", by="direction"),
    "first_contact_closure": lambda cube: komhen.first_contact_closure(cube, by="municipality"),
    "form_share": lambda cube: komhen.form_share(cube),
}


class Page(html.parser.HTMLParser):
    """A piece of a page, with every element closed where it was opened."""

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture
def cube():
    return cube_of(
        dict(count=1234, unit=EVIL, closure="closed", form="paper"),
        dict(channel="self_service", count=766, source=EVIL, closure="put_aside", form="none"),
    )


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", MEASURES)
def test_a_table_on_a_page_has_a_caption_and_every_head_has_a_scope(cube, name, lang):
    table = MEASURES[name](cube)
    page = Page(table.to_html(lang=lang))
    assert len(page.all("caption")) == 1 and page.all("table")[0]["lang"] == lang
    scopes = [attrs["scope"] for attrs in page.all("th")]
    assert scopes == ["col"] * len(table.columns) + ["row"] * len(table.by) * len(table)
    assert len(page.all("td")) == (len(table.columns) - len(table.by)) * len(table)


def test_numbers_and_words_are_those_of_the_language(cube):
    table = komhen.contacts(cube, by="channel")
    assert "1.234" in table.to_html() and "Telefon" in table.to_html("da")
    assert "1,234" in table.to_html("en") and "Telephone" in table.to_html("en")
    share = komhen.self_service(cube)
    assert "38 %" in share.to_html("da") and "38%" in share.to_html("en")
    assert "2.000" in cube._repr_html_() and "2,000" in cube.to_html(lang="en")
    with pytest.raises(ValueError, match="'da' or 'en'"):
        table.to_html("fr")


def test_whatever_comes_from_data_is_escaped(tmp_path, cube):
    file = file_of(tmp_path / "a.csv", ROW.replace("telephone", EVIL), f"{ROW};{EVIL}")
    counted = komhen.count(file, keep_rejects=5)
    shown = [
        komhen.contacts(cube, by=["unit", "source"]),
        komhen.contacts(cube, where={"unit": [EVIL, EVIL + "none"]}),
        komhen.compare(cube, cube_of(dict()), by="source"),
        cube,
        counted.outcome,
    ]
    for one in shown:
        for lang in ("da", "en"):
            page = Page(one.to_html(lang=lang))
            assert not page.all("script")
    assert EVIL in "".join(Page(shown[0]._repr_html_()).texts)
    assert EVIL in "".join(Page(counted.outcome._repr_html_()).texts)


def test_a_control_character_does_not_reach_the_page():
    cube = cube_of(dict())
    page = komhen.contacts(cube, where={"source": "a\x00\x1b[2Jb"}).to_html()
    assert "\x00" not in page and "\x1b" not in page


def test_a_notebook_shows_sixty_rows_and_says_how_many_there_are():
    cube = cube_of(*(dict(unit=f"unit {n}") for n in range(100)))
    table = komhen.contacts(cube, by="unit")
    assert len(Page(table._repr_html_()).all("td")) == 60 and "60 af 100" in table._repr_html_()
    assert len(Page(table.to_html("en")).all("td")) == 100


def test_no_share_is_a_dash_and_never_a_zero():
    cube = cube_of(dict(form="not_stated"))
    assert "<td style=\"text-align:right\">–</td>" in komhen.form_share(cube).to_html()


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("name", MEASURES)
def test_every_figure_says_what_it_is(cube, name, lang):
    lines = MEASURES[name](cube).explain(lang).splitlines()
    assert f"({name})" in lines[0] and "{" not in "".join(lines)
    heads = [line.partition(":")[0] for line in lines[1:]]
    wanted = {
        "da": "Tæller Nævner Population Rækker Skema Opgavesæt Filtre Kilde",
        "en": "Numerator Denominator Population Rows Scheme Task set Filters Source",
    }[lang]
    wanted = wanted.replace("Task set", "Task_set").split()
    if name == "contacts":
        wanted.remove("Nævner" if lang == "da" else "Denominator")
    assert [head.replace(" ", "_") for head in heads] == wanted


def test_the_explanation_names_population_scheme_task_set_and_filters(cube):
    table = komhen.self_service(cube, scheme="kl-2011", tasks="kl-35", where={"municipality": 657}, raw=True)
    said = table.explain("en")
    # Under kl-2011 `application` is another name of its transactions, which hold case information as well.
    assert "Population: incoming contacts of the types New case, Change of status of an existing case, Information" in said
    assert "Scheme: kl-2011 (" in said and "Task set: KL's 35 tasks (kl-35)" in said
    assert "Filters: where municipality=657, raw" in said
    assert 'Source: KL, "Kommunernes henvendelser", spring 2012' in said
    change = komhen.compare(cube, cube, by="task").explain("en")
    assert "Change: exact shares are subtracted first and rounded last" in change


def test_the_heading_says_incoming_where_that_is_the_population(cube):
    assert "mix: incoming, tasks all" in komhen.mix(cube, by="channel").heading
    assert "incoming" in komhen.first_contact_closure(cube).heading
    assert "incoming, " not in komhen.mix(cube, by="channel", where={"direction": "outgoing"}).heading
    assert "incoming" not in komhen.mix(cube, by=["direction", "channel"]).heading
    assert "incoming" not in komhen.form_share(cube).heading
    assert "incoming" in komhen.compare(cube, cube, "mix", by="channel").heading
    assert '"incoming":' not in komhen.mix(cube, by="channel").to_json()


BAD = [
    ("kle", "23.05.1O", "bad_kle", "23.05.10"),
    ("channel", "Selvbetjning", "unknown_channel", "self_service"),
    ("channel", "pigeon", "unknown_channel", None),
    ("type", "ny sga", "unknown_type", "new_case"),
    ("direction", "indgaende", "unknown_direction", "incoming"),
    ("municipality", "Hernig", "unknown_municipality", "Herning"),
    ("municipality", "656", "unknown_municipality", None),
    ("date", "2012-02-30", "bad_date", None),
    ("channel", "=cmd", "unknown_channel", None),
]


def test_a_rejection_says_where_what_why_and_what_was_probably_meant(tmp_path):
    good = dict(zip(HEADER.split(";"), ROW.split(";")))
    rows = [";".join((good | {column: text}).values()) for column, text, *_ in BAD]
    cube = komhen.count(file_of(tmp_path / "a.csv", *rows), keep_rejects=99, rejects=tmp_path / "r.csv")
    wanted = [(n + 2, column, text, reason, meant) for n, (column, text, reason, meant) in enumerate(BAD)]
    assert [row[:5] for row in cube.outcome.rejections] == wanted
    assert komhen.rejections(tmp_path / "r.csv") == cube.outcome.rejections
    assert komhen.rejections(tmp_path / "r.csv", most=2) == cube.outcome.rejections[:2]
    assert cube.outcome.rejections[0].label("da") == "Ugyldigt KLE-nummer"


def test_only_the_first_rejections_are_kept_and_none_unless_asked(tmp_path):
    file = file_of(tmp_path / "a.csv", *["x"] * 5)
    assert len(komhen.count(file, keep_rejects=2).outcome.rejections) == 2
    assert komhen.count(file).outcome.rejections == []
    (row, *_) = komhen.count(file, keep_rejects=1).outcome.rejections
    assert (row.line, row.column, row.text, row.reason, row.suggestion) == (2, None, None, "malformed", None)


def test_a_rejection_shows_no_cpr_number(tmp_path):
    file = file_of(tmp_path / f"{CPR}.csv", ROW.replace("telephone", CPR))
    cube = komhen.count(file, keep_rejects=1)
    (row,) = cube.outcome.rejections
    assert row.reason == "personal_data" and "****" in row.text and row.suggestion is None
    assert CPR not in repr(row) and CPR not in cube.outcome._repr_html_()


def test_what_is_no_reject_file_is_refused_in_a_sentence(tmp_path):
    for text in (b"", b"line;reason\n", b"line;reason;column;file\nx;y;z;v\n", b"line;reason;column;file\n\xff\n"):
        (tmp_path / "r.csv").write_bytes(text)
        with pytest.raises(komhen.KomhenError, match="is no reject file"):
            komhen.rejections(tmp_path / "r.csv")
    with pytest.raises(komhen.KomhenError, match="cannot be read"):
        komhen.rejections(tmp_path / "none.csv")


def test_importing_komhen_brings_no_other_package_and_nothing_that_is_only_sometimes_needed():
    code = (
        "import sys; before = set(sys.modules); import komhen; new = {n.partition('.')[0] for n in set(sys.modules) - before}; "
        "print(sorted(n for n in new - {'komhen'} if n not in sys.stdlib_module_names)); "
        "print(sorted(new & set('json fractions decimal csv dataclasses html shutil argparse inspect importlib pathlib'"
        ".split())))"
    )
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == ["[]", "[]"]
