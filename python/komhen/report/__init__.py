"""The report: a round for people, as a page, a workbook, CSV files or JSON."""

import sys
from inspect import signature
from types import ModuleType
from typing import Any

from .report import Report
from .report import report as _report


class _Called(ModuleType):
    """``komhen.report`` is this package and is called as the function that makes one, whichever is imported first."""

    def __call__(self, *arguments: Any, **named: Any) -> Report:
        return _report(*arguments, **named)


sys.modules[__name__].__class__ = _Called
__signature__ = signature(_report)  # what help, ? and completion show
__doc__ = _report.__doc__ or __doc__

__all__ = ["Report"]
