"""The second look at a step: panel quadrature against mpmath's integration and closed forms."""

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from ste_theory.calculus.clipped import p_clipped, q_clipped
from ste_theory.calculus.evaluate import Value, _rounded, evaluate
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.rules.derivatives import DirectionalDerivative
from ste_theory.model.symbols import D, a, b, c, mu_prime, rho, s, theta, u_hat, w_hat, x

AT = {rho: 1.375, theta: 1.1, D: -0.625}


def gaussian(function: sp.Expr, cuts: list[float]) -> mp.mpf:
    """∫ f(a)φ(a) da by mpmath, split at the cuts."""
    compiled = sp.lambdify(a, function.subs(AT), "mpmath")
    return mp.quad(lambda t: compiled(t) * mp.npdf(t), [-12, *cuts, 12])


LINE = [
    (sp.exp(-(rho**2) * a**2 / 3), [0.0]),
    (a * sp.exp(rho * a / 2), [0.0]),
    (sp.cos(3 * a) * a**2, [-4.0, -2.0, 0.0, 2.0, 4.0]),
    (sp.tanh(rho * a) * a, [0.0]),
]


@pytest.mark.parametrize(("function", "cuts"), LINE, ids=str)
def test_means_over_a_line(function: sp.Expr, cuts: list[float]) -> None:
    """Would have caught a wrong density or a reach that cuts off mass."""
    value = evaluate(Expectation(function), AT)
    assert abs(value.number - float(gaussian(function, cuts))) <= 10 * value.error + 1e-13
    assert value.error < 1e-9


def test_indicators_are_split_at_their_roots() -> None:
    """Would have caught quadrature across a jump: E a·1{0 < ρa < 1} = φ(0) − φ(1/ρ)."""
    value = evaluate(Expectation(a * indicator(rho * a) * indicator(1 - rho * a)), AT)
    exact = mp.npdf(0) - mp.npdf(1 / mp.mpf(AT[rho]))
    assert abs(value.number - float(exact)) <= 10 * value.error
    assert value.error < 1e-10


def test_means_over_the_plane() -> None:
    """Would have caught a slanted half-plane taken for a straight one: P(both > 0) = (π − θ)/2π, and first moments."""
    both = indicator(rho * a) * indicator(c * a + s * b)
    for function, exact in (
        (both, (sp.pi - theta) / (2 * sp.pi)),
        (a * both, (1 + c) / (2 * sp.sqrt(2 * sp.pi))),
        (b * both, s / (2 * sp.sqrt(2 * sp.pi))),
    ):
        value = evaluate(Expectation(function), AT)
        assert abs(value.number - float(exact.subs(AT))) <= 10 * value.error
        assert value.error < 1e-8


def test_integrals_and_functions() -> None:
    """Would have caught a cut at 60 that is too near, a variable integrated twice, Φ for φ."""
    values = {
        sp.Integral(x**2 * phi(x), (x, -sp.oo, sp.oo)): 1.0,
        sp.Integral(phi(x), (x, 0, 1 / rho)): float(mp.ncdf(1 / mp.mpf(AT[rho])) - 0.5),
        Phi(rho) + phi(rho) * D: float(mp.ncdf(AT[rho]) + mp.npdf(AT[rho]) * AT[D]),
    }
    for expression, exact in values.items():
        value = evaluate(expression, AT)
        assert abs(value.number - exact) <= 10 * value.error + 1e-14


def test_the_angular_integrals_have_their_closed_forms_as_values() -> None:
    """Would have caught p or q integrated over another arc (their closed forms come from one integration by parts)."""
    size = mp.mpf(AT[rho])
    sine, cosine = mp.sin(AT[theta]), mp.cos(AT[theta])
    q = sine / (2 * mp.sqrt(2 * mp.pi)) * mp.erf(1 / (mp.sqrt(2) * size * sine))
    p = 1 / (2 * mp.sqrt(2 * mp.pi)) - mp.npdf(1 / size) * mp.ncdf(cosine / (size * sine)) + cosine / sine * q
    for integral, exact in ((p_clipped(theta, rho), p), (q_clipped(theta, rho), q)):
        value = evaluate(integral, AT)
        assert abs(value.number - float(exact)) <= 10 * value.error + 1e-9


@pytest.mark.parametrize("exponent", range(-10, 11))
def test_the_angular_integrals_at_every_scale(exponent: int) -> None:
    """Would have caught a feature of width 1/ρ that the panels miss: at ρ = 6.3 p was off by 1.5e-3 of itself, far
    beyond its error estimate; and near θ = π the rounding of the ends."""
    for size in (2.0**exponent, 0.7875 * 2.0**exponent):
        for angle in (0.001, 0.3, 1.1, 1.57, 2.0, 2.9, 3.14, 3.1415):
            with mp.workdps(40):
                sine, cosine, length = mp.sin(angle), mp.cos(angle), mp.mpf(size)
                q = sine / (2 * mp.sqrt(2 * mp.pi)) * mp.erf(1 / (mp.sqrt(2) * length * sine))
                beside = mp.npdf(1 / length) * mp.erfc(-cosine / (length * sine) / mp.sqrt(2)) / 2
                p = 1 / (2 * mp.sqrt(2 * mp.pi)) - beside + cosine / sine * q
            for integral, exact in ((p_clipped(theta, rho), p), (q_clipped(theta, rho), q)):
                value = evaluate(integral, {rho: size, theta: angle})
                assert abs(value.number - float(exact)) <= 10 * value.error, f"{integral} at θ = {angle}, ρ = {size}"
                assert value.error < 1e-12


def test_directional_derivatives() -> None:
    """Would have caught a sign or a factor 1/ρ: ∂θ/∂û = −1/ρ and ∂ρ/∂ŵ = 1."""
    for function, direction, exact in (
        (theta * D, u_hat, -AT[D] / AT[rho]),
        (theta * D, w_hat, 0.0),
        (rho**2, w_hat, 2 * AT[rho]),
        (rho**2, u_hat, 0.0),
    ):
        assert abs(evaluate(DirectionalDerivative(function, direction), AT).number - exact) < 1e-12


def test_what_has_no_value_is_refused() -> None:
    """Would have caught a number invented for an undefined function or a missing symbol."""
    for expression in (Expectation(mu_prime(a)), rho + sp.Symbol("unknown")):
        with pytest.raises(ValueError, match=r"no (numerical )?value"):
            evaluate(expression, AT)


def test_agreement_is_within_ten_errors() -> None:
    """Would have caught an agreement that is relative to nothing: a difference of eleven errors is a difference."""
    assert Value(1.0, 1e-3).agrees(Value(1.0199, 1e-3))
    assert not Value(1.0, 1e-3).agrees(Value(1.0211, 1e-3))
    assert not Value(0.0, 0.0).agrees(Value(1e-300, 0.0))


@pytest.mark.parametrize("angle", [1e-9, 1e-5, 1e-3, 0.02])
@pytest.mark.parametrize("threshold", [-1.37, -0.5, 0.0, 0.3, 1.96, 2.004])
def test_a_step_that_is_narrow_or_sharp_is_found_wherever_it_is(angle: float, threshold: float) -> None:
    """Would have caught a step between the outermost node of a panel and its end, which halving does not see: both
    means are cosθ φ(h) (Stein)."""
    h = sp.Symbol("h", real=True)
    exact = np.cos(angle) * np.exp(-(threshold**2) / 2) / np.sqrt(2 * np.pi)
    line = Expectation(a * Phi((sp.cos(theta) * a - h) / sp.sin(theta)))
    plane = Expectation(a * indicator(sp.cos(theta) * a + sp.sin(theta) * b - h))
    for mean, slack in ((line, 1e-12), (plane, 2 * angle)):  # the plane's panels do not resolve the wedge itself
        found = evaluate(mean, {theta: angle, h: threshold})
        assert abs(found.number - exact) <= 10 * found.error + slack
        assert found.error < max(1e-10, 2 * angle)


def test_where_two_lines_cross_the_inner_integral_has_a_kink() -> None:
    """Would have caught: panels across the kink, off by 1e-5 with an error estimate ten times too small."""
    node = Expectation(indicator(b + a - 1) * indicator(b - 2 * a))
    with mp.workdps(30):
        exact = mp.quad(lambda x: mp.npdf(x) * mp.ncdf(-max(1 - x, 2 * x)), [-mp.inf, -2, mp.mpf(1) / 3, 2, mp.inf])
    found = evaluate(node, {})
    assert abs(found.number - exact) <= found.error + 1e-15
    assert found.error < 1e-12


@pytest.mark.parametrize("place", ["1/291", "1/1000000", "290/291", "1/2"])
def test_a_jump_beside_an_end_of_an_integral_is_found(place: str) -> None:
    """Would have caught: a surrogate that jumps between the end of a range and the first node of both rules, where
    both orders agree on a number that is wrong by far more than they differ."""
    at = sp.Rational(place)
    function = 3 * indicator(1 - x / at) + 2 * indicator(x / at - 1)
    value = evaluate(sp.Integral(function * sp.exp(x), (x, 0, 1)), {})
    wanted = float(3 * (sp.exp(at) - 1) + 2 * (sp.E - sp.exp(at)))
    assert abs(value.number - wanted) <= value.error < 1e-11


def test_an_argument_that_bends_is_searched_up_to_the_ends() -> None:
    """Would have caught: the same for a place that only a search finds."""
    value = evaluate(sp.Integral(indicator(x**2 - sp.Rational(1, 10**5)), (x, 0, 1)), {})
    assert abs(value.number - (1 - 10**-2.5)) <= value.error < 1e-11


@pytest.mark.parametrize(
    ("argument", "wanted"),
    [
        (x**2 - x / 10**5, 1 - 1e-5),
        ((x - sp.Rational(1, 3)) ** 2 - sp.Rational(1, 10**8), 1 - 2e-4),
        ((1 - x) * (x - 1 + sp.Rational(1, 10**9)), 1e-9),
        (sp.sin(sp.pi * x), 1.0),
    ],
    ids=str,
)
def test_an_argument_that_bends_is_0_at_an_end_or_changes_twice(argument: sp.Expr, wanted: float) -> None:
    """Would have caught: signs read at the ends, where they are 0, and two changes between the same nodes."""
    value = evaluate(sp.Integral(indicator(argument), (x, 0, 1)), {})
    assert abs(value.number - wanted) <= value.error < 1e-11


@pytest.mark.parametrize("width", [1e-3, 1e-6, 1e-9])
def test_a_narrow_bump_is_found(width: float) -> None:
    """Would have caught: a surrogate of a width that falls between all nodes, whose mean both orders give as 0."""
    narrow = sp.Symbol("narrow", positive=True)
    top = sp.Rational(1, 3)
    along = evaluate(sp.Integral(sp.exp(-(((x - top) / narrow) ** 2)), (x, 0, 1)), {narrow: width})
    assert abs(along.number - np.sqrt(np.pi) * width) <= along.error < (1e-12 + 1e-16 / width) * width
    mean = evaluate(Expectation(phi((a - top) / narrow) / narrow), {narrow: width})
    exact = np.exp(-(float(top) ** 2) / 2 / (1 + width**2)) / np.sqrt(2 * np.pi * (1 + width**2))
    assert abs(mean.number - exact) <= 10 * mean.error + 1e-15
    assert mean.error < 1e-12 + 1e-16 / width  # a − 1/3 has a rounding, which counts beside the width


def test_a_bump_that_is_flat_at_a_point_is_none_there() -> None:
    """Would have caught: a division by the curvature of an exponent that is a line at these parameters, or everywhere
    in a form that SymPy does not see."""
    flat = sp.exp(-((a * sp.cos(theta)) ** 2) / 2 - (a * sp.sin(theta)) ** 2 / 2 + a**2 / 2)
    for mean, at, exact in (
        (Expectation(phi(D * a)), {D: 0.0}, 1 / np.sqrt(2 * np.pi)),
        (Expectation(sp.exp(-(rho**2) * a**2)), {rho: 0.0}, 1.0),
        (Expectation(flat), {theta: 1.1}, 1.0),
        (sp.Integral(sp.exp(-rho * x**2), (x, 0, 1)), {rho: 0.0}, 1.0),
    ):
        value = evaluate(mean, at)
        assert abs(value.number - exact) <= value.error < 1e-11


def test_an_argument_with_an_infinite_slope_at_an_end() -> None:
    """Would have caught: a warning for the slope of √x at 0."""
    value = evaluate(sp.Integral(indicator(sp.sqrt(x) - sp.Rational(1, 2)), (x, 0, 1)), {})
    assert abs(value.number - 0.75) <= value.error < 1e-11


def test_a_mean_is_cut_where_a_bent_indicator_switches() -> None:
    """Would have caught: two changes between the same nodes, looked for in integrals over a range alone."""
    h, w = sp.Rational(1, 3), sp.Rational(1, 10**4)
    value = evaluate(Expectation(indicator((a - h) ** 2 - w**2)), {})
    exact = 1 - (mp.ncdf(mp.mpf(1) / 3 + mp.mpf("1e-4")) - mp.ncdf(mp.mpf(1) / 3 - mp.mpf("1e-4")))
    assert abs(value.number - float(exact)) <= value.error < 1e-11


@pytest.mark.parametrize("width", [1e-6, 1e-9])
def test_the_error_counts_the_rounding_of_jumps(width: float) -> None:
    """Would have caught: the mean over a window of 1e-9, wrong in the eighth digit, with an error of 1e-13; also
    beside a cut that is no jump, and for the inner variable."""
    w, h = sp.Symbol("w", positive=True), sp.Rational(1, 3)
    narrow = indicator(a - h + w) * indicator(h + w - a) / w
    inner = indicator(b - h + w) * indicator(h + w - b) / w
    exact = 2 * np.exp(-1 / 18) / np.sqrt(2 * np.pi)  # up to w²
    for mean, factor in (
        (narrow, 1.0),
        (narrow * sp.exp(-((a - h) ** 2)), 1.0),
        (indicator(a) * inner, 0.5),
    ):
        value = evaluate(Expectation(mean), {w: width})
        assert abs(value.number - factor * exact) <= 10 * value.error + width**2
        assert value.error < 1e-15 / width + 1e-11


def test_jumps_that_are_nowhere_stay_nowhere() -> None:
    """Would have caught: a warning, and a place that is no number, for an infinite one that is moved by a rounding."""
    moved = _rounded(np.array([np.inf, 2.0, -np.inf, np.inf]), 14)
    assert list(np.isinf(moved)) == [True, False, True, True]
    assert abs(moved[1] - 2.0) == 2.0**-50
