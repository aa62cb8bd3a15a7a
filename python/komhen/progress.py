"""Progress bars: what `count`, `simulate`, `business_case` and `merge_journals` call, as a bar of tqdm's or of rich's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ._core import KomhenError

__all__ = ["bar"]


@contextmanager
def bar(title: str = "komhen", kind: str | None = None) -> Iterator[Callable[[int, int], None]]:
    """A progress bar for ``progress=`` on standard error, taken down when the work ends, fails or is stopped.

    Parameters
    ----------
    title : str, optional
        What stands before the bar.
    kind : {"tqdm", "rich"}, optional
        Whose bar. Default: tqdm's where it is installed, else rich's.

    Returns
    -------
    context manager
        Gives a function of done and in all, in the units of the call: bytes of files, rows, draws or entries. A total of -1, of
        a frame, is a bar without an end.

    Raises
    ------
    KomhenError
        If neither is installed, or the one that is named is not.
    ValueError
        If ``kind`` is another word.

    Examples
    --------
    >>> import komhen
    >>> from komhen.progress import bar
    >>> frame = komhen.Cube().to_arrow().rename_columns(["kle" if n == "task" else n for n in komhen.Cube().to_arrow().column_names])
    >>> with bar("counting") as progress:
    ...     cube = komhen.count(frame, progress=progress)

    Source: komhen's own.
    """
    if kind not in (None, "tqdm", "rich"):
        raise ValueError("kind must be 'tqdm' or 'rich'")
    for name, make in (("tqdm", _tqdm), ("rich", _rich)):
        if kind in (None, name):
            try:
                held = make(title)
            except ImportError:
                continue
            with held as tell:
                yield tell
            return
    raise KomhenError(f"a progress bar needs {kind or 'tqdm or rich'}, which is not installed: pip install {kind or 'tqdm'}")


def _tqdm(title: str) -> Any:
    from importlib import import_module

    tqdm: Any = import_module("tqdm.auto").tqdm  # it has no types

    @contextmanager
    def held() -> Iterator[Callable[[int, int], None]]:
        with tqdm(desc=title, unit_scale=True) as shown:

            def tell(done: int, total: int) -> None:
                shown.total = None if total < 0 else total
                shown.update(done - shown.n)

            yield tell

    return held()


def _rich(title: str) -> Any:
    from rich.console import Console
    from rich.progress import Progress

    @contextmanager
    def held() -> Iterator[Callable[[int, int], None]]:
        # As tqdm does, and as the command line: what a program prints is data, and a bar is none.
        with Progress(console=Console(stderr=True)) as shown:
            task = shown.add_task(title, total=None)

            def tell(done: int, total: int) -> None:
                shown.update(task, completed=done, total=None if total < 0 else total)

            yield tell

    return held()
