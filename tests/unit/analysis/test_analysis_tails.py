"""Ranges and envelopes on half-lines contain what they claim to contain."""

import math

import numpy as np
import pytest
from flint import arb

from ste_theory.analysis.jets import coefficients, sign_at
from ste_theory.analysis.tails import Envelope, remainder, tail
from ste_theory.model.expressions import FLOATS, fold, parse

FORMULAS = [
    "5*(2 - 5*x*tanh(5*x/2))/(1 + cosh(5*x))",
    "x^3*exp(-x^2/2)",
    "1/(1 + x^2)",
    "1 - tanh(x)^2",
    "exp(-x)/(1 + exp(-x))^2",
    "exp(-(x - 1)^2/2) - exp(-x^2)",
    "sqrt(1 + x^2)/x^3",
    "1/(1 + x^2)^(3/2)",
    "erf(x)*exp(-x/3)",
    "1/x^2 - 1/(1 + x^3)",
    "log(1 + x)/x",
    "atan(x)*sin(x)",
]


def _at(envelope: Envelope, u: float) -> float:
    scale, rate, curve = float(envelope.scale), float(envelope.rate), float(envelope.curve)
    return scale * u**envelope.degree * math.exp(rate * u + curve * u * u)


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("start", [1, 4])
def test_values_lie_in_the_range_and_between_the_envelopes(text: str, start: int) -> None:
    """Would have caught a bound that does not bound: a wrong sign, a ratio that grows, a degree rounded down."""
    formula = parse(text)
    known = tail(formula, arb(start))
    with np.errstate(all="ignore"):
        for u in np.linspace(start, start + 25, 101):
            value = float(fold(formula, FLOATS, {"x": np.asarray(u)}))
            slack = 1e-13 * abs(value) + 1e-15
            assert float(known.lower) <= value + slack
            assert value - slack <= float(known.upper)
            if known.above is not None:
                assert abs(value) <= _at(known.above, u) * (1 + 1e-12) + 1e-15
            if known.below is not None:
                assert abs(value) >= _at(known.below, u) * (1 - 1e-12) - 1e-15


@pytest.mark.parametrize(
    ("text", "integral"), [("exp(-x)", math.exp(-4)), ("1/x^2", 0.25), ("x*exp(-x)", 5 * math.exp(-4))]
)
def test_remainders_are_upper_bounds(text: str, integral: float) -> None:
    """Would have caught a tail that is cut off and not counted."""
    bound = float(remainder(tail(parse(text), arb(4)), arb(4)))
    assert integral * (1 - 1e-12) <= bound <= 2 * integral


def test_no_integral_is_promised_where_there_is_none() -> None:
    """Would have caught 1/x taken for integrable."""
    assert not tail(parse("1/x"), arb(4)).integrable
    assert not tail(parse("exp(x)"), arb(4)).integrable
    assert tail(parse("1/x^2"), arb(4)).integrable


def test_taylor_coefficients() -> None:
    """Would have caught a wrong derivative of tanh or of a negative power."""
    got = coefficients(parse("tanh(x)"), arb(0), 3)
    assert [float(c) for c in got] == pytest.approx([0, 1, 0, -1 / 3], abs=1e-15)
    assert [float(c) for c in coefficients(parse("1/x^2"), arb(1), 2)] == pytest.approx([1, -2, 3])


def test_exact_signs() -> None:
    """Would have caught a touching zero called positive because a ball is wide."""
    from fractions import Fraction

    assert sign_at(parse("1 - 3*x"), Fraction(1, 3)) == 0
    assert sign_at(parse("cos(pi*x/2)"), Fraction(1)) == 0
    assert sign_at(parse("exp(x) - 1"), Fraction(1, 10**9)) == 1
