"""The first screen: a few key figures, each with a sentence."""

from __future__ import annotations

from fractions import Fraction

from .. import _core
from .asked import GOAL, Asked
from .cells import Count, Kroner, Municipalities, TaskCount, passes
from .model import Key, Sentence


def keys(asked: Asked) -> list[Key]:
    """Self-service against the goal, its change, the wider share, tasks at the goal, contacts and cost."""
    say, words, facts = asked.say, asked.words, asked.facts
    share = asked.self_service(asked.rows("self_service", [], tasks="kl-35"), (), "35")
    out = [Key("self_service", say("k_self_service"), share, words("k_self_service_words", asked.gap(share)), GOAL)]
    if asked.before is not None:
        earlier = asked.earlier(asked.rows("self_service", [], asked.before, tasks="kl-35"), (), "35")
        change = words("k_change_words", earlier)
        if asked.apart:
            change = Sentence(f"{change.words} {say('w_apart')}", change.figures)
        out.append(Key("change", say("k_change"), asked.change(earlier, share), change))
    by_task = asked.rows("self_service", ["task"], tasks="kl-35")

    def tasks(test: str, bound: int = 0) -> TaskCount:
        number = sum(passes(test, bound, numerator, denominator) for numerator, denominator, _ in by_task.values())
        return TaskCount(number, test, bound, share.sums)

    out.append(Key("tasks", say("k_tasks"), tasks("least", GOAL), words("k_tasks_words", tasks("any"), tasks("below", 10))))
    wide, narrow = (
        asked.self_service(asked.rows("self_service", [], tasks=of, basis="all"), (), scope, every_type=True)
        for of, scope in (("all", "all"), ("kl-35", "35"))
    )
    out.append(Key("all", say("k_all"), wide, words("k_all_words", narrow)))
    everything = Count(asked.cube.contacts, "all", (facts.sum("contacts"),))
    ways = asked.rows("mix", ["direction"])
    incoming = asked.part(ways, ("incoming",), "all", {"direction": "incoming"}, {})
    municipalities = Municipalities(len(asked.rows("contacts", ["municipality"])), (facts.sum("contacts"),))
    out.append(Key("contacts", say("k_contacts"), everything, words("k_contacts_words", municipalities, incoming)))
    if asked.prices is not None:
        total = _core.costs(
            asked.contacts, asked.prices._prices, [], [("direction", ["incoming"])], [], "all", asked.scheme, False, True, [], None
        ).total
        at = facts.sum("contacts", direction="incoming")
        amount, each = Fraction(total[3][1]) if total[3] else Fraction(0), None if total[4] is None else Fraction(total[4][1])
        cost = Kroner(amount.numerator if total[1] else None, amount.denominator, 0, "all", (at,))
        average = Kroner(None if each is None else each.numerator, 1 if each is None else each.denominator, 2, "all:each", (at,))
        out.append(Key("cost", say("k_cost"), cost, words("k_cost_words", average)))
    return out
