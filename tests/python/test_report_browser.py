"""The report in a real browser: what is shown is what the core counted, also after a filter, for everybody.

Needs Playwright and Debian's Chromium (.ci/setup.sh); screenshots are left in build/screenshots.
"""

from __future__ import annotations

import os
import shutil
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

import pytest

import komhen
from komhen.report.cells import FIGURES
from komhen.report.csv_files import csv_text
from report_world import MUNICIPALITIES, TASKS, reported, with_a_rejection

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}

pytest.importorskip("jinja2", reason="the page needs jinja2")
playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need Playwright: pip install playwright")
if not os.path.exists(CHROMIUM):
    pytest.skip("the browser tests need Chromium: apt-get install chromium fonts-dejavu-core", allow_module_level=True)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as running:
        # Chromium's sandbox does not work for root, and for anybody else it stays on.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = running.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The page of the small round in both languages, and the round that KL's figures stand beside."""
    folder = tmp_path_factory.mktemp("pages")
    for lang in ("da", "en"):
        reported(lang).to_html(folder / f"{lang}.html")
    SHOTS.mkdir(parents=True, exist_ok=True)
    return folder


class Opened:
    """A page, what it asked the network for, and what went wrong on it."""

    def __init__(self, browser, path, size="desktop", **options):
        width, height = SIZES[size]
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.page = self.context.new_page()
        self.requests, self.errors = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type in ("error", "warning") else None)
        self.page.goto(path.as_uri())
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *failed):
        self.context.close()
        if not failed[0]:
            assert self.errors == []
            assert self.requests == [self.path.as_uri()]

    def downloaded(self, table, expected, name=None):
        """Clicks the link under a table, and holds the file that comes against what it should be."""
        with self.page.expect_download() as waiting:
            self.page.click(f"a[data-table='{table}']")
        assert waiting.value.suggested_filename == (name or f"{table}.csv")
        assert Path(waiting.value.path()).read_bytes() == expected.encode()
        self.requests[:] = [url for url in self.requests if not url.startswith("data:")]

    def choose(self, municipality="", task=""):
        self.page.select_option("#municipality", str(municipality))
        self.page.select_option("#task", task)

    def rows(self, table):
        """The rows that can be seen: heads to cells, as text."""
        found = self.page.evaluate(
            """(id) => [...document.querySelectorAll(`#t-${id} tbody tr`)].filter((tr) => !tr.hidden).map((tr) =>
            [[...tr.querySelectorAll("th")].map((th) => th.textContent), [...tr.querySelectorAll("td")].map((td) => td.textContent)])""",
            table,
        )
        return [(tuple(heads), cells) for heads, cells in found]


def per_cent(numerator, denominator, lang):
    """Another rounding than the core's and the page's: half up, through decimals of enough digits."""
    if not denominator:
        return "–"
    value = Decimal(numerator * 100) / Decimal(denominator)
    exact = Fraction(numerator * 100, denominator)
    assert abs(exact - Fraction(value)) < Fraction(1, 10**20)
    return f"{value.quantize(Decimal(1), ROUND_HALF_UP)}{' %' if lang == 'da' else '%'}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_page_is_whole_asks_for_nothing_and_fits_the_screen(browser, files, lang, size):
    with Opened(browser, files / f"{lang}.html", size) as opened:
        page = opened.page
        assert page.evaluate("document.documentElement.lang") == lang
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        assert page.locator("#summary .figure").first.is_visible()
        box = page.locator("#summary .figure").first.bounding_box()
        assert box["y"] + box["height"] < SIZES[size][1]  # the share against the goal, on the first screen
        page.screenshot(path=SHOTS / f"{lang}-{size}.png")
        if lang == "da":
            page.screenshot(path=SHOTS / f"{lang}-{size}-whole.png", full_page=True)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_numbers_shown_are_those_of_the_json(browser, files, lang):
    found = reported(lang).to_dict()
    seen = 0
    with Opened(browser, files / f"{lang}.html") as opened:
        for chapter in found["chapters"]:
            for table in chapter["tables"]:
                shown = [cells for _, cells in opened.rows(table["id"])]
                assert len(shown) == len(table["rows"])
                for cells, row in zip(shown, table["rows"]):
                    values = [value for key, value in row.items() if isinstance(value, dict) and "denominator" in value and "goal" not in value]
                    texts = [per_cent(value["numerator"], value["denominator"], lang) for value in values]
                    assert [text for text in texts if text not in cells] == [], (table["id"], row)
                    seen += len(texts)
    assert seen > 150


EMPTY = {"municipality": 101, "task": "32.03.04"}  # nothing was counted there
FILTERS = [
    {"municipality": 657},
    {"task": "23.05.10"},
    EMPTY,
    {"municipality": 219, "task": "35"},
    {"task": "other"},
]


@pytest.mark.parametrize("chosen", FILTERS, ids=str)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_figures_of_a_filter_are_those_that_the_core_counts_with_where(browser, files, chosen, lang):
    where = dict(chosen)
    if where.get("task") in ("35", "other"):
        mandatory = [task.kle for task in komhen.TASKS]
        where["task"] = [task for task in TASKS if (task in mandatory) is (where["task"] == "35")]
    expected = reported(lang, **where)
    seen = 0
    with Opened(browser, files / f"{lang}.html") as opened:
        opened.choose(**chosen)
        assert opened.page.locator("#limited").is_visible()
        for table in expected.tables():
            shown = opened.rows(table.id)
            rows = {row.heads: row.cells for row in table.rows}
            for heads, texts in shown:
                if table.fixed or heads not in rows:
                    continue
                for text, cell in zip(texts, rows[heads]):
                    if isinstance(cell, FIGURES) and cell.sums:
                        assert text == cell.text(lang), (table.id, heads, text, cell)
                        seen += 1
            if table.id == "channels_incoming":  # what the core has no row for has no contacts
                assert all(texts[0] == "0" for heads, texts in shown if heads not in rows)
        summary = opened.page.locator("#summary .figure").all_text_contents()
        assert summary == [key.figure.text(lang) for key in expected.summary]
        sentences = opened.page.locator("#summary .key > p:not(.figure)").all_text_contents()
        assert sentences == [key.words.text(lang) for key in expected.summary]
        opened.page.screenshot(path=SHOTS / f"{lang}-filtered-{'-'.join(map(str, chosen.values()))}.png")
    assert seen > (20 if chosen == EMPTY else 90)


def test_a_round_with_a_rejected_row_is_filtered_as_one_without(browser, tmp_path):
    pages = {}
    for reject in (True, False):
        report = with_a_rejection(tmp_path, reject=reject)
        report.to_html(tmp_path / "rejected.html")
        with Opened(browser, tmp_path / "rejected.html") as opened:
            page = opened.page
            drawn = page.locator("[data-p]").count()
            if reject:
                rejections = page.locator("#quality [role=img]").first
                before = rejections.inner_html(), opened.rows("rejections")
            opened.choose(municipality=101)
            assert page.locator("#limited").is_visible() and page.locator("#clear").is_visible()
            assert {heads[0] for heads, _ in opened.rows("municipalities")} == {"101 København"}
            assert set(page.locator("td.printed").all_text_contents()) == {""}
            links = page.locator("a[data-table]").evaluate_all("(all) => all.map((a) => [a.dataset.table, a.href])")
            texts = page.locator("[data-c]").all_text_contents()
            pictures = page.locator("[data-p]").evaluate_all("(all) => all.map((e) => e.innerHTML)")
            assert len(pictures) == drawn
            if reject:  # of rows, which have no municipality: the page says that no filter changes them
                assert (rejections.inner_html(), opened.rows("rejections")) == before
            pages[reject] = {name: href for name, href in links if name not in ("rejections", "anomalies")}, texts, pictures
    assert pages[True] == pages[False]


def test_a_week_in_which_a_municipality_did_not_count_is_no_zero_and_one_in_which_it_did_is(browser, files):
    with Opened(browser, files / "da.html") as opened:
        opened.choose(municipality=219)  # it counted in the weeks 17 and 18
        weeks = {heads[0]: cells for heads, cells in opened.rows("weeks")}
        assert weeks["2012-W19"] == ["–", "0"] and weeks["2012-W17"][1] == "1"
        picture = opened.page.locator("figure").filter(has_text="Henvendelser pr. uge").locator("[data-p]")
        assert picture.locator("rect.bar").count() == 2 and "2012-W19" not in picture.get_attribute("aria-label")
        href = opened.page.locator("a[data-table='weeks']").get_attribute("href")
        assert unquote(href).splitlines()[-1] == "2012-W19;;0"
        opened.choose(**EMPTY)  # nothing on this task in the two weeks that it counted in
        assert [cells[0] for _, cells in opened.rows("weeks")] == ["–", "0", "0"]


def test_a_filter_that_leaves_one_bar_or_none_is_said_in_words(browser, files):
    with Opened(browser, files / "da.html") as opened:
        picture = opened.page.locator("figure").filter(has_text="kommune for kommune").locator("[data-p]")
        opened.choose(municipality=657)
        assert "657 Herning, " in picture.get_attribute("aria-label") and "Lavest" not in picture.get_attribute("aria-label")
        opened.choose(task="other")
        assert picture.inner_text() == "Ingen henvendelser"
        assert picture.get_attribute("aria-label").endswith("Ingen henvendelser.")


def test_the_script_draws_what_the_page_was_written_with(browser, files):
    with Opened(browser, files / "da.html") as opened:
        picture = "() => [...document.querySelectorAll('[data-p]')].map((e) => [e.getAttribute('aria-label'), e.innerHTML])"
        text = "() => document.querySelector('main').innerText"
        before = opened.page.evaluate(picture), opened.page.evaluate(text)
        opened.choose(657, "23.05.10")
        assert opened.page.evaluate(picture) != before[0]
        opened.page.click("#clear")
        opened.page.wait_for_selector("#limited", state="hidden")
        after = opened.page.evaluate(picture), opened.page.evaluate(text)
        assert after[0] == before[0]
        assert after[1] == before[1]


def test_every_link_leads_somewhere_and_every_csv_is_its_table(browser, files):
    made = reported("da")
    with Opened(browser, files / "da.html", accept_downloads=True) as opened:
        page = opened.page
        for link in page.locator("a[href^='#']").all():
            target = link.get_attribute("href")
            if link.get_attribute("class") == "skip":
                continue  # of the keyboard, below
            link.click()
            assert page.evaluate("location.hash") == target
            assert page.locator(target).count() == 1
        tables = {table.id: table for table in made.tables()}
        links = page.locator("a[data-table]")
        assert links.evaluate_all("(links) => links.map((link) => link.dataset.table)") == list(tables)
        for id in ("status", "tasks"):  # the links of the others are read in test_report.py
            opened.downloaded(id, csv_text(tables[id], "da"))


def test_the_csv_of_a_filter_holds_what_the_filter_shows(browser, files):
    expected = {table.id: table for table in reported("da", municipality=657).tables()}
    with Opened(browser, files / "da.html", accept_downloads=True) as opened:
        opened.choose(municipality=657)
        opened.downloaded("tasks", csv_text(expected["tasks"], "da"), "tasks-657.csv")  # the name says what it is limited to
        for id in ("status", "closure", "costs_type", "municipalities"):
            href = opened.page.locator(f"a[data-table='{id}']").get_attribute("href")
            assert unquote(href.partition(",")[2]) == csv_text(expected[id], "da"), id


def test_the_keyboard_reaches_the_content_the_filters_and_the_tables(browser, files):
    with Opened(browser, files / "en.html") as opened:
        page = opened.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "municipality"
        page.keyboard.press("ArrowDown")
        assert page.locator("#limited").is_visible()
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.tagName"))
        assert {"SELECT", "A", "SUMMARY", "DIV"} <= reached


def test_without_its_script_the_page_shows_everything_unfiltered(browser, files):
    with Opened(browser, files / "da.html", java_script_enabled=False) as opened:
        assert not opened.page.locator("#filters").is_visible()
        assert opened.page.locator("#t-tasks tbody tr").count() == 36
        assert opened.page.locator("[data-p]").first.is_visible()
        assert opened.page.locator("#summary .figure").first.text_content() == reported("da").summary[0].figure.text("da")


def test_on_paper_every_table_is_open_and_nothing_is_there_to_click(browser, files):
    with Opened(browser, files / "da.html") as opened:
        page = opened.page
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == 0
        for hidden in ("nav", "#filters", ".csv", "summary"):
            assert not page.locator(hidden).first.is_visible(), hidden
        assert page.locator("#t-closure").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("details:not([open])").count() > 5
        pdf = page.pdf(path=SHOTS / "da-print.pdf", format="A4")
        assert pdf.startswith(b"%PDF") and len(pdf) > 20_000


@pytest.mark.parametrize("lang, size, chosen", [("da", "desktop", ""), ("en", "phone", MUNICIPALITIES[0])])
def test_axe_finds_nothing_serious(browser, files, lang, size, chosen):
    found = pytest.importorskip("axe_playwright_python", reason="the check for everybody needs axe-playwright-python")
    axe = (Path(found.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    with Opened(browser, files / f"{lang}.html", size) as opened:
        page = opened.page
        page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        opened.choose(chosen)
        page.evaluate(axe)
        report = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = ("moderate", "serious", "critical")
        assert len(report["passes"]) > 20
        assert [
            (one["id"], one["impact"], [node["target"] for node in one["nodes"]][:3])
            for one in report["violations"]
            if one["impact"] in serious
        ] == []
