"""The rates that ``decide`` promises, measured on means of Gaussian samples."""

import math

import numpy as np
import pytest

from ste_theory.montecarlo.decide import Outcome, compare, critical_value, detectable_error


def outcomes(values: np.ndarray, errors: np.ndarray, claimed: float, critical: float, samples: int) -> list[Outcome]:
    return [
        compare("x", value, claimed, error, scale=1.0, critical=critical, samples=samples, roundings=10).outcome
        for value, error in zip(values.tolist(), errors.tolist(), strict=True)
    ]


def test_false_alarm_rate_of_a_family() -> None:
    """Would have caught: quantiles of one side (rate 0.10) or of a quarter (0.025), or a family that is not counted
    (0.23).

    4000 families of 5 comparisons at α = 0.05; the rate is 1 − 0.99⁵ = 0.049 and its standard error 0.0034.
    """
    families, comparisons, samples = 4000, 5, 1000
    drawn = np.random.default_rng(11).standard_normal((families, comparisons, samples))
    mean, error = drawn.mean(axis=2).ravel(), (drawn.std(axis=2, ddof=1) / math.sqrt(samples)).ravel()
    failed = np.array(
        [o is Outcome.FAIL for o in outcomes(mean, error, 0.0, critical_value(0.05, comparisons), samples)]
    )
    rate = failed.reshape(families, comparisons).any(axis=1).mean()
    assert rate == pytest.approx(0.049, abs=5 * 0.0034)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("power", [0.5, 0.9, 0.99])
def test_power_at_the_smallest_detectable_error(sign: int, power: float) -> None:
    """Would have caught: a detectable error that forgets z_β (power ½) or is stated for one side of a two-sided test.

    20000 means with the true value off by exactly the smallest detectable error, at critical value 5.
    """
    trials, error = 20_000, 0.001
    off = detectable_error(error, scale=1.0, critical=5.0, power=power)
    means = 1.0 + sign * off + error * np.random.default_rng(12).standard_normal(trials)
    caught = np.mean([o is Outcome.FAIL for o in outcomes(means, np.full(trials, error), 1.0, 5.0, 10**6)])
    assert caught == pytest.approx(power, abs=5 * math.sqrt(power * (1 - power) / trials))


def test_pulls_of_sampled_moments_are_standard_normal() -> None:
    """Would have caught: a standard error too large or too small by 10 %, blocks that are not independent.

    600 runs of 16384 samples at a point with known loss ¼: the sum of squared pulls is χ² with 600 degrees of freedom,
    whose standard deviation is √1200.
    """
    from ste_theory.model import quantizers, surrogates
    from ste_theory.model.problem import Point, Problem
    from ste_theory.montecarlo.estimate import estimate_moments

    problem, point = Problem(quantizers.binary(), surrogates.relu()), Point([1.0], [1.0, 0.0], [1.0], [0.0, 1.0])
    pulls = []
    for seed in range(600):
        value, error = estimate_moments(problem, point, samples=16384, seed=seed).column("loss")
        pulls.append((value - 0.25) / error)
    assert sum(pull * pull for pull in pulls) == pytest.approx(600, abs=5 * math.sqrt(1200))
    assert abs(sum(pulls)) < 5 * math.sqrt(600)
