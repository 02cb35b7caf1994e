"""The number a formula gives at a point: as sure of itself as it is exact, at weights of any size."""

from fractions import Fraction

import mpmath as mp
import sympy as sp

from ste_theory.claims.instance import value_at
from ste_theory.model.problem import PlanePoint, Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import relu
from ste_theory.model.symbols import D, S, V, rho, theta

PROBLEM = Problem(binary(), relu())
LARGE = PlanePoint(
    Fraction(3, 7), Fraction(1), Fraction(6, 5), (Fraction(1000), Fraction(-999)), (Fraction(1), Fraction(2))
)


def test_small_values_at_large_weights_are_sharp() -> None:
    """Would have caught an error estimate that grows with the fourth power of the weights, whatever the value: at
    V = 2·10⁶ it was 1,600, and every comparison agreed."""
    value = value_at(S * sp.cos(theta) / 3, PROBLEM, LARGE)
    assert abs(value.number - float(mp.cos(mp.mpf(6) / 5) / 3)) <= value.error < 1e-15
    assert not value.agrees(value_at(S * sp.cos(theta) / 3 * (1 + sp.Rational(1, 10**12)), PROBLEM, LARGE))


def test_what_cancels_is_known_to_be_small_and_no_better() -> None:
    """Would have caught a zero that is claimed to more digits than the cancelling terms leave."""
    zero = (V + D * rho / 7) ** 2 - V**2 - 2 * V * D * rho / 7 - (D * rho / 7) ** 2
    value = value_at(zero, PROBLEM, LARGE)
    assert abs(value.number) <= value.error < 1e-20
    assert value.agrees(value_at(sp.S.Zero * V, PROBLEM, LARGE))
    wrong = value_at(zero + V / 10**20, PROBLEM, LARGE)
    assert not wrong.agrees(value)
