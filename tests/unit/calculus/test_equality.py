"""``exactly_equal``: its True and its False are proofs, so both are attacked; what it cannot decide must be None."""

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ste_theory.calculus.equality import exactly_equal, exactly_zero, visibly_positive
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi, unfold
from ste_theory.model.symbols import D, S, S_star, V, a, c, m, mu_prime, rho, rho_star, s, theta, v, v_star, x

SMALL = sp.Rational(1, 10**30)
HALF_COS, HALF_SIN = sp.cos(theta / 2), sp.sin(theta / 2)
NAMESAKE = sp.Symbol("y", positive=True)
COMPLEX = sp.Symbol("z")
sqrt, exp, log, erf, pi = sp.sqrt, sp.exp, sp.log, sp.erf, sp.pi

EQUAL = [
    (HALF_COS, sqrt((1 + c) / 2)),
    (HALF_SIN, sqrt((1 - c) / 2)),
    (sqrt(1 - c**2), s),
    (sqrt((1 + c) ** 2 + s**2), 2 * HALF_COS),
    (sp.tan(theta / 2), s / (1 + c)),
    (sp.cot(theta / 2), (1 + c) / s),
    (sp.csc(theta / 2) * s, 2 * HALF_COS),
    (sp.cos(3 * theta), 4 * c**3 - 3 * c),
    (sp.sin(theta + pi / 3), s / 2 + sqrt(3) * c / 2),
    (sp.Abs(s), s),
    (phi(x) * phi(c * x / s), phi(x / s) / sqrt(2 * pi)),
    (phi(x) * sqrt(2 * pi), exp(-(x**2) / 2)),
    (Phi(-x), 1 - Phi(x)),
    (2 * Phi(x) - 1, erf(x / sqrt(2))),
    (sp.erfc(x) + erf(x), sp.S.One),
    (erf(x * c / s), -erf(-x / sp.tan(theta))),
    (Phi(c / (rho * s)), 1 - Phi(-sp.cot(theta) / rho)),
    (exp(-rho) * (1 + exp(2 * rho)), exp(rho) + exp(-rho)),
    (
        sqrt(rho**2 + 2 * rho * rho_star * c + rho_star**2 * (s**2 + c**2)),
        sqrt((rho + rho_star * c) ** 2 + (rho_star * s) ** 2),
    ),
    (D / (1 + sqrt(2)), D * (sqrt(2) - 1)),
    (sqrt(2 * pi) ** 3, 2 * pi * sqrt(2 * pi)),
    (sp.Derivative(c, theta), -s),
    (mu_prime(rho * x + x), mu_prime(x * (rho + 1))),
    (Expectation(a * (1 + rho)), Expectation(a + a * rho)),
]

DIFFERENT = [
    (c, s),
    (HALF_COS, -sqrt((1 + c) / 2)),
    (s, s * (1 + SMALL)),
    (s, s + SMALL),
    (sp.cos(3 * theta), 4 * c**3 - 3 * c + SMALL),
    (exp(-rho), exp(-rho) * (1 + SMALL)),
    (exp(theta), exp(theta * (1 + SMALL))),
    (D / (1 + sqrt(2)), D * (sqrt(2) - 1) * (1 + SMALL)),
    (sqrt(2) * D / sqrt(pi), sqrt(2 / pi) * D * (1 + SMALL)),
    (V / (m + 1), V / (m + 1) + SMALL / (m + 7)),
    (pi, sp.Rational(355, 113)),
    (theta, pi),
    (theta, sp.tan(theta)),
    (exp(theta), 1 + theta),
    (D, S),
    (v[sp.Symbol("k")], v_star[sp.Symbol("k")]),
    (sp.Derivative(c, theta), sp.S.Zero),
    (HALF_COS, NAMESAKE * (NAMESAKE + 2) / (NAMESAKE**2 + 2 * NAMESAKE + 2)),
]

# Equal or not, this method cannot tell: neither True nor False may be said. (The first of each group are equal.)
UNDECIDABLE = [
    (sqrt(2 + sqrt(3)), (sqrt(6) + sqrt(2)) / 2),
    (log(sp.Integer(6)), log(sp.Integer(2)) + log(sp.Integer(3))),
    (exp(x * log(sp.Integer(6))), exp(x * log(sp.Integer(2)) + x * log(sp.Integer(3)))),
    (exp((D + 1) * log(rho) - D * log(rho)), rho),
    (exp(sp.I * theta), c + sp.I * s),
    (exp(rho + 1), sp.E * exp(rho)),
    (sp.tanh(x), (exp(x) - exp(-x)) / (exp(x) + exp(-x))),
    (sp.gamma(m + 1), m * sp.gamma(m)),
    (Expectation(2 * a), 2 * Expectation(a)),
    (indicator(rho * x), indicator(x)),
    (erf(rho), erf(rho) * (1 + SMALL)),
    (sp.sqrt(exp(2 * COMPLEX)), exp(COMPLEX)),
    (sp.Abs(x), x),
    (sp.Abs(c), c),
    (sp.oo, sp.oo),
    (sp.nan, sp.nan),
    (sp.Float("0.5"), sp.Rational(1, 2)),
    (1 / (s**2 + c**2 - 1), 5 / (HALF_SIN**2 + HALF_COS**2 - 1)),
    (sp.Integral(c, (theta, 0, 1)), c),
    (sp.Derivative(mu_prime(theta), theta), sp.S.Zero),
]


@pytest.mark.parametrize(("left", "right"), EQUAL, ids=str)
def test_equal_forms_are_found_equal(left: sp.Expr, right: sp.Expr) -> None:
    """Would have caught a normal form that misses an identity which derivations need."""
    assert exactly_equal(left, right) is True
    assert exactly_equal(right, left) is True
    assert exactly_zero(left - right) is True


@pytest.mark.parametrize(("left", "right"), DIFFERENT, ids=str)
def test_different_forms_are_found_different(left: sp.Expr, right: sp.Expr) -> None:
    """Would have caught a tolerance (1e-30 is a difference), or a symbol of ours confused with one of a statement."""
    assert exactly_equal(left, right) is False


@pytest.mark.parametrize(("left", "right"), UNDECIDABLE, ids=str)
def test_what_is_not_proved_is_not_said(left: sp.Expr, right: sp.Expr) -> None:
    """Would have caught False for equal numbers in other forms, True for undefined expressions, floats taken as
    exact."""
    assert exactly_equal(left, right) is None


LEAVES = [c, s, HALF_COS, HALF_SIN, theta, rho, D, sp.Integer(2), sp.Rational(-1, 3), sqrt(2), pi]
FUNCTIONS = [
    lambda e: exp(-(rho**2)) * e,
    lambda e: phi(rho * s) * e,
    lambda e: Phi(rho * c / s) * e,
    lambda e: e * erf(1 / rho),
    lambda e: e / rho,
    lambda e: e**2,
    lambda e: e * sp.cot(theta / 2),
]
expressions = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(lambda p, q: p + q, inner, inner),
        st.builds(lambda p, q: p * q, inner, inner),
        st.builds(lambda f, e: f(e), st.sampled_from(FUNCTIONS), inner),
    ),
    max_leaves=5,
)
REWRITES = [
    sp.expand,
    sp.factor,
    sp.together,
    sp.expand_trig,
    lambda e: sp.expand(e.subs(s, 2 * HALF_SIN * HALF_COS)),
    lambda e: e.subs(c, 1 - 2 * HALF_SIN**2),
    lambda e: e.subs(HALF_COS, sqrt((1 + c) / 2)),
    lambda e: e.subs(HALF_SIN, s / (2 * HALF_COS)),
    lambda e: e * (s**2 + c**2),
    lambda e: e + c**2 + s**2 - 1,
    lambda e: e.replace(Phi, lambda t: 1 - Phi(-t)),
    lambda e: e.replace(Phi, lambda t: (1 + erf(t / sqrt(2))) / 2),
    lambda e: e.replace(phi, lambda t: phi(t / 2) ** 4 * sqrt(2 * pi) ** 3),
]
POINTS = [
    (sp.Rational(7, 10), sp.Rational(13, 7), sp.Rational(3, 5)),
    (sp.Rational(29, 10), sp.Rational(2, 9), sp.Rational(-8, 3)),
]


def differences(left: sp.Expr, right: sp.Expr) -> list[mp.mpf]:
    """|left − right| relative to the size of the two sides, in 60 digits, at points of the domain."""
    found = []
    for angle, radius, product in POINTS:
        values = {theta: angle, rho: radius, D: product}
        with mp.workdps(60):
            one, two = (mp.mpf(unfold(side).subs(values).evalf(60)) for side in (left, right))
            found.append(abs(one - two) / (abs(one) + abs(two) + mp.mpf(10) ** -20))
    return found


@settings(max_examples=60)
@given(expressions, st.sampled_from(REWRITES))
@example(Phi(rho * c / s), REWRITES[-3])
def test_a_rewritten_expression_is_never_found_different(e: sp.Expr, rewrite: object) -> None:
    """Would have caught a False for two forms of one function."""
    assert callable(rewrite)
    assert exactly_equal(e, rewrite(e)) is not False


@settings(max_examples=60)
@given(expressions, expressions)
@example(c**2, 1 - s**2)
def test_both_answers_agree_with_numbers(left: sp.Expr, right: sp.Expr) -> None:
    """Would have caught a True or a False that 50 digits contradict at two points."""
    answer = exactly_equal(left, right)
    if answer is not None:
        sizes = differences(left, right)
        if answer:
            assert max(sizes) < mp.mpf(10) ** -45
        else:
            assert max(sizes) > mp.mpf(10) ** -30


@settings(max_examples=30)
@given(expressions)
def test_a_relative_error_of_1e_30_is_never_overlooked(e: sp.Expr) -> None:
    """Would have caught a comparison in floating point."""
    if exactly_zero(e) is not True:
        assert exactly_equal(e, e * (1 + SMALL)) is not True


POSITIVE = [
    s,
    HALF_COS,
    HALF_SIN,
    1 - c,
    1 + c,
    2 - s,
    sp.cot(theta / 2),
    1 / (rho * s),
    exp(-(x**2)),
    S_star**2 + 1,
    sqrt(rho),
    m,
]
NOT_POSITIVE = [
    c,
    -s,
    rho - rho_star,
    V,
    S,
    D**2,
    m - 1,
    pi - theta,
    exp(sp.I * theta),
    x,
    sp.cos(2 * theta),
    indicator(x),
]


@pytest.mark.parametrize("expression", POSITIVE, ids=str)
def test_visibly_positive(expression: sp.Expr) -> None:
    """Would have caught a sign that derivations need and the verifiers do not see."""
    assert visibly_positive(expression)
    assert not visibly_positive(-expression)


@pytest.mark.parametrize("expression", NOT_POSITIVE, ids=str)
def test_not_visibly_positive(expression: sp.Expr) -> None:
    """Would have caught a 'proof' that a cosine, a sum that may vanish or a difference is positive."""
    assert not visibly_positive(expression)
