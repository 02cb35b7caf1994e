"""The model's formulas in complex balls, and their growth on the tails."""

import cmath
import math
from fractions import Fraction

import pytest
from flint import acb, arb
from hypothesis import given
from hypothesis import strategies as st

from ste_theory.model.expressions import FLOATS, fold, parse
from ste_theory.rigorous.balls import precision
from ste_theory.rigorous.formulas import NoBound, evaluate, growth

SMOOTH = (
    "2",
    "x",
    "-x^3 + 2*x - 1/3",
    "(1 + x^2)^-2",
    "1/(1 + exp(-3*x))",
    "exp(-x^2/2)",
    "x*exp(-x^2)",
    "2*(2 - 2*x*tanh(x))/(1 + cosh(2*x))",
    "1 - tanh(x)^2",
    "sin(3*x) + cos(x)^2",
    "atan(x)/pi",
    "erf(x/2)",
    "cosh(x/4)",
    "exp(x/3) - x^2",
    "x/(2 + cos(x))",
    "x*exp(x/3)",
)


@pytest.mark.parametrize("text", [*SMOOTH, "sqrt(x + 9)", "log(x + 9)", "(x + 9)^(1/3)"])
@pytest.mark.parametrize("x", ["-17/5", "-1/3", "5/7", "3"])
def test_balls_and_floats_denote_one_function(text: str, x: str) -> None:
    """Would have caught a function, sign or precedence that differs between the program and the enclosure."""
    formula, number = parse(text), Fraction(x)
    value = evaluate(formula, acb(float(number)), analytic=False)
    assert value.imag.contains(0)
    assert math.isclose(
        float(value.real.mid()), float(fold(formula, FLOATS, {"x": FLOATS.number(number)})), rel_tol=1e-12
    )


@pytest.mark.parametrize("text", ["sqrt(x)", "log(x)", "x^(1/2)", "x^(-1/3)"])
def test_a_branch_cut_is_not_analytic(text: str) -> None:
    """Would have caught integrating across the cut of √z: ∫ is then wrong by a finite amount (FLINT's own warning)."""
    formula = parse(text)
    across = acb(arb(-1, "0.1"), arb(0, "0.1"))
    assert not evaluate(formula, across, analytic=True).is_finite()
    assert not evaluate(formula, acb(arb(0, "0.1"), arb(0, "0.1")), analytic=True).is_finite()
    assert evaluate(formula, acb(arb(1, "0.1"), arb(0, "0.1")), analytic=True).is_finite()


@pytest.mark.parametrize("text", ["1/x", "x^-2", "tanh(x*pi/2)"])
def test_a_pole_is_not_finite(text: str) -> None:
    """Would have caught a finite ball over a pole."""
    centre = 1j if text.startswith("tanh") else 0j
    ball = acb(arb(centre.real, "0.1"), arb(centre.imag, "0.1"))
    assert not evaluate(parse(text), ball, analytic=True).is_finite()


def test_the_cuts_of_the_arctangent_are_seen() -> None:
    """Would have caught atan taken as entire: its cuts start at ±i."""
    formula = parse("atan(x)")
    assert not evaluate(formula, acb(arb(0, "0.1"), arb(2, "0.1")), analytic=True).is_finite()
    assert evaluate(formula, acb(arb(0, "0.1"), arb("0.5", "0.1")), analytic=True).is_finite()


@pytest.mark.parametrize("text", ["sqrt(x)", "log(x)", "x^(1/3)"])
def test_a_real_value_outside_the_domain_is_not_finite(text: str) -> None:
    """Would have caught √(−2) with real part 0 where the float program has NaN."""
    assert not evaluate(parse(text), acb(-2), analytic=False).is_finite()


@given(st.sampled_from(SMOOTH), st.complex_numbers(max_magnitude=3), st.complex_numbers(max_magnitude=1))
def test_a_ball_contains_the_values_inside(text: str, centre: complex, step: complex) -> None:
    """Inclusion, on which every rigorous integral rests. Would have caught evaluation at the midpoint."""
    formula, rad = parse(text), 0.05
    inside = centre + rad * step / 2
    if cmath.isnan(inside):
        return
    with precision(80):
        wide = evaluate(formula, acb(arb(centre.real, rad), arb(centre.imag, rad)), analytic=False)
        narrow = evaluate(formula, acb(inside.real, inside.imag), analytic=False)
        assert not wide.is_finite() or wide.overlaps(narrow)


@pytest.mark.parametrize("text", SMOOTH)
@pytest.mark.parametrize("side", [1, -1])
def test_growth_bounds_hold_on_the_tail(text: str, side: int) -> None:
    """|f(x)| ≤ C(1+|x|)^k e^{α|x|} and the range, at points from the cut to far out.

    Would have caught a bound taken from the wrong side (1/(1 + e^{−3x}) on x < 0), or a range lost in a product.
    """
    formula = parse(text)
    with precision(120):
        g = growth(formula, arb(4), positive=side > 0)
        for distance in ("4", "4.001", "5", "7.5", "13", "40", "200"):
            x = arb(distance)
            value = evaluate(formula, acb(side * x), analytic=False).real
            assert not abs(value) > g.scale * (1 + x) ** g.degree * (g.rate * x).exp()
            assert g.lower is None or not value < g.lower
            assert g.upper is None or not value > g.upper


@pytest.mark.parametrize("text", ["exp(x^2)", "cosh(x^2)", "1/sin(x)", "sqrt(1 - x^2)", "x^x", "1/(x - 9)"])
def test_no_bound_is_better_than_a_wrong_one(text: str) -> None:
    """Would have caught a finite tail for a function with poles or faster growth than any Gaussian tames."""
    with pytest.raises(NoBound):
        growth(parse(text), arb(4), positive=True)
