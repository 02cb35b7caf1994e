"""The flow in five scalars and its fixed points, against the iterates and against differences."""

import math

import numpy as np
import pytest

from ste_theory.dynamics.fixed_points import fixed_points, has_spurious, spurious_v
from ste_theory.dynamics.flow import Scalars, flow, relu_balance, velocity
from ste_theory.dynamics.plane import gradients, radial_rate
from ste_theory.dynamics.portrait import portrait
from ste_theory.dynamics.run import Run
from ste_theory.dynamics.starts import random_starts
from ste_theory.dynamics.state import Settings, Teacher
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point
from ste_theory.theory.gradient import v_gradient
from ste_theory.theory.loss import population_loss
from tests.unit.dynamics.conftest import PROBLEMS


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_velocity_is_that_of_the_vectors(name: str, teacher: Teacher) -> None:
    """Would have caught: a wrong coefficient in any of the five equations.

    The same derivatives from the gradients in full coordinates: dD = −pᵀv*, dV = −2pᵀv, dρ = −⟨g, ŵ⟩, dθ = ⟨g, ê_θ⟩/ρ
    with ê_θ the unit vector that increases θ. Errors: a few roundings (1e-13 for formulas) of the terms.
    """
    problem = PROBLEMS[name]
    v, _ = random_starts(teacher, 30, 4)
    rho, theta = np.geomspace(0.1, 10, 30), np.linspace(0.01, math.pi - 0.01, 30)
    w = np.stack([rho * np.cos(theta), rho * np.sin(theta)], axis=1)
    p, g = gradients(problem.surrogate, teacher, v, w)
    u = np.log(np.tan(theta / 2))
    state = np.stack([v @ teacher.v_star, v.sum(axis=1), (v * v).sum(axis=1), rho, u])
    got = velocity(problem, teacher, state)
    along = (g * w).sum(axis=1) / rho
    turn = -(g[:, 1] * np.cos(theta) - g[:, 0] * np.sin(theta)) / rho
    expected = np.stack([-p @ teacher.v_star, -p.sum(axis=1), -2 * (p * v).sum(axis=1), -along, turn / np.sin(theta)])
    size = (1 + np.abs(v).sum(axis=1)) ** 2 * 10
    assert (np.abs(got - expected) <= 1e-12 * size / np.minimum(rho, 1) / np.sin(theta)).all()


def test_iterates_with_small_steps_follow_the_flow(teacher: Teacher) -> None:
    """Would have caught: another time scale, or a flow that belongs to other equations.

    Euler's error at time 2 is C η with one constant C: halving η halves it, to the next order (between 1.9 and 2.1).
    """
    problem = PROBLEMS["relu"]
    v, w = random_starts(teacher, 1, 8)
    w = 2 * w
    at = Run(problem, teacher, Settings(1.0), v, w).points().invariants
    start = Scalars(float(at.D[0]), float(at.S[0]), float(at.V[0]), float(at.rho[0]), float(at.theta[0]))
    exact = flow(problem, teacher, start, [1.0, 2.0])
    assert exact.zero is None
    errors = []
    for eta in (0.01, 0.005):
        run = Run(problem, teacher, Settings(eta, every=1000), v, w)
        run.advance(round(2 / eta))
        end = run.points().invariants
        errors.append(
            [float(end.D[0] - exact.D[-1]), float(end.rho[0] - exact.rho[-1]), float(end.theta[0] - exact.theta[-1])]
        )
    ratios = np.abs(np.array(errors[0]) / np.array(errors[1]))
    assert ((ratios > 1.9) & (ratios < 2.1)).all(), ratios


def test_relu_conserves_rho_minus_v_up_to_the_balance(teacher: Teacher) -> None:
    """Would have caught: ½ lost in the conserved combination, or ψ with the wrong sign.

    d/dt[ρ − V/√(2π)] = −Dψ/(2√(2π)) at 50 random states, to roundings; and along a solution by the trapezoidal rule on
    4001 points (error below 1e-6 here: h²/12 with second derivatives below 1).
    """
    rng = np.random.default_rng(0)
    problem, root = PROBLEMS["relu"], math.sqrt(2 * math.pi)
    v, theta = rng.standard_normal((50, 4)), rng.uniform(0.01, 3.13, 50)
    state = np.stack(
        [v @ teacher.v_star, v.sum(axis=1), (v * v).sum(axis=1), rng.uniform(0.1, 5, 50), np.log(np.tan(theta / 2))]
    )
    rates = velocity(problem, teacher, state)
    assert np.abs(rates[3] - rates[2] / root - relu_balance(state[0], theta)).max() < 1e-13
    times = np.linspace(0, 4, 4001)
    way = flow(problem, teacher, Scalars(1.0, 0.5, 2.0, 2.0, 1.0), times)
    total = float(np.trapezoid(relu_balance(way.D, way.theta), way.t))
    change = (way.rho[-1] - way.V[-1] / root) - (way.rho[0] - way.V[0] / root)
    assert change == pytest.approx(total, abs=1e-6)
    assert abs(total) > 1e-3, "nothing was tested"


def test_a_large_v_drives_w_to_zero_under_relu() -> None:
    """Would have caught: a flow that goes on behind w = 0 or misses it (v = (3, ½), v* = (1, ½), θ = 1, ρ = 2)."""
    teacher = Teacher([1.0, 0.5], [1.0, 0.0])
    start = Scalars(3.25, 3.5, 9.25, 2.0, 1.0)
    way = flow(PROBLEMS["relu"], teacher, start, np.linspace(0, 50, 501))
    assert way.zero is not None
    assert way.t[-1] <= way.zero < 50
    assert len(way.t) < 501
    # Iterates with small steps get there at the same time, to first order in η.
    v, w = np.array([[3.0, 0.5]]), 2 * np.array([[math.cos(1), math.sin(1)]])
    run = Run(PROBLEMS["relu"], teacher, Settings(1e-3, at_zero="stop", every=10**6), v, w)
    run.advance(math.ceil((way.zero + 0.1) * 1000))
    assert 1e-3 * run.state.crossings.first[0] == pytest.approx(way.zero, abs=0.02)


def test_straight_angles_stay(teacher: Teacher) -> None:
    """Would have caught: θ = π that leaves by rounding; dS/dt there is linear: S → S_sp like e^(−(m+1)t/4)."""
    way = flow(PROBLEMS["relu"], teacher, Scalars(-1.0, 0.0, 2.0, 1.0, math.pi, 0.0), [1.0, 2.0])
    assert (way.supplement == 0).all()
    rest = (teacher.m - 1) * teacher.S / (teacher.m + 1)
    assert way.S[-1] == pytest.approx(rest * (1 - math.exp(-2 * (teacher.m + 1) / 4)), rel=1e-7)


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("rho", [0.2, 3.0])
def test_fixed_points_rest_and_eigenvalues_are_those_of_differences(name: str, rho: float, teacher: Teacher) -> None:
    """Would have caught: a fixed point that moves, an eigenvalue from another Jacobian, a drift of the wrong sign.

    The Jacobian of (S, D, θ) by central differences with h = 1e-5 inside (0, π): truncation 1e-10, rounding 1e-11.
    """
    problem = PROBLEMS[name]
    for point in fixed_points(problem, teacher, rho):
        direction = teacher.w_star / np.linalg.norm(teacher.w_star)
        across = np.array([2.0, 1.0, 0.0]) / math.sqrt(5)  # orthogonal to w*
        w = rho * (math.cos(point.theta) * direction + (math.sin(point.theta) * across if 0 < point.theta < 3 else 0))
        at = Point(point.v, w, teacher.v_star, teacher.w_star)
        assert np.abs(v_gradient(PROBLEMS[name], at)).max() < 1e-14
        assert population_loss(PROBLEMS[name], at) == pytest.approx(point.loss, abs=1e-14)
        if point.kind == "saddle":
            assert abs(point.D) < 1e-14
            assert point.eigenvalues[-1] > 0 > point.eigenvalues[1]
            centre = np.array([point.S, point.D, point.theta])
            jacobian = np.stack(
                [
                    (_slow(name, teacher, rho, centre + h) - _slow(name, teacher, rho, centre - h)) / 2e-5
                    for h in 1e-5 * np.eye(3)
                ],
                axis=1,
            )
            assert np.allclose(np.sort(np.linalg.eigvals(jacobian).real), point.eigenvalues, atol=1e-7)
        else:
            assert point.attracting
            # What is left of a small angle after a time t: e^(λt). One of the eigenvalues is that of u.
            u = -20.0 if point.theta == 0 else 20.0
            rate = velocity(problem, teacher, np.array([[point.D], [point.S], [1.0], [rho], [u]]))[4, 0]
            assert np.abs(np.array(point.eigenvalues) + abs(rate)).min() < 1e-7 * max(1, abs(rate))
        if point.kind == "spurious minimum":
            assert point.drift == pytest.approx(-radial_rate(problem.surrogate, teacher, rho), abs=1e-12)
            assert (point.drift < -1e-3) == (name in ("identity", "formula"))
        if point.kind == "global minimum":
            assert abs(point.drift) < 1e-14


def _slow(name: str, teacher: Teacher, rho: float, x: np.ndarray) -> np.ndarray:
    S, D, theta = x
    state = np.array([[D], [S], [1.0], [rho], [math.log(math.tan(theta / 2))]])
    rates = velocity(PROBLEMS[name], teacher, state)[:, 0]
    return np.array([rates[1], rates[0], rates[4] * math.sin(theta)])


def test_the_rate_of_the_drift_is_the_published_one(teacher: Teacher) -> None:
    """Would have caught: M₋ with the wrong factor: identity, E[a 1{a<0}] = −1/√(2π), so 2(m−1)S*²/((m+1)²√(2π))."""
    m, expected = 4, 2 * 3 * 1 / (25 * math.sqrt(2 * math.pi))
    assert teacher.m == m
    assert teacher.S == 1.0
    assert radial_rate(PROBLEMS["identity"].surrogate, teacher, 0.7) == pytest.approx(expected, rel=1e-14)


def test_teachers_without_a_spurious_minimum() -> None:
    """Would have caught: equality (always for m = 1) or S* = 0 taken for a spurious minimum, a saddle that is none."""
    problem = PROBLEMS["relu"]
    for v_star, kinds in (
        ([1.0], ["global minimum", "stationary at π"]),
        ([1.0, 1.0], ["global minimum", "stationary at π"]),
        ([1.0, -1.0], ["global minimum", "global minimum"]),
    ):
        teacher = Teacher(v_star, [1.0, 0.0])
        found = fixed_points(problem, teacher, 1.0)
        assert [point.kind for point in found] == kinds
        assert not has_spurious(teacher)
        with pytest.raises(InvalidInput, match="no spurious minimum"):
            spurious_v(teacher)
        if kinds[1] == "stationary at π" and len(v_star) == 2:
            assert not found[1].attracting  # D = ⅔ > 0 turns w towards w*


def test_the_portrait_joins_the_saddle_to_both_minima(teacher: Teacher) -> None:
    """Would have caught: stable and unstable direction exchanged, or time running the wrong way."""
    drawn = portrait(PROBLEMS["relu"], teacher, 1.0)
    ends = sorted(float(curve[0, -1]) for curve in drawn.connections)
    assert ends[0] < 0.01
    assert ends[1] > math.pi - 0.01
    by_kind = {point.kind: point for point in drawn.fixed_points}
    reached = sorted(float(curve[1, -1]) for curve in drawn.connections)
    assert reached[0] == pytest.approx(by_kind["spurious minimum"].D, abs=0.05)
    assert reached[1] == pytest.approx(by_kind["global minimum"].D, abs=0.05)
    assert len(drawn.separatrix) == 2
    assert not portrait(PROBLEMS["relu"], Teacher([1.0, 1.0], [1.0, 0.0]), 1.0).separatrix


def test_times_and_scalars_that_are_none(teacher: Teacher) -> None:
    """Would have caught: a solver's traceback for a list of times in the wrong order."""
    problem = PROBLEMS["relu"]
    for times in ([], [1.0, 1.0], [-1.0], [math.inf]):
        with pytest.raises(InvalidInput, match="times must be"):
            flow(problem, teacher, Scalars(1, 1, 1, 1, 1), times)
    with pytest.raises(InvalidInput, match="rho must be"):
        Scalars(1, 1, 1, 0, 1)
    with pytest.raises(InvalidInput, match="theta must lie"):
        Scalars(1, 1, 1, 1, 4)
    with pytest.raises(InvalidInput, match="rho must be"):
        fixed_points(problem, teacher, math.nan)
