"""The probability of a quadrant in balls, and means of shifted surrogates."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import acb, arb

from ste_theory.rigorous.balls import ball, precision, radius
from ste_theory.rigorous.expectations import expectation
from ste_theory.rigorous.orthants import orthant

a, b, p, q, theta = sp.symbols("a b p q theta")
PLACES = [("0", "0", "1"), ("1/2", "1/2", "1/5"), ("-3/4", "5/4", "2"), ("2", "-1", "3")]


class indicator(sp.Function):
    """1{x > 0}, by the name that balls know."""


@pytest.mark.parametrize(("h", "k", "angle"), PLACES)
def test_a_quadrant_contains_the_integral_over_one_coordinate(h: str, k: str, angle: str) -> None:
    """Would have caught a wrong integrand over the angle: the other way round it is ∫_h^∞ φ(a) P(b > …) da."""
    plane = indicator(a - p) * indicator(sp.cos(theta) * a + sp.sin(theta) * b - q)
    with precision(200):
        values = {name: acb(ball(Fraction(value))) for name, value in ((p, h), (q, k), (theta, angle))}
        one = orthant(lambda: (ball(Fraction(h)), ball(Fraction(k)), ball(Fraction(angle))), bits=140, width=1e-30)
        two = expectation(plane, a, b, values, bits=140, width=1e-30)
        assert one.overlaps(two)
        assert radius(one - two) < 1e-29


def test_a_quadrant_on_a_box_contains_those_inside() -> None:
    """Would have caught a ball for the middle of the box instead of all its points, also across θ = π/2."""
    width = arb(0, 1) * ball(Fraction(1, 1000))

    def box() -> tuple[arb, arb, arb]:
        return ball(Fraction(1, 2)) + width, ball(Fraction(-1, 3)) + width, arb.pi() / 2 + width

    whole = orthant(box, bits=60, width=1.0)
    assert 1e-5 < radius(whole) < 1e-2
    for share in (-1, 1):
        shift = Fraction(share, 1001)

        def corner(shift: Fraction = shift) -> tuple[arb, arb, arb]:
            return ball(Fraction(1, 2) + shift), ball(Fraction(-1, 3) - shift), arb.pi() / 2 + ball(shift)

        assert whole.contains(orthant(corner, bits=120, width=1e-20))


def test_a_bump_far_from_a_narrow_centre_is_enclosed() -> None:
    """Would have caught a tail bound that holds only where the exponent falls from the cut on: at small angles the
    centre of the pre-activation is many deviations from 0. E exp(−(m + δξ)²) = exp(−m²/(1 + 2δ²))/√(1 + 2δ²)."""
    m, delta = Fraction(3), Fraction(1, 10)
    with precision(200):
        values = {p: acb(ball(m)), q: acb(ball(delta))}
        found = expectation(sp.exp(-((p + q * a) ** 2)), a, b, values, bits=140, width=1e-30)
        spread = 1 + 2 * ball(delta) ** 2
        exact = (-(ball(m) ** 2) / spread).exp() / spread.sqrt()
        assert radius(found - exact) < 1e-29
        assert (found - exact).contains(0)
