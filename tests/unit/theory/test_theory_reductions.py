"""Input with a covariance and a teacher with rows that the student lacks: each is reduced to the plain problem.

Both are held against the running program, which draws such inputs, and against differences of the loss.
"""

import math

import numpy as np
import pytest

import ste_theory as st
from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import PlanePoint, Point, Problem
from ste_theory.montecarlo.blocks import block_generator, block_inputs, fill_columns, workspace
from ste_theory.montecarlo.decide import critical_value
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.program import columns
from ste_theory.rigorous.plane import Plane
from ste_theory.theory import batch
from ste_theory.theory.descent import loss_change
from ste_theory.theory.gradient import v_gradient

SIGMA = np.array([[5.0, 3.0, 0.5], [3.0, 2.5, -0.25], [0.5, -0.25, 1.5]])
PLACES = {
    "covariance": (Point([1.0, -0.5], [1.0, -1.0, 0.5], [0.7, 1.1], [-0.4, 1.0, 0.2]), SIGMA),
    "extra rows": (Point([1.0, -0.5], [1.0, -1.0, 0.5], [0.7, 1.1, -2.0], [-0.4, 1.0, 0.2]), None),
    "both": (Point([1.5], [0.3, 0.2, 0.5], [0.7, 1.1], [-0.4, 1.0, 0.2]), SIGMA),
}
PROBLEMS = {
    "binary": (quantizers.binary(), surrogates.identity()),
    "two bits": (quantizers.uniform_relu(2), surrogates.clipped_relu(3)),
}


def problem_at(problem: str, place: str) -> tuple[Problem, Point]:
    point, sigma = PLACES[place]
    return Problem(*PROBLEMS[problem], input_covariance=sigma), point


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_expectations_are_those_of_the_program(problem: str, place: str) -> None:
    """130,000 samples; 1e-9 over all components of a case. Would have caught: R for Σ, a gradient in the wrong
    coordinates, the rows of the teacher that the student lacks left out of y*.
    """
    of, point = problem_at(problem, place)
    moments = estimate_moments(of, point, samples=130_000, seed=7)
    exact = st.expected_coarse_gradient(of, point)
    values = [*exact.v, *exact.w, st.population_loss(of, point)]
    allowed = critical_value(1e-9, len(values)) * moments.standard_error
    assert np.all(np.abs(moments.mean - values) <= allowed)
    # Worth its seconds: what it compares differs from the isotropic network without these rows by far more.
    plain = Point(point.v, point.w, point.v_star[: point.m], point.w_star)
    other = st.expected_coarse_gradient(of.isotropic, plain)
    assert np.max(np.abs(moments.mean[: point.m + point.n] - [*other.v, *other.w]) / allowed[:-1]) > 10


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_gradients_are_slopes_of_the_loss(problem: str, place: str) -> None:
    """Central differences of fourth order, h = 1e-3. Would have caught: Σ^{-1/2} for Σ^{1/2}, a row too many in v."""
    of, point = problem_at(problem, place)
    gradient = st.population_gradient(of, point)
    assert gradient.v == pytest.approx(v_gradient(of, point), abs=0)

    def loss(dv: np.ndarray, dw: np.ndarray) -> float:
        return st.population_loss(of, Point(point.v + dv, point.w + dw, point.v_star, point.w_star))

    for slopes, along_v in ((gradient.v, True), (gradient.w, False)):
        for index, slope in enumerate(slopes):
            h = np.zeros(len(slopes))
            h[index] = 1e-3
            still = np.zeros(point.n if along_v else point.m)
            values = [loss(k * h, still) if along_v else loss(still, k * h) for k in (-2, -1, 1, 2)]
            assert (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / 12e-3 == pytest.approx(slope, abs=1e-8)
    coarse = st.expected_coarse_gradient(of, point)
    assert st.correlation(of, point) == pytest.approx(float(coarse.w @ gradient.w), abs=1e-12)


@pytest.mark.parametrize("place", PLACES)
def test_blocks_run_the_definition(place: str) -> None:
    """Would have caught: a block that draws other rows than the definition, or transforms them twice."""
    of, point = problem_at("two bits", place)
    inputs = block_inputs(point.rows, point.n, 3, (), 0, size=workspace(point, score=False).row.shape[1])
    found = fill_columns(of, point, block_generator(3, (), 0), workspace(point, score=False))
    assert pytest.approx(columns(of, point, inputs), abs=1e-12) == found.T


def test_many_points_with_a_covariance_are_the_single_ones() -> None:
    """Would have caught: a root applied to the wrong axis."""
    of, _ = problem_at("two bits", "covariance")
    rng = np.random.default_rng(4)
    v, w, v_star, w_star = (rng.normal(size=(3, size)) for size in (2, 3, 2, 3))
    at = batch.points(v, w, v_star, w_star)
    for index in range(3):
        point = Point(v[index], w[index], v_star[index], w_star[index])
        assert batch.population_loss(of, at)[index] == pytest.approx(st.population_loss(of, point), rel=1e-12)
        assert batch.correlation(of, at)[index] == pytest.approx(st.correlation(of, point), abs=1e-11)
        for name in ("population_gradient", "expected_coarse_gradient"):
            many, one = getattr(batch, name)(of, at), getattr(st, name)(of, point)
            assert many[1][index] == pytest.approx(one.w, abs=1e-12)


def test_the_example_of_the_claim() -> None:
    """⟨E g_relu, ∂f/∂w⟩ = −1/(4π√(2π)), and the whitened input restores the sign. Would have caught: a sign."""
    of = Problem(quantizers.binary(), surrogates.relu(), input_covariance=[[5, 3], [3, 2]])
    value = 1 / (4 * math.pi * math.sqrt(2 * math.pi))
    assert st.correlation(of, Point([1], [1, -1], [1], [-1, 2])) == pytest.approx(-value, rel=1e-13)
    assert st.correlation(of.isotropic, Point([1], [1, 0], [1], [0, 1])) == pytest.approx(value, rel=1e-13)


def test_what_is_refused_names_the_argument() -> None:
    """Would have caught: a matrix that is no covariance taken for one, or an answer for N(0, I) where Σ was given."""
    binary, relu = quantizers.binary(), surrogates.relu()
    for wrong, message in (
        ([[1, 2], [2, 1]], "positive definite"),
        ([[1, 0], [1, 1]], "symmetric"),
        ([1, 2], "square matrix"),
        ([[math.inf]], "finite"),
        ([[1, 1], [1, 1]], "positive definite"),
    ):
        with pytest.raises(InvalidInput, match=f"^input_covariance must be .*{message}"):
            Problem(binary, relu, input_covariance=wrong)
    of, point = Problem(binary, relu, input_covariance=[[2, 1], [1, 2]]), Point([1.0], [1, 2, 3], [1.0], [0, 1, 1])
    for call in (st.population_loss, st.population_gradient, st.expected_coarse_gradient, st.correlation):
        with pytest.raises(InvalidInput, match=r"^input_covariance must have shape \(3, 3\), got \(2, 2\)"):
            call(of, point)
    with pytest.raises(InvalidInput, match=r"^input_covariance must have shape"):
        estimate_moments(of, point, samples=100, seed=1)
    flat = Point([1.0], [1, 2], [1.0], [0, 1])
    for refused in (
        lambda: loss_change(of, flat, 0.1),
        lambda: st.batch_size(of, flat),
        lambda: estimate_moments(of, flat, samples=100, seed=1, score=True),
        lambda: Plane(of, PlanePoint(1, 1, 1, (1,), (1,))),  # type: ignore[arg-type]
    ):
        with pytest.raises(InvalidInput, match=r"^input_covariance: "):
            refused()
    with pytest.raises(InvalidInput, match="v_star must be at least as long as v"):
        Point([1.0, 2.0], [1.0], [1.0], [1.0])
    with pytest.raises(InvalidInput, match="v_star is longer"):
        loss_change(Problem(binary, relu), Point([1.0], [1, 2], [1.0, 2.0], [0, 1]), 0.1)


def test_problems_with_a_covariance_compare_and_hash() -> None:
    """Would have caught: an array in a frozen object, which neither compares nor hashes."""
    one, two = (Problem(*PROBLEMS["binary"], input_covariance=SIGMA) for _ in range(2))
    assert one == two
    assert len({one, two, one.isotropic}) == 2


def test_a_teacher_of_another_staircase_moves_the_relu() -> None:
    """The example of general.misspecified, −0.152; a teacher of another scale moves nothing.

    Would have caught: a student's staircase used for the teacher, where ∂f/∂v would not vanish at v = 2h.
    """
    tail = math.erfc(1 / math.sqrt(2)) / 2
    of = Problem(quantizers.binary(), surrogates.relu(), teacher_quantizer=quantizers.staircase([0, 1], [1, 1]))
    found = st.expected_coarse_gradient(of, Point([1 + 2 * tail], [1, 0], [1], [1, 0]))
    assert found.v == pytest.approx([0.0], abs=1e-15)
    drift = (1 + 2 * tail) * (2 * tail - math.exp(-0.5)) / math.sqrt(2 * math.pi)
    assert found.w == pytest.approx([drift, 0.0], abs=1e-15)
    assert drift == pytest.approx(-0.152, abs=5e-4)
    alike = Problem(quantizers.binary(), surrogates.relu())
    assert not np.any(st.expected_coarse_gradient(alike, Point([0.5], [2, 0], [0.5], [0.1, 0])).w)
