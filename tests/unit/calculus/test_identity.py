"""Identities multiplied out in a ring, and sums over rows."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from ste_theory.calculus.identity import identical
from ste_theory.calculus.row_sums import row_sum, with_student
from ste_theory.model.symbols import D, S, S_star, V, V_star, k, m, rho, theta, v, v_star

x, y = sp.symbols("x y", real=True)
z = sp.Symbol("z", positive=True)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sp.sin(2 * x), 2 * sp.sin(x) * sp.cos(x)),
        (sp.cos(theta), 1 - 2 * sp.sin(theta / 2) ** 2),
        (sp.tan(x / 3) * sp.cos(x / 3), sp.sin(x / 3)),
        (sp.cos(x + y) + sp.sin(x) * sp.sin(y), sp.cos(x) * sp.cos(y)),
        (sp.cos(x) ** 2 / (1 - sp.sin(x)), 1 + sp.sin(x)),
        ((sp.sqrt(z) + 1) * (sp.sqrt(z) - 1), z - 1),
        (1 / (sp.sqrt(2) - 1), sp.sqrt(2) + 1),
        (sp.sqrt(2 * sp.pi) ** 3, 2 * sp.pi * sp.sqrt(2 * sp.pi)),
        (x / sp.pi + theta * x, x * (1 + sp.pi * theta) / sp.pi),
        (sp.exp(x) * (x + 1), x * sp.exp(x) + sp.exp(x)),
    ],
)
def test_what_is_equal_is_found_equal(left: sp.Expr, right: sp.Expr) -> None:
    """Would have caught a missing relation: cos² + sin² = 1, half angles, √2² = 2, √π² = π."""
    assert identical(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (sp.sin(x), sp.sin(y)),
        (sp.cos(x), 1 - sp.sin(x) ** 2),
        (sp.sqrt(2), sp.Rational(14142135623730951, 10**16)),
        (sp.pi, sp.Rational(22, 7)),
        (x, x + sp.Rational(1, 10**40)),
        (sp.sqrt(z), z),
        (sp.exp(x), sp.exp(y)),
        (sp.cos(theta), sp.cos(theta / 2)),
        (x / (x - x + y), x / (2 * y)),
    ],
)
def test_what_differs_is_not(left: sp.Expr, right: sp.Expr) -> None:
    """Would have caught a relation that is too generous: a tolerance, or sine taken for cosine."""
    assert not identical(left, right)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=6, max_size=6), st.integers(1, 3))
def test_multiplying_out_keeps_and_a_small_change_breaks_it(numbers: list[int], scale: int) -> None:
    """Would have caught a reduction that loses or invents a term, in random products of two sums."""
    a, b, c, d, e, f = numbers
    left = (a * sp.sin(scale * x) + b * theta + c) * (d * sp.cos(x) + e * sp.sqrt(3) + f / sp.pi)
    expanded = sp.expand(sp.expand_trig(left))
    assert identical(left, expanded)
    assert not identical(left, expanded + sp.sin(x) / 10**20)


def test_an_expression_over_zero_is_equal_to_nothing() -> None:
    """Would have caught 0/0 taken for 0: the denominator vanishes identically."""
    hidden = sp.cos(x) ** 2 + sp.sin(x) ** 2 - 1
    assert not identical(sp.Mul(x, sp.Pow(hidden, -1, evaluate=False), evaluate=False), sp.S.Zero)


def test_sums_over_rows() -> None:
    """Would have caught a moment of the wrong name, or the number of rows forgotten."""
    assert row_sum((2 * v[k] - v_star[k] + rho) ** 2) == sp.expand(
        4 * V + V_star + m * rho**2 - 4 * D + 4 * rho * S - 2 * rho * S_star
    )
    assert with_student(V + S * D + v[k], 2 * v_star[k] + 1) == (
        4 * V_star + 4 * S_star + m + (2 * S_star + m) * (2 * V_star + S_star) + 2 * v_star[k] + 1
    )


@pytest.mark.parametrize("summand", [v[k] ** 3, 1 / v[k], v[k] * v[1], sp.sin(v[k])])
def test_what_is_no_quadratic_row_sum_is_refused(summand: sp.Expr) -> None:
    """Would have caught a sum that is silently wrong for a summand that the scalars cannot express."""
    with pytest.raises(ValueError, match="polynomial"):
        row_sum(summand)
