"""Is a surrogate in the paper's class? g = 0 on x ≤ 0 and g′ ∈ [δ, δ̃] on x > 0 with 0 < δ ≤ δ̃ < ∞.

g′ is the surrogate derivative μ′. Reverse exponential and log-tailed surrogates decay: they are in the class on bounded
pre-activations 0 < x ≤ B, with a δ that depends on B. All bounds are proved in balls.
"""

import heapq
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from flint import arb

from ste_theory.analysis.even_part import Half, Undecided
from ste_theory.analysis.jets import coefficients, sign_at, value
from ste_theory.analysis.tails import tail
from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import ZERO, Formula, Number
from ste_theory.model.numbers import Exact, positive
from ste_theory.model.surrogates import Surrogate
from ste_theory.rigorous.balls import ball, digits, precision

BITS, MOST_BOXES = 96, 4000
# How close the proved bounds come to the least and greatest value, relative to the scale of g′.
NARROW = Fraction(1, 10**9)


class Place(StrEnum):
    """Where a surrogate stands."""

    IN = "in"
    BOUNDED = "in on bounded pre-activations"
    OUT = "out"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Membership:
    """Whether a surrogate is in the class, and why.

    ``lower`` ≤ g′ ≤ ``upper`` is proved on 0 < x ≤ ``bound`` (for IN on all x > 0): δ and δ̃, each within ``NARROW`` of
    the best; ``None`` for OUT and UNDECIDED. ``reason`` is one line; ``at`` is a place that proves OUT.
    """

    place: Place
    reason: str
    bound: Fraction
    lower: arb | None = None
    upper: arb | None = None
    at: Fraction | None = None

    @property
    def delta(self) -> str:
        """δ in digits that are proved, or "-"."""
        return "-" if self.lower is None else digits(self.lower, 8)

    @property
    def delta_tilde(self) -> str:
        """δ̃ likewise."""
        return "-" if self.upper is None else digits(self.upper, 8)


class _Outside(Exception):
    """The surrogate is certainly not in the class; the message is the reason, ``at`` a place that shows it."""

    def __init__(self, reason: str, at: Fraction) -> None:
        super().__init__(reason)
        self.at = at


def membership(surrogate: Surrogate, *, bound: Exact = 10) -> Membership:
    """Where a surrogate stands with respect to the class; δ and δ̃ for pre-activations up to ``bound``.

    OUT is proved by a place where g′ is not 0 for x < 0, or not positive for x > 0; a g′ that is not bounded, or not
    bounded away from 0, near a finite place is UNDECIDED; BOUNDED says that on every 0 < x ≤ B there are such δ, δ̃,
    and gives them for B = ``bound``.

    >>> from ste_theory.model.surrogates import clipped_relu, get
    >>> str(membership(clipped_relu()).place), membership(get("long2021.log_tailed", q=3)).delta
    ('out', '0.12500000')
    """
    limit = positive(bound, "bound")
    with precision(BITS):
        try:
            return _decided(surrogate, limit)
        except _Outside as reason:
            return Membership(Place.OUT, str(reason), limit, at=reason.at)
        except Undecided as reason:
            return Membership(Place.UNDECIDED, str(reason), limit)


def _decided(surrogate: Surrogate, limit: Fraction) -> Membership:
    _require_silence(surrogate)
    right = [
        Half(max(piece.lower or Fraction(0), Fraction(0)), piece.upper, piece.formula)
        for piece in surrogate.pieces
        if piece.upper is None or piece.upper > 0
    ]
    for half in right:
        _require_positive_somewhere_inside(half)
    for place, at in zip(surrogate.breakpoints, surrogate.at_breakpoints, strict=True):
        if place > 0 and at <= 0:
            raise _Outside(f"g′({place}) = {at}", place)
    jumps = [
        ball(at)
        for place, at in zip(surrogate.breakpoints, surrogate.at_breakpoints, strict=True)
        if 0 < place <= limit
    ]
    last = right[-1]
    low, high, vanishes = _at_infinity(last)
    finite = [_range(half.formula, half.lower, half.upper) for half in right[:-1] if half.upper is not None]
    if low is not None and high is not None:
        start = max(last.lower, Fraction(1))
        ranges = list(finite)
        if last.lower < start:
            ranges.append(_range(last.formula, last.lower, start))
        every = [
            ball(at) for place, at in zip(surrogate.breakpoints, surrogate.at_breakpoints, strict=True) if place > 0
        ]
        ranges += [(at, at) for at in every] + [(low, high)]
        least, greatest = _extremes(ranges)
        return Membership(Place.IN, "g′ = 0 on x < 0, bounded and bounded away from 0 on x > 0", limit, least, greatest)
    # Not on the whole half-line: positive, finite bounds on every bounded part of it?
    ranges = [(at, at) for at in jumps]
    for half in right:
        end = limit if half.upper is None else min(half.upper, limit)
        if end > half.lower:
            ranges.append(_range(half.formula, half.lower, end))
    least, greatest = _extremes(ranges)
    what = "g′ → 0 as x → ∞" if vanishes else "g′ → ∞ as x → ∞"
    return Membership(Place.BOUNDED, f"{what}; positive on every 0 < x ≤ B", limit, least, greatest)


def _require_silence(surrogate: Surrogate) -> None:
    """Raise unless g′ = 0 on x < 0."""
    for piece in surrogate.pieces:
        if piece.lower is not None and piece.lower >= 0:
            break
        if piece.formula == ZERO:
            continue
        end = min(piece.upper, Fraction(0)) if piece.upper is not None else Fraction(0)
        start = end - 2 if piece.lower is None else piece.lower
        for share in (Fraction(1, 2), Fraction(1, 3), Fraction(5, 7)):
            place = start + share * (end - start)
            if sign_at(piece.formula, place) in (-1, 1):
                raise _Outside(f"g′({place}) = {digits(value(piece.formula, ball(place)), 6)} ≠ 0 on x < 0", place)
        raise Undecided("whether g′ = 0 on x < 0 is not settled")
    for place, at in zip(surrogate.breakpoints, surrogate.at_breakpoints, strict=True):
        if place < 0 and at != 0:
            raise _Outside(f"g′({place}) = {at} ≠ 0 on x < 0", place)


def _require_positive_somewhere_inside(half: Half) -> None:
    """Raise ``_Outside`` for a sample place with g′ ≤ 0: most surrogates that are out show it at once."""
    width = Fraction(4) if half.upper is None else half.upper - half.lower
    if half.formula == ZERO:
        until = "∞" if half.upper is None else half.upper
        raise _Outside(f"g′ = 0 on ({half.lower}, {until})", half.lower + (1 if half.upper is None else width / 2))
    for number in range(1, 16):
        place = half.lower + width * Fraction(number, 16)
        if (sign := sign_at(half.formula, place)) is not None and sign <= 0:
            raise _Outside(f"g′({place}) = {digits(value(half.formula, ball(place)), 6) if sign else 0}", place)
    if half.upper is None:
        for power in range(3, 12):
            place = half.lower + 2**power
            if (sign := sign_at(half.formula, place)) is not None and sign <= 0:
                raise _Outside(f"g′({place}) = {digits(value(half.formula, ball(place)), 6) if sign else 0}", place)


def _at_infinity(last: Half) -> tuple[arb | None, arb | None, bool]:
    """(least, greatest) of g′ on [max(lower, 1), ∞) if both are positive and finite; else None twice and whether g′,
    positive all the way, goes to 0 at ∞ (or to ∞)."""
    if isinstance(last.formula, Number):
        found = ball(last.formula.value)
        return found, found, False
    start = max(last.lower, Fraction(1))
    known = tail(last.formula, ball(start))
    if known.lower > 0 and known.upper.is_finite():
        return known.lower, known.upper, False
    # Positive far out: beyond ``start`` by the tail, between by boxes. An envelope below proves that g′ has no zero.
    for power in range(12):
        place = start * 2**power
        far = tail(last.formula, ball(place))
        if not (far.below is not None and far.lower >= 0):
            continue
        if place > start:
            least, _ = _range(last.formula, start, place)
            if not least > 0:
                raise Undecided("whether g′ > 0 on x > 0 is not settled")
        above, below = far.above, far.below
        vanishes = (
            above is not None
            and above.curve <= 0
            and (above.curve < 0 or above.rate < 0 or (above.rate == 0 and above.degree < 0))
        )
        grows = below.curve >= 0 and (below.curve > 0 or below.rate > 0 or (below.rate == 0 and below.degree > 0))
        if vanishes or grows:
            return None, None, bool(vanishes)
    raise Undecided("whether g′ > 0 far out, and where it goes, is not settled")


def _extremes(ranges: list[tuple[arb, arb]]) -> tuple[arb, arb]:
    least, greatest = ranges[0]
    for low, high in ranges[1:]:
        least, greatest = least.min(low), greatest.max(high)
    if not least > 0:
        raise Undecided("whether g′ is bounded away from 0 is not settled")
    if not greatest.is_finite():
        raise Undecided("whether g′ is bounded is not settled")
    return arb(least.lower()), arb(greatest.upper())


def _range(formula: Formula, lower: Fraction, upper: Fraction) -> tuple[arb, arb]:
    """Bounds below and above g′ on (lower, upper), each within ``NARROW`` of the values of g′ there.

    Best first: the box with the smallest bound is halved until a value of g′ is as near.
    """
    if isinstance(formula, Number):
        found = ball(formula.value)
        return found, found
    return _least(formula, lower, upper, 1), -_least(formula, lower, upper, -1)


def _least(formula: Formula, lower: Fraction, upper: Fraction, sign: int) -> arb:
    def bound(left: Fraction, right: Fraction) -> arb:
        box = ball(left).union(ball(right))
        whole = sign * value(formula, box)
        slope = coefficients(formula, box, 1)[1]
        if not slope.is_finite():
            return arb(whole.lower()) if whole.is_finite() else arb("-inf")
        if slope > 0 or slope < 0:
            rising = (slope > 0) == (sign > 0)
            end = sign * value(formula, ball(left if rising else right))
            return arb(end.lower()) if end.is_finite() else arb("-inf")
        middle = ball((left + right) / 2)
        near = sign * value(formula, middle) + sign * slope * (box - middle)
        return arb(near.lower()).max(arb(whole.lower())) if whole.is_finite() else arb(near.lower())

    queue: list[tuple[float, Fraction, Fraction, arb]] = []

    def push(left: Fraction, right: Fraction) -> None:
        low = bound(left, right)
        heapq.heappush(queue, (float(low), left, right, low))

    push(lower, upper)
    best = arb("inf")
    for _ in range(MOST_BOXES):
        _, left, right, low = queue[0]
        for place in (left, right):
            here = sign * value(formula, ball(place))
            if here.is_finite():
                best = best.min(arb(here.upper()))
        if low.is_finite() and best - low <= ball(NARROW) * (1 + abs(best)):
            if sign > 0 and not low > 0 and best <= ball(NARROW):
                raise Undecided("whether g′ is bounded away from 0 is not settled")
            return low
        if right - left < Fraction(1, 2**60):
            break
        heapq.heappop(queue)
        middle = (left + right) / 2
        push(left, middle)
        push(middle, right)
    raise Undecided(f"the range of g′ near {float(queue[0][1]):.6g} is not settled")


def require(surrogate: Surrogate, *, bound: Exact = 10) -> Membership:
    """The membership of a surrogate of the class; raises ``InvalidInput`` with the reason for one that is not."""
    found = membership(surrogate, bound=bound)
    if found.place in (Place.OUT, Place.UNDECIDED):
        raise InvalidInput(f"assumption 'g′ in [δ, δ̃] on x > 0, 0 below' fails: {surrogate.name}: {found.reason}")
    return found
