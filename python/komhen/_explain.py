"""What a figure is, in sentences: the words of docs/measures.md, filled in with what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import _core
from ._html import basis, task_set
from ._labels import checked, column, label

if TYPE_CHECKING:
    from .tables import Comparison, Table

_KL = {
    "da": 'KL, "Kommunernes henvendelser", foråret 2012',
    "en": 'KL, "Kommunernes henvendelser", spring 2012',
}
# measure -> numerator, denominator, source; {set} is the channels of digital's set. docs/measures.md defines them.
_SAID: dict[str, dict[str, tuple[str, str, str]]] = {
    "da": {
        "contacts": ("summen af henvendelser", "", "docs/measures.md"),
        "mix": (
            "henvendelser med rækkens værdi af {last}",
            "henvendelser med en hvilken som helst værdi af {last}, inden for de andre dimensioner",
            "docs/measures.md",
        ),
        "self_service": (
            "henvendelser på kanalen Selvbetjening",
            "henvendelser på alle kanaler, hjemmesiden medregnet",
            "{kl}, selvbetjeningstabellen",
        ),
        "digital": (
            "henvendelser på {set}",
            "henvendelser på alle kanaler",
            "komhens egen: ingen kilde siger, hvad digital er (docs/measures.md)",
        ),
        "first_contact_closure": (
            "afsluttede henvendelser",
            "afsluttede henvendelser og henvendelser lagt til side; ikke oplyste står ved siden af",
            "{kl}, Afslutning af henvendelserne",
        ),
        "form_share": (
            "henvendelser med papirblanket eller digital blanket",
            "henvendelser med ingen blanket, papirblanket eller digital blanket; ikke oplyste står ved siden af",
            "docs/measures.md",
        ),
    },
    "en": {
        "contacts": ("the sum of contacts", "", "docs/measures.md"),
        "mix": (
            "contacts with the row's value of {last}",
            "contacts with any value of {last}, within the other dimensions",
            "docs/measures.md",
        ),
        "self_service": (
            "contacts on the channel self_service",
            "contacts on all channels, the website included",
            "{kl}, the self-service table",
        ),
        "digital": (
            "contacts on {set}",
            "contacts on all channels",
            'komhen\'s own: no source defines "digital" (docs/measures.md)',
        ),
        "first_contact_closure": (
            "contacts that were closed at once",
            "contacts closed at once or put aside; not_stated stands beside",
            '{kl}, "Afslutning af henvendelserne"',
        ),
        "form_share": (
            "contacts with a paper or digital form",
            "contacts with no form, a paper form or a digital form; not_stated stands beside",
            "docs/measures.md",
        ),
    },
}
_SETS = {
    "narrow": ("self_service",),
    "effective": ("self_service", "digital_post", "remote_print", "website", "sms", "system"),
    "broad": ("self_service", "digital_post", "remote_print", "website", "sms", "system", "email", "social_media"),
    "dispatch": ("digital_post", "remote_print"),
}
_WORDS = {
    "da": {
        "numerator": "Tæller",
        "denominator": "Nævner",
        "population": "Population",
        "incoming": "indgående henvendelser",
        "all": "alle henvendelser, som filtre og opgavesæt lader tilbage",
        "types": "af typerne",
        "basis": "grundlag",
        "rows": "Rækker",
        "one": "én række for det hele",
        "each": "én for hver kombination med henvendelser af",
        "scheme": "Skema",
        "tasks": "Opgavesæt",
        "filters": "Filtre",
        "none": "ingen",
        "change": "Ændring",
        "exact": "de eksakte andele trækkes fra hinanden, og der afrundes til sidst",
        "letters": "henvendelser på dem og brev",
        "source": "Kilde",
    },
    "en": {
        "numerator": "Numerator",
        "denominator": "Denominator",
        "population": "Population",
        "incoming": "incoming contacts",
        "all": "all contacts that filters and task set leave",
        "types": "of the types",
        "basis": "basis",
        "rows": "Rows",
        "one": "one row for everything",
        "each": "one for each combination with contacts of",
        "scheme": "Scheme",
        "tasks": "Task set",
        "filters": "Filters",
        "none": "none",
        "change": "Change",
        "exact": "exact shares are subtracted first and rounded last",
        "letters": "contacts on those and letter",
        "source": "Source",
    },
}


def explain(found: Table | Comparison, schemes: tuple[str, ...], changes: bool, lang: str) -> str:
    """A line for each thing that a reader of a figure must know."""
    say = _WORDS[checked(lang)]
    numerator, denominator, source = _SAID[lang][found.measure]
    table = found._table
    if found.measure == "digital":
        numerator = numerator.format(set=", ".join(label("channel", name, lang) for name in _SETS[table.set]))
        denominator = say["letters"] if table.set == "dispatch" else denominator
    last = column(found.by[-1], lang) if found.by else ""
    population = say["incoming"] if table.incoming else say["all"]
    if table.basis not in ("", "all"):
        leaves = dict.fromkeys(leaf for scheme in schemes for leaf in _leaves(scheme, table.basis, lang))
        population += f" {say['types']} {', '.join(leaves)} ({say['basis']} {basis(table.basis, lang) if lang == 'da' else table.basis})"
    each = ", ".join(column(name, lang) for name in found.by)
    lines = [
        f"{label('measure', found.measure, lang)} ({found.measure})",
        f"{say['numerator']}: {numerator.format(last=last)}",
        *([f"{say['denominator']}: {denominator.format(last=last)}"] if denominator else []),
        f"{say['population']}: {population}",
        f"{say['rows']}: " + (f"{say['each']} {each}" if each else say['one']),
        *(f"{say['scheme']}: {scheme} ({_groups(scheme, lang)})" for scheme in schemes),
        f"{say['tasks']}: {task_set(table.tasks, lang)}",
        f"{say['filters']}: {found._filters.removeprefix(', ') or say['none']}",
        *([f"{say['change']}: {say['exact']}"] if changes else []),
        f"{say['source']}: {source.format(kl=_KL[lang])}",
    ]
    return "\n".join(lines)


def _leaves(scheme: str, group: str, lang: str) -> list[str]:
    # kl-2011 takes `application` as another name of its transaction group.
    names = (group, "transaction") if group == "application" else (group,)
    return [label("type", row[1], lang) for row in _core.TYPES if _core.group_of(scheme, row[0]) in names]


def _groups(scheme: str, lang: str) -> str:
    groups: dict[str, list[str]] = {}
    for row in _core.TYPES:
        groups.setdefault(_core.group_of(scheme, row[0]), []).append(label("type", row[1], lang))
    return "; ".join(f"{label('group', group, lang)} = {', '.join(leaves)}" for group, leaves in groups.items())
