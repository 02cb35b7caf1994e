"""Estimates to a given accuracy: what is promised is kept, at every edge, and said."""

import math

import numpy as np
import pytest

import ste_theory as st
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.estimate import estimate_coarse_gradient
from ste_theory.montecarlo.samplers.sampler import RESTS_ON
from ste_theory.montecarlo.standard_point import standard_point

BINARY, LEVELS = st.quantizers.binary(), st.quantizers.uniform_relu(2)
# Accuracies at which a run takes well under a second; at a confidence of 1 − 1e-6 a failure is a defect.
ACCURACIES = {
    "strata": 1e-5,
    "one-coordinate": 0.05,
    "sobol": 0.01,
    "in-plane": 1.0,
    "program": 1.0,
    "one-row": 0.05,
    "row-pairs": 0.05,
    "antithetic": 0.05,
    "orthogonal": 0.05,
    "control-variates": 0.05,
}


def off(problem: Problem, point: Point, **options: object) -> tuple[float, float]:
    """The largest error of any component and the radius promised."""
    found = estimate_coarse_gradient(problem, point, **options)  # type: ignore[arg-type]
    exact = st.expected_coarse_gradient(problem, point)
    assert found.guarantee is not None
    error = max(np.abs(found.mean.v - exact.v).max(), np.abs(found.mean.w - exact.w).max())
    return float(error), found.guarantee.radius


def test_every_sampler_is_tried() -> None:
    """Would have caught: a sampler that is added without a test of its promise."""
    assert set(ACCURACIES) == set(RESTS_ON)


@pytest.mark.parametrize("sampler", ACCURACIES)
@pytest.mark.parametrize(
    "problem",
    [Problem(BINARY, st.surrogates.identity()), Problem(LEVELS, st.surrogates.clipped_relu(2))],
    ids=["binary, identity", "levels, clipped"],
)
def test_the_promise_is_kept(sampler: str, problem: Problem) -> None:
    """Would have caught: a sampler with another expectation, a radius too small, a staircase taken for a step."""
    point = Point([0.5, -1.0, 0.25], [0.6, 1.1, 0.3], [1.0, 0.5, -0.75], [0.9, -0.2, 0.4])
    accuracy = ACCURACIES[sampler]
    error, radius = off(problem, point, accuracy=accuracy, confidence=0.999999, sampler=sampler, seed=7)
    assert error <= radius <= accuracy * (1 + 1e-12)


@pytest.mark.parametrize("theta", [0.0, 1e-9, 1e-3, math.pi - 1e-6, math.pi])
@pytest.mark.parametrize("rho", [1e-3, 1.0, 1e3])
def test_strata_at_the_edges(theta: float, rho: float) -> None:
    """Would have caught: a ramp of σ* narrower than a cell, a jump inside a cell, a direction û that is not there."""
    for problem in (
        Problem(BINARY, st.surrogates.relu()),
        Problem(LEVELS, st.surrogates.clipped_relu()),
        Problem(st.quantizers.ternary("1/2"), st.surrogates.parse("exp(-x^2/2)"), teacher_quantizer=BINARY),
    ):
        point = standard_point(3, 4, rho=rho, theta=theta)
        error, radius = off(problem, point, accuracy=1e-4, confidence=0.999999, seed=3)
        assert error <= radius + 1e-12
        assert radius <= 1e-4


def test_one_dimension_and_one_row() -> None:
    """Would have caught: n = 1, where nothing lies across, taken for a plane."""
    point = Point([2.0], [1.5], [1.0], [-1.0])
    error, radius = off(Problem(BINARY, st.surrogates.identity()), point, accuracy=1e-6, confidence=0.999999, seed=3)
    assert error <= radius


def test_a_surrogate_without_a_known_bound_gets_another_sampler() -> None:
    """Would have caught: infinite ranges that end in a wrong radius, or in no answer."""
    # Intervals that touch 0 have no range: 0·log 0.
    surrogate = st.surrogates.from_formulas("entropy", ("0", "-x * log(x)", "0"), (0, 1))
    problem = Problem(BINARY, surrogate)
    found = estimate_coarse_gradient(problem, standard_point(2, 2), accuracy=0.3, confidence=0.9, seed=1)
    assert found.guarantee is not None
    assert found.guarantee.sampler == "sobol"
    assert not found.guarantee.finite_sample
    with pytest.raises(InvalidInput, match="no bound"):
        estimate_coarse_gradient(problem, standard_point(2, 2), accuracy=0.3, sampler="strata", seed=1)
    for sampler in ("program", "in-plane"):
        found = estimate_coarse_gradient(problem, standard_point(2, 2), accuracy=0.3, sampler=sampler, seed=1)
        assert found.guarantee is not None
        assert not found.guarantee.finite_sample


# Two rows of the teacher that the student lacks.
LONGER = Point([0.5, -1.0], [0.6, 1.1, 0.3], [1.0, 0.5, -0.75, 0.4], [0.9, -0.2, 0.4])


@pytest.mark.parametrize("sampler", [None, *ACCURACIES])
def test_a_teacher_with_more_rows(sampler: str | None) -> None:
    """Would have caught: a v* that is cut to the length of v before the rows that the student lacks are counted."""
    problem, accuracy = Problem(LEVELS, st.surrogates.clipped_relu(2)), ACCURACIES[sampler or "strata"]
    error, radius = off(problem, LONGER, accuracy=accuracy, confidence=0.999999, sampler=sampler, seed=7)
    assert error <= radius <= accuracy * (1 + 1e-12)


def test_input_with_a_covariance_is_sampled_by_the_program_alone() -> None:
    """Would have caught: a sampler for input N(0, I) that takes Z for what it is not; a promise that is not kept."""
    covariance = [[1.0, 0.5, 0.0], [0.5, 2.0, 0.25], [0.0, 0.25, 0.5]]
    problem = Problem(BINARY, st.surrogates.relu(), input_covariance=covariance)
    point = Point([0.5, -1.0], [0.6, 1.1, 0.3], [1.0, 0.5], [0.9, -0.2, 0.4])
    for sampler in (None, "program"):
        found = estimate_coarse_gradient(
            problem, point, accuracy=0.02, confidence=0.999999, sampler=sampler, seed=7, threads=2
        )
        assert found.guarantee is not None
        assert (found.guarantee.sampler, found.guarantee.rests_on) == ("program", ())
        error, radius = off(problem, point, accuracy=0.02, confidence=0.999999, sampler=sampler, seed=7)
        assert error <= radius <= 0.02
    for sampler in set(ACCURACIES) - {"program"}:
        with pytest.raises(InvalidInput, match="input_covariance"):
            off(problem, point, accuracy=0.5, sampler=sampler, seed=7)


def test_at_w_zero_only_the_program_is_left() -> None:
    """Would have caught: a plane spanned by a zero vector. g = μ′(0)(Σ v_i Z_i)(y − y*), σ(0) = 0."""
    point = Point([1.0], [0.0, 0.0], [1.0], [0.0, 1.0])
    found = estimate_coarse_gradient(
        Problem(BINARY, st.surrogates.identity()), point, accuracy=0.02, confidence=0.999999, seed=1
    )
    assert found.guarantee is not None
    assert found.guarantee.sampler == "program"
    # −E Z 1{⟨Z,w*⟩ > 0} = −w*/√(2π)
    assert np.abs(found.mean.w - [0.0, -1 / math.sqrt(2 * math.pi)]).max() < 0.02


def test_the_same_seed_gives_the_same_estimate() -> None:
    """Would have caught: draws that do not come from the seed."""
    problem, point = Problem(BINARY, st.surrogates.clipped_relu()), standard_point(2, 3)
    for sampler, accuracy in ACCURACIES.items():
        one, two, other = (
            estimate_coarse_gradient(problem, point, accuracy=accuracy, sampler=sampler, seed=seed).mean.w.tolist()
            for seed in (5, 5, 6)
        )
        assert one == two
        assert one != other


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"accuracy": 0.0}, "accuracy"),
        ({"accuracy": math.nan}, "accuracy"),
        ({"accuracy": 0.1, "confidence": 1.0}, "confidence"),
        ({"accuracy": 0.1, "samples": 10}, "not both"),
        ({"accuracy": 0.1, "sampler": "best"}, "sampler"),
        ({"samples": 10, "sampler": "strata"}, "accuracy"),
        ({"accuracy": 1e-12, "sampler": "program"}, "out of reach|draws"),
    ],
)
def test_what_cannot_be_asked_for(options: dict[str, object], words: str) -> None:
    """Would have caught: a promise of anything for a nonsensical question, or a run without an end."""
    with pytest.raises(InvalidInput, match=words):
        off(Problem(BINARY, st.surrogates.relu()), standard_point(2, 2), **options)
