"""Words and numbers as a person reads them, in Danish or English. The words are the core's."""

from __future__ import annotations

from . import _core

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
}
_TASKS = {row[2]: row[4] for row in _core.TASKS}
_MUNICIPALITIES = dict(_core.MUNICIPALITIES)


def checked(lang: str) -> str:
    """The language, ``"da"`` or ``"en"``. Raises ValueError for another, without showing it."""
    if lang not in ("da", "en"):
        raise ValueError("the language must be 'da' or 'en'")
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
    text = whole(_core.per_cent(numerator, denominator), lang)
    return text + (" %" if lang == "da" else "%")
