"""Pictures of komhen's tables: Vega-Lite through Altair, drawn without a browser (``pip install komhen[plots]``).

Each function gives an Altair chart with komhen's theme, words and numbers of a language, and alt text made from its rows.
It only draws: what it shows is what `komhen.measure`, `costs`, `business_case` and `goals` give.

>>> import komhen
>>> from komhen import plots
>>> plots.specs.channel_mix(komhen.Cube(), lang="en")["description"]
'Contacts by channel. There is nothing to show here: no contacts.'
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import specs
from ._rendering import alt_text, chart, save, to_svg
from ._shares import KL, Goal
from ._spec import Given
from ._theme import format_locale, theme

if TYPE_CHECKING:
    import altair as alt

    from ..cases import Case
    from ..prices import Costs
    from ..tables import Comparison
    from ..targets import Goals

__all__ = [
    "alt_text",
    "cash_flow",
    "channel_mix",
    "closure",
    "cost",
    "directions",
    "format_locale",
    "goals",
    "information",
    "save",
    "self_service",
    "specs",
    "theme",
    "to_svg",
    "tornado",
    "waterfall",
    "weeks",
]


def channel_mix(cube: Given, by: str | Sequence[str] | None = None, *, lang: str = "da") -> alt.LayerChart:
    """Incoming contacts by channel: a bar of 100 % for each value of ``by``.

    Source of the channels: KL, "Kommunernes henvendelser", spring 2012.

    Parameters
    ----------
    cube : Cube or Table
        A cube, or a table of ``mix`` whose last dimension is ``channel``.
    by : str or sequence of str, optional
        What the bars stand for, such as ``"type"`` or ``"task"``. Default: one bar. A table has its own.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``channel_mix`` has a row a part: name, part, numerator and denominator (contacts), share.

    Raises
    ------
    KomhenError
        If Altair is not installed, or the table is of something else.
    """
    return chart(specs.channel_mix(cube, by, lang=lang))


def self_service(
    cube: Given | Comparison,
    before: Given | None = None,
    *,
    goal: Goal = KL,
    by: str = "task",
    lang: str = "da",
) -> alt.LayerChart:
    """Share of self-service by task, the highest first, with the line of a goal; with an earlier count, a dumbbell each.

    Source of the measure and of 80 %: KL, "Kommunernes henvendelser", spring 2012.

    Parameters
    ----------
    cube, before : Cube or Table
        Cubes, which are both measured under the scheme of ``cube``, or tables of ``self_service`` by the same dimensions, of the
        same basis, tasks and filters; ``cube`` may be what `komhen.compare` gives, which holds both.
    goal : str, Fraction or None, optional
        ``"kl"`` (the default) is KL's goal of 80 % where the shares are those that it is about, applications on the task set
        ``kl-35``, and no line elsewhere; ``"80 %"``, ``"82,5 %"`` or a fraction from 0 to 1 always; None is no line.
    by : str, optional
        What the rows stand for. A table has its own.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``self_service`` has a row a bar. Where there is no share there is no mark, but a word.

    Raises
    ------
    KomhenError
        If Altair is not installed, the two sides are shares of different things, or the goal is no share.
    """
    return chart(specs.self_service(cube, before, goal=goal, by=by, lang=lang))


def directions(cube: Given, by: str | Sequence[str] | None = "channel", *, lang: str = "da") -> alt.LayerChart:
    """Who initiates: incoming and outgoing contacts, a bar of 100 % for each value of ``by``.

    Parameters
    ----------
    cube : Cube or Table
        A cube, or a table of ``mix`` whose last dimension is ``direction``.
    by : str, sequence of str or None, optional
        What the bars stand for; None is one bar. A table has its own.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``directions`` has a row a part, as that of `channel_mix`. Errors as there.
    """
    return chart(specs.directions(cube, by, lang=lang))


def closure(
    cube: Given, by: str | Sequence[str] | None = "channel", *, stated: bool = False, lang: str = "da"
) -> alt.LayerChart:
    """How incoming contacts were closed: at once, put aside, or not stated; a bar of 100 % for each value of ``by``.

    Source: KL, "Kommunernes henvendelser", spring 2012, "Afslutning af henvendelserne". The bars are of all contacts; of a
    cube, the measure ``first_contact_closure``, which leaves out what is not stated, stands in the line under the title.

    Parameters
    ----------
    cube : Cube or Table
        A cube, or a table of ``mix`` whose last dimension is ``closure``.
    by : str, sequence of str or None, optional
        What the bars stand for; None is one bar. A table has its own.
    stated : bool, optional
        Of a cube, draw those contacts alone whose closure is stated, as the measure ``first_contact_closure`` does.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``closure`` has a row a part, as that of `channel_mix`. Errors as there.
    """
    return chart(specs.closure(cube, by, stated=stated, lang=lang))


def information(cube: Given, *, lang: str = "da") -> alt.LayerChart:
    """Incoming information contacts by channel, the most first.

    Parameters
    ----------
    cube : Cube or Table
        A cube, of which the scheme's group ``information`` is drawn; or a table of ``mix`` by channel, filtered as you
        like.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``information`` has a row a channel: name, numerator and denominator (contacts), share. Errors as in
        `channel_mix`.
    """
    return chart(specs.information(cube, lang=lang))


def weeks(cube: Given, *, lang: str = "da") -> alt.LayerChart:
    """Contacts of each week by channel. A week between the first and the last without contacts stays empty.

    Parameters
    ----------
    cube : Cube or Table
        A cube, of which incoming contacts are drawn; or a table of ``contacts`` by week and channel.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``weeks`` has a row a week and channel: contacts. Errors as in `channel_mix`.
    """
    return chart(specs.weeks(cube, lang=lang))


def cost(costs: Costs, *, lang: str = "da") -> alt.LayerChart:
    """What contacts cost: by two dimensions, such as channel and type, a grid of figures; by one, bars.

    Parameters
    ----------
    costs : Costs
        What `komhen.costs` gives, by one or two dimensions (none is one bar).
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``cost`` has a row a figure: cost in kroner for drawing, and ``kroner`` as the core settled it. What has
        no price says so, and is not drawn as zero.

    Raises
    ------
    KomhenError
        If Altair is not installed, or there are more than two dimensions.
    """
    return chart(specs.cost(costs, lang=lang))


def waterfall(case: Case, *, lang: str = "da") -> alt.LayerChart:
    """A channel shift: the cost before, what each channel adds or takes away, the cost after. The case's savings stand
    under the title, each with its baseline.

    Parameters
    ----------
    case : Case
        What `komhen.business_case` gives. Without a channel shift the picture says that there is none.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``waterfall`` has a row a step, in kroner.
    """
    return chart(specs.waterfall(case, lang=lang))


def tornado(case: Case, figure: str | None = None, *, lang: str = "da") -> alt.LayerChart:
    """What each uncertain input alone does to a figure, the widest first.

    Parameters
    ----------
    case : Case
        What `komhen.business_case` gives, with ranges and ``[uncertainty]``.
    figure : str, optional
        The figure's id, one of the case's ``[uncertainty]``. Default: the first of them.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``tornado`` has two rows an input, in the figure's unit.

    Raises
    ------
    KomhenError
        If Altair is not installed, or the case does not have the figure.
    """
    return chart(specs.tornado(case, figure, lang=lang))


def cash_flow(case: Case, *, lang: str = "da") -> alt.LayerChart:
    """Money in and out, year by year, and the running sum as a line.

    Parameters
    ----------
    case : Case
        What `komhen.business_case` gives, with ``[years]``. Without them the picture says that there are none.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``cash_flow`` has a row a year, in kroner, not discounted.
    """
    return chart(specs.cash_flow(case, lang=lang))


def goals(found: Goals, *, lang: str = "da") -> alt.LayerChart:
    """Goals as bullets: a bar for the value, a mark or a band for what is to be reached, and the outcome in words.

    Parameters
    ----------
    found : Goals
        What `komhen.goals` gives.
    lang : {"da", "en"}, optional
        Language of words and numbers.

    Returns
    -------
    altair.LayerChart
        Its dataset ``goals`` has a row a goal. What was not collected has no bar, and says so.
    """
    return chart(specs.goals(found, lang=lang))
