"""Gaussian means of piecewise analytic functions of one coordinate, in balls.

    E h(a) = Σ_pieces ∫ h φ  +  a tail ball,     |tail| ≤ ∫_{|a|>T} C(1+|a|)^k e^{α|a|} φ(a) da

What lies beyond T = REACH, also of a piece with finite ends, is in the tail ball.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import acb, arb

from ste_theory.rigorous.balls import ball, precision
from ste_theory.rigorous.integrate import Integrand, NotEnclosed, Segment, integrate

REACH = 16  # φ(16) ≈ 1e-56
Analytic = Callable[[acb, bool], acb]


def density(z: acb) -> acb:
    """φ(z) = exp(−z²/2)/√(2π)."""
    return (-(z * z) / 2).exp() / (2 * arb.pi()).sqrt()


def upper_probability(z: acb) -> acb:
    """P(b > z) = erfc(z/√2)/2: one of the two half-line moments that the definitions use."""
    return (z / arb(2).sqrt()).erfc() / 2


@dataclass(frozen=True)
class Bound:
    """|h(a)| ≤ scale·(1 + |a|)^degree·e^{rate·|a|} for |a| ≥ REACH on one side of 0."""

    scale: arb
    degree: int
    rate: arb


def tail(bound: Bound) -> arb:
    """A ball around 0 that contains ∫_T^∞ h φ for T = REACH.

    1 + a ≤ (1+T)e^{(a−T)/(1+T)}, so (1+a)^k e^{αa} ≤ (1+T)^k e^{−kT/(1+T)} e^{βa} with β = α + k/(1+T); and, completing
    the square, ∫_T^∞ e^{βa}φ(a) da = e^{β²/2} P(b > T − β).
    """
    slope = ball(Fraction(bound.degree, 1 + REACH))
    rate = bound.rate + slope
    scale = bound.scale * arb(1 + REACH) ** bound.degree * (-slope * REACH).exp()
    size = scale * (rate * rate / 2).exp() * upper_probability(acb(REACH - rate)).real
    return arb(0, 1) * size.upper()


@dataclass(frozen=True)
class Piece:
    """h on [lower, upper], analytic there; ``None`` is an infinite end. Ends and h are built at the current precision.

    ``bound(side)`` with side 1 or −1 bounds h where the piece lies beyond side·REACH; it is asked for nothing else.
    """

    lower: Callable[[], arb] | None
    upper: Callable[[], arb] | None
    function: Callable[[], Analytic]
    bound: Callable[[int], Bound] | None = None

    def ends(self) -> tuple[arb, arb]:
        """The ends at the current precision, infinite ones beyond the reach."""
        lower = arb(-2 * REACH) if self.lower is None else self.lower()
        return lower, arb(2 * REACH) if self.upper is None else self.upper()


def mean(pieces: Sequence[Piece], *, bits: int = 160, width: float = 1e-32) -> arb:
    """E h(a) over the pieces. Raises ``NotEnclosed`` for a piece beyond the reach without a growth bound, or too wide a
    result."""
    with precision(bits):
        near = [piece for piece in pieces if not _beyond(piece)]
    segments = [Segment(_segment(piece)) for piece in near]
    return integrate(segments, bits=bits, width=width, tail=lambda: sum((_outside(piece) for piece in pieces), arb(0)))


def _beyond(piece: Piece) -> bool:
    lower, upper = piece.ends()
    return bool(lower >= REACH or upper <= -REACH)


def _outside(piece: Piece) -> arb:
    """A ball around 0 that contains the part of ∫ h φ over the piece that lies beyond the reach."""
    lower, upper = piece.ends()
    total = arb(0)
    for side, inside in ((1, upper <= REACH), (-1, lower >= -REACH)):
        if not inside:
            if piece.bound is None:
                raise NotEnclosed(f"a piece beyond the reach {REACH} needs a growth bound")
            total += tail(piece.bound(side))
    return total


def _segment(piece: Piece) -> Callable[[], tuple[arb, arb, Integrand]]:
    def make() -> tuple[arb, arb, Integrand]:
        lower, upper = (end.max(arb(-REACH)).min(arb(REACH)) for end in piece.ends())
        function = piece.function()
        return lower, upper, lambda z, analytic: function(z, analytic) * density(z)

    return make


def constant(value: arb) -> Bound:
    """The bound of a bounded function."""
    return Bound(ball(value), 0, arb(0))
