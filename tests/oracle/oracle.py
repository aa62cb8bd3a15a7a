"""A second, slow and plain reading of docs/exchange-file.md and docs/measures.md.

It shares no code with komhen. The tables below are its own copies: docs/exchange-file.md for the words,
the public list of municipality codes, and the 35 tasks of the spring 2012 report. Where the pages leave a
choice, the choice made here is marked "CHOICE".
"""
from __future__ import annotations

import bisect
import datetime as dt
import re
import unicodedata
import zoneinfo
from dataclasses import dataclass, field

# ---------------------------------------------------------------------------------------------------------
# Tables

REASONS = (
    "malformed", "bad_encoding", "personal_data", "unknown_municipality", "bad_date", "bad_kle",
    "unknown_task", "unknown_channel", "unknown_type", "unknown_direction", "unknown_closure",
    "unknown_form", "bad_count", "bad_label", "outside_round", "outside_participation",
    "duplicate_event", "conflicting_event",
)

MUNICIPALITIES = {
    101: "København", 147: "Frederiksberg", 151: "Ballerup", 153: "Brøndby", 155: "Dragør", 157: "Gentofte",
    159: "Gladsaxe", 161: "Glostrup", 163: "Herlev", 165: "Albertslund", 167: "Hvidovre",
    169: "Høje-Taastrup", 173: "Lyngby-Taarbæk", 175: "Rødovre", 183: "Ishøj", 185: "Tårnby",
    187: "Vallensbæk", 190: "Furesø", 201: "Allerød", 210: "Fredensborg", 217: "Helsingør", 219: "Hillerød",
    223: "Hørsholm", 230: "Rudersdal", 240: "Egedal", 250: "Frederikssund", 253: "Greve", 259: "Køge",
    260: "Halsnæs", 265: "Roskilde", 269: "Solrød", 270: "Gribskov", 306: "Odsherred", 316: "Holbæk",
    320: "Faxe", 326: "Kalundborg", 329: "Ringsted", 330: "Slagelse", 336: "Stevns", 340: "Sorø",
    350: "Lejre", 360: "Lolland", 370: "Næstved", 376: "Guldborgsund", 390: "Vordingborg", 400: "Bornholm",
    410: "Middelfart", 420: "Assens", 430: "Faaborg-Midtfyn", 440: "Kerteminde", 450: "Nyborg",
    461: "Odense", 479: "Svendborg", 480: "Nordfyns", 482: "Langeland", 492: "Ærø", 510: "Haderslev",
    530: "Billund", 540: "Sønderborg", 550: "Tønder", 561: "Esbjerg", 563: "Fanø", 573: "Varde",
    575: "Vejen", 580: "Aabenraa", 607: "Fredericia", 615: "Horsens", 621: "Kolding", 630: "Vejle",
    657: "Herning", 661: "Holstebro", 665: "Lemvig", 671: "Struer", 706: "Syddjurs", 707: "Norddjurs",
    710: "Favrskov", 727: "Odder", 730: "Randers", 740: "Silkeborg", 741: "Samsø", 746: "Skanderborg",
    751: "Aarhus", 756: "Ikast-Brande", 760: "Ringkøbing-Skjern", 766: "Hedensted", 773: "Morsø",
    779: "Skive", 787: "Thisted", 791: "Viborg", 810: "Brønderslev", 813: "Frederikshavn",
    820: "Vesthimmerlands", 825: "Læsø", 840: "Rebild", 846: "Mariagerfjord", 849: "Jammerbugt",
    851: "Aalborg", 860: "Hjørring",
}

KL_35 = (
    "02.34.02", "17.13.10", "17.20.01", "23.01.00", "23.05.10", "23.09.02", "23.09.04", "25.02.00",
    "25.10.00", "25.45.00", "27.37.04", "27.60.00", "28.09.40", "28.12.28", "29.03.04", "29.03.99",
    "29.03.12", "32.03.04", "32.03.08", "32.03.10", "32.03.12", "32.03.14", "32.03.16", "32.03.20",
    "32.06.04", "32.06.08", "32.06.12", "32.06.16", "32.09.00", "32.12.00", "32.15.00", "32.24.04",
    "32.30.04", "32.30.08", "32.30.12",
)

# token: (number, label, also read)
CHANNELS = {
    "telephone": (1, "Telefon", ("tlf", "telefonisk", "telefonisk henvendelse")),
    "in_person": (2, "Personligt fremmøde", ("personlig", "personligt", "fremmøde", "skranke")),
    "letter": (3, "Brev", ("brevpost", "post", "papirpost")),
    "email": (4, "E-mail", ("mail", "e-post")),
    "digital_post": (5, "Digital Post", ("dokumentboks", "e-boks")),
    "remote_print": (6, "Fjernprint", ()),
    "self_service": (7, "Selvbetjening", ("selvbetjeningsløsning",)),
    "website": (8, "Hjemmeside", ("besøg på hjemmeside", "web", "intranet", "borger.dk", "min side")),
    "sms": (9, "SMS", ("nemsms",)),
    "social_media": (10, "Socialt medie", ("sociale medier",)),
    "system": (11, "System", ("systemer",)),
}
TYPES = {
    "new_case": (1, "Oprettelse af ny sag", ("ny sag",)),
    "status_change": (2, "Ændring af status på eksisterende sag", ("statusændring",)),
    "case_information": (3, "Information vedrørende eksisterende sag",
                         ("information om sag", "sagsinformation")),
    "guidance": (4, "Generelle råd og vejledning", ("vejledning", "råd og vejledning")),
    "self_service_help": (5, "Hjælp til selvbetjening", ()),
    "misdirected": (6, "Fejlhenvendelse", ()),
}
DIRECTIONS = {
    "incoming": (1, "Indgående", ("ind",)),
    "outgoing": (2, "Udgående", ("ud",)),
}
CLOSURES = {
    "not_stated": (0, "Ikke oplyst", ()),
    "closed": (1, "Afsluttet", ("afsluttet med det samme",)),
    "put_aside": (2, "Lagt til side", ("til videre behandling",)),
}
FORMS = {
    "not_stated": (0, "Ikke oplyst", ()),
    "none": (1, "Ingen", ()),
    "paper": (2, "Papirblanket", ()),
    "digital": (3, "Digital blanket", ()),
}

# The columns of the exchange file: English name -> all its names.
COLUMNS = {
    "municipality": ("municipality", "kommune"),
    "date": ("date", "dato"),
    "week": ("week", "uge"),
    "kle": ("kle",),
    "channel": ("channel", "kanal"),
    "type": ("type", "henvendelsestype"),
    "direction": ("direction", "retning"),
    "closure": ("closure", "afslutning"),
    "form": ("form", "blanket"),
    "count": ("count", "antal"),
    "source": ("source", "kilde"),
    "unit": ("unit", "enhed"),
    "event_id": ("event_id", "haendelse_id"),
}
REQUIRED = ("municipality", "kle", "channel", "type", "direction")  # and one of date, week

SCHEMES = {  # scheme -> group -> types; the order is the order of the rows
    "kl-2011": {
        "transaction": ("new_case", "status_change", "case_information"),
        "information": ("guidance", "self_service_help", "misdirected"),
    },
    "kl-2012": {
        "application": ("new_case", "status_change"),
        "case_information": ("case_information",),
        "information": ("guidance", "self_service_help", "misdirected"),
    },
    "hilleroed-2014": {
        "application": ("new_case", "status_change"),
        "information": ("case_information", "guidance", "self_service_help", "misdirected"),
    },
}

NARROW = {"self_service"}
EFFECTIVE = NARROW | {"digital_post", "remote_print", "website", "sms", "system"}
BROAD = EFFECTIVE | {"email", "social_media"}
DISPATCH = {"digital_post", "remote_print"}
DIGITAL_SETS = {"narrow": NARROW, "effective": EFFECTIVE, "broad": BROAD, "dispatch": DISPATCH}

RECORD_LIMIT = 1_048_576


class OracleError(ValueError):
    """The whole call cannot be done (as opposed to a bad row, which is data)."""


# ---------------------------------------------------------------------------------------------------------
# Rounds

@dataclass
class Rule:
    """A reclassification: what registrations of a source on some tasks in some weeks are measured as."""
    source: str
    tasks: tuple
    from_type: str
    to_type: str
    weeks: tuple | None = None  # None: the round's own weeks


@dataclass
class Round:
    id: str
    weeks: tuple
    scheme: str = "kl-2012"
    package: frozenset | None = None  # None is open
    reclassify: tuple = ()

    def rules(self):
        """The rules with their weeks filled in, as measure() wants them."""
        return tuple(
            Rule(r.source, tuple(r.tasks), r.from_type, r.to_type,
                 tuple(self.weeks if r.weeks is None else r.weeks))
            for r in self.reclassify
        )


ROUNDS = {
    r.id: r
    for r in (
        Round("2011-autumn", ("2011-W43", "2011-W44", "2011-W45"), "kl-2011"),
        Round("2012-spring", ("2012-W17", "2012-W18", "2012-W19"), "kl-2012"),
        Round("2012-autumn", ("2012-W43", "2012-W44", "2012-W45"), "kl-2012"),
        Round("2015-spring", ("2015-W18", "2015-W19", "2015-W20"), "kl-2012"),
    )
}


def round_from_dict(table: dict) -> Round:
    """A round's TOML file, as tomllib reads it."""
    package = table.get("package", "open")
    return Round(
        table["id"], tuple(table["weeks"]), table.get("scheme", "kl-2012"),
        None if package == "open" else frozenset(package),
        tuple(
            Rule(r["source"], tuple(r["tasks"]), r["from"], r["to"],
                 tuple(r["weeks"]) if "weeks" in r else None)
            for r in table.get("reclassify", ())
        ),
    )


def find_round(value) -> Round | None:
    if value is None or isinstance(value, Round):
        return value
    if value in ROUNDS:
        return ROUNDS[value]
    raise OracleError(f"there is no round {value!r}")


# ---------------------------------------------------------------------------------------------------------
# Words

def trim(text: str) -> str:
    """Without the spaces, tabs and no-break spaces around it."""
    return text.strip(" \t\u00a0")


def fold(text: str) -> str:
    """Two names or words are the same when this is the same."""
    out = []
    position = 0
    while position < len(text):
        char = text[position]
        if char in "aA" and text[position + 1:position + 2] == "\u030a":  # a decomposed å
            out.append("aa")
            position += 2
            continue
        if char in "Åå":
            out.append("aa")
        elif char in "Ææ":
            out.append("ae")
        elif char in "Øø":
            out.append("oe")
        elif char in "_-":
            out.append(" ")
        elif "A" <= char <= "Z":
            out.append(char.lower())
        else:
            out.append(char)
        position += 1
    return "".join(out)


def word_table(table: dict) -> dict:
    words = {}
    for token, (_number, label, also) in table.items():
        for word in (token, label, *also):
            words[fold(word)] = token
    return words


CHANNEL_WORDS = word_table(CHANNELS)
TYPE_WORDS = word_table(TYPES)
DIRECTION_WORDS = word_table(DIRECTIONS)
CLOSURE_WORDS = word_table(CLOSURES) | {"": "not_stated"}
FORM_WORDS = word_table(FORMS) | {"": "not_stated"}
MUNICIPALITY_NAMES = {fold(name): code for code, name in MUNICIPALITIES.items()}
COLUMN_NAMES = {fold(name): column for column, names in COLUMNS.items() for name in names}


def read_municipality(text: str) -> int | None:
    if re.fullmatch(r"0?[0-9]{3}", text):
        code = int(text)
        return code if code in MUNICIPALITIES else None
    return MUNICIPALITY_NAMES.get(fold(text))


def read_kle(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}", text) else None


def read_count(text: str) -> int | None:
    if not re.fullmatch(r"[0-9]{1,10}", text):
        return None
    number = int(text)
    return number if 1 <= number <= 2147483647 else None


# ---------------------------------------------------------------------------------------------------------
# Weeks and dates

def week_in_range(year: int, week: int) -> bool:
    return (1990, 1) <= (year, week) <= (2068, 26)


def read_week(text: str) -> str | None:
    """An ISO week that exists, such as 2012-W17. CHOICE: the W is a capital."""
    match = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text)
    if not match:
        return None
    year, week = int(match[1]), int(match[2])
    try:
        dt.date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return f"{year:04}-W{week:02}" if week_in_range(year, week) else None


def week_of(day: dt.date) -> str | None:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}" if week_in_range(year, week) else None


def read_date(text: str) -> str | None:
    """The ISO week of a date in one of the three forms."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    if match:
        year, month, day = match.groups()
    else:
        match = (re.fullmatch(r"([0-9]{2})-([0-9]{2})-([0-9]{4})", text)
                 or re.fullmatch(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", text))
        if not match:
            return None
        day, month, year = match.groups()
    try:
        return week_of(dt.date(int(year), int(month), int(day)))
    except ValueError:
        return None


MONTHS = ("january february march april may june july august september october november december").split()
MONTH_NUMBER = {name: n for n, name in enumerate(MONTHS, 1)} | {name[:3]: n for n, name in enumerate(MONTHS, 1)}
NAME_OF_MONTH = "|".join(sorted(MONTH_NUMBER, key=len, reverse=True))
CONVERSIONS = {
    "Y": r"(?P<Y>[0-9]{4})", "y": r"(?P<y>[0-9]{1,2})", "m": r"(?P<m>[0-9]{1,2})", "d": r"(?P<d>[0-9]{1,2})",
    "H": r"(?P<H>[0-9]{1,2})", "I": r"(?P<I>[0-9]{1,2})", "M": r"(?P<M>[0-9]{1,2})",
    "S": r"(?P<S>[0-9]{1,2})", "p": r"(?P<p>(?i:am|pm))", "j": r"(?P<j>[0-9]{1,3})",
    "b": rf"(?P<b>(?i:{NAME_OF_MONTH}))", "B": rf"(?P<b>(?i:{NAME_OF_MONTH}))",
    "z": r"(?P<z>[+-][0-9]{2}:?[0-9]{2}|Z)", "e": r" ?(?P<d>[0-9]{1,2})", "%": "%",
}
SHORTHANDS = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%D": "%m/%d/%y", "%R": "%H:%M"}


def date_pattern(form: str) -> re.Pattern:
    for short, long in SHORTHANDS.items():
        form = form.replace(short, long)
    pattern, position = "", 0
    while position < len(form):
        if form[position] == "%":
            conversion = form[position + 1:position + 2]
            if conversion not in CONVERSIONS:
                raise OracleError(f"the date format has an unknown conversion %{conversion}")
            pattern += CONVERSIONS[conversion]
            position += 2
        else:
            pattern += re.escape(form[position])
            position += 1
    return re.compile(pattern, re.ASCII)


def read_date_as(text: str, form: str) -> str | None:
    """The ISO week of a date in a profile's format."""
    match = date_pattern(form).fullmatch(text)
    if not match:
        return None
    part = {key: value for key, value in match.groupdict().items() if value is not None}
    if "Y" in part:
        year = int(part["Y"])
    elif "y" in part:
        year = int(part["y"])
        year += 1900 if year >= 69 else 2000
    else:
        return None
    hour = int(part.get("H", 0))
    if "I" in part:
        hour = int(part["I"])
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if part.get("p", "am").lower() == "pm" else 0)
    try:
        if "j" in part:
            day = dt.date(year, 1, 1) + dt.timedelta(days=int(part["j"]) - 1)
            if int(part["j"]) < 1 or day.year != year:
                return None
        else:
            month = MONTH_NUMBER[part["b"].lower()] if "b" in part else int(part["m"])
            day = dt.date(year, month, int(part["d"]))
        moment = dt.datetime.combine(day, dt.time(hour, int(part.get("M", 0)), int(part.get("S", 0))))
        if "z" in part:
            digits = "+0000" if part["z"] == "Z" else part["z"].replace(":", "")
            offset = dt.timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
            zone = dt.timezone(-offset if digits[0] == "-" else offset)
            moment = moment.replace(tzinfo=zone).astimezone(zoneinfo.ZoneInfo("Europe/Copenhagen"))
        return week_of(moment.date())
    except (ValueError, KeyError, OverflowError):
        return None


# ---------------------------------------------------------------------------------------------------------
# What looks like a CPR number

LABELS = ("cpr", "cprnr", "cpr-nr", "cpr nr", "cpr nummer", "cprnummer", "cpr-nummer", "personnr", "personnummer")
LABEL_BEFORE = re.compile(
    "(" + "|".join(sorted(LABELS, key=len, reverse=True)) + r")[ :.=#-]*\Z", re.ASCII | re.IGNORECASE)
CANDIDATE = re.compile("([0-9]{6})([- \u2010-\u2015\u2212\u00a0\u2007\u2009\u202f]?)([0-9][0-9A-Za-z]{3})", re.ASCII)
WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def century(yy: int, seventh: int) -> int:
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if yy <= 36 else 1900
    return 2000 if yy <= 57 else 1800


def birthday(six: str, seventh: str) -> dt.date | None:
    """The date of the first six digits in the century of the seventh, or None when there is none."""
    day, month, yy = int(six[0:2]), int(six[2:4]), int(six[4:6])
    if day > 60:  # replacement numbers
        day -= 60
    try:
        return dt.date(century(yy, int(seventh)) + yy, month, day)
    except ValueError:
        return None


def label_before(text: str) -> bool:
    """Does the text end in a label? The label is a word: no letter or digit stands before it (CHOICE)."""
    for start in range(len(text)):
        if LABEL_BEFORE.fullmatch(text, start) and not (start > 0 and text[start - 1].isalnum()):
            return True
    return False


def looks_like_cpr(text: str) -> bool:
    for start in range(len(text)):
        match = CANDIDATE.match(text, start)
        if not match:
            continue
        six, separator, four = match.groups()
        if text[match.end():match.end() + 1].isalnum():
            continue
        labelled = label_before(text[:start])
        if start > 0 and text[start - 1].isalnum() and not labelled:
            continue  # a label may touch the number ("or nothing between"); other letters may not
        born = birthday(six, four[0])
        if born is None:
            continue
        if separator or labelled:
            return True
        if not four.isdigit():  # the lettered form. CHOICE: with the separators, too, and day + 60
            return True
        if sum(w * int(c) for w, c in zip(WEIGHTS, six + four)) % 11 == 0:
            return True
        if (born.day, born.month) == (1, 1):
            return True
    return False


# ---------------------------------------------------------------------------------------------------------
# Lines and records (bytes; both encodings agree with ASCII)

LINE_END = re.compile(rb"\r\n|\n|\r")


class Lines:
    """Where the physical lines of a file begin and end."""

    def __init__(self, data: bytes):
        self.data = data
        self.starts = [0] + [m.end() for m in LINE_END.finditer(data)]

    def number(self, position: int) -> int:
        return bisect.bisect_right(self.starts, position)

    def next_start(self, position: int) -> int:
        """Where the line after the one at this position begins (the end of the file if there is none)."""
        number = self.number(position)
        return self.starts[number] if number < len(self.starts) else len(self.data)

    def text(self, position: int) -> bytes:
        """The line that begins here, without its line end."""
        match = LINE_END.search(self.data, position)
        return self.data[position:match.start() if match else len(self.data)]


@dataclass
class Record:
    line: int
    raw: bytes                # without its line end
    fields: list              # bytes, unquoted
    broken: bool = False      # text behind a closing quote
    unusable: bool = False    # over the limit, or still open at the end of the file


def line_end_at(data: bytes, position: int) -> int:
    """How many bytes of line end stand here."""
    if data[position:position + 2] == b"\r\n":
        return 2
    return 1 if data[position:position + 1] in (b"\n", b"\r") else 0


def read_record(lines: Lines, start: int, separator: bytes) -> tuple[Record, int]:
    """One record and the place where reading goes on."""
    data, end = lines.data, len(lines.data)
    record = Record(lines.number(start), b"", [])
    position = start
    value = bytearray()
    state = "field start"
    while True:
        if position - start > RECORD_LIMIT:  # not ended after more than the limit: it is longer
            record.unusable = True
            break
        if position == end:
            record.unusable = state == "in quotes"
            break
        byte = data[position:position + 1]
        if state == "in quotes":
            if byte != b'"':
                value += byte
                position += 1
            elif data[position:position + 2] == b'""':
                value += b'"'
                position += 2
            else:
                position += 1
                state = "behind quotes"
            continue
        if byte in (b"\n", b"\r"):
            break
        if state == "broken":
            position += 1
        elif byte == separator:
            record.fields.append(bytes(value))
            value = bytearray()
            position += 1
            state = "field start"
        elif state == "behind quotes":
            record.broken = True
            position += 1
            state = "broken"
        elif state == "field start" and byte == b'"':
            position += 1
            state = "in quotes"
        else:
            value += byte
            position += 1
            state = "unquoted"
    record.fields.append(bytes(value))
    record.raw = data[start:position]
    if record.unusable:
        return record, lines.next_start(start)
    return record, position + line_end_at(data, position)


def is_blank(line: bytes, separator: bytes | None) -> bool:
    return line.strip(b" " if separator == b"\t" else b" \t") == b""


def header_separator(lines: Lines, start: int) -> bytes:
    """The one of ; , tab that stands most often outside quotes in the header.

    As the separator is not known yet, a quote opens a field behind any of the three (CHOICE).
    """
    data, position = lines.data, start
    counts = {b";": 0, b",": 0, b"\t": 0}
    state = "field start"
    while position < len(data):
        byte = data[position:position + 1]
        if state == "in quotes":
            if data[position:position + 2] == b'""':
                position += 2
                continue
            if byte == b'"':
                state = "in field"
        elif line_end_at(data, position):
            break
        elif byte in counts:
            counts[byte] += 1
            state = "field start"
        elif byte == b'"' and state == "field start":
            state = "in quotes"
        else:
            state = "in field"
        position += 1
    return max(counts, key=lambda separator: counts[separator])  # of equals, max() takes the first


# ---------------------------------------------------------------------------------------------------------
# Encoding

ENCODINGS = ("utf-8", "windows-1252")
UNDEFINED_1252 = b"\x81\x8d\x8f\x90\x9d"
HIGH_RUN = re.compile(rb"[\x80-\xff]+")


def has_high(raw: bytes) -> bool:
    return any(byte > 127 for byte in raw)


def is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def contradicts(raw: bytes, encoding: str) -> bool:
    """Does a record contradict the encoding that was settled before it?"""
    if not has_high(raw):
        return False
    if encoding == "utf-8":
        return not is_utf8(raw)
    return (any(byte in UNDEFINED_1252 for byte in raw)
            or all(is_utf8(run) for run in HIGH_RUN.findall(raw)))


def decode(raw: bytes, encoding: str | None) -> str:
    return raw.decode({"utf-8": "utf-8", "windows-1252": "cp1252", None: "ascii"}[encoding])


class Encoding:
    """The encoding of one file while it is read."""

    def __init__(self, settled: str | None):
        self.settled = settled

    def accepts(self, record: Record) -> bool:
        """Settles the encoding if this record does, and says whether the record can be read."""
        if record.unusable or not has_high(record.raw):
            return True
        if self.settled is None:
            self.settled = "utf-8" if is_utf8(record.raw) else "windows-1252"
            # CHOICE: the record that settles Windows-1252 is not a later one, so only the bytes that have
            # no meaning there make it bad.
            return self.settled == "utf-8" or not any(byte in UNDEFINED_1252 for byte in record.raw)
        return not contradicts(record.raw, self.settled)


# ---------------------------------------------------------------------------------------------------------
# Which column feeds which dimension

WORD_DIMENSIONS = ("municipality", "kle", "channel", "type", "direction", "closure", "form", "source", "unit")


@dataclass
class Feed:
    """Where a dimension's text comes from."""
    index: int | None = None       # the column, or
    value: str | None = None       # the same on every row
    words: dict | None = None
    otherwise: str | None = None
    format: str | None = None


def check_profile(profile: dict) -> None:
    """Unknown keys and missing tables are errors for the whole call."""
    for key, table in profile.items():
        if key in ("delimiter", "encoding"):
            continue
        if key not in COLUMNS:
            raise OracleError(f"the profile has an unknown key {key}")
        if not isinstance(table, dict):
            raise OracleError(f"the profile's {key} is not a table")
        known = {"column", "value"}
        if key in WORD_DIMENSIONS:
            known |= {"words", "otherwise"}
        if key == "date":
            known |= {"format"}
        for inner in table:
            if inner not in known:
                raise OracleError(f"the profile's {key} has an unknown key {inner}")
        if ("column" in table) == ("value" in table):
            raise OracleError(f"the profile's {key} needs a column or a value")
    check_required(profile)
    if profile.get("encoding") not in (None, *ENCODINGS):
        raise OracleError("the profile names an unknown encoding")
    delimiter = profile.get("delimiter")
    if delimiter is not None and delimiter not in (";", ",", "\t"):
        raise OracleError("the delimiter is ; or , or a tab")
    if "format" in profile.get("date", {}):
        date_pattern(profile["date"]["format"])


def check_required(names) -> None:
    missing = [name for name in REQUIRED if name not in names]
    if "date" not in names and "week" not in names:
        missing.append("date")
    if missing:
        raise OracleError("required columns are missing: " + ", ".join(missing))


def feeds_of_header(header: list) -> dict:
    feeds = {}
    for index, name in enumerate(header):
        column = COLUMN_NAMES.get(fold(name))
        if column is None:
            continue
        if column in feeds:
            raise OracleError(f"two columns for {column}")
        feeds[column] = Feed(index=index)
    check_required(feeds)
    return feeds


def feeds_of_profile(header: list, profile: dict) -> dict:
    feeds = {}
    for name, table in profile.items():
        if name in ("delimiter", "encoding"):
            continue
        feed = Feed(otherwise=table.get("otherwise"), format=table.get("format"))
        if feed.otherwise is not None:
            feed.otherwise = str(feed.otherwise)
        if "words" in table:
            feed.words = {key: str(value) for key, value in table["words"].items()}
        if "value" in table:
            feed.value = str(table["value"])
        else:
            found = [i for i, column in enumerate(header) if column == table["column"]]
            if len(found) != 1:
                raise OracleError(f"the file has no column {table['column']!r} (or more than one)")
            feed.index = found[0]
        feeds[name] = feed
    return feeds


class Rejected(Exception):
    def __init__(self, reason: str, column: str = ""):
        super().__init__(reason)
        self.reason, self.column = reason, column


def words_of_profile(feed: Feed, text: str) -> str | None:
    """The word of the exchange file for a word of the file; None when the profile rejects it."""
    if feed.index is None:
        return text
    if feed.words is not None and text in feed.words:
        return feed.words[text]
    if feed.otherwise is None:
        return text
    return None if feed.otherwise == "reject" else feed.otherwise


# ---------------------------------------------------------------------------------------------------------
# Reading

@dataclass
class Result:
    rows_read: int = 0
    rows_accepted: int = 0
    contacts: int = 0
    rejected: dict = field(default_factory=lambda: {reason: 0 for reason in REASONS})
    encoding: str = "ascii"
    unread_columns: list = field(default_factory=list)
    rejects: list = field(default_factory=list)  # (line, reason, column)
    cells: dict = field(default_factory=dict)
    round: Round | None = None


def is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc"


def bad_label(text: str, limit: int) -> bool:
    return len(text.encode("utf-8")) > limit or any(is_control(char) for char in text)


def read_row(record: Record, encoding: Encoding, readable: bool, width: int, feeds: dict,
             round_: Round | None, participation: dict | None, seen: dict) -> tuple:
    """One row: (key of its cell, count), or Rejected. The rules stand in the order of the page."""
    # 1 malformed
    if record.unusable or record.broken or len(record.fields) != width:
        raise Rejected("malformed")
    # 2 bad_encoding
    if not readable:
        raise Rejected("bad_encoding")
    fields = [trim(decode(raw, encoding.settled)) for raw in record.fields]
    date_name = "week" if "week" in feeds else "date"
    read = {name: feed for name, feed in feeds.items() if not (name == "date" and date_name == "week")}

    # 3 personal_data, in the order of the file's columns
    columns = sorted((feed.index, list(COLUMNS).index(name), name)
                     for name, feed in read.items() if feed.index is not None)
    for index, _, name in columns:
        if looks_like_cpr(fields[index]):
            raise Rejected("personal_data", name)

    def text(name: str) -> str | None:
        """The dimension's text, after the profile's words; None when the profile rejects the word."""
        feed = read[name]
        raw = feed.value if feed.index is None else fields[feed.index]
        return words_of_profile(feed, raw)

    def word(name: str, words: dict, reason: str) -> str:
        value = text(name)
        token = None if value is None else words.get(fold(value))
        if token is None:
            raise Rejected(reason, name)
        return token

    # 4 unknown_municipality
    value = text("municipality")
    municipality = None if value is None else read_municipality(value)
    if municipality is None:
        raise Rejected("unknown_municipality", "municipality")
    # 5 bad_date
    if date_name == "week":
        week = read_week(text("week"))
    elif read["date"].format is not None:
        week = read_date_as(text("date"), read["date"].format)
    else:
        week = read_date(text("date"))
    if week is None:
        raise Rejected("bad_date", date_name)
    # 6 bad_kle
    value = text("kle")
    task = None if value is None else read_kle(value)
    if task is None:
        raise Rejected("bad_kle", "kle")
    # 7 unknown_task
    if round_ is not None and round_.package is not None and task not in round_.package:
        raise Rejected("unknown_task", "kle")
    # 8 to 12
    channel = word("channel", CHANNEL_WORDS, "unknown_channel")
    type_ = word("type", TYPE_WORDS, "unknown_type")
    direction = word("direction", DIRECTION_WORDS, "unknown_direction")
    closure = word("closure", CLOSURE_WORDS, "unknown_closure") if "closure" in read else "not_stated"
    form = word("form", FORM_WORDS, "unknown_form") if "form" in read else "not_stated"
    # 13 bad_count
    count = read_count(text("count")) if "count" in read else 1
    if count is None:
        raise Rejected("bad_count", "count")
    # 14 bad_label
    labels = {}
    for name, limit in (("source", 64), ("unit", 64), ("event_id", 128)):
        labels[name] = text(name) if name in read else ""
        if labels[name] is None or bad_label(labels[name], limit):
            raise Rejected("bad_label", name)
    # 15 outside_round
    if round_ is not None and week not in round_.weeks:
        raise Rejected("outside_round", date_name)
    # 16 outside_participation
    if participation is not None and week not in participation.get(municipality, ()):
        raise Rejected("outside_participation", date_name)
    # 17 and 18
    if labels["event_id"] != "":
        key = (municipality, labels["source"], labels["event_id"])
        content = (week, task, channel, type_, direction, closure, form, labels["unit"], count)
        if key in seen:
            reason = "duplicate_event" if seen[key] == content else "conflicting_event"
            raise Rejected(reason, "event_id")
        seen[key] = content
    return (municipality, week, task, channel, type_, direction, closure, form,
            labels["source"], labels["unit"]), count


def read_file(data: bytes, result: Result, round_, participation, profile, encoding_named, seen) -> str:
    """Reads one file into the result; returns the name of its encoding."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise OracleError("the file is UTF-16; save it as CSV UTF-8")
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
        encoding = Encoding("utf-8")
    else:
        encoding = Encoding(encoding_named or (profile or {}).get("encoding"))
    lines = Lines(data)
    position = 0

    # sep=
    separator = None
    first = lines.text(0)
    if first in (b"sep=;", b"sep=,", b"sep=\t"):
        separator = first[4:5]
        position = lines.next_start(0)
    if profile and "delimiter" in profile:
        separator = profile["delimiter"].encode()

    # the header
    while position < len(data) and is_blank(lines.text(position), separator):
        position = lines.next_start(position)
    if position >= len(data):
        raise OracleError("the file has no header")
    if separator is None:
        separator = header_separator(lines, position)
    record, position = read_record(lines, position, separator)
    if record.unusable or record.broken:
        raise OracleError("the header is malformed")
    if not encoding.accepts(record):
        raise OracleError("the header contradicts the encoding")
    header = [trim(decode(raw, encoding.settled)) for raw in record.fields]
    feeds = feeds_of_header(header) if profile is None else feeds_of_profile(header, profile)
    read_indexes = {feed.index for name, feed in feeds.items() if not (name == "date" and "week" in feeds)}
    for index, name in enumerate(header):
        if index not in read_indexes and name not in result.unread_columns:
            result.unread_columns.append(name)

    # the rows
    high_rows = bad_rows = 0
    while position < len(data):
        if is_blank(lines.text(position), separator):
            position = lines.next_start(position)
            continue
        record, position = read_record(lines, position, separator)
        readable = encoding.accepts(record)
        result.rows_read += 1
        reason = None
        try:
            key, count = read_row(record, encoding, readable, len(header), feeds, round_, participation, seen)
            result.rows_accepted += 1
            result.contacts += count
            result.cells[key] = result.cells.get(key, 0) + count
        except Rejected as rejected:
            reason = rejected.reason
            result.rejected[reason] += 1
            result.rejects.append((record.line, reason, rejected.column))
        if reason != "malformed" and has_high(record.raw):
            high_rows += 1
            bad_rows += reason == "bad_encoding"
    if bad_rows * 2 > high_rows:
        raise OracleError("most rows contradict the encoding; name it")
    return encoding.settled or "ascii"


def read(files, round=None, participation=None, profile=None, encoding=None) -> Result:
    """Counts the files (name, bytes) of one call, in their order."""
    result = Result(round=find_round(round))
    if profile is not None:
        check_profile(profile)
    if encoding not in (None, *ENCODINGS):
        raise OracleError(f"there is no encoding {encoding!r}")
    seen: dict = {}
    names = [read_file(data, result, result.round, participation, profile, encoding, seen)
             for _name, data in files]
    # CHOICE: names that are equal stay that name, also over several files; ascii beside utf-8 is mixed.
    result.encoding = "ascii" if not names else names[0] if len(set(names)) == 1 else "mixed"
    return result


# ---------------------------------------------------------------------------------------------------------
# Measures

DIMENSIONS = ("municipality", "week", "task", "main_group", "channel", "type", "group", "direction",
              "closure", "form", "source", "unit")
NUMBERED = {"channel": CHANNELS, "type": TYPES, "direction": DIRECTIONS, "closure": CLOSURES, "form": FORMS}
MEASURED = {"self_service": "channel", "digital": "channel", "first_contact_closure": "closure",
            "form_share": "form"}
MEASURES = ("contacts", "mix", "self_service", "digital", "first_contact_closure", "form_share")


def group_of(type_: str, scheme: str) -> str:
    for group, types in SCHEMES[scheme].items():
        if type_ in types:
            return group
    raise AssertionError(type_)


def group_name(name: str, scheme: str) -> str:
    """A group by its name; in kl-2011 application is another name of transaction."""
    if scheme == "kl-2011" and name == "application":
        return "transaction"
    if name not in SCHEMES[scheme]:
        raise OracleError(f"{scheme} has no group {name}: it has " + ", ".join(SCHEMES[scheme]))
    return name


def share(numerator: int, denominator: int) -> str | None:
    """Half up to six decimals, in whole numbers."""
    if denominator == 0:
        return None
    millionths = (2 * numerator * 1_000_000 + denominator) // (2 * denominator)
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06}"


def measured_type(cell: dict, rules) -> str:
    """The type after reclassification; the first rule that fits decides."""
    for rule in rules:
        if (cell["source"] == rule.source and cell["task"] in rule.tasks
                and cell["week"] in rule.weeks and cell["type"] == rule.from_type):
            return rule.to_type
    return cell["type"]


def sort_key(dimension: str, value, scheme: str):
    if dimension in NUMBERED:
        return NUMBERED[dimension][value][0]
    if dimension == "group":
        return list(SCHEMES[scheme]).index(value)
    if isinstance(value, str):
        return value.encode("utf-8")  # weeks, tasks and main groups too: their text sorts as their number
    return value


def measure(cells, name, by=(), where=None, without=None, tasks="all", basis="application",
            digital_set=None, scheme="kl-2012", rules=()) -> list:
    """The rows of `komhen measure NAME --format json`."""
    by, where, without = tuple(by), dict(where or {}), dict(without or {})
    if name not in MEASURES:
        raise OracleError(f"there is no measure {name}")
    if scheme not in SCHEMES:
        raise OracleError(f"there is no scheme {scheme}")
    for dimension in (*by, *where, *without):
        if dimension not in DIMENSIONS:
            raise OracleError(f"there is no dimension {dimension}")
    if name == "mix" and not by:
        raise OracleError("mix needs a dimension")
    measured = by[-1] if name == "mix" else MEASURED.get(name)
    if measured in where or measured in without:
        raise OracleError(f"{name} measures {measured}: no filter on it")
    direction_given = "direction" in by or "direction" in where
    if name == "digital":
        if digital_set not in DIGITAL_SETS:
            raise OracleError("digital needs a set")
        if not direction_given:
            raise OracleError("digital needs a direction")
    for filters in (where, without):
        if "group" in filters:
            filters["group"] = [group_name(group, scheme) for group in filters["group"]]
    if name == "self_service":
        basis_types = (set(TYPES) if basis == "all" else
                       set(SCHEMES[scheme][group_name(basis, scheme)]))

    # The population: the cube after filters, task set and the measure's own direction, before any basis.
    population = []
    for key, count in cells.items():
        cell = dict(zip(("municipality", "week", "task", "channel", "type", "direction", "closure", "form",
                         "source", "unit"), key))
        cell["type"] = measured_type(cell, rules)
        cell["main_group"] = cell["task"][:2]
        cell["group"] = group_of(cell["type"], scheme)
        if any(cell[dimension] not in values for dimension, values in where.items()):
            continue
        if any(cell[dimension] in values for dimension, values in without.items()):
            continue
        if tasks == "kl-35":
            if cell["task"] not in KL_35:
                continue
        elif tasks != "all" and cell["task"] not in tasks:
            continue
        if name == "self_service" and cell["direction"] != "incoming":
            continue
        if name in ("mix", "first_contact_closure") and not direction_given and cell["direction"] != "incoming":
            continue
        population.append((cell, count))

    def total(rows, condition=lambda cell: True) -> int:
        return sum(count for cell, count in rows if condition(cell))

    groups: dict = {}
    for cell, count in population:
        groups.setdefault(tuple(cell[dimension] for dimension in by), []).append((cell, count))
    out = []
    for values in sorted(groups, key=lambda values: [sort_key(d, v, scheme) for d, v in zip(by, values)]):
        rows = groups[values]
        line = dict(zip(by, values))
        if name == "contacts":
            out.append(line | {"contacts": total(rows)})
            continue
        extra = {}
        if name == "mix":
            numerator = total(rows)
            denominator = sum(total(other) for key, other in groups.items() if key[:-1] == values[:-1])
        elif name == "self_service":
            numerator = total(rows, lambda c: c["type"] in basis_types and c["channel"] == "self_service")
            denominator = total(rows, lambda c: c["type"] in basis_types)
        elif name == "digital":
            channels = DIGITAL_SETS[digital_set]
            over = channels | {"letter"} if digital_set == "dispatch" else set(CHANNELS)
            numerator = total(rows, lambda c: c["channel"] in channels)
            denominator = total(rows, lambda c: c["channel"] in over)
        elif name == "first_contact_closure":
            numerator = total(rows, lambda c: c["closure"] == "closed")
            denominator = total(rows, lambda c: c["closure"] in ("closed", "put_aside"))
            extra = {"not_stated": total(rows, lambda c: c["closure"] == "not_stated")}
        else:
            paper = total(rows, lambda c: c["form"] == "paper")
            digital = total(rows, lambda c: c["form"] == "digital")
            numerator = paper + digital
            denominator = numerator + total(rows, lambda c: c["form"] == "none")
            extra = {"paper": paper, "digital": digital,
                     "not_stated": total(rows, lambda c: c["form"] == "not_stated"),
                     "paper_share": share(paper, denominator), "digital_share": share(digital, denominator)}
        out.append(line | {"numerator": numerator, "denominator": denominator,
                           "share": share(numerator, denominator)} | extra)
    return out
