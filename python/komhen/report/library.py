"""Packages that a report needs and komhen does not: found when they are used."""

from __future__ import annotations

from typing import Any

from .._core import KomhenError


def library(name: str, what: str) -> Any:
    """The package. Raises KomhenError that names it and how to get it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise KomhenError(f"{what} needs {name}, which is not installed: pip install komhen[report]") from None
