"""Exact shares and amounts of any size, settled in one rounding.

The rule is the core's, `change_text` of src/exact.cpp: halves away from zero, once, at the last decimal that is shown. The core takes
whole numbers of 64 bits, and rounds whatever fits. Fractions of prices, and sums of sums, may be longer: only those are rounded here.
"""

from __future__ import annotations

from . import _core

_FITS = 2**63 - 1
Ratio = tuple[int, int]


def change_text(before: Ratio, after: Ratio, decimals: int) -> str:
    """The change from a share to another in percentage points, as decimal text with a point; denominators are above zero."""
    if max(map(abs, (*before, *after))) <= _FITS:
        return _core.change_text(before, after, decimals)
    denominator = before[1] * after[1]
    numerator = (after[0] * before[1] - before[0] * after[1]) * 100 * 10**decimals
    units = (2 * abs(numerator) + denominator) // (2 * denominator)
    digits = f"{units:0{decimals + 1}d}"
    sign = "-" if numerator < 0 and units else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def per_cent(numerator: int, denominator: int) -> int:
    """A share in whole per cent."""
    return int(change_text((0, 1), (numerator, denominator), 0))
