"""Steps of coarse gradient descent against the public functions of single points, and what happens at w = 0."""

import math

import numpy as np
import pytest

from ste_theory.dynamics.plane import gradients, plane_of
from ste_theory.dynamics.run import Run
from ste_theory.dynamics.starts import near_spurious, random_starts
from ste_theory.dynamics.state import Settings, Teacher
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.descent import descent_step, loss_change
from ste_theory.theory.loss import population_loss
from tests.unit.dynamics.conftest import PROBLEMS

U = 2.0**-53


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_plane_gives_the_gradient_of_the_full_space(name: str, teacher: Teacher) -> None:
    """Would have caught: a wrong sign along û, the wrong chart beyond π/2, a teacher's length left out.

    Both sides round each of about 10 terms of at most B = (‖v‖ + ‖v*‖)²·(m + 1) once or twice: 100 u B; formulas are
    integrated to 1e-13 of it.
    """
    v, w = random_starts(teacher, 40, 3)
    w = w * np.geomspace(0.01, 30, 40)[:, None]
    plane, inside = plane_of(w, teacher)
    inside[::2, 1] *= -1  # the same weights with e turned round
    turned = plane.across.copy()
    turned[::2] *= -1
    p, g = gradients(PROBLEMS[name].surrogate, teacher, v, inside)
    lifted = g[:, :1] * plane.along + g[:, 1:] * turned
    for i in range(40):
        expected = expected_coarse_gradient(PROBLEMS[name], Point(v[i], w[i], teacher.v_star, teacher.w_star))
        size = (np.linalg.norm(v[i]) + np.linalg.norm(teacher.v_star)) ** 2 * (teacher.m + 1)
        tolerance = (1e-12 if name == "formula" else 200 * U) * size
        assert np.abs(p[i] - expected.v).max() <= tolerance
        assert np.abs(lifted[i] - expected.w).max() <= tolerance


@pytest.mark.parametrize("angle", [1e-12, 1e-100, math.pi])
def test_angles_near_the_ends_keep_their_digits(angle: float) -> None:
    """Would have caught: 1 − cosθ or π − θ by subtraction: dθ/dt = −D sM/(√(2π)ρ) relative to θ, D > 0 and ρ = 1.

    One step of η = 1e-3 takes y to y(1 − ηA) − ηDMsc/√(2π): compared to a few roundings, relative to y.
    """
    teacher = Teacher([1.0, 0.5], [1.0, 0.0])
    v, y = np.array([[0.7, 0.9]]), (0.0 if angle == math.pi else angle)
    w = np.array([[-1.0 if angle == math.pi else 1.0, y]])
    _, g = gradients(PROBLEMS["relu"].surrogate, teacher, v, w)
    D, V, S, excess = 0.7 + 0.45, 0.49 + 0.81, 1.6, 0.1
    K = a0 = 1 / math.sqrt(2 * math.pi)
    A = ((V - D) * K + S * excess * a0) / 2
    if angle == math.pi:
        assert g[0, 1] == 0.0
        return
    assert g[0, 1] == pytest.approx(A * y + D * y / 2 / math.sqrt(2 * math.pi), rel=50 * U, abs=0)


@pytest.mark.parametrize("name", ["identity", "relu", "clipped_relu"])
def test_many_starts_are_single_starts(name: str, teacher: Teacher) -> None:
    """Would have caught: a reduction over the wrong axis, a start that depends on its neighbours, w not lifted."""
    v, w = random_starts(teacher, 30, 5)
    settings = Settings(0.2, every=7)
    together = Run(PROBLEMS[name], teacher, settings, v, w)
    together.advance(60)
    for i in (0, 7, 29):
        alone = Run(PROBLEMS[name], teacher, settings, v[i : i + 1], w[i : i + 1])
        alone.advance(60)
        assert np.array_equal(alone.state.v[0], together.state.v[i])
        assert np.array_equal(alone.weights[0], together.weights[i])
        assert np.array_equal(alone.history.values["theta"][:, 0], together.history.values["theta"][:, i])


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("normalize", [False, True])
def test_steps_follow_the_definition_in_full_coordinates(name: str, normalize: bool, teacher: Teacher) -> None:
    """Would have caught: normalizing before the step, v updated with the new w, a step size squared.

    20 steps of 0.05: errors of one step (1e-15 relative, 1e-13 for formulas) grow at most like e^(Lt), L ≤ 8 here.
    """
    v, w = random_starts(teacher, 3, 8)
    w = 3 * w
    run = Run(PROBLEMS[name], teacher, Settings(0.05, normalize=normalize), v, w)
    run.advance(20)
    assert (run.state.crossings.count == 0).all(), "the bound below holds away from w = 0"
    for i in range(3):
        a, b = v[i], w[i]
        for _ in range(20):
            gradient = expected_coarse_gradient(PROBLEMS[name], Point(a, b, teacher.v_star, teacher.w_star))
            a, b = a - 0.05 * gradient.v, b - 0.05 * gradient.w
            b = b / np.linalg.norm(b) if normalize else b
        assert np.abs(run.state.v[i] - a).max() < 1e-9
        assert np.abs(run.weights[i] - b).max() < 1e-9
        assert run.losses()[i] == pytest.approx(
            population_loss(PROBLEMS[name], Point(a, b, teacher.v_star, teacher.w_star)), rel=1e-8
        )


def test_the_loss_falls_by_what_the_descent_bound_promises(teacher: Teacher) -> None:
    """Would have caught: ascent, or a step in v only. η is half the step that general.descent guarantees."""
    problem = PROBLEMS["relu"]
    v, w = random_starts(teacher, 5, 2)
    for i in range(5):
        point = Point(v[i], w[i], teacher.v_star, teacher.w_star)
        step = descent_step(problem, point) / 2
        run = Run(problem, teacher, Settings(step), v[i : i + 1], w[i : i + 1])
        before = float(run.losses()[0])
        run.advance(1)
        change, promised = float(run.losses()[0]) - before, loss_change(problem, point, step)
        assert change == pytest.approx(promised.total, abs=200 * U * (before + promised.terms))
        assert change <= promised.bound + 200 * U * before


def test_w_through_zero_is_an_event_with_its_place() -> None:
    """Would have caught: a crossing missed, placed at the wrong end of the step, or continued from the wrong side.

    Identity surrogate at θ = π, m = 1, v = v* = 1: E g = (V ŵ − D w*)/√(2π) = 2ŵ/√(2π), so ρ = 1 falls by 2η/√(2π) per
    step: from a quarter of that it reaches 0 a quarter into the step. The loss before is θD/(2π) = ½.
    """
    teacher, eta = Teacher([1.0], [1.0, 0.0]), 0.3
    fall = 2 * eta / math.sqrt(2 * math.pi)
    v = np.array([[1.0]])
    run = Run(PROBLEMS["identity"], teacher, Settings(eta, at_zero="stop"), v, np.array([[-1.0, 0.0]]))
    small = Run(PROBLEMS["identity"], teacher, Settings(eta, at_zero="flip"), v, np.array([[-fall / 4, 0.0]]))
    small.advance(1)
    crossings = small.state.crossings
    assert crossings.count.tolist() == [1]
    assert crossings.first[0] == pytest.approx(0.25, rel=10 * U)
    assert crossings.before[0] == pytest.approx(0.5, rel=10 * U)
    assert small.state.w[0, 0] == pytest.approx(0.75 * fall, rel=10 * U)
    run.advance(1)
    assert run.state.crossings.count.tolist() == [0]
    assert run.state.w[0, 0] == pytest.approx(fall - 1, rel=10 * U)


def test_a_stopped_start_rests_and_others_go_on(teacher: Teacher) -> None:
    """Would have caught: a stop that freezes all starts, or none, or a crossing counted again every step."""
    v, w = near_spurious(teacher, 2, 1, 1e-3)
    w[1] *= 50
    run = Run(PROBLEMS["identity"], teacher, Settings(0.1, at_zero="stop"), v, w)
    run.advance(200)
    assert run.state.stopped.tolist() == [True, False]
    rest = run.state.v[0].copy(), run.state.w[0].copy()
    moving = run.state.w[1].copy()
    run.advance(210)
    assert np.array_equal(run.state.v[0], rest[0])
    assert np.array_equal(run.state.w[0], rest[1])
    assert not np.array_equal(run.state.w[1], moving)
    assert run.state.crossings.count.tolist() == [1, 0]


def test_exactly_zero_goes_on_from_behind() -> None:
    """Would have caught: w = 0 as a state, where the next step is not defined. η·2/√(2π) = ρ exactly is arranged by
    taking ρ from the computed gradient."""
    teacher, v = Teacher([1.0], [1.0, 0.0]), np.array([[1.0]])
    _, g = gradients(PROBLEMS["identity"].surrogate, teacher, v, np.array([[-1.0, 0.0]]))
    run = Run(PROBLEMS["identity"], teacher, Settings(1.0), v, np.array([[float(g[0, 0]), 0.0]]))
    run.advance(1)
    assert run.state.crossings.count.tolist() == [1]
    assert run.state.crossings.first.tolist() == [1.0]
    assert run.state.w[0, 0] > 0
    run.advance(2)


def test_a_step_size_that_diverges_is_named(teacher: Teacher) -> None:
    """Would have caught: nan in silence, or a traceback. The v-step is unstable beyond η = 8/(m + 1)."""
    run = Run(PROBLEMS["relu"], teacher, Settings(1000.0), *random_starts(teacher, 2, 1))
    with pytest.raises(
        InvalidInput, match=r"step \d+ of start \d: the weights grow beyond 1e\+60; take a step size below 1000"
    ):
        run.advance(1000)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"step_size": 0.0}, "step_size must be positive"),
        ({"step_size": math.nan}, "step_size must be positive"),
        ({"step_size": 0.1, "batch": -1}, "batch must be"),
        ({"step_size": 0.1, "every": 0}, "every must be"),
        ({"step_size": 0.1, "at_zero": "bounce"}, "at_zero must be"),
    ],
)
def test_settings_that_are_none(settings: dict[str, object], words: str) -> None:
    """Would have caught: a run that divides by zero or never ends."""
    with pytest.raises(InvalidInput, match=words):
        Settings(**settings)  # type: ignore[arg-type]


def test_a_start_at_zero_is_refused(teacher: Teacher) -> None:
    """Would have caught: a first step along a direction that does not exist."""
    with pytest.raises(InvalidInput, match="w must not be zero at the start, row 1 is"):
        Run(PROBLEMS["relu"], teacher, Settings(0.1), np.ones((2, 4)), np.array([[1.0, 0, 0], [0, 0, 0]]))
