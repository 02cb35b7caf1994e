"""The minimizer for a teacher with extra rows and the drift there, against the general functions of full points."""

import math

import numpy as np
import pytest

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.loss import population_loss
from ste_theory.theory.misspecified import drift, good_minimum, negative_side, ranked

TEACHERS = [([1.0, 1.0], [1.0]), ([0.5, -2.0, 1.0], [-1.0, 0.25]), ([1.0, 0.5], [-3.0, 0.5])]
BUMP = from_formulas("bump", ("exp(-x^2)",))


@pytest.mark.parametrize("surrogate", [identity(), relu(), clipped_relu(), BUMP], ids=lambda s: s.name)
@pytest.mark.parametrize(("v_star", "extra"), TEACHERS)
def test_the_drift_is_the_expected_coarse_gradient(
    surrogate: Surrogate, v_star: list[float], extra: list[float]
) -> None:
    """Would have caught a sign at θ = π, or the positive side of the surrogate in place of the negative one."""
    point = good_minimum(v_star, extra, [0.6, -0.8], norm=1.5)
    found = np.asarray(expected_coarse_gradient(Problem(binary(), surrogate), point).w)
    assert found == pytest.approx(drift(surrogate, point) * point.w / 1.5, abs=1e-12)


@pytest.mark.parametrize(("v_star", "extra"), TEACHERS)
def test_no_student_nearby_or_far_is_better(v_star: list[float], extra: list[float]) -> None:
    """Would have caught the minimizer of the other branch: 600 students of every angle."""
    problem, point = Problem(binary(), identity()), good_minimum(v_star, extra, [1.0, 0.0])
    least, rng, rows = float(population_loss(problem, point)), np.random.default_rng(31), len(v_star)
    for size in (0.01, 0.3, 3.0):
        for angle in rng.uniform(0, math.pi, 200):
            v = point.v.copy()
            v[:rows] += size * rng.standard_normal(rows)
            w = [math.cos(angle), math.sin(angle)]
            assert float(population_loss(problem, Point(v, w, point.v_star, point.w_star))) >= least


def _descended(surrogate: Surrogate, steps: int, step: float) -> float:
    """The loss after expected steps from the good minimum of two rows against three."""
    problem, point = Problem(binary(), surrogate), good_minimum([1.0, 1.0], [1.0], [1.0, 0.0])
    highest = 0.0
    for _ in range(steps):
        gradient = expected_coarse_gradient(problem, point)
        moved = point.v - step * np.asarray(gradient.v) * np.array([1.0, 1.0, 0.0])
        point = Point(moved, point.w - step * np.asarray(gradient.w), point.v_star, point.w_star)
        highest = max(highest, float(population_loss(problem, point)))
    return highest


def test_the_identity_leaves_the_good_minimum_and_the_others_stay() -> None:
    """Would have caught a drift without consequence: ‖w‖ reaches 0, w flips, the loss rises from 1/6 to about 3/2."""
    assert _descended(identity(), 80, 0.05) == pytest.approx(1.5, abs=0.02)
    for surrogate in (relu(), clipped_relu()):
        assert _descended(surrogate, 80, 0.05) == pytest.approx(1 / 6, abs=1e-12)


def test_surrogates_are_ranked_by_what_they_let_through() -> None:
    """Would have caught an order by signed drift, or one that mixes up surrogates."""
    point = good_minimum([1.0, 1.0], [1.0], [1.0, 0.0])
    order = ranked([identity(), BUMP, relu()], point)
    assert [surrogate.name for surrogate, _ in order] == ["relu", "bump", "identity"]
    assert negative_side(BUMP, 1.0) == pytest.approx(-1 / (3 * math.sqrt(2 * math.pi)), rel=1e-12)
    with pytest.raises(InvalidInput, match="norm"):
        good_minimum([1.0], [1.0], [1.0], norm=0.0)
    with pytest.raises(InvalidInput, match="rho"):
        negative_side(BUMP, 0.0)
