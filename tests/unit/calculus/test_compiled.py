"""Formulas as functions of numbers."""

import mpmath as mp
import numpy as np
import sympy as sp

from ste_theory.calculus.compiled import compiled
from ste_theory.calculus.expectation import indicator
from ste_theory.model.symbols import a, k, rho, theta, v


def test_arguments_are_taken_by_their_place() -> None:
    """Would have caught a function shared by two formulas that differ in the order of their arguments."""
    one = compiled(rho - 2 * theta, (rho, theta), "digits")
    two = compiled(rho - 2 * theta, (theta, rho), "digits")
    three = compiled(theta - 2 * rho, (theta, rho), "digits")
    assert (one(1, 10), two(1, 10), three(1, 10)) == (-19, 8, -19)
    assert one is three


def test_each_kind_of_numbers_has_its_functions() -> None:
    """Would have caught an indicator that is 1 at 0, digits lost to floats, an entry of v that is not replaced."""
    steps = compiled(indicator(a) * rho, (a, rho), "arrays")(np.array([-1.0, 0.0, 2.0]), 3.0)
    assert steps.tolist() == [0.0, 0.0, 3.0]
    assert abs(compiled(sp.erf(rho), (rho,), "floats")(0.5) - 0.5204998778130465) < 1e-15
    with mp.workdps(50):
        assert abs(compiled(sp.sqrt(v[k]), (v[k],), "digits")(mp.mpf(2)) ** 2 - 2) < mp.mpf("1e-48")
