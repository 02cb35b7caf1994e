"""Ranges of a formula over many intervals at once, in floats: [lo, hi] contains every value on the interval.

Interval arithmetic on arrays. Every operation widens its result by 2⁻⁴⁹ of its size, more than NumPy's rounding (a few
units in the last place), so the ranges hold as long as the functions of the C library are that accurate; where that is
not enough there are balls (``rigorous``). A range is not the smallest: on an interval of length h it exceeds the true
one by O(h).
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ste_theory.model.expressions import Algebra, Formula, fold
from ste_theory.model.numbers import Vector

WIDENING = 2.0**-49


@dataclass(frozen=True, eq=False)
class Ranges:
    """Intervals [lo, hi], elementwise; an undefined end is infinite."""

    lo: Vector
    hi: Vector

    @property
    def largest(self) -> Vector:
        """The largest absolute value in each interval."""
        return np.maximum(np.abs(self.lo), np.abs(self.hi))

    @property
    def smallest(self) -> Vector:
        """The smallest absolute value in each interval."""
        return np.maximum(0.0, np.maximum(self.lo, -self.hi))

    def __add__(self, other: "Ranges") -> "Ranges":
        return widened(self.lo + other.lo, self.hi + other.hi)

    def __sub__(self, other: "Ranges") -> "Ranges":
        return widened(self.lo - other.hi, self.hi - other.lo)

    def __mul__(self, other: "Ranges") -> "Ranges":
        products = (self.lo * other.lo, self.lo * other.hi, self.hi * other.lo, self.hi * other.hi)
        return widened(np.minimum.reduce(products), np.maximum.reduce(products))

    def __truediv__(self, other: "Ranges") -> "Ranges":
        through_zero = (other.lo <= 0) & (other.hi >= 0)
        inverse = Ranges(
            np.where(through_zero, -np.inf, 1 / np.where(through_zero, 1.0, other.hi)),
            np.where(through_zero, np.inf, 1 / np.where(through_zero, 1.0, other.lo)),
        )
        return self * inverse


def widened(lo: Vector, hi: Vector) -> Ranges:
    """The range with both ends moved outwards by more than rounding; what is not a number becomes infinite."""
    tiny = np.finfo(np.float64).tiny
    low = np.where(np.isnan(lo), -np.inf, lo - WIDENING * np.abs(lo) - tiny)
    high = np.where(np.isnan(hi), np.inf, hi + WIDENING * np.abs(hi) + tiny)
    return Ranges(low, high)


def constant(value: float) -> Ranges:
    """One number, widened by the rounding it may carry."""
    return widened(np.asarray(value), np.asarray(value))


def _number(value: Fraction) -> Ranges:
    number = np.asarray(float(value))
    return Ranges(number, number) if Fraction(float(value)) == value else widened(number, number)


def _power(base: Ranges, exponent: Ranges) -> Ranges:
    fixed = float(exponent.lo) if exponent.lo.ndim == 0 and exponent.lo == exponent.hi else None
    if fixed is None or fixed != round(fixed):
        return increasing(np.exp, exponent * _increasing_from(np.log, base, 0.0))
    if fixed < 0:
        return constant(1.0) / _power(base, Ranges(-exponent.lo, -exponent.hi))
    if round(fixed) % 2 == 0:
        return widened(base.smallest**fixed, base.largest**fixed)
    return widened(base.lo**fixed, base.hi**fixed)


def increasing(function: np.ufunc, x: Ranges) -> Ranges:
    """The range of an increasing function."""
    return widened(function(x.lo), function(x.hi))


def _increasing_from(function: np.ufunc, x: Ranges, start: float) -> Ranges:
    """The range of a function that increases from ``start`` on and does not exist before it."""
    outside = x.lo < start
    found = widened(function(np.maximum(x.lo, start)), function(np.maximum(x.hi, start)))
    return Ranges(np.where(outside, -np.inf, found.lo), np.where(outside, np.inf, found.hi))


def _wave(function: np.ufunc, x: Ranges) -> Ranges:
    """|f(x) − f(middle)| is at most the distance to the middle, for sin and cos."""
    half = (x.hi - x.lo) / 2
    middle = function(x.lo + half)
    found = widened(middle - half, middle + half)
    return Ranges(
        np.maximum(np.nan_to_num(found.lo, nan=-1.0), -1.0), np.minimum(np.nan_to_num(found.hi, nan=1.0), 1.0)
    )


def _erf(x: Ranges) -> Ranges:
    from scipy.special import erf

    return increasing(erf, x)


_ALGEBRA: Algebra[Ranges] = Algebra(
    number=_number,
    operators={
        "+": lambda left, right: left + right,
        "-": lambda left, right: left - right,
        "*": lambda left, right: left * right,
        "/": lambda left, right: left / right,
        "^": _power,
    },
    functions={
        "exp": lambda x: increasing(np.exp, x),
        "log": lambda x: _increasing_from(np.log, x, 0.0),
        # Where the formula has values, a negative end is rounding.
        "sqrt": lambda x: widened(np.sqrt(np.maximum(x.lo, 0.0)), np.sqrt(np.maximum(x.hi, 0.0))),
        "sin": lambda x: _wave(np.sin, x),
        "cos": lambda x: _wave(np.cos, x),
        "tanh": lambda x: increasing(np.tanh, x),
        "cosh": lambda x: widened(np.cosh(x.smallest), np.cosh(x.largest)),
        "atan": lambda x: increasing(np.arctan, x),
        "erf": _erf,
    },
    pi=constant(np.pi),
)


def formula_ranges(formula: Formula, x: Ranges) -> Ranges:
    """The range of a formula in x over each interval.

    >>> from ste_theory.model.expressions import parse
    >>> found = formula_ranges(parse("x^2 * exp(-x)"), Ranges(np.array([1.0]), np.array([1.5])))
    >>> bool(found.lo[0] <= np.exp(-1.0)), bool(found.hi[0] >= 2.25 * np.exp(-1.5))
    (True, True)
    """
    with np.errstate(all="ignore"):
        found = fold(formula, _ALGEBRA, {"x": x})
    shape = np.broadcast_shapes(found.lo.shape, x.lo.shape)
    return Ranges(np.broadcast_to(found.lo, shape), np.broadcast_to(found.hi, shape))
