"""The probability of a quadrant, P(a > h, a cosθ + b sinθ > k), in balls.

    Φ(−h)Φ(−k) + (1/2π) ∫_θ^{π/2} exp(−(h² − 2hk cos u + k²)/(2 sin²u)) du

It shares nothing with the plane definition, which integrates over a: at θ = π/2 the two coordinates are independent,
and the integrand is minus the derivative in the angle (Plackett). The integral is taken over 0 ≤ x ≤ 1 with
u = θ + (π/2 − θ)x, so that its ends are numbers even where θ is a ball.
"""

from collections.abc import Callable

from flint import acb, arb

from ste_theory.rigorous.balls import real
from ste_theory.rigorous.gaussian import upper_probability
from ste_theory.rigorous.integrate import Integrand, Segment, integrate

Place = Callable[[], tuple[arb, arb, arb]]


def orthant(place: Place, *, bits: int = 160, width: float = 1e-32) -> arb:
    """The probability for h, k, θ as ``place`` gives them at the current precision, 0 < θ < π.

    Raises ``NotEnclosed`` if the radius is not reached.

    >>> print(orthant(lambda: (arb(0), arb(0), arb.pi() / 3)).str(20, radius=False))  # (π − θ)/(2π)
    0.33333333333333333333
    """

    def make() -> tuple[arb, arb, Integrand]:
        h, k, angle = place()
        length = arb.pi() / 2 - angle

        def function(x: acb, analytic: bool) -> acb:
            u = angle + length * x
            sine = u.sin()
            exponent = (h * h - 2 * h * k * u.cos() + k * k) / (2 * sine * sine)
            return length * (-exponent).exp() / (2 * arb.pi())

        return arb(0), arb(1), function

    def corner() -> arb:
        h, k, _ = place()
        return real(upper_probability(acb(h)) * upper_probability(acb(k)))

    return integrate([Segment(make)], bits=bits, width=width, tail=corner)
