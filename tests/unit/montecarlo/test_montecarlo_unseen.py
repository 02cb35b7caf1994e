"""Rare events: a small standard error of a sample that does not have them is not believed."""

import math
from statistics import NormalDist

import numpy as np
import pytest

import ste_theory as st
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accuracy import replicated
from ste_theory.montecarlo.accuracy.unseen import unseen
from ste_theory.montecarlo.estimate import Estimate, estimate_coarse_gradient
from ste_theory.montecarlo.standard_point import standard_point

BINARY = st.quantizers.binary()
# μ′ is not 0 on one draw in 420,000, which give all of the coarse gradient.
RARE = Problem(BINARY, st.surrogates.parse("Piecewise((0, x < 9/2), (100000, x < 19/4), (0, True))"))
POINT = Point([0.5], [math.cos(1.0), math.sin(1.0)], [1.0], [1.0, 0.0])
# Intervals that touch 9 have no range; P(h > 9) = 1e-19.
UNKNOWN = Problem(BINARY, st.surrogates.from_formulas("never", ("0", "-log(x - 9)", "0"), (9, 10)))


@pytest.mark.parametrize("sampler", ["one-row", "antithetic", "orthogonal", "control-variates", "row-pairs"])
def test_a_rare_event_is_in_the_radius(sampler: str) -> None:
    """Would have caught: 65,536 draws without the event, an error of 0.23 and a radius of 0.003 at confidence 0.99."""
    exact = st.expected_coarse_gradient(RARE, POINT)
    for seed in range(3):
        found = estimate_coarse_gradient(RARE, POINT, accuracy=5.0, confidence=0.99, sampler=sampler, seed=seed)
        assert found.guarantee is not None
        error = max(np.abs(found.mean.v - exact.v).max(), np.abs(found.mean.w - exact.w).max())
        assert error <= found.guarantee.radius <= 5.0


def test_nets_without_the_rare_event_are_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: 8192 draws that are all 0, taken for an answer."""
    monkeypatch.setattr(replicated, "LARGEST_NET", 12)
    with pytest.raises(InvalidInput, match="is not reached with nets"):
        estimate_coarse_gradient(RARE, POINT, accuracy=0.3, confidence=0.99, sampler="sobol", seed=1)


def test_the_most_that_is_missed_is_a_tail_of_the_integrand() -> None:
    """Would have caught: a probability that is spent on the wrong cells, a bound below what is missed.

    μ′ = 1, v = v* = 1, θ = 0: |F_A| ≤ |a|, largest where |a| is, so E|a|1{|a| > c} = 2φ(c) with P(|a| > c) = p; σσ* is
    1 for a > 0. The cells and the residual that is ±1 cost little.
    """
    cells = unseen(Problem(BINARY, st.surrogates.identity()), Point([1.0], [1.0], [1.0], [1.0]), pairs=False)
    assert cells is not None
    for p in (1e-2, 1e-4, 1e-6):
        place = NormalDist().inv_cdf(1 - p / 2)
        radial, tangential, overlap = cells.missed(p).tolist()
        truth = 2 * NormalDist().pdf(place)
        assert truth <= radial <= 1.01 * truth
        assert tangential == 0
        # A tail has x² ≤ 24 times the relative error of its place x; both are made with a few roundings each.
        assert overlap == pytest.approx(p, rel=1e-12)
    # All rows together miss no less than one with the means of the others.
    one, all_pairs = (
        unseen(Problem(BINARY, st.surrogates.relu()), standard_point(4, 3), pairs=pairs) for pairs in (False, True)
    )
    assert one is not None
    assert all_pairs is not None
    assert np.all(one.missed(1e-3) <= all_pairs.missed(1e-3))


@pytest.mark.parametrize("sampler", ["program", "in-plane", "sobol", "one-row"])
def test_draws_that_are_all_equal_are_no_answer(sampler: str) -> None:
    """Would have caught: a variance of 0 taken for a constant, where no bound says that it is one."""
    with pytest.raises(InvalidInput, match="all equal") as refused:
        estimate_coarse_gradient(UNKNOWN, POINT, accuracy=0.1, sampler=sampler, seed=1)
    assert "\n" not in str(refused.value)


def test_what_is_constant_has_no_variance() -> None:
    """Would have caught: a refusal where nothing can vary: v = 0, or w = 0 with μ′(0) = 0."""
    zero = Point([0.0], POINT.w, [1.0], [1.0, 0.0])
    for sampler in ("program", "in-plane", "one-row"):
        found = estimate_coarse_gradient(UNKNOWN, zero, accuracy=0.1, sampler=sampler, seed=1)
        assert not found.mean.w.any()
    found = estimate_coarse_gradient(UNKNOWN, Point([1.0], [0.0, 0.0], [1.0], [1.0, 0.0]), accuracy=0.1, seed=1)
    assert not found.mean.w.any()


def test_an_assumption_is_not_called_a_guarantee() -> None:
    """Would have caught: a limit theorem printed as a promise; an event that is bounded told from one that is not."""
    entropy = st.surrogates.from_formulas("entropy", ("0", "-x * log(x)", "0"), (0, 1))

    def found(problem: Problem, sampler: str) -> Estimate:
        return estimate_coarse_gradient(problem, POINT, accuracy=0.3, sampler=sampler, seed=1)

    checked = found(Problem(BINARY, st.surrogates.relu()), "sobol")
    unchecked = found(Problem(BINARY, entropy), "sobol")
    proved = found(Problem(BINARY, st.surrogates.relu()), "strata")
    assert [one.guarantee and one.guarantee.finite_sample for one in (checked, unchecked, proved)] == [
        False,
        False,
        True,
    ]
    assert "apart from those events" in str(checked.guarantee)
    assert "not checked" in str(unchecked.guarantee)
    assert "assuming a limit theorem" in repr(checked)
    assert "assuming" not in repr(proved)
