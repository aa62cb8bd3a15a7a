"""Random money expressions, computed by komhen and by Python's fractions and decimal: equal to the last digit.

    python3 tests/differential/money.py build/release/tests/komhen_money_driver
    python3 tests/differential/money.py DRIVER --expressions 10000000 --seed 7
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from decimal import Decimal, localcontext
from fractions import Fraction

MOST = 2**127 - 1
LEAST = -(2**127)
OVERFLOW, ARGUMENT = "E8", "E2"


class Refused(Exception):
    pass


def held(oere: int) -> int:
    if not LEAST <= oere <= MOST:
        raise Refused(OVERFLOW)
    return oere


def half_up(value: Fraction) -> int:
    size = abs(value)
    whole = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return whole if value >= 0 else -whole


def settled(value: Fraction, name: str) -> int:
    oere = half_up(value) if name == "up" else round(value)  # Python's round() sends halves to even
    if abs(oere) > MOST:
        raise Refused(OVERFLOW)
    return oere


def text_of(oere: int) -> str:
    with localcontext() as context:
        context.prec = 60
        return format(Decimal(oere).scaleb(-2), ".2f")


def split(oere: int, weights: list[int]) -> list[int]:
    total = sum(weights)
    if total == 0:
        raise Refused(ARGUMENT)
    size = abs(oere)
    parts = [size * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), i))
    for i in order[: size - sum(parts)]:
        parts[i] += 1
    return parts if oere >= 0 else [-part for part in parts]


class Expression:
    """Grows a line and its value side by side. Kinds: m(oney, int øre), a(mount, Fraction øre), n(umber)."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.words: list[str] = []
        self.kind = "m"
        self.value: int | Fraction = 0

    def money(self) -> int:
        rng = self.rng
        bits = rng.choice((4, 10, 20, 40, 63, 100, 120, 126))
        oere = rng.getrandbits(bits) * rng.choice((1, 1, -1))
        sign, size = ("-" if oere < 0 else ""), abs(oere)
        self.words.append(f"{sign}{size // 100}.{size % 100:02d}kr")
        return oere

    def number(self) -> Fraction:
        rng = self.rng
        above = rng.getrandbits(rng.choice((3, 8, 20, 40, 62))) * rng.choice((1, -1))
        if rng.random() < 0.5:
            self.words.append(str(above))
            return Fraction(above)
        below = rng.getrandbits(rng.choice((2, 7, 20))) + 1
        self.words.append(f"{above}/{below}")
        return Fraction(above, below)

    def operand(self, kinds: str) -> tuple[str, int | Fraction]:
        kind = self.rng.choice(kinds)
        return (kind, self.money()) if kind == "m" else (kind, self.number())

    def step(self) -> None:
        op = self.rng.choice("++--**//~")
        if op == "~":
            self.words.append("neg")
            self.value = held(-self.value) if self.kind == "m" else -self.value
            return
        if op in "+-":
            kind, other = self.operand("n" if self.kind == "n" else "m")
        elif self.kind == "n" or op == "*":
            kind, other = self.operand("n")
        else:
            kind, other = self.operand("nnm")
        self.words.append(op)
        if op in "+-":
            value = self.value + other if op == "+" else self.value - other
            if self.kind == "m":
                value = held(int(value))
        elif op == "*":
            value = self.value * other
            if self.kind == "m":
                if other.denominator == 1:
                    value = held(int(value))
                else:
                    self.kind = "a"
        else:
            if other == 0:
                raise Refused(ARGUMENT)
            value = Fraction(self.value) / other
            if kind == "m":
                self.kind = "n"
            elif self.kind == "m":
                self.kind = "a"
        self.value = value

    def finish(self) -> str:
        if self.kind != "n" and self.rng.random() < 0.8:
            name = self.rng.choice(("up", "even"))
            self.words.append(name)
            self.value, self.kind = settled(Fraction(self.value), name), "m"
        if self.kind == "m" and self.rng.random() < 0.4:
            self.words.append(self.rng.choice(("da", "plain")))
            if abs(self.value) > MOST:  # the lowest amount has no opposite, so its text is refused
                raise Refused(OVERFLOW)
        if self.kind == "m" and self.rng.random() < 0.15:
            weights = [self.rng.randrange(0, 1000) for _ in range(self.rng.randrange(1, 7))]
            self.words.append("split:" + ",".join(map(str, weights)))
            return ";".join(map(text_of, split(int(self.value), weights)))
        if self.kind == "m":
            return text_of(int(self.value))
        return str(Fraction(self.value))


def expression(rng: random.Random) -> tuple[str, str]:
    grown = Expression(rng)
    try:
        grown.kind, grown.value = grown.operand("mmmn")
        for _ in range(rng.randrange(1, 7)):
            grown.step()
        expected = grown.finish()
    except Refused as refused:
        expected = str(refused)
    return " ".join(grown.words), expected


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("driver")
    parser.add_argument("--expressions", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    done = refused = 0
    while done < options.expressions:
        batch = [expression(rng) for _ in range(min(100_000, options.expressions - done))]
        lines = "".join(line + "\n" for line, _ in batch)
        run = subprocess.run([options.driver], input=lines, capture_output=True, text=True, check=True)
        for (line, expected), got in zip(batch, run.stdout.splitlines(), strict=True):
            refused += expected.startswith("E")
            if got != expected:
                print(f"{line}\n  komhen: {got}\n  Python: {expected}", file=sys.stderr)
                return 1
        done += len(batch)
    print(f"{done} money expressions equal Python's, {refused} of them refused alike (seed {options.seed})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
