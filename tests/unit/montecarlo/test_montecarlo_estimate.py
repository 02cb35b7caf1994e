"""The public estimates: arguments, seeds, labels, projections, printed form."""

from typing import Any

import numpy as np
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import block_inputs
from ste_theory.montecarlo.estimate import estimate_coarse_gradient, estimate_moments
from ste_theory.montecarlo.notation import shorthand
from ste_theory.montecarlo.program import columns

PROBLEM = Problem(quantizers.binary(), surrogates.identity())
POINT = Point([1.0, 2.0], [1.0, 0.0, 1.0], [1.0, -1.0], [0.0, 1.0, 0.0])


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("samples", 0),
        ("samples", 1e6),
        ("samples", True),
        ("samples", "many"),
        ("seed", -1),
        ("seed", 1.5),
        ("threads", 0),
        ("chunk_blocks", 0),
        ("stream", (1, -1)),
        ("stream", (2**32,)),
        ("samples", 10**18),
    ],
)
def test_a_bad_argument_is_named(argument: str, value: object) -> None:
    """Would have caught: an error from deep inside that does not say which argument was wrong, or none at all."""
    arguments: dict[str, Any] = {"samples": 100, "seed": 1, argument: value}
    with pytest.raises(InvalidInput, match=argument):
        estimate_moments(PROBLEM, POINT, **arguments)


@pytest.mark.parametrize(("position", "name"), [(0, "problem"), (1, "point")])
def test_a_wrong_object_is_named(position: int, name: str) -> None:
    """Would have caught: an AttributeError for swapped arguments."""
    arguments: list[Any] = [PROBLEM, POINT]
    arguments[position] = "nonsense"
    with pytest.raises(InvalidInput, match=name):
        estimate_moments(arguments[0], arguments[1], samples=100, seed=1)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("w", "w_star"), [([0.0, 0.0], [1.0, 0.0]), ([1.0, 1.0], [-2.0, -2.0]), ([1.0], [2.0])])
def test_score_outside_its_domain(w: list[float], w_star: list[float], threads: int) -> None:
    """Would have caught: a number where the population gradient does not exist; without score the point is sampled."""
    point = Point([1.0], w, [1.0], w_star)
    with pytest.raises(UndefinedQuantity):
        estimate_moments(PROBLEM, point, samples=100, seed=1, score=True, threads=threads)
    assert estimate_moments(PROBLEM, point, samples=100, seed=1, threads=threads).samples >= 100


def test_score_subtracts_the_means_of_a_pilot_block() -> None:
    """Would have caught: a baseline taken from the samples themselves (biased), or none (a larger standard error)."""
    z = block_inputs(2, 3, 6, (), 2**32 - 1)
    rows = PROBLEM.quantizer(z @ POINT.w) * POINT.v - PROBLEM.quantizer(z @ POINT.w_star) * POINT.v_star
    losses = [0.5 * (rows.sum(axis=1) - part) ** 2 for part in (0, rows[:, 0], rows[:, 1])]
    pilot = tuple(float((losses[0] - without).mean()) for without in losses[1:])
    z = np.concatenate([block_inputs(2, 3, 6, (), index) for index in range(2)])
    with_pilot, without = (columns(PROBLEM, POINT, z, score=True, baseline=baseline) for baseline in (pilot, 0.0))
    moments = estimate_moments(PROBLEM, POINT, samples=len(z), seed=6, score=True)
    assert moments.mean == pytest.approx(with_pilot.mean(axis=0), rel=1e-11)
    assert np.all(moments.covariance.diagonal()[6:] < 0.8 * without.var(axis=0)[6:])


def test_a_drawn_seed_replays() -> None:
    """Would have caught: a result without the seed that reproduces it, or a fixed default seed."""
    first, second = (estimate_coarse_gradient(PROBLEM, POINT, samples=100) for _ in range(2))
    assert first.seed != second.seed
    again = estimate_coarse_gradient(PROBLEM, POINT, samples=100, seed=first.seed)
    assert again.mean.w.tolist() == first.mean.w.tolist()
    assert repr(again) == repr(first)
    assert f"seed={first.seed}" in repr(first)


def test_estimate_takes_the_right_columns() -> None:
    """Would have caught: v and w columns off by one; rounded-up sample numbers reported as asked for."""
    estimate = estimate_coarse_gradient(PROBLEM, POINT, samples=5000, seed=8)
    moments = estimate_moments(PROBLEM, POINT, samples=5000, seed=np.int64(8))  # type: ignore[arg-type]
    assert estimate.samples == moments.samples == 8192
    assert estimate.mean.v.tolist() == moments.mean[:2].tolist()
    assert estimate.mean.w.tolist() == moments.mean[2:5].tolist()
    assert estimate.standard_error.w.tolist() == moments.standard_error[2:5].tolist()
    assert moments.column("coarse_gradient[2]").value == estimate.mean.w[2]
    assert moments.labels[-1] == "loss"
    assert len(moments.labels) == moments.mean.size == 6


def test_projection_uses_the_covariance() -> None:
    """Would have caught: standard errors added as if the components were independent."""
    moments = estimate_moments(PROBLEM, POINT, samples=100_000, seed=2)
    direction = np.array([1.0, -2.0, 0.5])
    projected = moments.along("coarse_gradient", direction)
    inner = moments.covariance[2:5, 2:5]
    assert projected.value == pytest.approx(float(direction @ moments.mean[2:5]), rel=1e-13)
    assert projected.standard_error == pytest.approx(
        np.sqrt(direction @ inner @ direction / moments.samples), rel=1e-12
    )
    assert moments.along("loss", [1.0]).value == moments.column("loss").value
    assert repr(projected) == shorthand(*projected)


def test_a_variance_that_cancels_is_not_zero() -> None:
    """Would have caught: √ of a negative number, or a pull of 1e8 from a variance that is only rounding.

    At θ = 0, v = (½, ½), v* = (0, 1): y − y* = (σ₁ − σ₂)/2 with σ = 0 or 1, so ∂ℓ/∂v₁ − ∂ℓ/∂v₂ = (σ₁ − σ₂)²/2 = 4ℓ.
    """
    point = Point([0.5, 0.5], [1.0, 2.0], [0.0, 1.0], [1.0, 2.0])
    moments = estimate_moments(PROBLEM, point, samples=10_000, seed=2)
    cancelled = moments.combination([1.0, -1.0, 0.0, 0.0, -4.0])
    assert abs(cancelled.value) < 1e-13
    # Not below the rounding error of a variance whose terms are of size 0.1 to 1.
    assert np.finfo(np.float64).eps < cancelled.standard_error**2 * moments.samples < 1e-13
    assert moments.combination([0.0] * 5) == (0.0, 0.0)


@pytest.mark.parametrize("shape", [(1,), (4,)])
def test_a_direction_of_the_wrong_length_is_named(shape: tuple[int, ...]) -> None:
    """Would have caught: broadcasting a scalar over the components."""
    moments = estimate_moments(PROBLEM, POINT, samples=100, seed=2)
    with pytest.raises(InvalidInput, match="direction"):
        moments.along("coarse_gradient", np.ones(shape))
    with pytest.raises(InvalidInput, match="weights"):
        moments.combination(np.ones(shape))
    with pytest.raises(InvalidInput, match="group"):
        moments.along("score", [1.0, 0.0])
    with pytest.raises(InvalidInput, match="label"):
        moments.column("coarse_gradient[3]")


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (1.0057, 0.0064, "1.0057(64)"),
        (-0.2, 0.00996, "-0.200(10)"),
        (12345.6, 789.0, "12346(789)"),
        (0.1, 1e-9, "0.1000000000(10)"),
    ],
)
def test_shorthand(value: float, error: float, text: str) -> None:
    """Would have caught: an uncertainty that rounds up to three digits or is given in the wrong decimal place."""
    assert shorthand(value, error) == text


def test_moments_are_read_only() -> None:
    """Would have caught: a caller that changes a result in place."""
    moments = estimate_moments(PROBLEM, POINT, samples=100, seed=2)
    with pytest.raises(ValueError, match="read-only"):
        moments.mean[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        moments.covariance[0, 0] = 1.0
