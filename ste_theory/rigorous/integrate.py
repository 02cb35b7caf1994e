"""Rigorous integrals of piecewise analytic functions: split at every breakpoint, computed twice, compared.

A result is returned only if two evaluations (other precision, other split) overlap and the radius is small enough.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import acb, arb

from ste_theory.model.errors import SteTheoryError
from ste_theory.rigorous.balls import precision, radius

Integrand = Callable[[acb, bool], acb]


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


def integrate(segments: Sequence[Segment], *, bits: int = 160, width: float = 1e-32, tail: Callable[[], arb] | None = None) -> arb:
    """Σ ∫ f over the segments plus a tail ball.

    **Guarantee** the integral lies in the ball returned, whose radius is at most ``width``.
    **Raises** ``NotEnclosed`` if the radius is not reached, ``Contradiction`` if the two evaluations exclude each other.
    """
    with precision(bits):
        first = _sum(segments, splits=1) + (tail() if tail else 0)
    with precision(bits + 41):
        second = _sum(segments, splits=3) + (tail() if tail else 0)
    with precision(bits + 41):
        if not first.overlaps(second):
            raise Contradiction(f"two evaluations of one integral exclude each other: {first.str(20)} and {second.str(20)}")
        best = second if radius(second) < radius(first) else first
    if not radius(best) <= width:
        raise NotEnclosed(f"radius {radius(best):.1e} where {width:.1e} is required")
    return best


def _sum(segments: Sequence[Segment], *, splits: int) -> arb:
    """The sum of integrals, each segment cut into ``splits`` equal parts (thirds are not dyadic)."""
    total = arb(0)
    for segment in segments:
        lower, upper, function = segment.make()
        ends = [lower + (upper - lower) * k / splits for k in range(splits)] + [upper]
        for left, right in zip(ends, ends[1:], strict=False):
            total += acb.integral(function, acb(left), acb(right)).real
    return total
