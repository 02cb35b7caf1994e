"""Ranges contain the values, and tighten with the interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as hs

import ste_theory as st
from ste_theory.model.expressions import FLOATS, fold, parse
from ste_theory.montecarlo.ranges import Ranges, formula_ranges
from ste_theory.montecarlo.samplers.one_coordinate import breaks, density, ranges, values
from ste_theory.montecarlo.samplers.reduction import reduction
from ste_theory.montecarlo.standard_point import standard_point

FORMULAS = [
    "x",
    "x^3 - 2*x + 1",
    "x^2 * exp(-x^2)",
    "1 / (1 + x^2)",
    "1 / cosh(x)^2",
    "sin(3*x) - cos(x)",
    "tanh(x) * atan(x)",
    "erf(x / 2)",
    "sqrt(1 + x^2)",
    "log(2 + x^2)",
    "x^(-2) + 1",
    "(1 + x^2)^(1/2)",
    "x * pi - 1/3",
]


@pytest.mark.parametrize("text", FORMULAS)
@given(middle=hs.floats(-6, 6), half=hs.floats(0, 3), place=hs.floats(-1, 1))
def test_a_range_contains_the_values(text: str, middle: float, half: float, place: float) -> None:
    """Would have caught: a function taken for increasing, a sign lost in a product, an even power of a negative."""
    formula = parse(text)
    x = np.clip(middle + place * half, middle - half, middle + half)
    found = formula_ranges(formula, Ranges(np.array([middle - half]), np.array([middle + half])))
    with np.errstate(all="ignore"):
        value = np.asarray(fold(formula, FLOATS, {"x": np.array([x])}), dtype=np.float64)
    if np.isfinite(value).all():
        assert found.lo[0] <= value[0] <= found.hi[0]


@pytest.mark.parametrize("text", [text for text in FORMULAS if "(-2)" not in text])
def test_a_range_shrinks_with_its_interval(text: str) -> None:
    """Would have caught: a range that is right because it is wide: a tenth of the length is at most a sixth as wide."""
    middle = np.linspace(-3, 3, 61)
    wide, narrow = (formula_ranges(parse(text), Ranges(middle - h, middle + h)) for h in (1e-3, 1e-4))
    assert np.all(narrow.hi - narrow.lo <= (wide.hi - wide.lo) / 6 + 1e-13)


@pytest.mark.parametrize("theta", [0.0, 0.3, 2.0, np.pi])
def test_the_integrands_stay_in_their_ranges(theta: float) -> None:
    """Would have caught: an integrand that leaves the cells' ranges, on which Hoeffding's bound rests."""
    for surrogate in (st.surrogates.relu(), st.surrogates.clipped_relu(), st.surrogates.parse("(1 - x^2)*exp(-x^2/3)")):
        for quantizer in (st.quantizers.binary(), st.quantizers.uniform_relu(3)):
            at = reduction(st.Problem(quantizer, surrogate), standard_point(3, 4, rho=1.7, theta=theta))
            edges = np.unique(np.concatenate([np.linspace(-5, 5, 200), breaks(at)]))
            left, right = edges[:-1], edges[1:]
            draw = np.random.default_rng(1)
            for _ in range(20):
                x = left + (right - left) * draw.random(left.size)
                for weight, weighted in ((1.0, False), (density(x), True)):
                    found = ranges(at, left, right, weighted=weighted)
                    for value, one in zip(values(at, x) * weight, found, strict=True):
                        assert np.all((one.lo <= value) & (value <= one.hi))
