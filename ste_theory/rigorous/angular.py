"""The angular integrals p and q of the clipped ReLU in balls, from the paper's definition.

    (1/2π) ∫_{θ−π/2}^{π/2} w(φ) ξ(sec φ/ρ) dφ,   w = cos or sin,   ξ(x) = ∫_0^x r² e^{−r²/2} dr ∈ [0, √(π/2)] for x ≥ 0

The integrand is analytic but for φ = ±π/2, where it has an essential singularity on the way to a finite limit: the last
bit of the range is bounded by its length times √(π/2)/2π, the rest is integrated.
"""

from typing import Literal

from flint import acb, arb

from ste_theory.rigorous.balls import precision
from ste_theory.rigorous.integrate import Integrand, Segment, integrate


def _radial(x: acb) -> acb:
    """ξ(x) = √(π/2) erf(x/√2) − x e^{−x²/2}: its derivative is x²e^{−x²/2} and ξ(0) = 0."""
    return (arb.pi() / 2).sqrt() * (x / arb(2).sqrt()).erf() - x * (-(x * x) / 2).exp()


def clipped_integral(
    weight: Literal["cos", "sin"], theta: arb, rho: arb, *, bits: int = 160, width: float = 1e-32
) -> arb:
    """p(θ, ρ) (``cos``) or q(θ, ρ) (``sin``) for 0 ≤ θ < π, ρ > 0.

    Raises ``NotEnclosed`` if the radius is not reached.
    """

    def function(z: acb, analytic: bool) -> acb:
        factor = z.cos() if weight == "cos" else z.sin()
        return factor * _radial(1 / (rho * z.cos())) / (2 * arb.pi())

    def ends() -> tuple[arb, arb, arb]:
        gap = arb(2) ** (8 - bits)
        lower = theta - arb.pi() / 2
        return (lower + gap if theta == 0 else lower), arb.pi() / 2 - gap, gap

    def make() -> tuple[arb, arb, Integrand]:
        lower, upper, _ = ends()
        return lower, upper, function

    def remainder() -> arb:
        count = 2 if theta == 0 else 1
        return arb(0, 1) * (count * ends()[2] * (arb.pi() / 2).sqrt() / (2 * arb.pi())).upper()

    with precision(bits):
        return integrate([Segment(make)], bits=bits, width=width, tail=remainder)
