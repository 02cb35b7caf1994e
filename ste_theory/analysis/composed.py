"""The sign that a formula has at every u ≥ 0 because of what it is made of: √u·exp(−u²) ≥ 0, without a slope at 0."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from ste_theory.model.expressions import Algebra, Formula, fold


@dataclass(frozen=True)
class Part:
    """1 or −1: ≥ 0 or ≤ 0 wherever it is defined; 0: not known. ``number``: its value if it is a rational constant."""

    sign: int
    number: Fraction | None = None


def sign_of_parts(formula: Formula) -> int:
    """1 or −1 if the formula is ≥ 0 or ≤ 0 at every u ≥ 0 at which it is defined, by its parts; else 0.

    >>> from ste_theory.model.expressions import parse
    >>> [sign_of_parts(parse(text)) for text in ("sqrt(x)*exp(-x^2)", "-x*cosh(x)", "x - 1")]
    [1, -1, 0]
    """
    return fold(formula, _SIGNS, {"x": Part(1)}).sign


def _power(base: Part, exponent: Part) -> Part:
    number = exponent.number
    if base.sign == 1 or (number is not None and number.denominator == 1 and number % 2 == 0):
        return Part(1)
    odd = number is not None and number.denominator == 1
    return Part(base.sign if odd else 0)


def _constant(value: Fraction) -> Part:
    return Part(-1 if value < 0 else 1, value)


def _minus(part: Part) -> Part:
    return _constant(-part.number) if part.number is not None else Part(-part.sign)


def _sum(one: Part, two: Part) -> Part:
    if one.number is not None and two.number is not None:
        return _constant(one.number + two.number)
    for zero, other in ((one, two), (two, one)):
        if zero.number == 0:
            return other
    return Part(one.sign if one.sign == two.sign else 0)


def _product(one: Part, two: Part) -> Part:
    if one.number is not None and two.number is not None:
        return _constant(one.number * two.number)
    return Part(one.sign * two.sign)


def _quotient(one: Part, two: Part) -> Part:
    if one.number is not None and two.number:
        return _constant(one.number / two.number)
    return Part(one.sign * two.sign)


_OPERATORS: Mapping[str, Callable[[Part, Part], Part]] = {
    "+": _sum,
    "-": lambda one, two: _sum(one, _minus(two)),
    "*": _product,
    "/": _quotient,
    "^": _power,
}
_SIGNS: Algebra[Part] = Algebra(
    _constant,
    _OPERATORS,
    {
        "exp": lambda _: Part(1),
        "sqrt": lambda _: Part(1),
        "cosh": lambda _: Part(1),
        "tanh": lambda p: Part(p.sign),
        "atan": lambda p: Part(p.sign),
        "erf": lambda p: Part(p.sign),
        "log": lambda _: Part(0),
        "sin": lambda _: Part(0),
        "cos": lambda _: Part(0),
    },
    Part(1),
)
