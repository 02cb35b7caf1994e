"""The flow for staircases with several steps, where it rests and what it lets through, against the vectors."""

import math

import numpy as np
import pytest

from ste_theory.dynamics.fixed_points import fixed_points, stationary_points
from ste_theory.dynamics.flow import Scalars, flow, velocity
from ste_theory.dynamics.outcome import outcomes
from ste_theory.dynamics.portrait import portrait
from ste_theory.dynamics.run import Run
from ste_theory.dynamics.staircase import Place, rates
from ste_theory.dynamics.starts import random_starts
from ste_theory.dynamics.state import Settings, Teacher
from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.loss import population_loss
from tests.unit.dynamics.conftest import PROBLEMS

TWO_BITS = Problem(quantizers.uniform_relu(2), surrogates.relu())
STAIRCASES = {
    "two bits": TWO_BITS,
    "another teacher": Problem(
        quantizers.ternary("1/2"), surrogates.identity(), teacher_quantizer=quantizers.uniform_relu(2)
    ),
    "clipped": Problem(quantizers.uniform_relu(2), surrogates.clipped_relu(3)),
}


@pytest.mark.parametrize("name", STAIRCASES)
def test_the_velocity_is_that_of_the_vectors(name: str, teacher: Teacher) -> None:
    """Would have caught: a wrong coefficient, m forgotten in dS/dt, the teacher's mean for the student's.

    The same derivatives from the public gradients in full coordinates; both sides are sums of about m² terms of the
    size of v², rounded: 1e-11 is a hundred times that.
    """
    problem = STAIRCASES[name]
    v, _ = random_starts(teacher, 12, 4)
    rho, theta = np.geomspace(0.4, 4, 12), np.linspace(0.05, math.pi - 0.05, 12)
    direction = teacher.w_star / np.linalg.norm(teacher.w_star)
    across = np.array([2.0, 1.0, 0.0]) / math.sqrt(5)
    state = np.stack([v @ teacher.v_star, v.sum(axis=1), (v * v).sum(axis=1), rho, np.log(np.tan(theta / 2))])
    got = velocity(problem, teacher, state)
    for i in range(12):
        w_hat = math.cos(theta[i]) * direction + math.sin(theta[i]) * across
        away = -math.sin(theta[i]) * direction + math.cos(theta[i]) * across
        g = expected_coarse_gradient(problem, Point(v[i], rho[i] * w_hat, teacher.v_star, teacher.w_star))
        turn = -float(g.w @ away) / rho[i] / math.sin(theta[i])
        expected = [-g.v @ teacher.v_star, -g.v.sum(), -2 * g.v @ v[i], -g.w @ w_hat, turn]
        assert np.abs(got[:, i] - expected).max() < 1e-11 * (1 + float(v[i] @ v[i])) / math.sin(theta[i])


@pytest.mark.parametrize("name", PROBLEMS)
def test_one_step_is_the_binary_flow(name: str, teacher: Teacher) -> None:
    """Would have caught: closed forms of the two kinds of staircases that differ: both are there for one step."""
    v, _ = random_starts(teacher, 10, 4)
    rho, theta = np.geomspace(0.3, 5, 10), np.linspace(0.05, math.pi - 0.05, 10)
    D, S, V = v @ teacher.v_star, v.sum(axis=1), (v * v).sum(axis=1)
    binary = velocity(PROBLEMS[name], teacher, np.stack([D, S, V, rho, np.log(np.tan(theta / 2))]))
    at = Place(D, S, V, rho, theta, np.pi - theta, np.sin(theta), np.cos(theta))
    assert np.abs(rates(PROBLEMS[name], teacher, at) - binary).max() < 1e-11


def test_iterates_with_small_steps_follow_the_flow(teacher: Teacher) -> None:
    """Would have caught: the binary flow for two bits. Euler's error halves with η, to the next order (1.8 to 2.2)."""
    v, w = random_starts(teacher, 1, 8)
    w = 3 * w
    at = Run(TWO_BITS, teacher, Settings(1.0), v, w).points().invariants
    start = Scalars(*(float(x[0]) for x in (at.D, at.S, at.V, at.rho, at.theta)))
    exact = flow(TWO_BITS, teacher, start, [0.5, 1.0])
    assert exact.zero is None
    errors = []
    for eta in (0.02, 0.01):
        run = Run(TWO_BITS, teacher, Settings(eta, every=1000), v, w)
        run.advance(round(1 / eta))
        end = run.points().invariants
        errors.append([float(getattr(end, x)[0] - getattr(exact, x)[-1]) for x in ("D", "V", "rho", "theta")])
    ratios = np.abs(np.array(errors[0]) / np.array(errors[1]))
    assert ((ratios > 1.8) & (ratios < 2.2)).all(), ratios


@pytest.mark.parametrize("name", STAIRCASES)
@pytest.mark.parametrize("rho", [0.7, 2.0])
def test_fixed_points_rest(name: str, rho: float, teacher: Teacher) -> None:
    """Would have caught: a best v of another angle, a drift of the wrong sign, a saddle with D ≠ 0."""
    problem = STAIRCASES[name]
    direction = teacher.w_star / np.linalg.norm(teacher.w_star)
    across = np.array([2.0, 1.0, 0.0]) / math.sqrt(5)
    found = fixed_points(problem, teacher, rho)
    assert [point.theta for point in found[:2]] == [0, math.pi]
    for point in found:
        sine = math.sin(point.theta) if 0 < point.theta < math.pi else 0.0
        w_hat = math.cos(point.theta) * direction + sine * across
        at = Point(point.v, rho * w_hat, teacher.v_star, teacher.w_star)
        g = expected_coarse_gradient(problem, at)
        assert np.abs(g.v).max() < 1e-12
        assert np.linalg.norm(g.w - (g.w @ w_hat) * w_hat) < 1e-12, "the angle rests"
        assert -float(g.w @ w_hat) == pytest.approx(point.drift, abs=1e-12)
        assert population_loss(problem, at) == pytest.approx(point.loss, abs=1e-12)
        if point.kind == "saddle":
            assert abs(point.D) < 1e-11
            assert point.eigenvalues[-1] > 0 > point.eigenvalues[0]


def test_the_minimum_of_two_bits_lets_the_norm_through() -> None:
    """Would have caught: stability from one side alone. Thresholds meet at ρ = ρ*: below it ρ returns, above it leaves.

    What leaves does so like e^{λt}, λ the largest eigenvalue.
    """
    teacher = Teacher([1.0, -0.5, 1.0, -0.5], [1.0, 0.0])
    found = [p for p in stationary_points(TWO_BITS, teacher) if p.kind == "global minimum"]
    assert len(found) == 1
    assert found[0].rho == pytest.approx(1, rel=1e-9)
    growth = found[0].eigenvalues[-1]
    assert growth > 0.01
    assert not found[0].attracting
    distances = {}
    for part in (-0.003, 0.003):
        w = (1 + part) * teacher.w_star[None]
        run = Run(TWO_BITS, teacher, Settings(0.1, every=100), teacher.v_star[None], w)
        run.advance(500)
        distances[part] = np.abs(run.history.values["rho"][:, 0] - 1)
    assert distances[-0.003][-1] < 1e-4 * distances[-0.003][0]
    above = distances[0.003]
    # From t = 20 on what decays faster has gone; a tenth is left for what is not linear.
    assert math.log(above[4] / above[3]) / 10 == pytest.approx(growth, rel=0.1)


def test_clipped_two_bits_end_beside_the_minimum() -> None:
    """Would have caught: a run said to be undecided where it has converged to a point that is no minimum."""
    teacher = Teacher([1.0, -0.5, 1.0, -0.5], [1.0, 0.0])
    problem = STAIRCASES["clipped"]
    points = {point.kind: point for point in stationary_points(problem, teacher) if point.theta == 0}
    beside = points["stationary at 0"]
    assert beside.attracting
    assert beside.loss > 0.01
    w = beside.rho * 0.95 * teacher.w_star[None] / np.linalg.norm(teacher.w_star)
    run = Run(problem, teacher, Settings(0.2, every=1000), 1.05 * beside.v[None], w)
    run.advance(1500)
    assert outcomes(run).tolist() == ["stationary at 0"]
    assert run.losses()[0] == pytest.approx(beside.loss, rel=1e-3)


def test_odd_staircases_have_a_second_minimum_at_pi() -> None:
    """Would have caught: −w* with −v* missing, a saddle that drifts nowhere listed at every length."""
    teacher = Teacher([1.0, -0.5, 1.0, -0.5], [1.0, 0.0])
    found = stationary_points(Problem(quantizers.ternary("1/2"), surrogates.identity()), teacher)
    minima = [point for point in found if point.kind == "global minimum"]
    assert [point.theta for point in minima] == [0, math.pi]
    assert np.abs(minima[1].v + teacher.v_star).max() < 1e-12
    saddles = [point for point in found if point.kind == "saddle"]
    assert len(saddles) == 1
    assert saddles[0].any_rho
    assert not saddles[0].v.any() or np.abs(saddles[0].v).max() < 1e-9


def test_the_portrait_of_two_bits(teacher: Teacher) -> None:
    """Would have caught: no separatrix for staircases, or connections that end elsewhere than at both ends."""
    drawn = portrait(TWO_BITS, teacher, 2.0)
    assert len(drawn.separatrix) == 2
    ends = sorted(float(curve[0, -1]) for curve in drawn.connections)
    assert ends[0] < 0.05
    assert ends[1] > math.pi - 0.05
