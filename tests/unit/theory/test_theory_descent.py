"""The change of the loss by one coarse gradient step, against the difference of two losses at 60 digits."""

import math

import mpmath
import numpy as np
import numpy.typing as npt
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.descent import TURN, descent_step, loss_change

Array = npt.NDArray[np.float64]
U = 2.0**-53
PROBLEMS = {
    "relu": Problem(quantizers.binary(), surrogates.relu()),
    "identity": Problem(quantizers.binary(), surrogates.identity()),
    "clipped": Problem(quantizers.binary(), surrogates.clipped_relu(2)),
}


def loss(v: list[mpmath.mpf], w: list[mpmath.mpf], v_star: list[mpmath.mpf], w_star: list[mpmath.mpf]) -> mpmath.mpf:
    """Lemma 1 at the working precision."""
    pp, qq, pq = mpmath.fdot(w, w), mpmath.fdot(w_star, w_star), mpmath.fdot(w, w_star)
    theta = mpmath.atan2(mpmath.sqrt(pp * qq - pq * pq), pq)
    V, T, D, S, S_star = (
        mpmath.fdot(v, v),
        mpmath.fdot(v_star, v_star),
        mpmath.fdot(v, v_star),
        mpmath.fsum(v),
        mpmath.fsum(v_star),
    )
    return (V + S**2 - 2 * ((1 - 2 * theta / mpmath.pi) * D + S * S_star) + T + S_star**2) / 8


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("relative_step", [1e-12, 1e-6, 0.5, 0.999, 10.0])
def test_change_is_the_difference_of_losses(name: str, relative_step: float) -> None:
    """Steps from 1e-12 of the guaranteed size, where f − f in floats has no digit, to ten times it, where w overshoots.

    The 60-digit step uses the float gradients: their errors (at most 100u of |p| + ‖v*‖ + … per entry) enter linearly.
    Would have caught: a wrong sign of the turn, D in place of D′, overshoot counted as descent.
    """
    problem, rng = PROBLEMS[name], np.random.default_rng(11)
    for _ in range(20):
        m, n = int(rng.integers(1, 6)), int(rng.integers(2, 6))
        point = Point(rng.normal(size=m), rng.normal(size=n), rng.normal(size=m), rng.normal(size=n))
        step = relative_step * descent_step(problem, point)
        change = loss_change(problem, point, step)
        gradient = expected_coarse_gradient(problem, point)
        with mpmath.workdps(60):
            v, w, v_star, w_star = (
                [mpmath.mpf(float(x)) for x in values] for values in (point.v, point.w, point.v_star, point.w_star)
            )
            v_after = [x - mpmath.mpf(step) * mpmath.mpf(float(g)) for x, g in zip(v, gradient.v, strict=True)]
            w_after = [x - mpmath.mpf(step) * mpmath.mpf(float(g)) for x, g in zip(w, gradient.w, strict=True)]
            expected = float(loss(v_after, w_after, v_star, w_star) - loss(v, w, v_star, w_star))
        size = float(np.abs(point.v).sum() + np.abs(point.v_star).sum())
        rho = float(np.linalg.norm(np.array(w_after, dtype=float)))
        to_v = size * step * float(np.abs(gradient.v).sum()) + step**2 * size * float(np.abs(gradient.v).sum())
        to_w = step * size**2 * size**2 * (1 / rho + 1 / float(np.linalg.norm(point.w)))
        allowed = 100 * U * (change.terms + to_v + to_w)
        assert abs(change.total - expected) <= allowed, (point, step)
        assert allowed <= 1e-9 * max(change.terms, step * 1e-4)


def test_both_descents_turn_the_right_way() -> None:
    """D > 0 turns w towards w*, D < 0 towards −w*; both lower f. Would have caught: sign(D) dropped."""
    problem = PROBLEMS["relu"]
    towards = loss_change(problem, Point([1], [1, 0], [1], [0, 1]), 0.1)
    away = loss_change(problem, Point([-1], [1, 0], [1], [0, 1]), 0.1)
    assert towards.turn < 0 < away.turn
    assert towards.w_part < 0
    assert away.w_part < 0


def test_overshoot_turns_back() -> None:
    """Beyond w* the angle grows again: θ′ = |θ − ω|. Would have caught: θ′ = θ − ω < 0."""
    w_star = [math.cos(0.01), math.sin(0.01)]
    change = loss_change(PROBLEMS["identity"], Point([1], [0.001, 0], [1], w_star), 3.0)
    assert change.turn > 0
    assert not change.admissible


def test_the_constant_of_the_bound() -> None:
    """C = arctan(1/3)/π ≈ 0.1024. Would have caught: 1/12, the constant of the shorter argument, or a lost π."""
    assert pytest.approx(0.1024, abs=5e-5) == TURN
