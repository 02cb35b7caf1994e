"""The bounds themselves: on distributions whose means are known."""

import numpy as np
import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.montecarlo.stopping.bernstein import BernsteinSequence
from ste_theory.montecarlo.stopping.catoni import catoni_mean, catoni_radius, observations_needed


def test_catoni_is_the_root_it_says() -> None:
    """Would have caught: a bisection that stops early, or the arithmetic mean under another name."""
    x = np.concatenate([np.random.default_rng(1).standard_normal(999), [1e6]])[None, :]
    found = catoni_mean(x, np.array([1.0]), 0.01)
    assert abs(found[0]) < 0.2 < x.mean()
    assert catoni_mean(np.full((1, 100), 0.3), np.array([0.0]), 0.01)[0] == 0.3


def test_so_many_observations_are_enough_and_one_less_is_not() -> None:
    """Would have caught: a rounding in the wrong direction."""
    for variance, radius, rate in ((1.0, 0.1, 0.05), (25.0, 0.3, 1e-6), (1e-3, 1.0, 0.5)):
        count = observations_needed(variance, radius, rate)
        assert catoni_radius(variance, count, rate) <= radius
        assert count <= 2 * np.log(2 / rate) + 1 or catoni_radius(variance, count - 1, rate) > radius


def test_too_few_observations_have_no_bound() -> None:
    """Would have caught: a radius from a negative number of observations."""
    assert catoni_radius(1.0, 5, 1e-6) == np.inf
    with pytest.raises(InvalidInput, match="too few"):
        catoni_mean(np.zeros((1, 5)), np.array([1.0]), 1e-6)


def test_a_bernstein_sequence_does_not_depend_on_its_pieces() -> None:
    """Would have caught: a bet that knows the observation it is made on, or a state lost between two pieces."""
    x = np.random.default_rng(2).random((2, 1000)) ** 3
    whole, pieces, changed = (BernsteinSequence(np.zeros(2), np.ones(2), np.full(2, 0.05), 0.05) for _ in range(3))
    whole.add(x)
    for start in range(0, 1000, 77):
        pieces.add(x[:, start : start + 77])
    assert np.allclose(whole.radius, pieces.radius, rtol=1e-12)
    assert np.allclose(whole.estimate, pieces.estimate, rtol=1e-12)
    # The last bet does not depend on the last observation.
    y = x.copy()
    y[:, -1] = 1 - y[:, -1]
    changed.add(y)
    assert np.allclose(whole._bets[1], changed._bets[1], rtol=1e-13)


def test_a_bernstein_radius_is_near_that_of_the_variance() -> None:
    """Would have caught: a sequence that is valid because it is uselessly wide: within 1.6 of √(2 log(2/δ)σ²/n)."""
    x = (np.random.default_rng(3).random((1, 200_000)) < 0.02).astype(float)
    sequence = BernsteinSequence(np.zeros(1), np.ones(1), np.array([0.002]), 0.01)
    sequence.add(x)
    ideal = np.sqrt(2 * np.log(2 / 0.01) * 0.02 * 0.98 / 200_000)
    assert ideal < sequence.radius[0] < 1.6 * ideal
