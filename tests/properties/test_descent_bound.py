"""The step bound of general.descent over many draws, most of them at its edge, in difference form: a million in
``make test-slow``, and in the fast tests as many per surrogate as show each planted error.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Problem
from ste_theory.theory.coarse_gradient import components
from ste_theory.theory.descent import TURN
from ste_theory.theory.gradient import v_gradient_values
from ste_theory.theory.invariants import batch_invariants

Array = npt.NDArray[np.float64]
DRAWS, FEW, CHUNK = 1_000_000, 100_000, 50_000
ROOT = math.sqrt(2 * math.pi)


@dataclass(frozen=True)
class Steps:
    """Change of the loss and its bound for many steps, with the sum of the absolute values that were added."""

    change: Array
    bound: Array
    terms: Array

    @property
    def violated(self) -> npt.NDArray[np.bool_]:
        """Where the change exceeds the bound by more than rounding: some hundred operations of 2⁻⁵³ each."""
        return self.change - self.bound > 200 * 2.0**-53 * self.terms


def drawn(rng: np.random.Generator, count: int, rows: int) -> tuple[Array, Array, Array, Array]:
    """v, w, v*, w*: six decades, angles down to 1e-12 of 0 and π, students near the minima of both branches."""
    size = 10.0 ** rng.uniform(-3, 3, (count, 1))
    v_star = rng.normal(size=(count, rows)) * 10.0 ** rng.uniform(-3, 3, (count, 1))
    near = np.where(rng.random((count, 1)) < 0.5, v_star, 2 * v_star.sum(1, keepdims=True) / (rows + 1) - v_star)
    v = np.where(
        rng.random((count, 1)) < 0.4,
        near * (1 + 10.0 ** rng.uniform(-9, 0, (count, 1)) * rng.normal(size=(count, rows))),
        rng.normal(size=(count, rows)) * size,
    )
    angle = rng.uniform(0, math.pi, count)
    tiny = 10.0 ** rng.uniform(-12, -1, count)
    kind = rng.integers(0, 4, count)
    angle = np.where(kind == 0, tiny, np.where(kind == 1, math.pi - tiny, angle))
    rho = 10.0 ** rng.uniform(-3, 3, count)
    w = np.stack([rho * np.cos(angle), rho * np.sin(angle)], axis=1)
    return v, w, v_star, np.broadcast_to(np.array([1.0, 0.0]), w.shape)


def steps(problem: Problem, points: tuple[Array, Array, Array, Array], part: Array, *, generous: float = 1.0) -> Steps:
    """One step of size ``part`` ∈ (0, 1] of the bound from each point; ``generous`` stretches the bound."""
    v, _, v_star, _ = points
    at = batch_invariants(*points)
    of = components(problem.surrogate, at)
    response, rho, D = of.moments.M, at.rho, at.D
    p = v_gradient_values(at, v, v_star)
    with np.errstate(divide="ignore"):
        limit = np.minimum(rho / (2 * np.abs(of.radial)), ROOT * rho / (2 * np.abs(D) * response))
    eta = generous * part * np.minimum(limit, 1e6 * rho)
    b = at.sine * response / ROOT
    square, total = (p * p).sum(1), p.sum(1)
    turn = np.arctan2(eta * D * b, rho - eta * of.radial)
    with_w = np.where(D >= 0, np.minimum(turn, at.theta), np.maximum(turn, -at.supplement))
    # Beyond w* the angle grows again: |θ − ω| = θ − (2θ − ω), and likewise at −w*.
    folded = np.where(
        turn > at.theta, 2 * at.theta - turn, np.where(-turn > at.supplement, -2 * at.supplement - turn, turn)
    )
    with_w = np.where(np.abs(turn) > np.abs(with_w), folded, with_w)
    slope = eta * (p * v_star).sum(1)
    linear, quadratic = eta * square, eta**2 * (square + total**2) / 8
    change = quadratic - linear - (D - slope) * with_w / (2 * math.pi)
    norm = np.sqrt((v_star**2).sum(1))
    curvature = (v.shape[1] + 1) / 8 + norm / (2 * math.pi)
    descent = eta * D**2 * b / rho
    bound = -linear * (1 - eta * curvature) - descent * (TURN - eta * norm * response / (ROOT**3 * rho))
    slopes = eta * (np.abs(p) * np.abs(v_star)).sum(1)
    terms = linear * (1 + eta * curvature) + quadratic + (np.abs(D) + slopes) * np.abs(turn)
    return Steps(change, bound, terms + descent * (TURN + eta * norm * response / rho))


def violations(surrogate: surrogates.Surrogate, count: int, *, generous: float = 1.0) -> int:
    """How many of ``count`` draws violate the bound, most of them with a step at its edge."""
    rng, found = np.random.default_rng(20190110), 0
    problem = Problem(quantizers.binary(), surrogate)
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        points = drawn(rng, size, rows=int(rng.integers(1, 17)))
        edge = np.where(rng.random(size) < 0.7, 1.0, 10.0 ** rng.uniform(-6, 0, size))
        found += int(np.count_nonzero(steps(problem, points, edge, generous=generous).violated))
    return found


@pytest.mark.parametrize("draws", [FEW, pytest.param(DRAWS // 3 + 1, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "surrogate", [surrogates.identity(), surrogates.relu(), surrogates.clipped_relu()], ids=lambda s: s.name
)
def test_the_step_bound_is_never_violated(surrogate: surrogates.Surrogate, draws: int) -> None:
    """Would have caught a wrong constant, an overshoot near w* or −w*, or digits lost at angles of 1e-12."""
    assert violations(surrogate, draws) == 0


def test_a_bound_that_is_too_generous_is_violated() -> None:
    """Would have caught draws that never come near the edge: one and a half times the step is too much."""
    assert violations(surrogates.relu(), FEW, generous=1.5) > 0


def test_a_larger_share_is_violated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught draws that leave the term of w unseen: half as much descent again is not there."""
    monkeypatch.setattr(f"{__name__}.TURN", 1.5 * TURN)
    assert violations(surrogates.relu(), FEW) > 0
