"""E μ′(m + sξ), √(E μ′²) and P(μ′ = 0) against closed forms and against the centred response."""

import math

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm

import ste_theory as st
from ste_theory.networks.gaussian import shifted_response

POINTS = [(0.0, 1.0), (0.7, 0.3), (-3.0, 0.5), (40.0, 10.0), (0.2, 1e-3), (-0.4, 50.0)]


@pytest.mark.parametrize(("m", "s"), POINTS)
def test_window(m: float, s: float) -> None:
    """Would have caught a window shifted the wrong way, or a gain that forgets the square."""
    window = st.surrogates.from_formulas("window", ("0", "3", "0"), (-1, 2))
    found = shifted_response(window, m, s)
    inside = norm.sf((-1 - m) / s) - norm.sf((2 - m) / s) if m > 2 else ndtr((2 - m) / s) - ndtr((-1 - m) / s)
    assert found.mean == pytest.approx(3 * inside, rel=1e-12)
    assert found.gain == pytest.approx(3 * math.sqrt(inside), rel=1e-12)
    assert found.outside == pytest.approx(1 - inside, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("m", "s"), POINTS)
def test_gaussian_bump(m: float, s: float) -> None:
    """Would have caught panels that miss a bump beside the mean: E e^{−X²/2} = e^{−m²/(2(1+s²))}/√(1+s²)."""
    bump = st.surrogates.from_formulas("bump", ("exp(-x^2/2)",))
    found = shifted_response(bump, m, s)
    assert found.mean == pytest.approx(math.exp(-m * m / (2 * (1 + s * s))) / math.sqrt(1 + s * s), rel=1e-12)
    square = math.exp(-m * m / (1 + 2 * s * s)) / math.sqrt(1 + 2 * s * s)
    assert found.gain == pytest.approx(math.sqrt(square), rel=1e-12)
    assert found.outside == 0


@pytest.mark.parametrize("s", [0.1, 1.0, 10.0])
def test_centred_it_is_the_response(s: float) -> None:
    """Would have caught a density that is not normalized, piecewise."""
    surrogate = st.surrogates.from_formulas("fast sigmoid", ("1/(1 - 25*x)^2", "1/(1 + 25*x)^2"), (0,))
    assert shifted_response(surrogate, 0.0, s).mean == pytest.approx(float(st.response(surrogate, s)), rel=1e-12)


def test_no_spread_gives_the_value() -> None:
    """Would have caught a division by s = 0."""
    found = shifted_response(st.surrogates.clipped_relu(), 0.5, 0.0)
    assert (found.mean, found.gain, found.outside) == (1, 1, 0)


@pytest.mark.parametrize(("m", "s"), [(math.nan, 1.0), (0.0, -1.0), (math.inf, 1.0)])
def test_senseless_arguments_are_refused(m: float, s: float) -> None:
    """Would have caught nan out of nan."""
    with pytest.raises(st.InvalidInput, match="mean and deviation"):
        shifted_response(st.surrogates.identity(), m, s)


def test_large_batches_agree() -> None:
    """Would have caught a formula that is right for other statistics than those of m + sξ."""
    draws = 0.3 + 0.8 * np.random.default_rng(7).standard_normal(1_000_000)
    surrogate = st.surrogates.from_formulas("triangle", ("0", "1 + x", "1 - x", "0"), (-1, 0, 1))
    found = shifted_response(surrogate, 0.3, 0.8)
    slopes = surrogate(draws)
    # Six standard errors: a false alarm once in 5e8 runs; it would see 0.3 %.
    assert abs(slopes.mean() - found.mean) <= 6 * slopes.std() / 1000
    assert abs((slopes == 0).mean() - found.outside) <= 6 * 0.5 / 1000
