"""The angular integrals p and q of the clipped ReLU in balls, from the paper's definition.

    (1/2π) ∫_{θ−π/2}^{π/2} w(φ) ξ(sec φ/ρ) dφ,   w = cos or sin,   ξ(x) = ∫_0^x r² e^{−r²/2} dr

The integrand is analytic but for φ = ±π/2, where it has an essential singularity on the way to a finite limit. Near
them, where sec φ/ρ ≥ X, the radial integral is its limit √(π/2) less at most ∫_X^∞ r² e^{−r²/2} dr, and w has an
antiderivative; the rest is integrated.
"""

from typing import Literal

from flint import acb, arb

from ste_theory.rigorous.balls import precision
from ste_theory.rigorous.integrate import Integrand, Segment, integrate


def _radial(x: acb) -> acb:
    """ξ(x) = √(π/2) erf(x/√2) − x e^{−x²/2}: its derivative is x²e^{−x²/2} and ξ(0) = 0."""
    return (arb.pi() / 2).sqrt() * (x / arb(2).sqrt()).erf() - x * (-(x * x) / 2).exp()


def _missing(x: arb) -> arb:
    """√(π/2) − ξ(x) = ∫_x^∞ r² e^{−r²/2} dr, positive and falling."""
    return (arb.pi() / 2).sqrt() * (x / arb(2).sqrt()).erfc() + x * (-(x * x) / 2).exp()


def clipped_integral(
    weight: Literal["cos", "sin"], theta: arb, rho: arb, *, bits: int = 160, width: float = 1e-32
) -> arb:
    """p(θ, ρ) (``cos``) or q(θ, ρ) (``sin``) for 0 ≤ θ < π, ρ > 0.

    Raises ``NotEnclosed`` if the radius is not reached.
    """
    with precision(bits):
        # One number, so that no segment ends in a ball: beyond ±turn sec φ/ρ ≥ X, and X e^{−X²/2} is negligible.
        reach = (2 * (bits + 16) * arb(2).log()).sqrt()
        turn = arb((1 / (rho * reach)).min(arb(1) / 2).acos().mid())

    def function(z: acb, analytic: bool) -> acb:
        factor = z.cos() if weight == "cos" else z.sin()
        return factor * _radial(1 / (rho * z.cos())) / (2 * arb.pi())

    def make() -> tuple[arb, arb, Integrand]:
        lower = theta - arb.pi() / 2
        return (-turn if lower < -turn else lower), turn, function

    def near_limit(left: arb, right: arb) -> arb:
        area = right.sin() - left.sin() if weight == "cos" else left.cos() - right.cos()
        missing = arb(0, 1) * (_missing(arb((1 / (rho * turn.cos())).lower())) * (right - left)).upper()
        return ((arb.pi() / 2).sqrt() * area + missing) / (2 * arb.pi())

    def outside() -> arb:
        lower, upper = theta - arb.pi() / 2, arb.pi() / 2
        if lower > turn:
            return near_limit(lower, upper)
        left = near_limit(lower, -turn) if lower < -turn else arb(0)
        return left + near_limit(turn, upper)

    with precision(bits):
        inner = [] if theta - arb.pi() / 2 > turn else [Segment(make)]
    return integrate(inner, bits=bits, width=width, tail=outside)
