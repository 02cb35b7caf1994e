"""What SymPy gets wrong or leaves open: why its answers are candidates and equality is decided elsewhere.

A canary that fails means that SymPy has changed. Read the docstring, then the rule that it guards.
"""

import pytest
import sympy as sp
from flint import arb
from sympy.stats import E as expectation_of
from sympy.stats import Uniform, where

from ste_theory.calculus.equality import exactly_equal
from ste_theory.model.quantizers import binary
from ste_theory.rigorous.balls import precision
from ste_theory.rigorous.integrate import Segment, integrate

x = sp.Symbol("x", real=True)


def test_integrate_is_silently_wrong_on_a_step() -> None:
    """Issue 21559: with x1 > 0 the integral of 1{y < x}e^{y−x} over (−x1, 0) at x1 = 1, x = −½ is 1 − e^{−½} = 0.393…

    SymPy answers 1.042…. If it is right one day, an antiderivative may be trusted a little more; the rule stays that
    every antiderivative is differentiated back.
    """
    y, x1 = sp.Symbol("y", real=True), sp.Symbol("x1", positive=True)
    found = sp.integrate(sp.Heaviside(x - y) * sp.exp(y - x), (y, -x1, 0)).subs({x1: 1, x: -sp.S.Half})
    truth = 1 - sp.exp(-sp.S.Half)
    assert abs(float(truth) - 0.393469) < 1e-6
    assert abs(float(found) - 1.0421906) < 1e-6


def test_our_enclosure_is_right_where_integrate_is_not() -> None:
    """The same integral, cut where the step is: the numbers that an antiderivative has to agree with."""

    def make() -> tuple[arb, arb, object]:
        return arb(-1), arb(-1) / 2, lambda z, _: (z + arb(1) / 2).exp()

    found = integrate([Segment(make)])  # type: ignore[arg-type]
    with precision(160):
        assert found.overlaps(1 - (-arb(1) / 2).exp())


def test_a_conditional_mean_ignores_its_condition() -> None:
    """E(v | v > ½) of a uniform v is ¾; with the condition written as ``where`` SymPy answers ½."""
    uniform = Uniform("v", 0, 1)
    assert expectation_of(uniform, where(uniform > sp.S.Half)) == sp.S.Half


def test_equals_does_not_know_an_identity_of_erf() -> None:
    """``None`` is neither true nor false; ``if not difference.equals(0)`` would refute erf + erfc = 1."""
    assert (sp.erf(x) + sp.erfc(x) - 1).equals(0) is None
    assert exactly_equal(sp.erf(x) + sp.erfc(x), sp.S.One) is True
    assert exactly_equal(sp.erf(x) + sp.erfc(x), 1 + sp.Rational(1, 10**20)) is not True


def test_a_step_has_a_value_of_its_own_at_zero() -> None:
    """Heaviside(0) = ½ and sign(0) = 0, but σ(0) is the value left of the jump: quantizers define their own."""
    assert sp.Heaviside(0) == sp.S.Half
    assert sp.sign(0) == 0
    assert binary()([0.0]).tolist() == [0.0]


def test_a_float_spreads_through_an_expression() -> None:
    """One Float makes an exact expression inexact without a warning: why floats are refused inside derivations."""
    mixed = sp.Float("0.1") + sp.Rational(2, 10) - sp.Rational(3, 10)
    assert mixed.is_Float
    assert mixed != 0


@pytest.mark.parametrize("sign", [1, -1])
def test_an_inequality_of_erf_is_left_open(sign: int) -> None:
    """SymPy does not decide erf(x) < 1 for real x: inequalities are decided by balls on boxes."""
    relation = sign * sp.erf(x) < 1
    assert relation not in (sp.true, sp.false)
