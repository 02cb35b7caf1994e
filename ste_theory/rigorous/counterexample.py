"""Counterexamples: a point in the variables of the statement, certified by balls and made as simple as it can be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb

from ste_theory.rigorous.balls import digits
from ste_theory.rigorous.inequality import Inequality, Variable
from ste_theory.rigorous.translate import CannotTranslate, real_value

Point = Mapping[sp.Symbol, sp.Expr]
_DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 30, 50, 100, 1000, 10**4, 10**6, 10**9, 10**12, 10**18)


@dataclass(frozen=True)
class Refuted:
    """The inequality is false at the point; ``margin`` is the value of the expression there, as balls prove it."""

    point: Point
    margin: str
    bits: int

    def to_json(self) -> dict[str, Any]:
        """The evidence as a document."""
        point = {str(symbol): sp.sstr(value) for symbol, value in self.point.items()}
        return {"point": point, "value": self.margin, "bits": self.bits}


def counterexample(inequality: Inequality, point: Point, *, bits: int) -> Refuted | None:
    """The simplest point found near a given one at which the inequality certainly fails; None if not even there."""
    value = violation(inequality, point, bits=bits)
    if value is None:
        return None
    best = dict(point)
    for variable in inequality.variables:
        for candidate in _simpler(variable, best[variable.symbol]):
            found = violation(inequality, {**best, variable.symbol: candidate}, bits=bits)
            if found is not None:
                best[variable.symbol], value = candidate, found
                break
    return Refuted(best, "0" if value == 0 else digits(value, 8), bits)


def violation(inequality: Inequality, point: Point, *, bits: int) -> arb | None:
    """The value of the expression at a point of the domain where balls prove the inequality false; else None."""
    try:
        for hypothesis in inequality.hypotheses:
            if not (real_value(hypothesis, point, bits=bits) > 0 or _exactly_zero(hypothesis, point)):
                return None
        value = real_value(inequality.expression, point, bits=bits)
    except CannotTranslate:
        return None
    if value < 0:
        return value
    if inequality.strict and value.contains(0) and _exactly_zero(inequality.expression, point):
        return arb(0)
    return None


def _exactly_zero(expression: sp.Expr, point: Point) -> bool:
    return bool(sp.expand(sp.sympify(expression).subs(point)) == 0)


def _simpler(variable: Variable, value: sp.Expr) -> Iterator[sp.Expr]:
    """Numbers of the range near a value, the simplest first; for an angle multiples of π among them."""
    near = _rational(value)
    turns = _rational(value / sp.pi) if variable.angular else None
    size = _size(value)
    seen = set()
    for denominator in _DENOMINATORS:
        candidates = [_exact(near.limit_denominator(denominator))]
        if turns is not None:
            candidates.append(_exact(turns.limit_denominator(denominator)) * sp.pi)
        for candidate in candidates:
            if candidate not in seen and variable.lower <= candidate <= variable.upper and _size(candidate) < size:
                seen.add(candidate)
                yield candidate


def _rational(value: sp.Expr) -> Fraction:
    """A rational number near a real one."""
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    return Fraction(str(sp.N(value, 40)))


def _exact(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


def _size(value: sp.Expr) -> int:
    """How many characters it takes to write a number."""
    return len(sp.sstr(value))
