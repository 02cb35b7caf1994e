"""Formulas with conditions: what they mean, what is refused, and that their text reads back."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import clipped_relu, from_formulas, parse

X = np.array([-3.0, -1.5, -1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0, 1.5, 3.0])

MEANINGS: dict[str, Callable[[Any], Any]] = {
    "Piecewise((2 - 2*Abs(x), Abs(x) < 1), (0, True))": lambda x: np.where(abs(x) < 1, 2 - 2 * abs(x), 0),
    "0.5*Piecewise((1, -1 < x <= 1), (0, True)) + 1": lambda x: np.where((x > -1) & (x <= 1), 1.5, 1),
    "Max(0, 1 - Abs(x))": lambda x: np.maximum(0, 1 - abs(x)),
    "Min(x, 1/4, x^2)": lambda x: np.minimum(np.minimum(x, 0.25), x**2),
    "Abs(Abs(x) - 1)": lambda x: abs(abs(x) - 1),
    "sign(x)*x": np.abs,
    "sign(x - 1/2)": lambda x: np.sign(x - 0.5),
    "Abs(tanh(x))": lambda x: abs(np.tanh(x)),
    "-x^2": lambda x: -(x**2),
    "2^(-Abs(x))": lambda x: 2.0 ** -abs(x),
    "1 - 2 - 3*x/2/2": lambda x: -1 - 0.75 * x,
    "sigmoid(25*x)": lambda x: (1 + np.tanh(12.5 * x)) / 2,
    "Piecewise((1/x, x > 1), (1, True))": lambda x: np.where(x > 1, 1 / np.where(x > 1, x, 1), 1),
    "Rational(1, 4) + 1e-1": lambda x: np.full(x.shape, 0.35),
    "Piecewise((Abs(x + 1), x < 0), (Max(x, 1/4), True))": lambda x: np.where(x < 0, abs(x + 1), np.maximum(x, 0.25)),
}


@pytest.mark.parametrize("text", MEANINGS)
def test_a_formula_means_what_it_says(text: str) -> None:
    """Would have caught a wrong branch, a wrong precedence, or a breakpoint that is lost or gets the wrong value."""
    surrogate = parse(text)
    np.testing.assert_allclose(surrogate(X), MEANINGS[text](X), rtol=1e-14, atol=1e-15)
    again = parse(surrogate.text)
    assert (again.pieces, again.at_breakpoints) == (surrogate.pieces, surrogate.at_breakpoints)


@pytest.mark.parametrize(("relation", "value"), [("<", 0), ("<=", 1)])
def test_the_value_at_a_breakpoint_follows_the_comparison(relation: str, value: int) -> None:
    """Would have caught x < 1 and x <= 1 that are the same function."""
    assert parse(f"Piecewise((1, x {relation} 1), (0, True))").at_breakpoints == (Fraction(value),)


def test_a_parameter_may_be_any_rational() -> None:
    """Would have caught a breakpoint that is rounded, or found for one value of the parameter only."""
    for a in (Fraction(1, 3), Fraction(22, 7), Fraction(1, 10**6)):
        surrogate = parse("Piecewise((1/a, Abs(x) < a), (0, True))", a=a)
        assert surrogate.breakpoints == (-a, a)
        assert dict(surrogate.parameters) == {"a": a}


def test_a_written_window_is_the_clipped_relu() -> None:
    """Would have caught a parsed surrogate that no longer equals the constructor's pieces."""
    parsed, made = parse("Piecewise((1, 0 < x < 1), (0, True))"), clipped_relu()
    assert (parsed.pieces, parsed.at_breakpoints) == (made.pieces, made.at_breakpoints)


REFUSED = {
    "Abs(x^2 - 2)": "irrational number near -1.41421",
    "Piecewise((1, Abs(x) < pi/2), (0, True))": "cannot be followed exactly",
    "Max(0, cos(x))": "cannot be followed exactly",
    "1/x": "x vanishes at x = 0",
    "Piecewise((1/x, x > 0), (0, True))": "vanishes at x = 0",
    "1/(1 - x^2)": "vanishes at x = -1",
    "1/(1 - sin(x))": "vanishes",
    "tanh(x)/x": "vanishes at x = 0",
    "log(Abs(x))": "no finite value at the breakpoint 0|vanishes at x = 0|log of 0",
    "sqrt(x)": "not a finite number",
    "exp(-25*x)/(1 + exp(-25*x))^2": "not a finite number",
    "x^x": "exponent that is not a number",
    "1/(2 - 2)": "division by 0",
    "9**9**9": "beyond 64",
    "(9^64)^64": "too large",
    "Piecewise((1, x < 0))": "must end with a case",
    "Piecewise((1, True), (0, True))": "nothing may follow",
    "Piecewise((1, Abs(x) < 1), (0, True)": "missing \\) at the end of Piecewise",
    "Piecewise((1, x), (0, True))": "a condition compares",
    "Abs(x) < 1": "column 8",
    "y + 1": "unknown name 'y'",
    "": "ends too early",
    "x" + "+x" * 500: "on top of each other",
    "*".join(f"Abs(x - {k})" for k in range(99)): "too many nested cases|breakpoints",
}


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused_says_why(text: str) -> None:
    """Would have caught a pole, an irrational breakpoint or an overflow that becomes a surrogate."""
    with pytest.raises(InvalidInput, match=REFUSED[text]):
        parse(text)


def test_names_of_functions_are_no_parameters() -> None:
    """Would have caught a parameter x that replaces the variable."""
    for name in ("x", "pi", "exp", "Abs"):
        with pytest.raises(InvalidInput, match=name):
            parse("x", **{name: 1})


def test_smooth_formulas_stay_smooth() -> None:
    """Would have caught from_formulas letting Abs into a piece that is integrated as analytic."""
    with pytest.raises(InvalidInput, match="unknown name 'Abs'"):
        from_formulas("a", ("Abs(x)",))


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.fractions(-9, 9, max_denominator=50), min_size=1, max_size=5, unique=True), st.integers(-3, 3))
def test_every_rational_root_becomes_a_breakpoint(roots: list[Fraction], factor: int) -> None:
    """Would have caught a root that the isolation of roots misses or takes for irrational."""
    text = f"{factor or 1}*" + "*".join(f"(x - {root})" for root in roots)
    assert parse(f"sign({text})").breakpoints == tuple(sorted(roots))
