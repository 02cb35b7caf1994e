"""The named objects: what is bound, what is free, what evaluates by itself, how they print."""

import mpmath as mp
import pytest
import sympy as sp

from ste_theory.calculus.clipped import p_clipped, q_clipped, xi_integral
from ste_theory.calculus.definitions import activation, coarse_gradient, surrogate_derivative
from ste_theory.calculus.derivation import Chain, DerivationError, Grade
from ste_theory.calculus.expectation import Expectation, OthersSum, Phi, indicator, phi, random_atoms, unfold
from ste_theory.calculus.rules import RULES
from ste_theory.calculus.vectors import Norm, components
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import uniform_relu
from ste_theory.model.surrogates import clipped_relu, from_formulas
from ste_theory.model.symbols import (
    D,
    Projection,
    RowNormal,
    V,
    a,
    b,
    e_hat,
    i,
    j,
    mu_prime,
    rho,
    rho_star,
    sigma,
    theta,
    u_hat,
    v,
    w_hat,
    w_star_vector,
    w_vector,
    x,
)


def test_an_expectation_binds_its_random_variables() -> None:
    """Would have caught a derivative or a substitution by a random variable that has been integrated out."""
    mean = Expectation(a * mu_prime(rho * a) * D)
    assert mean.free_symbols == {rho, D}
    assert mean.bound_symbols == [a]
    assert random_atoms(mean) == ()
    assert random_atoms(a * mean + b) == (a, b)
    assert Expectation(RowNormal(a, i) * v[i]).free_symbols >= {i}
    assert Expectation(a).is_real
    assert sp.sstr(Expectation(a * rho)) == "E[a*rho]"
    assert sp.latex(Expectation(a) ** 2) == r"\mathbb{E}\left[a\right]^{2}"


def test_nothing_is_evaluated_by_construction() -> None:
    """Would have caught an expectation that takes constants out, or vanishes, before a rule says so."""
    assert Expectation(sp.S.Zero) != 0
    assert Expectation(2 * a) != 2 * Expectation(a)


def test_the_index_of_the_other_rows_is_bound() -> None:
    """Would have caught a sum over j ≠ i that depends on j."""
    others = OthersSum(v[j] * D, j, i)
    assert j not in others.free_symbols
    assert {i, D} <= others.free_symbols
    assert (others.summand, others.index, others.excluded) == (v[j] * D, j, i)
    assert sp.sstr(others) == "Sum_{j!=i}(D*v[j])"


def test_indicators() -> None:
    """Would have caught 1{0 > 0} = 1, a power of an indicator that stays, or a sign assumed for a real number."""
    assert indicator(sp.S.Zero) == 0
    assert indicator(-rho) == 0
    assert indicator(rho) == 1
    assert indicator(x) ** 3 == indicator(x)
    assert sp.Pow(indicator(x), -1) != indicator(x)
    assert isinstance(indicator(x), indicator)
    assert isinstance(indicator(V), indicator), "V may be 0"


def test_the_normal_distribution() -> None:
    """Would have caught Φ(0) ≠ ½, φ not even, φ′ ≠ −xφ or values at ±∞."""
    assert (phi(sp.oo), phi(-sp.oo), Phi(sp.oo), Phi(-sp.oo), Phi(sp.S.Zero)) == (0, 0, 1, 0, sp.S.Half)
    assert phi(-x) == phi(x)
    assert Phi(-x) == 1 - Phi(x)
    assert sp.diff(Phi(x), x) == phi(x)
    assert sp.diff(phi(x), x) == -x * phi(x)
    with mp.workdps(30):
        value = mp.mpf(unfold(Phi(sp.Rational(3, 2))).evalf(30))
        assert abs(value - mp.ncdf(mp.mpf(3) / 2)) < mp.mpf(10) ** -28
        density = mp.mpf(unfold(phi(sp.Rational(3, 2))).evalf(30))
        assert abs(density - mp.npdf(mp.mpf(3) / 2)) < mp.mpf(10) ** -28


def test_the_angular_integrals() -> None:
    """Would have caught a wrong constant in ξ, or p and q exchanged; p(0, 1) = (1 − e^{−1/2})/√(2π), q(0, 1) = 0."""
    assert sp.simplify(sp.diff(xi_integral(x), x) - x**2 * sp.exp(-(x**2) / 2)) == 0
    assert xi_integral(sp.S.Zero) == 0
    for name, expected in ((p_clipped, (1 - sp.exp(sp.Rational(-1, 2))) / sp.sqrt(2 * sp.pi)), (q_clipped, sp.S.Zero)):
        integral = name(sp.S.Zero, sp.S.One).integral()
        variable = integral.limits[0][0]
        assert integral.limits[0][1:] == (-sp.pi / 2, sp.pi / 2)
        function = sp.lambdify(variable, integral.function, "mpmath")
        assert abs(mp.quad(function, [-mp.pi / 2, 0, mp.pi / 2]) - mp.mpf(expected.evalf(30))) < 1e-12


def test_quantizers_and_surrogates_as_expressions() -> None:
    """Would have caught a threshold not exceeded strictly, a height left out, or a piece with the wrong end."""
    staircase = activation(uniform_relu(2), x)
    assert [staircase.subs(x, sp.Rational(value, 2)) for value in (-1, 1, 3, 5, 9)] == [0, 1, 2, 3, 3]
    window = surrogate_derivative(clipped_relu(2), x)
    assert [window.subs(x, value) for value in (-1, 1, 3)] == [0, 1, 0]
    smooth = surrogate_derivative(from_formulas("bump", ("exp(-x^2/3)",)), rho * a)
    assert smooth == sp.exp(-(rho**2) * a**2 / 3)
    assert not smooth.has(sp.Float)


def test_the_coarse_gradient_depends_linearly_on_the_direction() -> None:
    """Would have caught a definition that projects the forward pass too."""
    along = coarse_gradient(u_hat)
    assert len([place for place in along.atoms(Projection) if place.args[0] == u_hat]) == 1
    assert along.has(Projection(w_vector, i))


def test_components_in_the_frame() -> None:
    """Would have caught w* with sine and cosine exchanged, a norm that is not a norm, or a scalar taken for a
    vector."""
    assert components(w_star_vector) == (rho_star * sp.cos(theta), rho_star * sp.sin(theta), 0)
    assert components(2 * w_vector - D * u_hat + e_hat) == (2 * rho, -D, 1)
    bisector = (w_hat + w_star_vector) / Norm(w_hat + w_star_vector)
    first, second, third = components(bisector, unit_teacher=True)
    assert sp.simplify(first**2 + second**2 - 1) == 0
    assert third == 0
    assert abs(float(sp.atan2(second, first).subs(theta, 1).evalf()) - 0.5) < 1e-15
    for wrong in (D, w_hat + 1, w_hat**2, w_hat * u_hat, sp.S.One):
        with pytest.raises(ValueError, match="vector"):
            components(wrong)


def test_a_chain_refuses_a_rule_that_does_not_apply_and_grades_are_ordered() -> None:
    """Would have caught a step that changes nothing, and a weakest check that is the strongest."""
    with pytest.raises(DerivationError, match="does not apply"):
        Chain(Quantity.LOSS, Expectation(sigma(a))).by(RULES["inner integral"], "nothing to integrate")
    assert Grade.WRONG < Grade.UNKNOWN < Grade.AT_POINTS < Grade.EXACT
