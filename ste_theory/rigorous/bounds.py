"""The sign of an expression on a box: by itself, by the mean value theorem, or by Taylor's theorem at a tie."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp
from flint import arb, arb_series

from ste_theory.rigorous.balls import ball
from ste_theory.rigorous.certificate import Box, Series
from ste_theory.rigorous.language import Program, program

HIGHEST_ORDER = 8
EXPANSION = 6
# Ties are looked for at fractions with a small denominator, because each is looked at by computer algebra.
LARGEST_DENOMINATOR_INSIDE, LARGEST_DENOMINATOR = 16, 360


@dataclass(frozen=True)
class Bound:
    """What is known of an expression on a box.

    ``lower``: a ball below which it does not go; ``at``: where the slopes say that it is smallest; ``influence``: how
    much it may change along each axis, infinite where that is not known.
    """

    lower: arb
    at: tuple[Fraction, ...]
    influence: tuple[float, ...]


@dataclass
class Surface:
    """An expression over rational boxes, at the precision that holds when it is made and used."""

    expression: sp.Expr
    symbols: tuple[sp.Symbol, ...]
    _program: Program = field(init=False)
    _derivatives: dict[tuple[int, int], sp.Expr] = field(init=False, default_factory=dict)
    _ties: dict[tuple[int, Fraction, int], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._program = program(self.expression, self.symbols)

    def value(self, point: Sequence[Fraction]) -> arb:
        """The value at a rational point."""
        return self._evaluate([ball(x) for x in point])

    def bound(self, box: Box, sign: int = 1) -> Bound:
        """What is known of sign·expression on a box."""
        balls = [interval(*ends) for ends in box]
        value = sign * self._evaluate(balls)
        middle = tuple((lower + upper) / 2 for lower, upper in box)
        if value > 0:
            return Bound(value, middle, ())
        at, rest = list(middle), arb(0)
        influence: list[float] = []
        for axis, (lower, upper) in enumerate(box):
            slope = sign * self._series(balls, axis, 2)[1]
            if slope >= 0 or slope <= 0:
                at[axis] = lower if slope >= 0 else upper
            else:
                rest += slope * (balls[axis] - ball(middle[axis]))
            size = float(abs(slope).upper()) if slope.is_finite() else float("inf")
            influence.append(size * float(upper - lower))
        least = sign * self.value(at) + rest
        if len(box) == 1 and not least > 0:
            expanded = sign * self._expanded(balls[0], ball(middle[0]))
            least = expanded if expanded > 0 else least
        return Bound(least, tuple(at), tuple(influence))

    def _expanded(self, x: arb, middle: arb) -> arb:
        """f(c) + … + f⁽ᵏ⁾(X)(X − c)ᵏ/k!: near a tie, where the first slopes are small, this is much narrower."""
        coefficients = self._series([middle], 0, EXPANSION)
        coefficients.append(self._series([x], 0, EXPANSION + 1)[EXPANSION])
        total = arb(0)
        for coefficient in reversed(coefficients):
            total = total * (x - middle) + coefficient
        return total

    def series(self, box: Box) -> tuple[Series | None, tuple[int, Fraction] | None]:
        """A proof by Taylor's theorem that the expression is ≥ 0 on the box and 0 on one plane alone, if there is one.

        The second entry is a plane x = p on which the expression is certainly 0 everywhere in the box, if one is found.
        """
        balls = [interval(*ends) for ends in box]
        plane = None
        for axis, (lower, upper) in enumerate(box):
            for point in dict.fromkeys((lower, upper, _simplest(lower, upper))):
                if point.denominator > LARGEST_DENOMINATOR:
                    continue
                there = [ball(point) if place == axis else x for place, x in enumerate(balls)]
                if not self._evaluate(there).contains(0):
                    continue
                order = self._order(axis, point, box)
                if order > 0:
                    plane = (axis, point)
                if not 0 < order <= HIGHEST_ORDER or (lower < point < upper and order % 2):
                    continue
                sign = -1 if point == upper and order % 2 else 1
                if sign * self._series(balls, axis, order + 1)[order] > 0:
                    return Series(str(self.symbols[axis]), point, order), plane
        return None, plane

    def _order(self, axis: int, point: Fraction, box: Box) -> int:
        """How many coefficients at x = p are exactly 0 for all values of the others; 0 if not even the first is."""
        # A look at one place spares most of the algebra.
        place = [point if other == axis else (lower + upper) / 2 for other, (lower, upper) in enumerate(box)]
        near = self._series([ball(x) for x in place], axis, HIGHEST_ORDER + 1)
        for order, coefficient in enumerate(near):
            if not coefficient.contains(0) or not self._vanishes(axis, point, order):
                return order
        return HIGHEST_ORDER + 1

    def _vanishes(self, axis: int, point: Fraction, order: int) -> bool:
        key = (axis, point, order)
        if key not in self._ties:
            exact = sp.Rational(point.numerator, point.denominator)
            value = self._derivative(axis, order).subs(self.symbols[axis], exact)
            self._ties[key] = bool(sp.expand(value) == 0 or sp.cancel(sp.together(value)) == 0)
        return self._ties[key]

    def _derivative(self, axis: int, order: int) -> sp.Expr:
        if order == 0:
            return self.expression
        if (axis, order) not in self._derivatives:
            self._derivatives[axis, order] = sp.diff(self._derivative(axis, order - 1), self.symbols[axis])
        return self._derivatives[axis, order]

    def _evaluate(self, balls: Sequence[arb]) -> arb:
        try:
            return arb(self._program(balls))
        except (ZeroDivisionError, ValueError):
            return arb("nan")

    def _series(self, balls: Sequence[arb], axis: int, length: int) -> list[arb]:
        """The first coefficients in one variable; not finite where there is no power series."""
        values = [arb_series([x, 1], prec=length) if place == axis else x for place, x in enumerate(balls)]
        try:
            found = self._program(values)
        except (ZeroDivisionError, ValueError):
            return [arb("nan")] * length
        if not isinstance(found, arb_series):
            return [arb(found)] + [arb(0)] * (length - 1)
        return [found[k] for k in range(length)]


def interval(lower: Fraction, upper: Fraction) -> arb:
    """A ball that contains a rational interval."""
    return ball(lower).union(ball(upper))


def _simplest(lower: Fraction, upper: Fraction) -> Fraction:
    """The fraction of least denominator strictly inside, if that is small; else the middle."""
    for denominator in range(1, LARGEST_DENOMINATOR_INSIDE + 1):
        numerator = lower * denominator // 1 + 1
        if Fraction(numerator, denominator) < upper:
            return Fraction(numerator, denominator)
    return (lower + upper) / 2
