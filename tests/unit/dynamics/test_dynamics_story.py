"""What the theory says of the spurious minimum, seen in runs; batches; basins; starts."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from ste_theory.dynamics.empirical import batch_gradients
from ste_theory.dynamics.fixed_points import spurious_v
from ste_theory.dynamics.outcome import fractions, outcomes, wilson
from ste_theory.dynamics.plane import plane_of, radial_rate
from ste_theory.dynamics.rate import shrinking
from ste_theory.dynamics.run import Run
from ste_theory.dynamics.starts import default_teacher, near_spurious, random_starts, read_starts
from ste_theory.dynamics.state import Settings, Teacher
from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.estimate import estimate_coarse_gradient
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from tests.unit.dynamics.conftest import PROBLEMS

DISTANCE = 1e-3


def test_identity_leaves_the_spurious_minimum_through_zero(teacher: Teacher) -> None:
    """Would have caught: convergence reported where ‖w‖ shrinks, another rate, a loss that rises before w = 0.

    −dρ/dt = rate + O(ε) with ε = 1e-3 of the start: v − v_sp enters A linearly, by less than 10 ε‖v*‖²/√(2π), and has
    decayed by e^(−t/4), t > 5, when the rate is measured: within 1 %. At 0 the loss jumps by ½|D| (from θ = π to 0).
    """
    eta = 0.05
    run = Run(PROBLEMS["identity"], teacher, Settings(eta), *near_spurious(teacher, 3, 1, DISTANCE))
    run.advance(400)
    crossings, values = run.state.crossings, run.history.values
    assert (crossings.count >= 1).all()
    for i in range(3):
        first = int(crossings.first[i])
        loss, rho = values["loss"][: first + 1, i], values["rho"][: first + 1, i]
        assert (np.diff(loss) <= 1e-15).all()
        assert loss[0] - loss[-1] > 0
        steps = np.arange(first + 1)
        line = np.polyfit(steps, rho, 1)
        assert np.abs(np.polyval(line, steps) - rho).max() < 0.01, "linearly"
        rate = shrinking(run, i)
        assert rate is not None
        expected = radial_rate(PROBLEMS["identity"].surrogate, teacher, 1.0)
        assert rate.predicted == pytest.approx(expected, rel=1e-12)
        assert rate.measured == pytest.approx(expected, rel=0.01)
        assert eta * crossings.first[i] == pytest.approx(rho[0] / expected, rel=0.02)
        jump = crossings.after[i] - crossings.before[i]
        assert jump == pytest.approx(abs(values["D"][first, i]) / 2, rel=0.03)
    assert (outcomes(run) == "w at 0").all()
    # The rate does not depend on the step size: half of it, half as much per step.
    half = Run(PROBLEMS["identity"], teacher, Settings(eta / 2), *near_spurious(teacher, 1, 1, DISTANCE))
    half.advance(100)
    assert not half.state.crossings.count.any()
    assert outcomes(half).tolist() == ["undecided"], "v and θ are at rest, ‖w‖ is not"


def test_relu_beside_it_converges(teacher: Teacher) -> None:
    """Would have caught: a drift under ReLU, whose M₋ is 0. What is left falls like e^(−t/4): t = 100 leaves 1e-11."""
    start = near_spurious(teacher, 3, 1, DISTANCE)
    run = Run(PROBLEMS["relu"], teacher, Settings(0.1), *start)
    run.advance(1000)
    assert (outcomes(run) == "spurious minimum").all()
    assert not run.state.crossings.count.any()
    assert np.abs(run.state.v - spurious_v(teacher)).max() < 1e-10
    rho = run.history.values["rho"]
    assert np.abs(rho[-1] - rho[-300]).max() < 1e-6
    assert np.abs(rho[-1] - rho[0]).max() < 20 * DISTANCE
    assert run.losses() == pytest.approx(teacher.S**2 / (2 * (teacher.m + 1)), abs=1e-10)


def test_normalized_identity_converges_to_the_spurious_minimum(teacher: Teacher) -> None:
    """Would have caught: a normalization that does not act: with ‖w‖ = 1 the drift of the identity does nothing."""
    run = Run(PROBLEMS["identity"], teacher, Settings(0.1, normalize=True), *near_spurious(teacher, 2, 1, DISTANCE))
    run.advance(600)
    assert (outcomes(run) == "spurious minimum").all()
    assert np.abs(run.points().invariants.rho - 1).max() < 1e-15
    assert shrinking(run) is None


def test_basins_of_random_starts(teacher: Teacher) -> None:
    """Would have caught: starts labelled by where they begin, the identity said to converge to the spurious minimum."""
    reached = {}
    for name in ("identity", "relu", "clipped_relu"):
        run = Run(PROBLEMS[name], teacher, Settings(0.25, every=400), *random_starts(teacher, 300, 7))
        run.advance(400)
        labels = outcomes(run)
        assert ((run.losses() < 1e-4) == (labels == "global minimum")).all()
        found = fractions(labels)
        assert sum(fraction.count for fraction in found.values()) == 300
        reached[name] = set(found)
    assert reached["identity"] == {"global minimum", "w at 0"}
    assert reached["relu"] == {"global minimum", "spurious minimum"}
    assert reached["clipped_relu"] == {"global minimum", "spurious minimum"}


def test_too_few_steps_are_undecided(teacher: Teacher) -> None:
    """Would have caught: every start given to the nearest minimum."""
    run = Run(PROBLEMS["relu"], teacher, Settings(0.01), *random_starts(teacher, 20, 7))
    run.advance(3)
    assert (outcomes(run) == "undecided").all()


def test_a_start_on_the_saddle_stays_a_while() -> None:
    """Would have caught: the saddle taken for undecided. e^(0.2t)·1e-16 is still nothing at t = 5."""
    from ste_theory.dynamics.fixed_points import fixed_points

    teacher = default_teacher(4, 2)
    saddle = fixed_points(PROBLEMS["relu"], teacher, 1.0)[2]
    w = np.array([[math.cos(saddle.theta), math.sin(saddle.theta)]])
    run = Run(PROBLEMS["relu"], teacher, Settings(0.1), saddle.v[None], w)
    run.advance(50)
    assert outcomes(run).tolist() == ["saddle"]


@pytest.mark.parametrize(("count", "total"), [(0, 10), (10, 10), (3, 10), (4000, 10000)])
def test_wilson_solves_its_equation(count: int, total: int) -> None:
    """Would have caught: the interval of Wald, which is empty at 0: the ends solve (p̂ − p)² = z²p(1 − p)/N."""
    interval, z = wilson(count, total), 1.959963984540054
    assert 0 <= interval.low <= interval.value <= interval.high <= 1
    for end in (interval.low, interval.high):
        assert (interval.value - end) ** 2 == pytest.approx(z * z * end * (1 - end) / total, rel=1e-9, abs=1e-15)


def test_batches_are_unbiased_and_their_mean_approaches_the_expectation(teacher: Teacher) -> None:
    """Would have caught: means over the wrong axis, a batch used twice, ∂ℓ/∂v for g_μ.

    400 000 samples at one point, standard errors from an independent run: all 7 components within 6 standard errors
    (false alarms 1.4e-8 together); an error of 6 standard errors is below 3 % of the gradient's norm (asserted).
    """
    problem, batch = PROBLEMS["identity"], 400_000
    v, w = random_starts(teacher, 1, 3)
    rows = np.array([0])
    p, g, loss = batch_gradients(problem, teacher, v, w, batch=batch, seed=5, step=0, rows=rows)
    point = Point(v[0], w[0], teacher.v_star, teacher.w_star)
    expected = expected_coarse_gradient(problem, point)
    error = estimate_coarse_gradient(problem, point, samples=batch, seed=6).standard_error
    assert (np.abs(p[0] - expected.v) <= 6 * error.v).all()
    assert (np.abs(g[0] - expected.w) <= 6 * error.w).all()
    assert 6 * error.w.max() < 0.03 * np.linalg.norm(expected.w)
    assert loss[0] > 0
    again = batch_gradients(problem, teacher, v, w, batch=batch, seed=5, step=1, rows=rows)
    assert not np.array_equal(again[1], g), "a fresh batch per step"


def test_empirical_runs_approach_the_expected_one(teacher: Teacher) -> None:
    """Would have caught: an empirical step of another size, batches shared by all starts, or noise that does not
    average.

    24 independent runs of 20 steps with batches of 400, from one start: their mean differs from the expected end by
    its standard error (times 6, Student with 23 degrees of freedom: 4e-6 per component) plus the second-order bias of
    noise, below 1/10 of the spread of one run. The same for batches of 6400 with a quarter of the spread (0.15 … 0.4).
    """
    v, w = random_starts(teacher, 1, 8)
    w = 3 * w
    problem = PROBLEMS["relu"]
    exact = Run(problem, teacher, Settings(0.1), v, w)
    exact.advance(20)
    end = np.concatenate([exact.state.v[0], exact.weights[0]])
    spreads = []
    for batch in (400, 6400):
        runs = Run(
            problem, teacher, Settings(0.1, batch=batch, seed=3), np.repeat(v, 24, axis=0), np.repeat(w, 24, axis=0)
        )
        runs.advance(20)
        ends = np.concatenate([runs.state.v, runs.weights], axis=1)
        spread = ends.std(axis=0, ddof=1)
        assert (np.abs(ends.mean(axis=0) - end) <= 6 * spread / math.sqrt(24) + spread / 10).all()
        spreads.append(np.linalg.norm(spread))
    assert 0.15 < spreads[1] / spreads[0] < 0.4


def test_other_quantizers_run_too(teacher: Teacher) -> None:
    """Would have caught: closed forms of the binary activation used for another one, in either kind of dynamics.

    The same 15 steps by the public functions of single points, to roundings (1e-11: quadrature of 1e-13 per step).
    """
    problem = Problem(quantizers.uniform_relu(2), surrogates.relu())
    v, w = random_starts(teacher, 2, 8)
    for batch in (0, 500):
        run = Run(problem, teacher, Settings(0.02, batch=batch, seed=1), v, w)
        before = run.losses()
        run.advance(15)
        assert run.plane is None
        assert (run.losses() < before).all()
        assert set(outcomes(run)) == {"undecided"}
    run = Run(problem, teacher, Settings(0.02), v, w)
    run.advance(15)
    for i in range(2):
        a, b = v[i], w[i]
        for _ in range(15):
            gradient = expected_coarse_gradient(problem, Point(a, b, teacher.v_star, teacher.w_star))
            a, b = a - 0.02 * gradient.v, b - 0.02 * gradient.w
        assert np.abs(run.state.v[i] - a).max() < 1e-11
        assert np.abs(run.weights[i] - b).max() < 1e-11


def test_another_teacher_quantizer_is_not_binary(teacher: Teacher) -> None:
    """Would have caught: the plane of the binary activation for a teacher of several levels."""
    problem = Problem(quantizers.binary(), surrogates.relu(), teacher_quantizer=quantizers.uniform_relu(2))
    run = Run(problem, teacher, Settings(0.02), *random_starts(teacher, 1, 8))
    assert run.plane is None


def test_single_starts_see_the_batches_of_their_own_number(teacher: Teacher) -> None:
    """Would have caught: batches numbered by position among the starts that still move."""
    v, w = random_starts(teacher, 2, 8)
    args = {"batch": 50, "seed": 9, "step": 4}
    both = batch_gradients(PROBLEMS["relu"], teacher, v, w, rows=np.array([0, 1]), **args)
    second = batch_gradients(PROBLEMS["relu"], teacher, v[1:], w[1:], rows=np.array([1]), **args)
    assert np.array_equal(both[1][1], second[1][0])


def test_random_starts_do_not_depend_on_their_number(teacher: Teacher) -> None:
    """Would have caught: start 3 of 5 that is another than start 3 of 10; w off the sphere."""
    few, many = random_starts(teacher, 5, 2), random_starts(teacher, 10, 2)
    assert np.array_equal(few[0], many[0][:5])
    assert np.array_equal(few[1], many[1][:5])
    assert np.abs(np.linalg.norm(many[1], axis=1) - 1).max() < 1e-15
    plane, w = plane_of(many[1], teacher)
    assert np.abs(plane.lift(w) - many[1]).max() < 1e-15


def test_starts_from_a_file(tmp_path: Path) -> None:
    """Would have caught: rows and columns exchanged, or a traceback for a file that is something else."""
    file = tmp_path / "starts.json"
    file.write_text(json.dumps({"v": [[1, 2], [3, 4]], "w": [1, 0, 0], "v_star": [1, 1], "w_star": [0, 1, 0]}))
    teacher, v, w = read_starts(file)
    assert (teacher.m, teacher.n) == (2, 3)
    assert v.tolist() == [[1, 2], [3, 4]]
    assert w.tolist() == [[1, 0, 0], [1, 0, 0]]
    for content, words in (
        ("{", "not JSON"),
        ("[1]", "needs an object"),
        ('{"v": [1]}', "lacks v_star, w, w_star"),
        ('{"v": [[1]], "w": [[1]], "v_star": [0], "w_star": [1]}', "v_star must not be zero"),
        ('{"v": [["a"]], "w": [[1]], "v_star": [1], "w_star": [1]}', "v must be an array of real numbers"),
        ('{"v": [[1, 2]], "w": [[1]], "v_star": [1], "w_star": [1]}', "v_star must have the length of v"),
    ):
        file.write_text(content)
        with pytest.raises(InvalidInput, match=words):
            read_starts(file)
