"""Gaussian means of piecewise analytic functions of one coordinate, in balls.

    E h(a) = Σ_pieces ∫ h φ  +  a tail ball,     |tail| ≤ ∫_{|a|>T} C(1+|a|)^k e^{α|a|} φ(a) da
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import acb, arb

from ste_theory.rigorous.balls import ball
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
    """|h(a)| ≤ scale·(1 + |a|)^degree·e^{rate·|a|} for |a| ≥ REACH."""

    scale: arb
    degree: int
    rate: arb


def tail(bound: Bound) -> arb:
    """A ball around 0 that contains ∫_T^∞ h φ for T = REACH: (1+a)^k e^{αa} ≤ e^{(k+α)a}, and completing the square
    ∫_T^∞ e^{βa}φ(a) da = e^{β²/2} P(b > T − β)."""
    rate = bound.rate + bound.degree
    size = bound.scale * (rate * rate / 2).exp() * upper_probability(acb(REACH - rate)).real
    return arb(0, 1) * size.upper()


@dataclass(frozen=True)
class Piece:
    """h on [lower, upper], analytic there; ``None`` is an infinite end. Ends and h are built at the current precision."""

    lower: Callable[[], arb] | None
    upper: Callable[[], arb] | None
    function: Callable[[], Analytic]
    bound: Callable[[], Bound] | None = None


def mean(pieces: Sequence[Piece], *, bits: int = 160, width: float = 1e-32) -> arb:
    """E h(a) over the pieces. Raises ``NotEnclosed`` for an infinite piece without a growth bound, or too wide a result."""
    segments, tails = [], []
    for piece in pieces:
        segments.append(Segment(_segment(piece)))
        infinite = (piece.lower is None) + (piece.upper is None)
        if infinite:
            if piece.bound is None:
                raise NotEnclosed("an unbounded piece needs a growth bound")
            tails.extend([piece.bound] * infinite)
    return integrate(segments, bits=bits, width=width, tail=lambda: sum((tail(bound()) for bound in tails), arb(0)))


def _segment(piece: Piece) -> Callable[[], tuple[arb, arb, Integrand]]:
    def make() -> tuple[arb, arb, Integrand]:
        lower = arb(-REACH) if piece.lower is None else _inside(piece.lower())
        upper = arb(REACH) if piece.upper is None else _inside(piece.upper())
        function = piece.function()
        return lower, upper, lambda z, analytic: function(z, analytic) * density(z)

    return make


def _inside(end: arb) -> arb:
    if not (end > -REACH and end < REACH):
        raise NotEnclosed(f"a breakpoint at {end.str(5)} lies beyond the reach {REACH}: choose a point nearer to the origin")
    return end


def constant(value: arb) -> Bound:
    """The bound of a bounded function."""
    return Bound(ball(value), 0, arb(0))
