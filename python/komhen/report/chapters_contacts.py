"""The middle chapters: who initiates, what it costs, what contacts are about, closure and forms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .. import _core, _notes
from .asked import Asked
from .cells import Absent, Cell, CostPart, Count, Kroner, Part, Word
from .model import Bar, Bars, Chapter, Row, Sentence, Stack, Stacks, Table

Found = dict[tuple[Any, ...], tuple[int, int, list[int]]]


def directions(asked: Asked) -> Chapter:
    """Incoming and outgoing contacts, of each type and on each channel."""
    say = asked.say
    words = [asked.words("w_directions")]
    for round, key in (("2011-autumn", "w_directions_autumn"), (asked.round, "w_directions_printed")):
        printed = asked.printed("incoming", round=round)
        if printed != Absent("") and asked.has_printed and not (key == "w_directions_printed" and round == "2011-autumn"):
            words.append(asked.words(key, printed))
    return Chapter(
        "directions",
        say("h_directions"),
        tuple(words),
        (_directions(asked, "type", "directions"), _directions(asked, "channel", "directions_channel")),
    )


def _directions(asked: Asked, dimension: str, id: str) -> tuple[Stacks, Table]:
    say = asked.say
    found = asked.rows("mix", [dimension, "direction"])
    total = asked.rows("mix", ["direction"])
    rows, stacks = [], []
    named: list[tuple[str, Found, tuple[Any, ...], dict[str, Any]]] = [(say("in_all"), total, (), {})]
    named += [
        (asked.label(dimension, value), found, (value,), {dimension: value}) for value in asked.values(dimension)
    ]
    for label, table, key, where in named:
        parts = [
            asked.part(table, (*key, way), "all", {**where, "direction": way}, where) for way in ("incoming", "outgoing")
        ]
        cells: list[Cell] = [*(Count(part.numerator, "all", part.sums[:1]) for part in parts), parts[0]]
        rows.append(Row((label,), tuple(cells), total=not where, tokens=(where.get(dimension),)))
        stacks.append(Stack(label, tuple(parts)))
    rows.append(rows.pop(0))
    ways = tuple(asked.label("direction", way) for way in ("incoming", "outgoing"))
    return (
        Stacks(id, say(f"p_{id}"), tuple(stacks), ways, ("incoming", "outgoing")),
        Table(
            id,
            say(f"t_{id}"),
            (asked.label("dimension", dimension),),
            (dimension,),
            (*ways, say("share_incoming")),
            ("incoming", "outgoing", "share_incoming"),
            tuple(rows),
        ),
    )


def costs(asked: Asked) -> Chapter:
    """What incoming contacts cost, by channel and by type; without prices the chapter says that there are none."""
    say = asked.say
    if asked.prices is None:
        return Chapter("costs", say("h_costs"), (asked.words("w_no_prices"),))
    arguments: tuple[Any, ...] = ([], "all", asked.scheme, False, True, [], None)
    incoming = [("direction", ["incoming"])]
    prices = asked.prices._prices
    cube = asked.contacts
    asked.facts.price(_core.costs(cube, prices, ["direction", "type", "channel"], [], *arguments))
    parts = []
    for dimension in ("channel", "type"):
        found = _core.costs(cube, prices, [dimension], incoming, *arguments)
        parts.append(_costs(asked, dimension, found))
    year = "" if asked.prices.year is None else f" ({asked.prices.year})"
    words = [
        asked.words("w_costs"),
        Sentence("{0}", (Word(say("w_prices").format(f"{asked.prices.id}{year}", asked.note(asked.prices.source))),)),
    ]
    if asked.prices.note:
        words.append(Sentence("{0}", (Word(_notes.sentence(asked.prices.note, asked.lang)),)))
    return Chapter("costs", say("h_costs"), tuple(words), tuple(parts))


def _costs(asked: Asked, dimension: str, found: _core.CostTable) -> tuple[Bars, Table]:
    say, facts = asked.say, asked.facts
    whole = facts.sum("contacts", direction="incoming")
    total = Fraction(found.total[3][1]) if found.total[3] else Fraction(0)

    def row(label: str, of: tuple[Any, ...], all: bool = False) -> Row:
        key, priced, unpriced, cost, each, _ = of
        at = whole if all else facts.sum("contacts", direction="incoming", **{dimension: str(key[0])})
        amount = Fraction(cost[1]) if cost else Fraction(0)
        share = amount / total if total else Fraction(0)
        average = None if each is None else Fraction(each[1])
        some = bool(priced)
        cells: tuple[Cell, ...] = (
            Count(priced, "all:priced", (at,)),
            Count(unpriced, "all:unpriced", (at,)),
            Kroner(amount.numerator if some else None, amount.denominator, 0, "all", (at,)),
            CostPart(share.numerator, share.denominator if total and some else 0, "all", (at, whole)),
            Kroner(
                None if average is None else average.numerator,
                1 if average is None else average.denominator,
                2,
                "all:each",
                (at,),
            ),
        )
        return Row((label,), cells, total=all, tokens=(None if all else str(key[0]),))

    rows = [row(asked.label(dimension, str(of[0][0])), of) for of in found.rows]
    bars = tuple(Bar(made.heads[0], made.cells[3]) for made in rows if isinstance(made.cells[3], CostPart))
    if found.rows:
        rows.append(row(say("in_all"), found.total, all=True))
    keys = ("priced", "unpriced", "cost", "cost_share", "per_contact")
    id = f"costs_{dimension}"
    return (
        Bars(id, say(f"p_{id}"), bars),
        Table(
            id,
            say(f"t_{id}"),
            (asked.label("dimension", dimension),),
            (dimension,),
            tuple(say(key) for key in keys),
            keys,
            tuple(rows),
        ),
    )


def _mix(asked: Asked, dimension: str, types: list[str], id: str, heads: bool = False) -> tuple[Stacks, Table]:
    """How contacts of some types divide over a dimension, incoming and outgoing beside each other."""
    say = asked.say
    where = {"type": types} if types else {}
    tokens = asked.values(dimension, where)
    columns = []
    for way in ("incoming", "outgoing"):
        whole = {**where, "direction": way}
        found = asked.rows("mix", [dimension], where=whole)
        columns.append([asked.part(found, (token,), "all", {**whole, dimension: token}, whole) for token in tokens])
    rows = [
        Row(
            (asked.label("group", asked.groups[token]), asked.label(dimension, token))
            if heads
            else (asked.label(dimension, token),),
            tuple(
                cell for column in columns for cell in (Count(column[at].numerator, "all", column[at].sums[:1]), column[at])
            ),
            tokens=(asked.groups[token], token) if heads else (token,),
        )
        for at, token in enumerate(tokens)
    ]
    ways = [asked.label("direction", way) for way in ("incoming", "outgoing")]
    labels = tuple(asked.label(dimension, token) for token in tokens)
    head = (asked.label("dimension", dimension),)
    return (
        Stacks(id, say(f"p_{id}"), tuple(Stack(way, tuple(column)) for way, column in zip(ways, columns)), labels, tuple(tokens)),
        Table(
            id,
            say(f"t_{id}"),
            (asked.label("dimension", "group"), *head) if heads else head,
            ("group", dimension) if heads else (dimension,),
            tuple(text for way in ways for text in (way, f"{way}: {say('share')}")),
            ("incoming", "incoming_share", "outgoing", "outgoing_share"),
            tuple(rows),
        ),
    )


def types(asked: Asked) -> Chapter:
    """Applications, information about a case, and information; and how information is asked for."""
    words = [asked.words("w_types"), asked.words("w_information")]
    printed = asked.printed("information_website")
    if printed != Absent(""):
        words.append(asked.words("w_information_printed", printed))
    parts = (
        _mix(asked, "type", [], "types", heads=True),
        _mix(asked, "channel", asked.information, "information"),
    )
    return Chapter("types", asked.say("h_types"), tuple(words), parts)


def case_information(asked: Asked) -> Chapter:
    """Questions about a case that there is already."""
    of = {"direction": "incoming", "type": "case_information"}
    found = asked.rows("mix", ["type"], where={"direction": "incoming"})
    share = asked.part(found, ("case_information",), "all", of, {"direction": "incoming"})
    words = [asked.words("w_case_information", share)]
    printed = asked.printed("case_information")
    if printed != Absent(""):
        words.append(asked.words("w_case_information_printed", printed))
    return Chapter(
        "case_information",
        asked.say("h_case_information"),
        tuple(words),
        (_mix(asked, "channel", ["case_information"], "case_information"),),
    )


def closure(asked: Asked) -> Chapter:
    """What was closed at once, by channel and by type."""
    total = asked.rows("first_contact_closure", [])
    sums = asked.facts.sum
    words: list[Sentence] = [asked.words("w_closure")]
    if total:
        (numerator, denominator, (not_stated,)) = total[()]
        stated = (sums("closure", closure="closed"), sums("closure", closure=("closed", "put_aside")))
        words.append(
            asked.words(
                "w_closure_total",
                Part(numerator, denominator, "all", stated),
                Count(not_stated, "all", (sums("closure", closure="not_stated"),)),
            )
        )
    parts = (_closure(asked, "channel", "closure"), _closure(asked, "type", "closure_of_type"))
    return Chapter("closure", asked.say("h_closure"), tuple(words), parts)


def _closure(asked: Asked, dimension: str, table: str) -> tuple[Stacks, Table]:
    say, sums = asked.say, asked.facts.sum
    found = asked.rows("first_contact_closure", [dimension])
    rows, stacks = [], []
    for (value,), (closed, stated, (not_stated,)) in found.items():
        at = {state: sums(table, **{dimension: value, "closure": state}) for state in ("closed", "put_aside", "not_stated")}
        both = sums(table, **{dimension: value, "closure": ("closed", "put_aside")})
        share = Part(closed, stated, "all", (at["closed"], both))
        rest = Part(stated - closed, stated, "all", (at["put_aside"], both))
        cells: tuple[Cell, ...] = (
            Count(closed, "all", (at["closed"],)),
            Count(stated - closed, "all", (at["put_aside"],)),
            Count(not_stated, "all", (at["not_stated"],)),
            share,
        )
        rows.append(Row((asked.label(dimension, value),), cells, tokens=(value,)))
        stacks.append(Stack(asked.label(dimension, value), (share, rest)))
    labels = tuple(asked.label("closure", state) for state in ("closed", "put_aside"))
    return (
        Stacks(table, say(f"p_{table}"), tuple(stacks), labels, ("closed", "put_aside")),
        Table(
            table,
            say(f"t_{table}"),
            (asked.label("dimension", dimension),),
            (dimension,),
            (*labels, asked.label("closure", "not_stated"), say("share_closed")),
            ("closed", "put_aside", "not_stated", "share_closed"),
            tuple(rows),
        ),
    )


def forms(asked: Asked) -> Chapter:
    """Paper and digital forms that came with contacts."""
    say, sums = asked.say, asked.facts.sum
    found = asked.rows("form_share", ["channel"])
    rows, stacks = [], []
    for (value,), (_, stated, (paper, digital, not_stated)) in found.items():
        at = {form: sums("form", channel=value, form=form) for form in ("none", "paper", "digital", "not_stated")}
        whole = sums("form", channel=value, form=("none", "paper", "digital"))
        numbers = {"none": stated - paper - digital, "paper": paper, "digital": digital}
        parts = tuple(Part(number, stated, "all", (at[form], whole)) for form, number in numbers.items())
        counts: list[Cell] = [Count(number, "all", (at[form],)) for form, number in numbers.items()]
        cells = (*counts, Count(not_stated, "all", (at["not_stated"],)), parts[1], parts[2])
        rows.append(Row((asked.label("channel", value),), cells, tokens=(value,)))
        stacks.append(Stack(asked.label("channel", value), parts))
    labels = tuple(asked.label("form", form) for form in ("none", "paper", "digital"))
    table = Table(
        "forms",
        say("t_forms"),
        (asked.label("dimension", "channel"),),
        ("channel",),
        (*labels, asked.label("form", "not_stated"), say("share_paper"), say("share_digital")),
        ("none", "paper", "digital", "not_stated", "share_paper", "share_digital"),
        tuple(rows),
    )
    picture = Stacks("forms", say("p_forms"), tuple(stacks), labels, ("no_form", "paper", "digital"))
    return Chapter("forms", say("h_forms"), (asked.words("w_forms"),), ((picture, table),))
