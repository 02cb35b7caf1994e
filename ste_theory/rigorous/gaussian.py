"""Gaussian means of piecewise analytic functions of one coordinate, in balls.

    E h(λa) = Σ_pieces ∫ h(x) φ(x/λ)/λ dx  +  a tail ball,     |tail| ≤ ∫_{|a|>T} C(1+|a|)^k e^{α|a|} φ(a) da

What lies beyond |x| = λT, T = REACH, also of a piece with finite ends, is in the tail ball. The pieces end at places of
x = λa: where λ is a whole interval of scales, the places at which h breaks are still single numbers, and nothing is
integrated across one.
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

    ``bound(side)`` with side 1 or −1 bounds h in terms of a = x/λ where the piece lies beyond a = side·REACH; it is
    asked for nothing else.
    """

    lower: Callable[[], arb] | None
    upper: Callable[[], arb] | None
    function: Callable[[], Analytic]
    bound: Callable[[int], Bound] | None = None

    def ends(self, reach: arb) -> tuple[arb, arb]:
        """The ends at the current precision, infinite ones beyond the reach."""
        lower = -2 * reach if self.lower is None else self.lower()
        return lower, 2 * reach if self.upper is None else self.upper()


def _unit() -> arb:
    return arb(1)


def mean(pieces: Sequence[Piece], *, bits: int = 160, width: float = 1e-32, scale: Callable[[], arb] = _unit) -> arb:
    """E h(λa) over the pieces, for every λ > 0 in the ball ``scale()``.

    Raises ``NotEnclosed`` for a piece beyond the reach without a growth bound, or too wide a result.
    """
    with precision(bits):
        reach = _reach(scale)
        near = [piece for piece in pieces if not _beyond(piece, reach)]
    segments = [Segment(_segment(piece, scale)) for piece in near]

    def outside() -> arb:
        end = _reach(scale)
        return sum((_outside(piece, end) for piece in pieces), arb(0))

    return integrate(segments, bits=bits, width=width, tail=outside)


def _reach(scale: Callable[[], arb]) -> arb:
    """One number R ≥ λT for every λ of the ball, so that beyond it |a| ≥ T."""
    return arb((scale() * REACH).upper())


def _beyond(piece: Piece, reach: arb) -> bool:
    lower, upper = piece.ends(reach)
    return bool(lower >= reach or upper <= -reach)


def _outside(piece: Piece, reach: arb) -> arb:
    """A ball around 0 that contains the part of ∫ h φ over the piece that lies beyond the reach."""
    lower, upper = piece.ends(reach)
    total = arb(0)
    for side, inside in ((1, upper <= reach), (-1, lower >= -reach)):
        if not inside:
            if piece.bound is None:
                raise NotEnclosed(f"a piece beyond the reach {REACH} needs a growth bound")
            total += tail(piece.bound(side))
    return total


def _segment(piece: Piece, scale: Callable[[], arb]) -> Callable[[], tuple[arb, arb, Integrand]]:
    def make() -> tuple[arb, arb, Integrand]:
        reach, unit = _reach(scale), scale()
        lower, upper = (end.max(-reach).min(reach) for end in piece.ends(reach))
        function = piece.function()
        return lower, upper, lambda x, analytic: function(x, analytic) * density(x / unit) / unit

    return make


def constant(value: arb) -> Bound:
    """The bound of a bounded function."""
    return Bound(ball(value), 0, arb(0))
