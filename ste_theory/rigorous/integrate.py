"""Rigorous integrals of piecewise analytic functions: split at every breakpoint, computed twice, compared.

A result is returned only if two evaluations (other precision, other split) overlap and the radius is small enough. That
an integrand is analytic and encloses its values is a promise of the caller; sample points are looked at, no more.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from flint import acb, arb, ctx

from ste_theory.model.errors import SteTheoryError
from ste_theory.rigorous.balls import precision, radius, real

Integrand = Callable[[acb, bool], acb]

# Where a segment is sampled, as numerators over 256: near both ends, where the splits see nothing, and between.
_SAMPLES = (1, 3, 11, 29, 53, 83, 113, 149, 187, 215, 241, 253, 255)


class NotEnclosed(SteTheoryError):
    """A rigorous value of the required width was not reached; says nothing about the value."""


class Contradiction(SteTheoryError):
    """Two rigorous evaluations exclude each other: an integrand is not what it claims to be."""


@dataclass(frozen=True)
class Segment:
    """An analytic integrand on [lower, upper], built at the current precision by ``make``: returns (lower, upper, f).

    ``f(z, analytic)`` must be analytic on the ball z when ``analytic`` is true, or return a ball that is not finite.
    """

    make: Callable[[], tuple[arb, arb, Integrand]]


def integrate(
    segments: Sequence[Segment], *, bits: int = 160, width: float = 1e-32, tail: Callable[[], arb] | None = None
) -> arb:
    """Σ ∫ f over the segments plus a tail ball.

    **Guarantee** the integral lies in the ball returned; its radius and that of the ball it was compared with are at
    most ``width``.
    **Raises** ``NotEnclosed`` if the radius is not reached, ``Contradiction`` if the evaluations exclude each other or
    an integrand's ball over a segment misses one of its values.
    """
    with precision(bits):
        first = _sum(segments, splits=1) + (tail() if tail else 0)
    with precision(bits + 41):
        second = _sum(segments, splits=3) + (tail() if tail else 0)
    with precision(bits + 41):
        if not first.overlaps(second):
            raise Contradiction(
                f"two evaluations of one integral exclude each other: {first.str(20)} and {second.str(20)}"
            )
    # Both must be narrow: a wide ball overlaps with everything and confirms nothing.
    widest = max(radius(first), radius(second))
    if not widest <= width:
        raise NotEnclosed(f"radius {widest:.1e} where {width:.1e} is required")
    return second if radius(second) < radius(first) else first


def _sum(segments: Sequence[Segment], *, splits: int) -> arb:
    """The sum of integrals, each segment cut into ``splits`` equal parts (thirds are not dyadic)."""
    total = arb(0)
    for segment in segments:
        lower, upper, function = segment.make()
        ends = [_share(lower, upper, k, splits) for k in range(splits)] + [upper]
        if splits == 1:
            _inclusive(function, lower, upper)
        for left, right in itertools.pairwise(ends):
            total += real(_integral(function, acb(left), acb(right)))
    return total


def _share(lower: arb, upper: arb, part: int, whole: int) -> arb:
    """The place part/whole of the way up; for ends that are wide balls no wider than they are."""
    return (lower * (whole - part) + upper * part) / whole


@cache
def _settle_nodes(bits: int) -> None:
    """Have FLINT compute its Gauss–Legendre nodes to ``bits`` bits, all degrees that it may use at half that precision.

    It keeps them for the life of the process, to a precision that depends on what was integrated before, and the last
    digits of a radius with them. Nodes that are much more precise than asked for are rounded, always to the same balls.
    """
    with precision(bits):
        for rate in (1, 100):  # exp(rate·x) needs more nodes the smaller the tolerance: the small degrees, the large
            goal, used = 1, 0
            while used <= bits // 2 + 60 and goal <= 4 * bits:
                counted = [0]

                def function(z: acb, analytic: bool, rate: int = rate, counted: list[int] = counted) -> acb:
                    counted[0] += not analytic
                    return (rate * z).exp()

                tolerance = arb(2) ** -goal
                acb.integral(function, acb(-1), acb(1), rel_tol=tolerance, abs_tol=tolerance, deg_limit=4 * bits)
                goal, used = goal + 1 + goal // 16, counted[0]


def _integral(function: Integrand, left: acb, right: acb) -> acb:
    _settle_nodes(max(512, 1 << (ctx.prec + 63).bit_length()))
    try:
        return acb.integral(function, left, right)
    except SystemError as error:
        # python-flint hands on a ValueError of the integrand; any other error, also Ctrl-C, becomes a chain of
        # SystemErrors, one for each call of the integrand after it.
        root: BaseException = error
        while isinstance(root, SystemError) and root.__cause__ is not None:
            root = root.__cause__
        raise root from None


def _inclusive(function: Integrand, lower: arb, upper: arb) -> None:
    """Raise ``Contradiction`` unless the ball over the whole segment contains the values at sample points, and
    ``NotEnclosed`` where such a value is not a real number (bisection would find out only after many seconds)."""
    whole = function(acb(lower.union(upper)), False)
    for numerator in _SAMPLES:
        place = _share(lower, upper, numerator, 256)
        value = function(acb(place), False)
        if not real(value).is_finite():
            raise NotEnclosed(f"the integrand has no real value at {place.str(8)}")
        if whole.is_finite() and not whole.overlaps(value):
            raise Contradiction(
                f"the integrand's ball over a segment misses its value at {place.str(8)}: a breakpoint inside?"
            )
