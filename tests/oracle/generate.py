"""Random exchange files: mostly valid rows, and every kind of bad one.

`random_file` makes one hard file, `random_cells_file` one mostly valid file for measures, and `random_call`
the files of one call with its options, as differential.py runs them. A seed always gives the same bytes.
Options hold: round (None, the id of a built-in round, or an oracle.Round), round_toml, participation,
profile, profile_toml, encoding.

With `risky=True` the files also hold some of what the pages leave open (see README.md).
"""
from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import string
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import oracle  # noqa: E402

EDGE_DATES = ("2012-12-31", "2012-12-30", "2013-01-01", "2010-01-03", "2010-01-04", "2016-01-03", "2016-01-04",
              "2009-12-31", "2015-12-31", "2020-12-31", "2021-01-03", "2026-12-31", "2027-01-03", "1990-01-01",
              "2068-07-01", "2012-02-29", "2000-02-29", "2018-12-31", "2014-12-29", "2008-12-29")
OTHER_TASKS = ("00.01.00", "27.12.16", "85.08.02", "15.00.00", "99.99.99", "01.02.03")
SEPARATORS = (";", ",", "\t")


def week_name(day: dt.date) -> str:
    return "{:04}-W{:02}".format(*day.isocalendar()[:2])


# ---------------------------------------------------------------------------------------------------------
# Bytes

class Writer:
    """Writes records in one dialect: separator, line ends, encoding, and a taste for quotes."""

    def __init__(self, rng: random.Random, codec: str | None = None):
        self.rng = rng
        self.delimiter = rng.choice(SEPARATORS)
        self.codec = codec or rng.choice(("utf-8", "utf-8", "cp1252", "cp1252", "ascii"))
        self.ends = rng.choice((("\n",), ("\n",), ("\r\n",), ("\r\n",), ("\r",), ("\n", "\r\n", "\r")))
        self.quoting = rng.choice((0, 0, 0.05, 0.3, 1))
        self.out = bytearray()

    def encode(self, text: str) -> bytes:
        return text.encode(self.codec, errors="replace")

    def end(self) -> bytes:
        return self.rng.choice(self.ends).encode()

    def quoted(self, text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    def field(self, text: str) -> str:
        needs = any(c in text for c in (self.delimiter, "\n", "\r")) or text.startswith('"')
        return self.quoted(text) if needs or self.rng.random() < self.quoting else text

    def record(self, texts: list) -> bytes:
        return self.encode(self.delimiter.join(self.field(text) for text in texts))

    def line(self, raw: bytes) -> None:
        self.out += raw + self.end()

    def blank_line(self) -> None:
        self.line(self.rng.choice((b"", b"", b" ", b"   ", b"\t", b" \t ")))  # with tabs between fields, the last two are rows


# ---------------------------------------------------------------------------------------------------------
# Text

def spell(rng: random.Random, word: str, codec: str) -> str:
    """Another spelling that matches the word."""
    if rng.random() < 0.4 and not (codec == "ascii" and any(ord(c) > 127 for c in word)):
        return word
    pairs = {"æ": "ae", "ø": "oe", "å": "aa"}
    word = word.lower()
    for letter, pair in pairs.items():  # to one form, so that both directions happen
        word = word.replace(pair, letter)
    taste = rng.random()
    case = rng.choice(("lower", "upper", "title", "random"))
    out = []
    for position, char in enumerate(word):
        if char in "_- ":
            out.append(rng.choice("_- "))
            continue
        if char in pairs and (codec == "ascii" or rng.random() < taste):
            char = pairs[char]
        elif char == "å" and codec == "utf-8" and rng.random() < 0.5:
            char = "a\u030a"
        if case == "upper" or (case == "title" and position == 0):
            char = char.upper()
        elif case == "random":
            char = "".join(c.upper() if rng.random() < 0.5 else c for c in char)
        out.append(char)
    return "".join(out)


def pad(rng: random.Random, text: str, writer: Writer) -> str:
    """Sometimes with spaces, tabs and no-break spaces around it."""
    if rng.random() < 0.9:
        return text
    around = [" ", "  "]
    around.append("\t" if writer.delimiter != "\t" else " ")
    if writer.codec != "ascii":
        around += ["\u00a0", " \u00a0"]
    return rng.choice(("", *around)) + text + rng.choice(("", *around))


def word_of(rng: random.Random, table: dict, token: str, writer: Writer) -> str:
    number, label, also = table[token]
    return spell(rng, rng.choice((token, token, label, *also)), writer.codec)


def cpr_digits(rng: random.Random, kind: str) -> str:
    """Ten characters: a birthday and four more."""
    day = dt.date(1900, 1, 1) + dt.timedelta(days=rng.randrange(47000))
    if kind == "january":
        day = day.replace(month=1, day=1)
    first = day.day + (60 if rng.random() < 0.15 else 0)
    six = f"{first:02}{day.month:02}{day.year % 100:02}"
    four = f"{rng.randrange(10000):04}"
    if kind == "modulus":
        first_serial = rng.randrange(10000)
        for step in range(10000):
            ten = six + f"{(first_serial + step) % 10000:04}"
            if sum(w * int(c) for w, c in zip(oracle.WEIGHTS, ten)) % 11 == 0:
                return ten
    if kind == "letters":
        letters = string.ascii_letters + string.digits
        four = rng.choice(string.digits) + "".join(rng.choice(letters) for _ in range(3))
    return six + four


def cpr_like(rng: random.Random) -> str:
    kind = rng.choice(("modulus", "january", "plain", "letters"))
    ten = cpr_digits(rng, kind)
    shape = rng.choice(("bare", "dash", "space", "label", "text", "typographic"))
    if shape == "dash":
        return ten[:6] + "-" + ten[6:]
    if shape == "typographic":  # windows-1252 has these three
        return ten[:6] + rng.choice("\u2013\u2014\u00a0") + ten[6:]
    if shape == "space":
        return ten[:6] + " " + ten[6:]
    if shape == "label":
        label = spell_case(rng, rng.choice(oracle.LABELS))
        number = ten if rng.random() < 0.7 else ten[:6] + rng.choice("- ") + ten[6:]
        return label + rng.choice(("", " ", ":", ": ", ". ", "=", " #", "-", ".: ")) + number
    if shape == "text":
        return rng.choice(("sag ", "(", "nr.", "id/", "ref_", "#", "«")) + ten + rng.choice((" slut", ")", ".", "", "-1", "_x"))
    return ten


def spell_case(rng: random.Random, text: str) -> str:
    return rng.choice((text, text.upper(), text.title()))


def near_cpr(rng: random.Random) -> str:
    """Looks like a CPR number but is none (or may be one by chance: the oracle decides)."""
    ten = cpr_digits(rng, rng.choice(("modulus", "january", "plain", "letters")))
    return rng.choice((
        ten[:8], ten + "123", "9" + ten, ten + "0", ten[:6] + "--" + ten[6:], ten[:6] + "  " + ten[6:],
        ten[:6] + "." + ten[6:], ten[:6] + "/" + ten[6:], "a" + ten, ten + "x", "æ" + ten, ten + "ø",
        "a" + ten[:6] + "-" + ten[6:], ten[:6] + "-" + ten[6:] + "9", "1" + ten[:6] + "-" + ten[6:],
        "99" + ten[2:], ten[:2] + "13" + ten[4:], "3002" + ten[4:], "290200" + ten[6:], "290201" + ten[6:],
        "29020" + ten[5:], "6101" + ten[4:], "91" + ten[2:], "92" + ten[2:], "60" + ten[2:], "00" + ten[2:],
        "290200-" + ten[6:], "290200 " + ten[6:], "cpr 290200" + ten[6:],
        "23.05.10", "2012-04-23", "23-04-2012", "20120423", "1234567890", "2147483647", "5790000123456",
        "cpr", "cpr nr", ten[:6] + "-" + ten[6:9], ten[:5] + "-" + ten[5:], "cpr 12345678", "cpr 5790000123456",
        "230412-1A", "0101011abcd", ten[:6] + "A" + ten[7:], "5790000" + ten[:6],
        "EAN 57900001" + ten[:5], ten[:4] + "-" + ten[4:6] + "-" + ten[6:], "-" + ten, ten + "-", ten + "-" + ten[:4],
        f"{rng.randrange(10**10):010}",
    ))


def label_text(rng: random.Random, writer: Writer) -> str:
    """A source or a unit that is fine."""
    choices = ["", "", "TraceTool", "tracetool", "kmd-boligstoette", "NemRefusion", "Zebra", "1", "10", "9",
               'Sag & Dok; "ny"', "Borgerservice, skranke", '3" rør', "=1+1", "+45", "-5", "@x", "a;b", "x\ty"[:1],
               "æbler", "Århus", "z", "Å", "~", "null", "nan"]
    if writer.codec == "utf-8":
        choices += ["😀 kontor", "\uffee", "e\u0301", "A\u030arhus", "日本", "\u202eabc", "\u200b"]
    return rng.choice(choices)


def sized_text(rng: random.Random, size: int, writer: Writer) -> str:
    """A text of so many bytes of UTF-8."""
    if size >= 4 and writer.codec != "ascii" and rng.random() < 0.5:
        return "ø" * (size // 2) + "x" * (size % 2)
    return "q" * size


UNREAD_NAMES = ("Sagsnr", "navn", "Bemærkning", "note", "  Note ", "cpr", "personnummer", "kanaler", "type 2",
                "Løbenr", 'x"y', "kommunekode", "kanal 2", "a;b", "a,b", "linje\nskift", "Channel.", "besked")


def unread_text(rng: random.Random, writer: Writer) -> str:
    return rng.choice((
        "", "", "x", "tekst med mellemrum", 'a "citat" b', '"', '""', f"a{writer.delimiter}b", "linje\nskift",
        "cr\rher", "crlf\r\nher", "nul\x00byte", "\x01\x02", "tab\ther", "Blåbærgrød", "12", " ",
        cpr_like(rng), cpr_like(rng), "=cmd()", "\n", "slut\n",
    ))


# ---------------------------------------------------------------------------------------------------------
# Registrations

class Maker:
    """Makes registrations (what a row means) and writes them as rows (how it is spelled)."""

    def __init__(self, rng: random.Random, writer: Writer, round_, participation, risky=False, calm=False):
        self.rng, self.writer, self.risky, self.calm = rng, writer, risky, calm
        self.round, self.participation = round_, participation
        municipalities = sorted(oracle.MUNICIPALITIES)
        self.municipalities = rng.sample(municipalities, rng.choice((1, 3, 6)))
        if participation:
            self.municipalities = list(participation)
        self.tasks = list(oracle.KL_35) if not (round_ and round_.package) else sorted(round_.package)
        self.events: list = []

    def week_and_date(self, municipality: int) -> tuple:
        rng = self.rng
        if self.participation is not None and rng.random() < 0.97:
            weeks = sorted(self.participation.get(municipality, ()))
        elif self.round is not None and rng.random() < 0.97:
            weeks = list(self.round.weeks)
        elif self.calm:
            weeks = ["2012-W17", "2012-W18", "2012-W52", "2013-W01", "2009-W53"]
        else:
            weeks = [week_name(dt.date.fromisoformat(rng.choice(EDGE_DATES))), "2012-W17", "2012-W18"]
        if not weeks:
            weeks = ["2012-W17"]
        week = rng.choice(weeks)
        day = dt.date.fromisocalendar(int(week[:4]), int(week[6:]), rng.randint(1, 7))
        return week, day

    def registration(self) -> dict:
        rng = self.rng
        municipality = rng.choice(self.municipalities)
        week, day = self.week_and_date(municipality)
        channels = list(oracle.CHANNELS)
        return {
            "municipality": municipality, "week": week, "date": day,
            "kle": rng.choice(self.tasks[:6] if rng.random() < 0.5 else self.tasks),
            "channel": rng.choice(("self_service", "telephone", "letter", *channels)),
            "type": rng.choice(("new_case", *oracle.TYPES)),
            "direction": rng.choice(("incoming", "incoming", "incoming", "outgoing")),
            "closure": rng.choice(list(oracle.CLOSURES)),
            "form": rng.choice(list(oracle.FORMS)),
            "count": rng.choice((1, 1, 1, 2, 3, 7, 12, 100, 2147483647 if rng.random() < 0.1 else 5)),
            "source": label_text(rng, self.writer),
            "unit": label_text(rng, self.writer),
            "event_id": self.event_id(),
        }

    def event_id(self) -> str:
        rng = self.rng
        shape = rng.random()
        if shape < 0.3:
            return ""
        if shape < 0.7:
            return "e" + "".join(rng.choice("0123456789abcdef") for _ in range(12))
        if shape < 0.8:
            return "%s-%s-%s" % (rng.randrange(16**8), "4abc", hex(rng.randrange(16**8)))
        if shape < 0.9:
            return str(rng.randrange(10**8))
        return rng.choice(("A1", "A2", "a1", "B-7", "æ1", "x y", sized_text(rng, 128, self.writer)))

    def spelled(self, registration: dict) -> dict:
        """The texts of a row's fields, by dimension."""
        rng, writer = self.rng, self.writer
        day = registration["date"]
        municipality = registration["municipality"]
        name = oracle.MUNICIPALITIES[municipality]
        number = registration["count"]
        texts = {
            "municipality": rng.choice((str(municipality), f"{municipality:04}", spell(rng, name, writer.codec))),
            "date": rng.choice((f"{day:%Y-%m-%d}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}")),
            "week": registration["week"],
            "kle": registration["kle"],
            "channel": word_of(rng, oracle.CHANNELS, registration["channel"], writer),
            "type": word_of(rng, oracle.TYPES, registration["type"], writer),
            "direction": word_of(rng, oracle.DIRECTIONS, registration["direction"], writer),
            "closure": word_of(rng, oracle.CLOSURES, registration["closure"], writer),
            "form": word_of(rng, oracle.FORMS, registration["form"], writer),
            "count": rng.choice((str(number), str(number), f"{number:03}", f"{number:010}")),
            "source": registration["source"],
            "unit": registration["unit"],
            "event_id": registration["event_id"],
        }
        for optional in ("closure", "form"):
            if registration[optional] == "not_stated" and rng.random() < 0.7:
                texts[optional] = ""
        return {key: pad(rng, text, writer) for key, text in texts.items()}

    # -- one way of spoiling a row per reason (the order of the page decides which reason it gets)

    def spoil(self, texts: dict, present: list) -> dict:
        rng, writer = self.rng, self.writer
        which = rng.choice(("personal", "personal", "near", "municipality", "date", "kle", "task", "channel", "type",
                            "direction", "closure", "form", "count", "label", "label", "control", "long_id"))
        date = "week" if "week" in present else "date"
        if which == "personal":
            texts[rng.choice(present)] = cpr_like(rng)
        elif which == "near":
            texts[rng.choice(("source", "unit", "event_id", rng.choice(present)))] = near_cpr(rng)
        elif which == "municipality":
            texts["municipality"] = rng.choice((
                "411", "0411", "000", "999", "", "Christiansø", "Atlantis", "65", "6570", "00657", "+657", "657.0",
                "６５７", "Herning Kommune", "Herning\n", "K\u0131benhavn", "København\x00", "-57"))
        elif which == "date" and date == "week":
            texts["week"] = rng.choice((
                "", "2012-W53", "2012-W00", "2012W17", "2012-17", "12-W17", "2012-W1", "2012-W017", "1989-W52",
                "2068-W27", "2068-W26", "1990-W01", "2009-W53", "2010-W53", "2015-W53", "2016-W53", "2020-W53",
                "2012-W17-1", "2012-04-23", "9999-W52", "0000-W01", "2012/W17", "W17-2012"))
        elif which == "date":
            texts["date"] = rng.choice((
                "", "2012-02-30", "2011-02-29", "1900-02-29", "2012-4-23", "23/04/2012", "2012/04/23", "2012-13-01",
                "31-11-2012", "00.04.2012", "23-04.2012", "23-04-12", "20120423", "2012-W17", "1989-12-31",
                "1990-01-01", "2068-07-01", "2068-07-02", "2012-04-23T10:00", "2012-00-10", "9999-12-31",
                "0000-01-01", "23.4.2012", "2012.04.23", "23 04 2012", "2012\u201304\u201323", "２012-04-23"))
        elif which == "kle":
            texts["kle"] = rng.choice((
                "", "23.5.10", "230510", "23.05", "23.05.1O", "23.05.10.", "23-05-10", "23,05,10", "023.05.10",
                "23.05.100", "23.05.10 Flytning", "２3.05.10", "2\u00a03.05.10", "23.05.-1", "23. 5.10", "xx.yy.zz"))
        elif which == "task":
            texts["kle"] = rng.choice(OTHER_TASKS)
        elif which == "channel":
            texts["channel"] = rng.choice((
                "", "1", "7", "chat", "app", "selfservice", "e mail 2", "incoming", "telephone!", "telefon henvendelse",
                "te\x00lephone", '"telephone"', "borger dk", "self__service", "\u0130nternet", "email\n", "nem sms"))
        elif which == "type":
            texts["type"] = rng.choice(("", "4", "guidance!", "telephone", "new  case", "generelle", "sag", "råd"))
        elif which == "direction":
            texts["direction"] = rng.choice(("", "1", "in", "out", "begge", "indgaaende!", "incomıng"))
        elif which == "closure":
            texts["closure"] = rng.choice(("0", "1", "ja", "none", "lukket", "-", "?"))
        elif which == "form":
            texts["form"] = rng.choice(("0", "1", "pdf", "closed", "papir", ".", "web"))
        elif which == "count":
            texts["count"] = rng.choice((
                "", "0", "00", "-1", "+1", "1.0", "1,0", "1e3", "2147483647", "2147483648", "4294967296", "4294967297",
                "9999999999", "12345678901", "00000000001", "0000000001", "18446744073709551617", "1 000", "1\u00a0000",
                "٣", "²", "0x10", "ti", "1_000", "1.", "2147483646", "0000000000"))
        elif which == "label":
            name = rng.choice(("source", "unit"))
            texts[name] = sized_text(rng, rng.choice((63, 64, 64, 65, 66, 200)), writer)
        elif which == "control":
            name = rng.choice(("source", "unit", "event_id"))
            texts[name] = rng.choice((
                "a\x00b", "a\nb", "a\r\nb", "a\x1fb", "a\x7fb", "a\tb", "\x01", "ende\n",
                "a\u0085b" if writer.codec == "utf-8" else "a\x0bb", "a\u009fb" if writer.codec == "utf-8" else "\x1b[0m"))
        else:
            texts["event_id"] = sized_text(rng, rng.choice((127, 128, 129, 300)), writer)
        return texts

    def repeat_event(self) -> dict | None:
        """A registration with the id of an earlier one: the same, or with one thing changed."""
        rng = self.rng
        if not self.events:
            return None
        old = rng.choice(self.events)
        new = dict(old)
        fresh = self.registration()
        change = rng.choice(("nothing", "nothing", "nothing", "day", "week", "kle", "channel", "type", "direction",
                             "closure", "form", "count", "unit", "municipality", "source"))
        if change == "day":  # another day of the same week is the same content
            week = old["week"]
            new["date"] = dt.date.fromisocalendar(int(week[:4]), int(week[6:]), rng.randint(1, 7))
        elif change == "week":
            new["week"], new["date"] = fresh["week"], fresh["date"]
        elif change != "nothing":
            new[change] = fresh[change]
        return new


# ---------------------------------------------------------------------------------------------------------
# Options of a call

def random_participation(rng: random.Random, weeks: list) -> dict:
    municipalities = rng.sample(sorted(oracle.MUNICIPALITIES), rng.choice((2, 5, 8)))
    return {m: set(rng.sample(weeks, rng.randint(1, min(3, len(weeks))))) for m in municipalities}


def random_round(rng: random.Random):
    """(round option, its TOML text or None)."""
    choice = rng.random()
    if choice < 0.4:
        return None, None
    if choice < 0.8:
        return rng.choice(list(oracle.ROUNDS)), None
    weeks = rng.choice((("2012-W52", "2013-W01"), ("2009-W53", "2010-W01"), ("2013-W17", "2013-W18"),
                        ("2015-W53",), ("2020-W52", "2020-W53", "2021-W01")))
    package = None
    if rng.random() < 0.7:
        package = frozenset(rng.sample(oracle.KL_35, rng.randint(2, 10)) + rng.sample(OTHER_TASKS, 2))
    tasks = sorted(package) if package else list(oracle.KL_35)
    rules = []
    sources = rng.sample(("TraceTool", "tracetool", "kmd-boligstoette", "NemRefusion"), rng.randint(0, 3))
    for source in sources:  # one rule a source, so that no two fit one cell
        before, after = rng.sample(list(oracle.TYPES), 2)
        rules.append(oracle.Rule(source, tuple(rng.sample(tasks, min(len(tasks), 8))), before, after,
                                 None if rng.random() < 0.5 else (weeks[0],)))
    made = oracle.Round(rng.choice(("2013-trial", "proeve", "x1")), weeks, rng.choice(list(oracle.SCHEMES)),
                        package, tuple(rules))
    return made, round_toml(made)


def toml_text(value: str) -> str:
    out = []
    for char in value:
        if char in '"\\':
            out.append("\\" + char)
        elif ord(char) < 32 or ord(char) == 127:
            out.append(f"\\u{ord(char):04x}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def toml_value(value) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_text(k)} = {toml_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_value(v) for v in value) + "]"
    return toml_text(value) if isinstance(value, str) else str(value)


def round_toml(made) -> str:
    lines = [f"id = {toml_value(made.id)}", f"weeks = {toml_value(list(made.weeks))}",
             f"scheme = {toml_value(made.scheme)}",
             f"package = {toml_value('open' if made.package is None else sorted(made.package))}"]
    for rule in made.reclassify:
        lines += ["", "[[reclassify]]", f"source = {toml_value(rule.source)}", f"tasks = {toml_value(list(rule.tasks))}",
                  f"from = {toml_value(rule.from_type)}", f"to = {toml_value(rule.to_type)}"]
        if rule.weeks is not None:
            lines.append(f"weeks = {toml_value(list(rule.weeks))}")
    return "\n".join(lines) + "\n"


def profile_toml(profile: dict) -> str:
    lines = [f"{key} = {toml_value(value)}" for key, value in profile.items() if not isinstance(value, dict)]
    for key, table in profile.items():
        if isinstance(table, dict):
            lines += ["", f"[{key}]"] + [f"{inner} = {toml_value(value)}" for inner, value in table.items()]
    return "\n".join(lines) + "\n"


def participation_csv(participation: dict) -> str:
    return "municipality;weeks\n" + "".join(
        f"{m};{' '.join(sorted(weeks))}\n" for m, weeks in participation.items())


def random_options(rng: random.Random) -> dict:
    round_, text = random_round(rng)
    found = oracle.find_round(round_)
    weeks = list(found.weeks) if found else ["2012-W17", "2012-W18", "2012-W52", "2013-W01", "2009-W53", "2015-W53"]
    participation = random_participation(rng, weeks) if rng.random() < 0.3 else None
    return {"round": round_, "round_toml": text, "participation": participation, "profile": None,
            "profile_toml": None, "encoding": None}


# ---------------------------------------------------------------------------------------------------------
# Exchange files

def header_of(rng: random.Random, writer: Writer, risky: bool) -> list:
    """The columns: (name in the header, dimension or None)."""
    dimensions = ["municipality", "kle", "channel", "type", "direction"]
    dimensions += rng.choice((["date"], ["date"], ["week"], ["date", "week"]))
    for optional in ("closure", "form", "count", "source", "unit", "event_id"):
        if rng.random() < 0.75:
            dimensions.append(optional)
    columns = []
    for dimension in dimensions:
        name = rng.choice(oracle.COLUMNS[dimension])
        if dimension == "event_id" and "haendelse" in name and writer.codec != "ascii":
            name = rng.choice((name, "hændelse_id"))
        name = spell(rng, name, writer.codec)
        padded = pad(rng, name, writer)
        if writer.codec == "cp1252" and not name.isascii():
            padded = padded.replace("\u00a0", " ")  # such a pair can be valid UTF-8: the pages leave that open
        columns.append((padded, dimension))
    for _ in range(rng.choice((0, 0, 1, 2, 4))):
        columns.append((rng.choice(UNREAD_NAMES), None))
    if risky and rng.random() < 0.3:
        columns.append(("", None))
    if rng.random() < 0.8:
        rng.shuffle(columns)
    fault = rng.random()
    if fault < 0.015:  # a required column lacks
        lacking = rng.choice(("municipality", "kle", "channel", "type", "direction", "date"))
        columns = [c for c in columns if c[1] != lacking and not (lacking == "date" and c[1] == "week")]
    elif fault < 0.03:  # two columns for one dimension
        columns.insert(rng.randrange(len(columns) + 1), (rng.choice(("Kanal", "channel", "RETNING", "Kommune")), None))
    return columns


def header_line(writer: Writer, columns: list) -> bytes:
    """The header; when another separator would win the count, a sep= line or quotes must help, so names with
    the other separators are quoted."""
    parts = []
    for name, _dimension in columns:
        needs = any(c in name for c in SEPARATORS + ("\n", "\r")) or name.startswith('"')
        parts.append(writer.quoted(name) if needs or writer.rng.random() < writer.quoting else name)
    return writer.encode(writer.delimiter.join(parts))


def spoil_bytes(rng: random.Random, writer: Writer, raw: bytes, texts: list) -> bytes:
    """A malformed or badly encoded row."""
    which = rng.choice(("more", "fewer", "behind", "behind", "open", "quotes", "other", "other", "invalid"))
    d = writer.delimiter.encode()
    if which == "more":
        return raw + d + rng.choice((b"", b"x", "ø".encode(writer.codec, "replace")))
    if which == "fewer":
        return writer.record(texts[:-1])
    if which == "behind":
        junk = rng.choice((b"x", b" ", b'x"y"', b'"x', b"x;,\t\"", b"\x00"))
        return b'"a' + rng.choice((b"", b"\n", b'""', b"\r\n")) + b'"' + junk + d + raw
    if which == "open":
        return rng.choice((b'"' + raw, raw + d + b'"', raw + d + b'"open'))
    if which == "quotes":
        return writer.end().join([b'x"' + d + b'"'] * rng.choice((1, 2, 3, 7, 40)))
    if which == "other":
        other = "cp1252" if writer.codec == "utf-8" else "utf-8"
        texts = [text or "ø" for text in texts]
        texts[-1] += rng.choice(("ø", "æøå", "ÆØ"))
        return writer.delimiter.join(writer.field(text) for text in texts).encode(other, errors="replace")
    return writer.record(texts[:-1]) + d + rng.choice((b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d", b"\xc3", b"\xed\xa0\x80",
                                                      b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xe5 \xc3\xa6", b"\xc3\xa6"))


def random_file(seed, rows=None, risky=False, options=None, calm=False, codec=None, bad=None, numbers=False):
    """One exchange file and the options of its call. With `numbers` most rows hold something like a CPR number."""
    rng = random.Random(f"file {seed}")
    options = random_options(rng) if options is None else options
    writer = Writer(rng, codec)
    maker = Maker(rng, writer, oracle.find_round(options["round"]), options["participation"], risky, calm)
    rows = rng.choice((0, 3, 12, 40, 80)) if rows is None else rows
    bad = rng.choice((0, 0.05, 0.15, 0.3)) if bad is None else bad
    broken = bad * rng.choice((0, 0.2, 0.6))

    whole = rng.random()
    if not calm and whole < 0.006:
        return rng.choice((b"", b"\n\n", b" \r\n", b"\xef\xbb\xbf", b"sep=;\n")), options
    if not calm and whole < 0.012:
        return "municipality;date\n".encode(rng.choice(("utf-16", "utf-16-be"))).replace(
            b"\x00m", b"\xfe\xff\x00m", 1), options

    columns = header_of(rng, writer, risky) if not calm else calm_header(rng)
    bom = writer.codec == "utf-8" and rng.random() < 0.25
    if rng.random() < 0.15:
        writer.line(b"sep=" + writer.delimiter.encode())
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        writer.line(rng.choice((b"", b" ", b"  ")))
    writer.line(header_line(writer, columns))
    if not calm and rng.random() < 0.06:  # a record that is never closed settles no encoding
        writer.out += b'"' + "ø".encode("cp1252" if writer.codec == "utf-8" else "utf-8") + writer.end()
    present = [dimension for _, dimension in columns if dimension]
    read = [dimension for dimension in present if not (dimension == "date" and "week" in present)]

    for _ in range(rows):
        if rng.random() < 0.03:
            writer.blank_line()
        registration = None
        if rng.random() < (0.08 if not calm else 0.02):
            registration = maker.repeat_event()
        if registration is None:
            registration = maker.registration()
            if registration["event_id"]:
                maker.events.append(registration)
        texts = maker.spelled(registration)
        if rng.random() < bad:
            texts = maker.spoil(texts, read)
            if rng.random() < 0.1:
                texts = maker.spoil(texts, read)
        if numbers and rng.random() < 0.8:
            name = rng.choice([d for d in ("source", "unit", "event_id") if d in read] or read)
            texts[name] = rng.choice((cpr_like, near_cpr))(rng)
        if "week" in present and rng.random() < 0.3:
            texts["date"] = rng.choice(("", "i går", cpr_like(rng), "2012-02-30"))  # not read
        values = [texts[dimension] if dimension else unread_text(rng, writer) for _, dimension in columns]
        raw = writer.record(values)
        if rng.random() < broken:
            raw = spoil_bytes(rng, writer, raw, values)
        writer.line(raw)
    if not calm and rng.random() < 0.01 and rows:
        oversized(rng, writer, maker, columns)
    if not calm and rng.random() < 0.06:
        tail = rng.choice((b'"', b'x"' + writer.delimiter.encode() + b'"', b'"open\n\n' + b"x" * 20))
        writer.out += tail
    elif rng.random() < 0.3 and not writer.out.endswith(b"\r\n"):
        del writer.out[-1:]  # no line end at the end of the file

    if options["encoding"] is None and rng.random() < 0.08 and not str(seed).endswith(" b"):
        named = {"utf-8": "utf-8", "cp1252": "windows-1252"}.get(writer.codec)
        options = options | {"encoding": named or rng.choice(oracle.ENCODINGS)}
    elif risky and rng.random() < 0.03:
        options = options | {"encoding": rng.choice(oracle.ENCODINGS)}
    return (b"\xef\xbb\xbf" if bom else b"") + bytes(writer.out), options


def oversized(rng: random.Random, writer: Writer, maker: Maker, columns: list) -> None:
    """A record near the limit, and some rows behind it."""
    dimensions = [dimension for _, dimension in columns]
    for _ in range(2):
        texts = maker.spelled(maker.registration())
        values = [texts[dimension] if dimension else "y" for dimension in dimensions]
        place = dimensions.index(None) if None in dimensions else 0
        values[place] = "\0"  # a mark, as nothing else holds it here
        raw = writer.record(values)
        fill = oracle.RECORD_LIMIT - len(raw) + 1 + rng.choice((-1, 0, 1, 1, 50))
        long = b"z" * fill
        if rng.random() < 0.4:  # in quotes, over several lines
            long = b'"' + (b"linje" + b"\n" + b"z" * 997) * (fill // 1003)
            long += b"z" * (fill - len(long) - 1) + b'"'
            raw = raw.replace(b'"\0"', b"\0")
        writer.line(raw.replace(b"\0", long))
        texts = maker.spelled(maker.registration())
        writer.line(writer.record([texts[dimension] if dimension else "y" for dimension in dimensions]))


def calm_header(rng: random.Random) -> list:
    columns = [(name, name) for name in oracle.COLUMNS if name not in ("week", "event_id")]
    return columns + ([("event_id", "event_id")] if rng.random() < 0.3 else [])


def random_cells_file(seed, rows=300, options=None, codec=None):
    """One mostly valid file with every column, for measures."""
    return random_file(f"cells {seed}", rows=rows, options=options, calm=True, bad=0.01, codec=codec)


# ---------------------------------------------------------------------------------------------------------
# Files with a profile

FOREIGN = {"municipality": "Borough", "date": "Created Date", "week": "Uge nr", "kle": "Complaint Type",
           "channel": "Open Data Channel Type", "type": "Descriptor", "direction": "Vej", "closure": "Status",
           "form": "Paper?", "count": "N", "source": "Agency", "unit": "Kontor, navn", "event_id": "Unique Key"}
FOREIGN_WORDS = {
    "municipality": {"BRONX": "101", "QUEENS": "Herning", "K": "København", "æ ø": "751"},
    "kle": {"Noise": "23.05.10", "Heat; hot": "32.03.04", "x": "29.03.99", "bad": "2.3"},
    "channel": {"PHONE": "telephone", "ONLINE": "self_service", "MOBILE": "app?", "chat": "Brev", "": "sms",
                "Web": "besøg på hjemmeside"},
    "type": {"A": "new_case", "B": "Vejledning", "a": "misdirected", "Å": "Statusændring"},
    "direction": {"I": "ind", "O": "UD"},
    "closure": {"Closed": "closed", "Open": "put_aside", "?": ""},
    "form": {"Y": "paper", "N": "none", "D": "Digital blanket"},
    "source": {"NYPD": "police", "DOF": "finance"},
    "unit": {"k1": "Kontor 1"},
}
FORMATS = ("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M:%S%z", "%d. %B %Y", "%d-%b-%y", "%F %T", "%D", "%Y/%j", "%e.%m.%Y %R",
           "%Y%m%d", "100%% %Y-%m-%d", "%d/%m/%Y %H:%M:%S %z")


def random_profile_file(seed, rows=None, risky=False):
    """A file that is no exchange file, with its profile in the options."""
    rng = random.Random(f"profile {seed}")
    options = random_options(rng)
    writer = Writer(rng)
    found = oracle.find_round(options["round"])
    maker = Maker(rng, writer, found, options["participation"])
    rows = rng.choice((0, 5, 30, 60)) if rows is None else rows
    profile: dict = {}
    if rng.random() < 0.5:
        profile["delimiter"] = writer.delimiter
    if rng.random() < 0.3 and writer.codec != "ascii":
        profile["encoding"] = "utf-8" if writer.codec == "utf-8" else "windows-1252"
    dimensions = ["municipality", "kle", "channel", "type", "direction", rng.choice(("date", "date", "date", "week"))]
    dimensions += [d for d in ("closure", "form", "count", "source", "unit", "event_id") if rng.random() < 0.5]
    registration = maker.registration()
    fixed = {"municipality": rng.choice((registration["municipality"], str(registration["municipality"]))),
             "kle": "23.05.10", "channel": "Telefon", "type": "new_case", "direction": "incoming", "closure": "closed",
             "form": "Ingen", "count": 3, "source": "profil", "unit": "æ", "date": "2012-04-23", "week": "2012-W17"}
    if found:
        fixed["week"] = found.weeks[0]
        fixed["date"] = str(dt.date.fromisocalendar(int(found.weeks[0][:4]), int(found.weeks[0][6:]), 3))
    for dimension in dimensions:
        table: dict = {}
        profile[dimension] = table
        if dimension in fixed and rng.random() < 0.25:
            table["value"] = fixed[dimension]
            continue
        table["column"] = FOREIGN[dimension] if rng.random() < 0.7 else oracle.COLUMNS[dimension][-1]
        if dimension in FOREIGN_WORDS and rng.random() < 0.6:
            words = FOREIGN_WORDS[dimension]
            if not risky:  # a word that leads to none of the page's words may be refused with the profile
                words = {key: value for key, value in words.items() if value not in ("app?", "2.3")}
            table["words"] = dict(rng.sample(sorted(words.items()), rng.randint(1, len(words))))
            if rng.random() < 0.5:
                options_of = ["reject"] if dimension in ("municipality", "channel", "type", "direction", "closure", "form") else []
                good = {"municipality": "657", "kle": "25.02.00", "channel": "website", "type": "guidance",
                        "direction": "outgoing", "closure": "not_stated", "form": "none", "source": "andet", "unit": "rest"}
                table["otherwise"] = rng.choice(options_of + [good[dimension]])
        if dimension == "date" and rng.random() < 0.8:
            table["format"] = rng.choice(FORMATS)
    columns = [(table["column"], name) for name, table in profile.items() if isinstance(table, dict) and "column" in table]
    columns += [(name, None) for name in rng.sample(("Location", "kanal 2", "Note", "cpr", "Dato 2"), rng.choice((0, 1, 3)))]
    rng.shuffle(columns)
    if not columns:
        columns = [("Note", None)]
    fault = rng.random()
    if fault < 0.01:
        profile["kanal"] = {"value": "telephone"}
    elif fault < 0.02:
        profile["type"]["kolonne"] = "x"
    elif fault < 0.03:
        profile["channel"] = {"column": "No such column"}
    elif fault < 0.04:
        del profile["direction"]
    options["profile"], options["profile_toml"] = profile, profile_toml(profile)

    writer.line(header_line(writer, columns))
    for _ in range(rows):
        if rng.random() < 0.03:
            writer.blank_line()
        texts = maker.spelled(maker.registration())
        for dimension, table in profile.items():
            if not isinstance(table, dict) or dimension not in texts:
                continue
            if "words" in table and rng.random() < 0.7:
                texts[dimension] = rng.choice(list(table["words"]))
            if "format" in table:
                texts["date"] = formatted(rng, table["format"], maker)
        if rng.random() < 0.08:
            read = [d for _, d in columns if d] or ["unit"]
            texts = maker.spoil(texts, [d for d in read if d in texts])
        values = [texts[dimension] if dimension else unread_text(rng, writer) for _, dimension in columns]
        writer.line(writer.record(values))
    return bytes(writer.out), options


def formatted(rng: random.Random, form: str, maker: Maker) -> str:
    """A date in a profile's format, sometimes wrong."""
    week, day = maker.week_and_date(rng.choice(maker.municipalities))
    moment = dt.datetime.combine(day, dt.time(rng.choice((0, 1, 11, 12, 13, 22, 23)), rng.randrange(60), rng.randrange(60)))
    text = moment.strftime(form.replace("%z", ""))  # the process runs in the C locale for names of months
    if "%z" in form:
        text += rng.choice(("+0000", "+0100", "+0200", "-0500", "+0930", "-1100", "+1300"))
    if rng.random() < 0.06:
        text = rng.choice((text + "x", text[:-1] or "x", "", text.replace("20", "2O"), "31/31/2012", text + " 1"))
    return text


# ---------------------------------------------------------------------------------------------------------
# A whole call

def random_call(seed: int, cells: bool = False, risky: bool = False, rows=None):
    """([(name, bytes), ...], options): the files of one call, in order, and its options."""
    rng = random.Random(f"call {seed}")
    choice = rng.random()
    if not cells and choice < 0.2:
        data, options = random_profile_file(seed, rows, risky)
        return [("a.csv", data)], options
    options = random_options(rng)
    if cells:
        first, options = random_cells_file(seed, rows or rng.choice((40, 150, 400)), options)
        files = [("a.csv", first)]
        if rng.random() < 0.4:
            codec = {"utf-8": "utf-8", "windows-1252": "cp1252"}.get(options["encoding"])
            second, options = random_cells_file(f"{seed} b", rows or 60, options, codec)
            files.append(("b.csv", second))
    else:
        first, options = random_file(seed, rows, risky, options, numbers=choice > 0.92)
        files = [("a.csv", first)]
        if rng.random() < 0.2:
            # often the same file again, so that events repeat over the files
            codec = {"utf-8": "utf-8", "windows-1252": "cp1252"}.get(options["encoding"])
            second, options = ((first, options) if rng.random() < 0.3
                               else random_file(f"{seed} b", rows, risky, options, codec=codec))
            files.append(("b.csv", second))
    return files, options


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the files of one seed to a folder, to look at them.")
    parser.add_argument("seed", type=int)
    parser.add_argument("folder")
    parser.add_argument("--cells", action="store_true")
    parser.add_argument("--risky", action="store_true")
    arguments = parser.parse_args()
    files, options = random_call(arguments.seed, arguments.cells, arguments.risky)
    os.makedirs(arguments.folder, exist_ok=True)
    for name, data in files:
        with open(os.path.join(arguments.folder, name), "wb") as file:
            file.write(data)
    print(options)


if __name__ == "__main__":
    main()
