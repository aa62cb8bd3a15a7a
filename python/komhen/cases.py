"""Business cases: one readable TOML file each, and figures that explain themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, overload

from . import _core
from ._shown import CoreRows, Shown, values_of
from ._text import asked, not_there, text_table
from .measures import PathLike, _callable, _path, _whole, _word

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True)
class CaseInput:
    """A number that the case file gives, by its place in the file. ``low`` and ``high`` are those of a range."""

    id: str
    value: Fraction
    unit: str
    low: Fraction | None
    high: Fraction | None
    triangular: bool
    estimated: bool
    source: str


@dataclass(frozen=True)
class Printed:
    """What a source prints of a figure, and whether what is computed agrees."""

    text: str
    agrees: bool
    source: str
    note: str


@dataclass(frozen=True)
class Figure:
    """A figure of a case.

    ``value`` is the decimal text of every shell: kroner settled to øre, decimals that never end rounded half up to six.
    ``exact`` is the exact value, None for an ``estimate``. ``certainty`` is ``exact`` (a source prints it), ``derived`` or
    ``estimate``. ``inputs`` are ids of ``Case.inputs``. Source: docs/cases.md.
    """

    id: str
    label: str
    value: Decimal
    exact: Fraction | None
    unit: str
    certainty: str
    formula: str
    inputs: tuple[str, ...]
    source: str
    notes: tuple[str, ...]
    printed: Printed | None

    @property
    def text(self) -> str:
        """The value as every shell prints it."""
        return format(self.value, "f")

    def explain(self, lang: str = "da") -> str:
        """Value, unit, certainty, formula, inputs, source and what is printed, in Danish (``"da"``) or English (``"en"``).
        `Case.explain` says what the inputs are."""
        from ._explain_money import of_figure

        return of_figure(self, lang)


@dataclass(frozen=True)
class TornadoBar:
    """What one input does to a figure when it alone goes from the low end of its range to the high one: exact."""

    figure: str
    input: str
    at_low: Fraction
    at_high: Fraction


@dataclass(frozen=True)
class Simulation:
    """A figure drawn at random over all the ranges: an estimate. The same seed draws the same everywhere."""

    figure: str
    unit: str
    draws: int
    seed: int
    mean: Decimal
    lowest: Decimal
    highest: Decimal
    percentiles: dict[int, Decimal]


def _input(row: dict[str, Any]) -> CaseInput:
    ends = {name: None if row[name] is None else Fraction(row[name]) for name in ("low", "high")}
    return CaseInput(**{**row, **ends, "value": Fraction(row["value"])})


def _figure(row: dict[str, Any]) -> Figure:
    return Figure(
        **{
            **row,
            "value": Decimal(row["value"]),
            "exact": None if row["exact"] is None else Fraction(row["exact"]),
            "inputs": tuple(row["inputs"]),
            "notes": tuple(row["notes"]),
            "printed": None if row["printed"] is None else Printed(**row["printed"]),
        }
    )


def _simulation(row: dict[str, Any]) -> Simulation:
    drawn = {name: Decimal(row[name]) for name in ("mean", "lowest", "highest")}
    percentiles = {number: Decimal(value) for number, value in row["percentiles"].items()}
    return Simulation(**{**row, **drawn, "percentiles": percentiles})


class Case(Shown[_core.CaseResult]):
    """Everything that follows from a case file. ``case["saving_actual"]`` is a `Figure`, and so is ``case[0]``. As a frame, a
    row for each figure. Source: docs/cases.md."""

    def __init__(self, result: _core.CaseResult) -> None:
        self._table = result
        self._figures = {row["id"]: _figure(row) for row in result.figures}

    @property
    def title(self) -> str:
        """The case's title."""
        return self._table.title

    @property
    def source(self) -> str:
        """The source of every figure that names none."""
        return self._table.source

    @property
    def processes(self) -> list[dict[str, Any]]:
        """The steps of the process: ``when`` (``"before"`` or ``"after"``), ``title``, ``steps``."""
        return self._table.processes

    @property
    def inputs(self) -> dict[str, CaseInput]:
        """What the file gives, by id."""
        return {row["id"]: _input(row) for row in self._table.inputs}

    @property
    def figures(self) -> list[Figure]:
        """The figures, in the order of docs/cases.md."""
        return list(self._figures.values())

    @property
    def tornado(self) -> CoreRows[TornadoBar]:
        """For each figure with ranges under it, the inputs one at a time, the widest first. As a frame: ``figure``, ``input``,
        ``unit``, and ``at_low`` and ``at_high`` with 6 decimals, each with its exact fraction beside it."""
        bars = [
            TornadoBar(row["figure"], row["input"], Fraction(row["at_low"]), Fraction(row["at_high"]))
            for row in self._table.tornado
        ]
        core = self._table
        return CoreRows(
            bars,
            lambda: _core.tornado_stream(core),
            lambda: _core.tornado_rows(core),
            ("Én forudsætning ad gangen", "One input at a time"),
        )

    @property
    def simulations(self) -> CoreRows[Simulation]:
        """What the random draws give: estimates. As a frame, a row for each number: ``figure``, ``unit``, ``draws``, ``seed``,
        ``statistic`` (``mean``, ``lowest``, ``percentile``, ``highest``), ``per_cent`` and ``value``."""
        core = self._table
        return CoreRows(
            [_simulation(row) for row in core.simulations],
            lambda: _core.simulation_stream(core),
            lambda: _core.simulation_rows(core),
            ("Tilfældige træk over alle intervaller (skøn)", "Random draws over all ranges (estimates)"),
        )

    @property
    def warnings(self) -> list[str]:
        """Where what is computed and what is printed disagree, and what a reader must know."""
        return self._table.warnings

    def explain(self, figure: str | None = None, lang: str = "da") -> str:
        """A figure in words: value, formula, every input with its source. Without an id, the whole case with its process
        steps before and after.

        In Danish (``"da"``) or English (``"en"``); ``case.explain("en")`` is the whole case in English. Labels and formulas stand
        in the case's own language. Raises KomhenError for an id that the case does not have.
        """
        from ._explain_money import of_case

        return of_case(self, *asked(None if figure is None else _word("figure", figure), lang, self._figures))

    def to_pylist(self) -> list[dict[str, Any]]:
        """One dict a figure: ``figure``, ``label``, ``value`` (Decimal, at most 6 decimals; kroner settled to øre),
        ``value_exact`` (Fraction; None for an estimate), ``unit``, ``certainty``, ``formula``, ``inputs``, ``source``, ``printed``
        and ``notes``."""
        return values_of(_core.frame_rows(self._table))

    def to_html(self, lang: str = "da", most: int | None = None) -> str:
        """The figures as a table for a page, with the process before and after: numbers and labels of the language, all
        escaped. Labels of figures and texts of the case stand in the case's own language."""
        from ._html_money import of_case

        return of_case(self, lang, most)

    def to_text(self, rich: bool = False) -> str:
        """The figures for people."""
        rows = [
            [figure.id, figure.label, figure.unit, figure.certainty, figure.printed.text if figure.printed else "", figure.text]
            for figure in self.figures
        ]
        parts = [text_table(["figure", "", "unit", "certainty", "printed", "value"], rows, left=5, rich=rich)]
        said = self.to_dict()
        if said["tornado"]:
            ends = [[bar[name] for name in ("figure", "input", "unit", "at_low", "at_high")] for bar in said["tornado"]]
            parts.append("One input at a time, from its low end to its high one (exact)")
            parts.append(text_table(["figure", "input", "unit", "at low", "at high"], ends, left=3, rich=rich))
        for drawn in said["simulations"]:
            names = [f"{number} %" for number in drawn["percentiles"]]
            cells = [drawn["lowest"], *drawn["percentiles"].values(), drawn["highest"], drawn["mean"]]
            parts.append(f"{drawn['draws']} random draws over all ranges, seed {drawn['seed']} (an estimate)")
            head = ["figure", "unit", "lowest", *names, "highest", "mean"]
            parts.append(text_table(head, [[drawn["figure"], drawn["unit"], *cells]], left=2, rich=rich))
        return "\n".join(parts)

    def plot(
        self, kind: Literal["waterfall", "tornado", "cash_flow"] = "waterfall", *, lang: str = "da"
    ) -> alt.LayerChart:
        """A picture of the case: see `komhen.plots`. Raises KomhenError for another kind, or without Altair."""
        from . import plots

        if kind == "waterfall":
            return plots.waterfall(self, lang=lang)
        if kind == "tornado":
            return plots.tornado(self, lang=lang)
        if kind == "cash_flow":
            return plots.cash_flow(self, lang=lang)
        raise _core.KomhenError("a case is drawn as waterfall, tornado or cash_flow")

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, figure: str | int) -> Figure: ...
        @overload
        def __getitem__(self, figure: slice) -> list[Figure]: ...

    def __getitem__(self, figure: str | int | slice) -> Figure | list[Figure]:
        if not isinstance(figure, str):
            return self.figures[figure]
        if figure not in self._figures:
            raise KeyError(not_there("figure", "case", figure, self._figures))
        return self._figures[figure]

    def __contains__(self, figure: object) -> bool:
        return figure in self._figures

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self._figures)

    def __repr__(self) -> str:
        return "\n".join([self.title, self.to_text(), *(f"note: {warning}" for warning in self.warnings)])


def business_case(
    path: PathLike,
    *,
    seed: int | None = None,
    draws: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Case:
    """Compute a business case from a TOML file (docs/cases.md).

    Source: the case file names the source of every figure; the rules are those of docs/cases.md.

    Parameters
    ----------
    path : path
        The case file. Paths in it begin at its own folder.
    seed, draws : int, optional
        Of the random draws over ranges, in place of what the file says; at most 10,000,000 draws.
    progress : callable, optional
        Called with draws done and draws in all, many times a second. What it raises ends the work, and so does Ctrl-C.

    Returns
    -------
    Case
        Its figures, each with value, unit, certainty, formula, inputs, source, and what is printed of it.

    Raises
    ------
    KomhenError
        One sentence that names file, key and value: shares that do not sum to 100 %, ranges upside down, negative counts,
        unknown channels, a missing price, a division by zero.

    Examples
    --------
    Source of the figures: KL, "Fælleskommunal digitaliseringsstrategi", project description 1.1, September 2011.

    >>> import komhen, tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "case.toml"
    >>> _ = file.write_text('''
    ... title = "The national potential"
    ... source = "KL, project description 1.1"
    ... [[potential.part]]
    ... id = "self_service"
    ... amount = "650.000.000 kr."
    ... [[potential.part]]
    ... id = "post"
    ... amount = "460.000.000 kr."
    ... ''')
    >>> case = komhen.business_case(file)
    >>> case["potential"].value, case["potential"].certainty
    (Decimal('1110000000.00'), 'derived')
    """
    return Case(
        _core.run_case(
            _path(path),
            None if seed is None else _whole("seed", seed, 0, 2**64 - 1),
            None if draws is None else _whole("draws", draws, -(2**63), 2**63 - 1),
            _callable(progress),
        )
    )
