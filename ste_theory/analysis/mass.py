"""Integrals of the even part in balls: against the Gaussian of a scale, and plain (the limit of large scales).

K_i(x) = ∫ over region i of |e(u)| φ(u/x) du, so that x·M(x) = Σ ±K_i(x). Every K_i grows with x, and tends to
φ(0)·∫|e| as x → ∞.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from ste_theory.analysis.even_part import Undecided, to_sympy
from ste_theory.analysis.jets import value
from ste_theory.analysis.signs import Region
from ste_theory.analysis.tails import INFINITY, remainder, tail
from ste_theory.model.expressions import Formula, Name, Number
from ste_theory.rigorous.balls import ball, precision
from ste_theory.rigorous.formulas import NoBound, compiled, growth
from ste_theory.rigorous.gaussian import REACH, Analytic, Bound, Piece, mean
from ste_theory.rigorous.integrate import Integrand, NotEnclosed, Segment, integrate


@dataclass(frozen=True)
class Parts:
    """The even part split by sign at one scale: x·M(x) lies in the ball ``positive − negative``."""

    positive: arb
    negative: arb

    @property
    def total(self) -> arb:
        """x·M(x)."""
        return self.positive - self.negative


def parts(found: Sequence[Region], scale: Fraction, *, bits: int = 64, width: float = 1e-14) -> Parts:
    """The positive and the negative part of x·M(x) at a rational scale. Raises ``Undecided``."""
    with precision(bits + 41):
        sums = {1: arb(0), -1: arb(0), 0: arb(0)}
        for region in found:
            if region.sign:
                sums[region.sign] += kernel_mass(region, scale, bits=bits, width=width)
        spread = slivers(found)
        blur = arb(0, 1) * spread.upper()
        return Parts(sums[1] + blur, sums[-1] + blur)


def kernel_mass(region: Region, scale: Fraction, *, bits: int = 64, width: float = 1e-14) -> arb:
    """K(x) = ∫ |e(u)| φ(u/x) du over one region."""
    formula, sign = region.formula, region.sign

    def function() -> Analytic:
        value = compiled(formula)
        return lambda x, analytic: sign * value(x, analytic)

    def bound(side: int) -> Bound:
        return beyond(formula, region.lower, ball(scale))

    piece = Piece(
        lambda: ball(region.lower),
        None if region.upper is None else lambda: ball(region.upper or 0),
        function,
        bound,
    )
    try:
        found = mean([piece], bits=bits, width=width / max(1.0, float(scale)), scale=lambda: ball(scale))
    except (NotEnclosed, NoBound) as error:
        raise Undecided(f"the response at scale {float(scale):.6g} is not enclosed: {error}") from error
    return found * ball(scale)


def beyond(formula: Formula, lower: Fraction, ratio: arb) -> Bound:
    """A bound of f(λa) for a ≥ REACH where f is meant on [lower, ∞) alone. Raises ``NoBound``."""
    start = (ratio * REACH).max(ball(lower))
    try:
        found = growth(formula, start, positive=True)
        return Bound(found.scale * ratio.max(arb(1)) ** found.degree, found.degree, found.rate * ratio)
    except NoBound:
        least = start.max(arb(1))
        known = tail(formula, least).above
        inside = abs(value(formula, start.union(least))).upper() if start < 1 else arb(0)
        if known is None or not known.curve <= 0 or not inside.is_finite():
            raise
    degree = max(known.degree, 0)
    size = known.scale * (ratio**degree if known.degree >= 0 else least**known.degree)
    return Bound(size + inside, degree, known.rate.max(arb(0)) * ratio)


def slivers(found: Sequence[Region]) -> arb:
    """A bound of ∫|e| over the gaps between regions, where a sign change is isolated."""
    total = arb(0)
    for one, two in itertools.pairwise(found):
        if one.upper is not None and one.upper < two.lower:
            size = abs(value(one.formula, ball(one.upper).union(ball(two.lower)))).upper()
            total += arb(size) * ball(two.lower - one.upper)
    return total


def response_ball(found: Sequence[Region], scale: Fraction, *, bits: int = 64, width: float = 1e-14) -> arb:
    """M(x) at a rational scale."""
    with precision(bits + 41):
        return parts(found, scale, bits=bits, width=width).total / ball(scale)


def mass(region: Region) -> arb:
    """∫ |e| over one region, infinite if it certainly is; not finite (a NaN) where it is not known."""
    formula, sign = region.formula, region.sign
    upper = region.upper
    rest = arb(0)
    if upper is None:
        known = tail(formula, ball(max(region.lower, Fraction(1))))
        if (sign * known.lower > 0 and sign > 0) or (sign < 0 and known.upper < 0):
            return INFINITY
        for power in range(3, 12):
            start = max(region.lower, Fraction(1)) * 2**power
            known = tail(formula, ball(start))
            if known.integrable:
                upper, rest = start, remainder(known, ball(start))
                if rest < arb(2) ** -70:
                    break
        if upper is None or not rest.is_finite():
            return arb("nan")
        rest = (rest + arb(0, 1) * rest.upper()) / 2
    end = upper
    if (exact := exact_mass(formula, region.lower, end)) is not None:
        return sign * ball(exact) + rest

    def make() -> tuple[arb, arb, Integrand]:
        return ball(region.lower), ball(end), compiled(formula)

    try:
        return sign * integrate([Segment(make)], bits=96, width=1e-15) + rest
    except NotEnclosed:
        return arb("nan")


def exact_mass(formula: Formula, lower: Fraction, upper: Fraction) -> Fraction | None:
    """∫ of a polynomial as a rational number; None for another formula."""
    from flint import fmpq_poly

    coefficients = polynomial(formula)
    if coefficients is None:
        return None
    antiderivative = fmpq_poly(coefficients).integral()
    terms = [Fraction(int(c.p), int(c.q)) for c in antiderivative.coeffs()]
    return sum((c * (upper**k - lower**k) for k, c in enumerate(terms)), Fraction(0))


def polynomial(formula: Formula) -> list[Any] | None:
    """The coefficients of a formula that is a polynomial in x, else None."""
    from flint import fmpq, fmpq_poly

    from ste_theory.model.expressions import Algebra, fold

    def power(base: fmpq_poly, exponent: fmpq_poly) -> fmpq_poly:
        if exponent.degree() > 0:
            raise KeyError
        number = exponent[0]
        if number.q != 1 or not 0 <= number.p <= 100:
            raise KeyError
        return base ** int(number.p)

    def divide(p: fmpq_poly, q: fmpq_poly) -> fmpq_poly:
        if q.degree() != 0:
            raise KeyError
        return p / q[0]

    algebra: Algebra[fmpq_poly] = Algebra(
        number=lambda number: fmpq_poly([fmpq(number.numerator, number.denominator)]),
        operators={
            "+": lambda p, q: p + q,
            "-": lambda p, q: p - q,
            "*": lambda p, q: p * q,
            "/": divide,
            "^": power,
        },
        functions={},
        pi=fmpq_poly([0]),
    )
    if "pi" in _names(formula):
        return None
    try:
        return list(fold(formula, algebra, {"x": fmpq_poly([0, 1])}).coeffs())
    except KeyError:
        return None


def _names(formula: Formula) -> set[str]:
    if isinstance(formula, Name):
        return {formula.name}
    if isinstance(formula, Number):
        return set()
    children = [getattr(formula, name) for name in ("left", "right", "argument") if hasattr(formula, name)]
    return set().union(*(_names(child) for child in children))


def exactly_balanced(found: Sequence[Region]) -> bool:
    """Whether ∫ e = 0 exactly, by antiderivatives that are differentiated back."""
    import sympy as sp

    x = sp.Symbol("x", positive=True)
    total = sp.Integer(0)
    for formula, lower, upper in _pieces(found):
        expression = to_sympy(formula, x)
        primitive = sp.integrate(expression, x)
        if primitive.has(sp.Integral) or sp.simplify(sp.diff(primitive, x) - expression) != 0:
            return False
        top = sp.limit(primitive, x, sp.oo) if upper is None else primitive.subs(x, _rational(upper))
        total += top - (primitive.subs(x, _rational(lower)) if lower else sp.limit(primitive, x, 0, "+"))
    return bool(sp.simplify(total) == 0)


def _rational(value_: Fraction) -> Any:
    import sympy as sp

    return sp.Rational(value_.numerator, value_.denominator)


def _pieces(found: Sequence[Region]) -> list[tuple[Formula, Fraction, Fraction | None]]:
    """The regions with neighbours of one formula joined: a gap between them belongs to both."""
    result: list[tuple[Formula, Fraction, Fraction | None]] = []
    for region in found:
        if result and result[-1][0] == region.formula:
            result[-1] = (region.formula, result[-1][1], region.upper)
        elif region.sign:
            result.append((region.formula, region.lower, region.upper))
    return result
