"""Documents read with suspicion: the type, the size and the keys of everything, before anything is computed."""

import re
from fractions import Fraction
from typing import Any

from ste_theory.checker.expression import Rejected

MAX_DIGITS, MAX_TEXT, MAX_PIECES = 300, 40_000, 200
_DECIMAL = re.compile(r"(-?[0-9]+)(?:\.([0-9]+))?(?:e([-+]?[0-9]{1,4}))?", re.ASCII)
_RATIONAL = re.compile(r"-?[0-9]+(/[1-9][0-9]*)?", re.ASCII)


def as_object(value: object, where: str, keys: set[str], optional: frozenset[str] = frozenset()) -> dict[str, Any]:
    """An object with exactly these keys, and perhaps the optional ones."""
    if not isinstance(value, dict) or not keys <= set(value) <= keys | optional:
        raise Rejected(f"{where} is not an object with exactly the keys {', '.join(sorted(keys))}")
    return value


def as_list(value: object, where: str, longest: int) -> list[Any]:
    """A list that is not too long."""
    if not isinstance(value, list) or len(value) > longest:
        raise Rejected(f"{where} is not a list of at most {longest} entries")
    return value


def as_text(value: object, where: str) -> str:
    """A text that is not too long."""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise Rejected(f"{where} is not a text of at most {MAX_TEXT} characters")
    return value


def as_integer(value: object, where: str, lowest: int, highest: int) -> int:
    """An integer of a range; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise Rejected(f"{where}: not an integer from {lowest} to {highest}: {str(value)[:40]}")
    return value


def rational(value: object, where: str) -> Fraction:
    """p/q."""
    if not isinstance(value, str) or len(value) > MAX_DIGITS or not _RATIONAL.fullmatch(value):
        raise Rejected(f"{where}: not a rational number p/q: {str(value)[:40]!r}")
    return Fraction(value)


def rational_or_end(value: object, where: str, end: str) -> Fraction | None:
    """p/q, or None for the text that stands for an infinite end."""
    return None if value == end else rational(value, where)


def decimal(value: object, where: str) -> tuple[Fraction, Fraction]:
    """A decimal number and the unit of its last digit."""
    found = _DECIMAL.fullmatch(value) if isinstance(value, str) and len(value) <= MAX_DIGITS else None
    if found is None:
        raise Rejected(f"{where}: not a decimal number: {str(value)[:40]!r}")
    whole, after, power = found.groups(default="")
    unit = Fraction(10) ** (int(power or 0) - len(after))
    return int(whole + after) * unit, unit
