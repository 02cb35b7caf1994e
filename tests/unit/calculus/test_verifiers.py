"""Verifiers shown statements that look right: each of these pairs is unequal, or equal only by accident."""

import pytest
import sympy as sp

from ste_theory.calculus.clipped import p_clipped
from ste_theory.calculus.derivation import Grade
from ste_theory.calculus.expectation import Expectation, Phi, indicator, phi
from ste_theory.calculus.rules import RULES
from ste_theory.calculus.rules.normal_form import row_normal_form
from ste_theory.calculus.rules.points import SPURIOUS_V
from ste_theory.model.symbols import (
    D,
    Projection,
    RowNormal,
    S,
    S_star,
    V,
    V_star,
    a,
    b,
    c,
    i,
    k,
    m,
    phi_angle,
    rho,
    rho_star,
    s,
    sigma,
    theta,
    v,
    v_star,
    w_vector,
    x,
    xi,
)

LINE, CIRCLE = (x, -sp.oo, sp.oo), (phi_angle, theta - sp.pi, theta + sp.pi)
RIGHT_HALF = (phi_angle, -sp.pi / 2, sp.pi / 2)
COS, SIN = sp.cos(phi_angle), sp.sin(phi_angle)
GRAM = sp.Matrix([[V, D, S, v[k]], [D, V_star, S_star, v_star[k]], [S, S_star, 3, 1], [v[k], v_star[k], 1, 1]]).det()

FALSE_STEPS = {
    "an empty range counts negatively": (
        "restrict the range",
        sp.Integral(indicator(x - 2) * indicator(1 - x) * phi(x), LINE),
        sp.Integral(phi(x), (x, 2, 1)),
        {},
    ),
    "the variable of integration is taken": ("density", Expectation(a * x), sp.Integral(x**2 * phi(x), LINE), {}),
    "a projection is not standard normal": (
        "density",
        Expectation(Projection(w_vector, i) ** 2),
        sp.Integral(x**2 * phi(x), LINE),
        {},
    ),
    "the sign of D is unknown in a limit": (
        "antiderivative",
        sp.Integral(D * phi(D * x), LINE),
        sp.S.One,
        {"primitive": lambda _: Phi(D * x)},
    ),
    "a primitive with a pole inside": (
        "antiderivative",
        sp.Integral(1 / x**2, (x, -1, 1)),
        sp.Integer(-2),
        {"primitive": lambda _: -1 / x},
    ),
    "the sign of D is unknown in a half-plane": (
        "angular window",
        sp.Integral(indicator(D * COS), CIRCLE),
        sp.Integral(1, RIGHT_HALF),
        {},
    ),
    "zeros between those at ±π/2": (
        "angular window",
        sp.Integral(indicator(COS * sp.sin(phi_angle - theta)), CIRCLE),
        sp.Integral(1, RIGHT_HALF),
        {},
    ),
    "an integrand without the period 2π": (
        "angular window",
        sp.Integral(phi_angle * indicator(COS), CIRCLE),
        sp.Integral(phi_angle, RIGHT_HALF),
        {},
    ),
    "outside the strip": (
        "polar coordinates in a strip",
        Expectation(a * indicator(rho * a) * indicator(rho * a - 1)),
        p_clipped(0, rho),
        {},
    ),
    "a third random variable": (
        "polar coordinates",
        Expectation(a * xi * indicator(a)),
        sp.sqrt(sp.pi / 2) / (2 * sp.pi) * sp.Integral(xi * COS * indicator(COS), CIRCLE),
        {},
    ),
    "not homogeneous": (
        "polar coordinates",
        Expectation((a + a**2) * indicator(a)),
        sp.sqrt(sp.pi / 2) / (2 * sp.pi) * sp.Integral((COS + COS**2) * indicator(COS), CIRCLE),
        {},
    ),
    "a negative factor": ("positive factor", indicator(D * a), indicator(a), {}),
    "a slope that may be negative": (
        "inner integral",
        Expectation(indicator(c * a + D * b)),
        Expectation(1 - Phi(-c * a / D)),
        {},
    ),
    "another variance": (
        "one coordinate",
        Expectation(sigma(rho * a + rho_star * b)),
        Expectation(sigma((rho + rho_star) * a)),
        {},
    ),
    "a relation of three rows only": ("name sums", GRAM, sp.S.Zero, {}),
    "three rows counted": ("name sums", sp.Sum(1, (i, 1, m)), sp.Integer(3), {}),
    "a row and the plane share a name": (
        "identical rows",
        Expectation(sigma(RowNormal(a, 1) + a)),
        Expectation(sigma(2 * a)),
        {},
    ),
    "dependent rows": (
        "independent rows",
        Expectation(sigma(RowNormal(a, i)) * RowNormal(a, i)),
        Expectation(sigma(RowNormal(a, i))) * Expectation(RowNormal(a, i)),
        {},
    ),
    "a negative scale": (
        "substitution",
        sp.Integral(phi(x), (x, 0, sp.oo)),
        sp.Integral(c * phi(c * x), (x, 0, sp.oo)),
        {"scale": c},
    ),
    "the wrong special point": ("v in span(v*, 1)", S, -S_star + 2 * S_star / (m + 1), {"v": SPURIOUS_V}),
    "another function": (
        "specialize",
        sigma(a) + sigma(b),
        indicator(a) + sigma(b),
        {"function": sigma, "body": indicator},
    ),
    "half of a line": ("two half-lines", Expectation(sigma(a)), 2 * Expectation(sigma(a) * indicator(a)), {}),
    "cosine at π": ("w* opposite to w", c * a + s * b, a, {}),
}


@pytest.mark.parametrize("name", FALSE_STEPS)
def test_a_false_step_is_not_exact(name: str) -> None:
    """Would have caught a verifier that checks less than its rule needs."""
    rule, node, new, options = FALSE_STEPS[name]
    check = RULES[rule].verify(node, new, options)
    assert check.grade in (Grade.WRONG, Grade.UNKNOWN), check.argument


def test_every_rule_is_attacked_here_or_by_sabotage() -> None:
    """Would have caught a rule name that no longer exists (its attack would test nothing)."""
    assert {rule for rule, *_ in FALSE_STEPS.values()} <= set(RULES)


def test_the_normal_form_writes_out_three_rows() -> None:
    """Would have caught a forgotten cross term: (Σv_i)² has three squares and three double products."""
    squares = v[1] ** 2 + v[2] ** 2 + v[3] ** 2
    assert row_normal_form(V) == squares
    assert sp.expand(row_normal_form(S**2) - squares - 2 * (v[1] * v[2] + v[1] * v[3] + v[2] * v[3])) == 0
    assert row_normal_form(sp.Sum(v[i] * v_star[i], (i, 1, m))) == row_normal_form(D)


def test_the_normal_form_knows_two_moments_and_independence() -> None:
    """Would have caught E a² ≠ 1, E a ≠ 0, or a product over rows that is not factored."""
    one, two = RowNormal(a, 1), RowNormal(a, 2)
    assert row_normal_form(Expectation(one)) == 0
    assert row_normal_form(Expectation(one**2)) == 1
    assert row_normal_form(Expectation(one * two)) == 0
    assert row_normal_form(Expectation(sigma(one) * sigma(two))) == Expectation(sigma(a)) ** 2
    assert row_normal_form(Expectation(sigma(one) ** 2)) == Expectation(sigma(a) ** 2)


def test_the_normal_form_refuses_other_sums() -> None:
    """Would have caught a sum over some rows taken for the sum over all."""
    with pytest.raises(ValueError, match="runs from 1 to m"):
        row_normal_form(sp.Sum(v[i], (i, 2, m)))
