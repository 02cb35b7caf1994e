"""The certified region of a staircase with several steps against the public float functions."""

from fractions import Fraction

import numpy as np
import pytest

import ste_theory as st
from ste_theory.analysis.evidence import Region
from ste_theory.analysis.region import region
from ste_theory.model.specification import parse_quantizer
from ste_theory.model.surrogates import Surrogate

CASES = (
    (st.surrogates.identity(), "uniform_relu(2)"),
    (st.surrogates.relu(), "uniform_relu(2)"),
    (st.surrogates.clipped_relu(3), "uniform_relu(2)"),
    (st.surrogates.identity(), "ternary(1/2)"),
)


def drawn(surrogate: Surrogate, quantizer: str, scale: float, theta: float, v: np.ndarray) -> tuple[float, float]:
    """The correlation at v = v*, ‖w‖ = ‖w*‖ = scale by the public function, and ‖v‖⁴."""
    problem = st.Problem(parse_quantizer(quantizer), surrogate)
    w, w_star = [scale, 0.0], [scale * np.cos(theta), scale * np.sin(theta)]
    return st.correlation(problem, st.Point(v=v, w=w, v_star=v, w_star=w_star)), float(v @ v) ** 2


@pytest.mark.parametrize(("surrogate", "quantizer"), CASES, ids=lambda case: str(getattr(case, "name", case)))
def test_nothing_in_the_region_points_uphill(surrogate: Surrogate, quantizer: str) -> None:
    """Would have caught a bound for small angles with a wrong constant, or a region for another network."""
    found = region(surrogate, parse_quantizer(quantizer), None)
    assert isinstance(found, Region), found
    low, high = (float(Fraction(end)) for end in found.scales)
    rng = np.random.default_rng(5)
    for _ in range(50):
        v = rng.normal(size=rng.integers(1, 6)) * 10.0 ** rng.integers(-2, 3)
        theta = float(Fraction(found.angle)) * rng.uniform(0.01, 1.0)
        value, _ = drawn(surrogate, quantizer, rng.uniform(low, high), theta, v)
        assert value > 0


@pytest.mark.parametrize(("surrogate", "quantizer"), CASES, ids=lambda case: str(getattr(case, "name", case)))
def test_the_correlation_of_matched_networks_is_that_of_one_row(surrogate: Surrogate, quantizer: str) -> None:
    """Would have caught terms in 1ᵀv that do not cancel: the region's proof looks at one row only."""
    rng = np.random.default_rng(6)
    for _ in range(10):
        scale, theta = rng.uniform(0.5, 3.0), rng.uniform(0.1, 3.0)
        value, fourth = drawn(surrogate, quantizer, scale, theta, rng.normal(size=4))
        one_row, _ = drawn(surrogate, quantizer, scale, theta, np.ones(1))
        # Four rows: sums of sixteen products of the components, each right to a few units of 2⁻⁵² of their moduli.
        assert value / fourth == pytest.approx(one_row, abs=1e-12)


def test_a_surrogate_below_zero_has_no_region() -> None:
    """Would have caught a bound that uses μ′ ≥ 0 without looking."""
    answer = region(st.surrogates.parse("1 - x^2/10"), parse_quantizer("uniform_relu(2)"), None)
    assert answer == "the surrogate is not shown to be >= 0"
