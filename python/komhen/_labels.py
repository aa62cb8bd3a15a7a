"""Words and numbers as a person reads them, in Danish or English. The words are the core's."""

from __future__ import annotations

from . import _core, _settled

TYPE_CHECKING = False  # as type checkers know it, without typing: see komhen/__init__.py
if TYPE_CHECKING:
    from fractions import Fraction

_TABLES = {
    "channel": _core.CHANNELS,
    "type": _core.TYPES,
    "direction": _core.DIRECTIONS,
    "closure": _core.CLOSURES,
    "form": _core.FORMS,
    "group": _core.GROUPS,
    "scheme": _core.SCHEMES,
    "reason": _core.REASONS,
    "dimension": _core.DIMENSIONS,
    "measure": _core.MEASURES,
    "set": _core.SETS,
    "unit_of_figure": _core.CASE_UNITS,
    "certainty": _core.CERTAINTIES,
    "basis": _core.COST_BASES,
    "kind": _core.GOAL_KINDS,
    "comparator": _core.COMPARATORS,
    "outcome": _core.GOAL_OUTCOMES,
}
_COLUMNS = {
    "contacts": ("henvendelser", "contacts"),
    "numerator": ("tæller", "numerator"),
    "denominator": ("nævner", "denominator"),
    "share": ("andel", "share"),
    "not_stated": ("ikke oplyst", "not stated"),
    "paper": ("papirblanket", "paper form"),
    "digital": ("digital blanket", "digital form"),
    "paper_share": ("andel papirblanket", "share of paper forms"),
    "digital_share": ("andel digital blanket", "share of digital forms"),
    "before": ("før", "before"),
    "after": ("efter", "after"),
    "points": ("ændring i procentpoint", "change in percentage points"),
    "count": ("antal", "count"),
    "unpriced": ("uden pris", "without a price"),
    "cost": ("omkostning, kr.", "cost, kr."),
    "per_contact": ("pr. henvendelse, kr.", "per contact, kr."),
    "number": ("række", "row"),
    "price_class": ("prisklasse", "price class"),
    "channels": ("kanaler", "channels"),
    "level": ("niveau", "level"),
    "price": ("pris, kr.", "price, kr."),
    "figure": ("tal", "figure"),
    "label": ("betydning", "meaning"),
    "value": ("værdi", "value"),
    "certainty": ("sikkerhed", "certainty"),
    "printed": ("trykt", "printed"),
    "input": ("forudsætning", "input"),
    "at_low": ("i den lave ende", "at the low end"),
    "at_high": ("i den høje ende", "at the high end"),
    "draws": ("træk", "draws"),
    "seed": ("frø", "seed"),
    "statistic": ("størrelse", "statistic"),
    "per_cent": ("percentil", "percentile"),
    "goal": ("mål", "goal"),
    "title": ("titel", "title"),
    "wanted": ("ønsket", "wanted"),
    "due": ("frist", "due"),
    "outcome": ("udfald", "outcome"),
    "gap_points": ("mangler, procentpoint", "gap, percentage points"),
    "contacts_to_move": ("henvendelser at flytte", "contacts to move"),
    "saving": ("besparelse, kr.", "saving, kr."),
    "rank": ("plads", "rank"),
    "obstacles": ("hindringer", "obstacles"),
    "unknowns": ("ikke oplyst", "unknown"),
    "self_service": ("selvbetjening", "self-service"),
    "potential": ("potentiale, kr.", "potential, kr."),
    "total": ("I alt", "Total"),
    "line": ("linje", "line"),
    "column": ("kolonne", "column"),
    "text": ("tekst", "text"),
    "reason": ("årsag", "reason"),
    "suggestion": ("forslag", "suggestion"),
    "file": ("fil", "file"),
    "wave": ("bølge", "wave"),
    "areas": ("områder", "areas"),
    "analysed": ("analyseret", "analysed"),
    "agreed": ("aftalt", "agreed"),
    "solutions": ("løsninger", "solutions"),
    "law": ("lov", "law"),
    "actual": ("hvad der skete", "what came"),
    "actual_source": ("kilde til det", "source of that"),
    "correction": ("rettelse", "correction"),
    "round": ("runde", "round"),
    "publication": ("udgivelse", "publication"),
    "dated": ("dateret", "dated"),
    "method": ("metode", "method"),
    "task_set": ("opgavesæt", "task set"),
    "bound": ("grænse", "bound"),
    "state": ("tilstand", "state"),
    "note": ("bemærkning", "note"),
    "row": ("række", "row"),
    "published": ("trykt, %", "printed, %"),
    "agrees": ("stemmer", "agrees"),
    "printed_change": ("ændring i procentpoint", "change in percentage points"),
    "from_rounding": ("ændring, som afrunding tillader", "change that rounding allows"),
    "with_printed_change": ("og den trykte ændring", "and the printed change"),
    "from_rounding_bounds_low": ("fra", "from"),
    "from_rounding_bounds_low_included": ("fra, medregnet", "from, included"),
    "from_rounding_bounds_high": ("til", "to"),
    "from_rounding_bounds_high_included": ("til, medregnet", "to, included"),
    "with_printed_change_bounds_low": ("fra, med den trykte ændring", "from, with the printed change"),
    "with_printed_change_bounds_low_included": (
        "fra, med den trykte ændring, medregnet",
        "from, with the printed change, included",
    ),
    "with_printed_change_bounds_high": ("til, med den trykte ændring", "to, with the printed change"),
    "with_printed_change_bounds_high_included": (
        "til, med den trykte ændring, medregnet",
        "to, with the printed change, included",
    ),
}
_TASKS = {row[2]: row[4] for row in _core.TASKS}
_MUNICIPALITIES = dict(_core.MUNICIPALITIES)


def checked(lang: str) -> str:
    """The language, ``"da"`` or ``"en"``. Raises KomhenError (a ValueError) for another, without showing it."""
    if lang not in ("da", "en"):
        raise _core.KomhenError("the language must be 'da' or 'en'")
    return lang


def label(table: str, token: str, lang: str) -> str:
    """The label of a token, or the token where the table has no such word."""
    at = 2 if checked(lang) == "da" else 3
    return next((str(row[at]) for row in _TABLES[table] if row[1] == token), token)


def column(name: str, lang: str) -> str:
    """A column's heading."""
    checked(lang)
    if name in _COLUMNS:
        return _COLUMNS[name][0 if lang == "da" else 1]
    return label("dimension", name, lang)


def shown(dimension: str, value: int | str) -> str:
    """A dimension's value beside its code: tasks and municipalities with their names, the rest as it stands."""
    if dimension == "municipality":
        return f"{value} {_MUNICIPALITIES.get(int(value), '')}".strip()
    if dimension == "task":
        return f"{value} {_TASKS.get(str(value), '')}".strip()
    return str(value)


def labelled(dimension: str, value: int | str, lang: str) -> str:
    """A dimension's value as a page shows it: words by their label."""
    return label(dimension, str(value), lang) if dimension in _TABLES else shown(dimension, value)


def whole(number: int, lang: str) -> str:
    """A whole number with its thousands apart: 1.234 in Danish, 1,234 in English."""
    text = f"{number:,}"
    return text.replace(",", ".") if checked(lang) == "da" else text


def per_cent(numerator: int, denominator: int, lang: str) -> str:
    """A share in whole per cent, rounded by the core; a dash where there is none."""
    if not denominator:
        return "–"
    return with_per_cent(whole(_settled.per_cent(numerator, denominator), lang), lang)


def with_per_cent(number: str, lang: str) -> str:
    """A number with the sign of per cent: 33 % in Danish, 33% in English."""
    return number + (" %" if lang == "da" else "%")


def with_sign(points: int) -> str:
    """A change in whole points with its sign, a minus and no hyphen; nothing before a zero."""
    return f"{points:+d}".replace("-", "−") if points else "0"


def decimal(text: str, lang: str) -> str:
    """Decimal text in the language's form: ``-1234.50`` is ``−1.234,50`` in Danish and ``−1,234.50`` in English, with a minus
    and no hyphen."""
    sign = "−" if text.startswith("-") and text.strip("-0.") else ""
    before, point, after = text.removeprefix("-").partition(".")
    danish = checked(lang) == "da"
    return sign + whole(int(before), lang) + ((("," if danish else ".") + after) if point else "")


def short(text: str, lang: str) -> str:
    """The same without the zeros that end its decimals."""
    return decimal(text.rstrip("0").removesuffix(".") if "." in text else text, lang)


def places(*numbers: Fraction) -> int:
    """How many decimals write these numbers as they are; six where no number of decimals does."""
    for decimals in range(6):
        if all(10**decimals % number.denominator == 0 for number in numbers):
            return decimals
    return 6


def fixed(number: Fraction, decimals: int, per_cent: bool = False) -> str:
    """A number, or a share in per cent, as text with a point and so many decimals: the core rounds, halves away from zero."""
    denominator = number.denominator * (1 if per_cent else 100)  # the core changes shares into per cent
    return _settled.change_text((0, 1), (number.numerator, denominator), decimals).removeprefix("+")


def points_to_go(points: Fraction, decimals: int, lang: str) -> str:
    """Percentage points that are missing. Some are missing even where none would be left of them when rounded."""
    text = fixed(points, decimals)
    if points and not text.strip("0."):
        least = text[:-1] + "1"
        return ("under " if checked(lang) == "da" else "below ") + decimal(least, lang)
    return decimal(text, lang)


def percentage(text: str, lang: str) -> str:
    """A share as decimal text in per cent. The point is moved two places, which is no rounding."""
    sign = "-" if text.startswith("-") else ""
    before, _, after = text.removeprefix("-").partition(".")
    after = after.ljust(2, "0")
    return with_per_cent(short(f"{sign}{int(before + after[:2])}.{after[2:]}", lang), lang)


def in_unit(text: str, unit: str, lang: str) -> str:
    """A value of a case, as decimal text or a fraction: shares in per cent, years bare. Nothing is rounded: a fraction whose
    decimals never end stays one."""
    if "/" in text:
        above, _, below = text.partition("/")
        places = next((n for n in range(1, 20) if 10**n % int(below) == 0), None)
        if places is None:
            return text
        digits = str(abs(int(above)) * 10**places // int(below)).rjust(places + 1, "0")
        text = ("-" if above.startswith("-") else "") + f"{digits[:-places]}.{digits[-places:]}"
    if unit == "year":
        return text
    return percentage(text, lang) if unit == "share" else decimal(text, lang)


def with_unit(text: str, unit: str, lang: str) -> str:
    """The same with the unit's word behind it; per cent has its sign."""
    spelled = in_unit(text, unit, lang)
    return spelled if unit == "share" and "/" not in spelled else f"{spelled} {label('unit_of_figure', unit, lang)}"
