"""Where the even part of a surrogate is positive, negative and zero: on the whole half-line, by balls.

Between two regions lies a breakpoint, or a short gap in which e is strictly monotone and has exactly one zero.
"""

import itertools
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from ste_theory.analysis.composed import sign_of_parts
from ste_theory.analysis.even_part import Half, Undecided
from ste_theory.analysis.jets import coefficients, derivative_vanishes, sign_at, value
from ste_theory.analysis.tails import tail
from ste_theory.model.expressions import ZERO, Formula, Number
from ste_theory.rigorous.balls import ball, precision

DEEPEST, MOST_BOXES, HIGHEST_ORDER = 48, 4000, 6
GAP = Fraction(1, 2**70)
NARROW = Fraction(1, 2**10)  # the width up to which the checker asks for the signs of the parts


@dataclass(frozen=True)
class Region:
    """sign·e ≥ 0 on [lower, upper] and e not identically zero there, or e ≡ 0 (sign 0); ``None`` is infinity."""

    lower: Fraction
    upper: Fraction | None
    sign: int
    formula: Formula
    method: str


def regions(halves: tuple[Half, ...]) -> tuple[Region, ...]:
    """The sign of the even part from 0 to ∞. Raises ``Undecided`` where it is not settled."""
    found: list[Region] = []
    with precision(96):
        for half in halves:
            found += _of(half)
    return tuple(_joined(found))


def sign_changes(found: tuple[Region, ...]) -> int:
    """How often the sign changes between regions where it is not zero."""
    signs = [region.sign for region in found if region.sign]
    return sum(one != two for one, two in itertools.pairwise(signs))


def _of(half: Half) -> list[Region]:
    formula = half.formula
    if formula == ZERO:
        return [Region(half.lower, half.upper, 0, formula, "zero")]
    if isinstance(formula, Number):
        return [Region(half.lower, half.upper, 1 if formula.value > 0 else -1, formula, "constant")]
    if half.upper is not None:
        return _bounded(formula, half.lower, half.upper)
    for power in range(12):
        start = max(half.lower, Fraction(1)) * 2**power
        known = tail(formula, ball(start))
        sign = 1 if known.lower >= 0 else -1 if known.upper <= 0 else 0
        if sign:
            region = Region(start, None, sign, formula, "range on a half-line")
            inner = _bounded(formula, half.lower, start) if start > half.lower else []
            return [*inner, region]
    raise Undecided("the sign of the even part far out is not settled by its range on half-lines")


def _bounded(formula: Formula, lower: Fraction, upper: Fraction) -> list[Region]:
    """Branch and bound, left to right."""
    found: list[Region] = []
    stack, boxes = [(lower, upper, 0)], 0
    while stack:
        left, right, depth = stack.pop()
        boxes += 1
        if boxes > MOST_BOXES:
            raise Undecided(
                f"the sign of the even part is not settled after {MOST_BOXES} boxes, near {float(left):.6g}"
            )
        if (sign := _sign_on(formula, left, right)) is not None:
            found.append(Region(left, right, sign[0], formula, sign[1]))
        elif (gap := _crossing(formula, left, right)) is not None:
            start, end, before = gap
            found.append(Region(left, start, before, formula, "monotone"))
            found.append(Region(end, right, -before, formula, "monotone"))
        elif depth >= DEEPEST:
            raise Undecided(f"the sign of the even part is not settled near {float(left):.12g}")
        else:
            middle = (left + right) / 2
            stack += [(middle, right, depth + 1), (left, middle, depth + 1)]
    return found


def _sign_on(formula: Formula, left: Fraction, right: Fraction) -> tuple[int, str] | None:
    box = ball(left).union(ball(right))
    whole = value(formula, box)
    if whole > 0 or whole < 0:
        return (1 if whole > 0 else -1), "value"
    if whole >= 0 or whole <= 0:
        return (1 if whole >= 0 else -1), "value"
    first = coefficients(formula, box, 1)
    middle = (left + right) / 2
    # A slope that is not finite, as that of √x at 0, leaves only what the formula is made of.
    if right - left <= NARROW and whole.is_finite() and not first[1].is_finite() and (made := sign_of_parts(formula)):
        return made, "signs of its parts"
    if first[1].is_finite():
        near = value(formula, ball(middle)) + first[1] * (box - ball(middle))
        if near > 0 or near < 0:
            return (1 if near > 0 else -1), "mean value"
    if first[1] > 0 or first[1] < 0:
        signs = {sign_at(formula, left), sign_at(formula, right)}
        if None not in signs and len(signs - {0}) == 1:
            (sign,) = signs - {0}
            assert sign is not None
            return sign, "monotone"
        return None
    return _touching(formula, left, right, box)


def _touching(formula: Formula, left: Fraction, right: Fraction, box: arb) -> tuple[int, str] | None:
    """Taylor's theorem at a zero of higher order: at an end of the box, or inside at a simple fraction."""
    if right - left > Fraction(1, 4):
        return None
    for place in (left, right, _simple(left, right)):
        if place is None or not value(formula, ball(place)).contains(0):
            continue
        spread = coefficients(formula, box, HIGHEST_ORDER)
        for order in range(HIGHEST_ORDER + 1):
            top = spread[order]
            if order and (top > 0 or top < 0):
                if order % 2 and left < place < right:
                    break
                sign = (1 if top > 0 else -1) * (-1 if order % 2 and place == right else 1)
                return sign, f"Taylor's theorem of order {order}"
            if not derivative_vanishes(formula, place, order):
                break
    return None


def _simple(left: Fraction, right: Fraction) -> Fraction | None:
    for denominator in range(1, 17):
        numerator = left * denominator // 1 + 1
        if Fraction(numerator, denominator) < right:
            return Fraction(numerator, denominator)
    return None


def _crossing(formula: Formula, left: Fraction, right: Fraction) -> tuple[Fraction, Fraction, int] | None:
    """(a, b, sign before a) if e is strictly monotone on the box with one zero, which lies in [a, b]."""
    slope = coefficients(formula, ball(left).union(ball(right)), 1)[1]
    if not (slope > 0 or slope < 0):
        return None
    before, after = sign_at(formula, left), sign_at(formula, right)
    if not before or not after or before == after:
        return None
    while right - left > GAP * max(Fraction(1), right):
        middle = (left + right) / 2
        sign = sign_at(formula, middle)
        if sign is None:
            return None
        if sign == 0:
            return middle, middle, before
        left, right = (middle, right) if sign == before else (left, middle)
    return left, right, before


def _joined(found: list[Region]) -> list[Region]:
    """Neighbours of one sign and one formula as one region."""
    result: list[Region] = []
    for region in found:
        last = result[-1] if result else None
        if last and last.sign == region.sign and last.formula == region.formula and last.upper == region.lower:
            methods = last.method if last.method == region.method else "branch and bound"
            result[-1] = Region(last.lower, region.upper, region.sign, region.formula, methods)
        else:
            result.append(region)
    return result
