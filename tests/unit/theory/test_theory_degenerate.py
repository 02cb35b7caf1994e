"""Points where something degenerates, what is said there, and what is refused."""

import math
from fractions import Fraction

import numpy as np
import pytest

import ste_theory as st
from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.problem import Point, Problem
from ste_theory.theory import batch
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.correlation import correlation
from ste_theory.theory.descent import descent_step, loss_change
from ste_theory.theory.gradient import population_gradient, v_gradient
from ste_theory.theory.invariants import invariants
from ste_theory.theory.loss import population_loss
from ste_theory.theory.response import response

BINARY = quantizers.binary()
RELU = Problem(BINARY, surrogates.relu())
IDENTITY = Problem(BINARY, surrogates.identity())
U = 2.0**-53


def test_at_the_origin_the_loss_is_the_teachers_and_gradients_do_not_exist() -> None:
    """f(v, 0) = ⅛v*ᵀ(I + 11ᵀ)v* = (9 + 16 + 49)/8 for v* = (3, 4). Would have caught nan from the missing angle."""
    point = Point([1, 2], [0, 0], [3, 4], [1, 1])
    assert population_loss(RELU, point) == 74 / 8
    for function in (population_gradient, v_gradient, expected_coarse_gradient, correlation, descent_step):
        with pytest.raises(UndefinedQuantity, match=r"^[^\n]* at w = 0$"):
            function(RELU, point)


@pytest.mark.parametrize(("sign", "end"), [(1, "0"), (-1, "π")])
def test_parallel_directions(sign: int, end: str) -> None:
    """θ = 0 or π by one rounding per entry, not only exactly: 0.3·w* has no gradient, 1e-15 beside it has.

    Would have caught: a direction made of rounding errors; a threshold that hides genuine small angles.
    """
    w_star = np.array([0.1, -0.7, 1.9])
    point = Point([1, 2], sign * 0.3 * w_star, [3, 4], w_star)
    with pytest.raises(UndefinedQuantity, match=rf"parallel .*θ = {end}"):
        population_gradient(RELU, point)
    assert v_gradient(RELU, point).shape == (2,)
    assert abs(correlation(RELU, point)) <= 11**2 * 4 * U / (0.3 * (2 * math.pi) ** 1.5)
    exact = Point([1, 2], sign * 0.25 * w_star, [3, 4], w_star)
    assert correlation(RELU, exact) == 0
    # Without a tangential part the coarse gradient is along w.
    along = expected_coarse_gradient(RELU, exact).w
    assert np.linalg.matrix_rank(np.stack([along, w_star]), tol=1e-14) == 1
    nearby = Point([1, 2], sign * 0.3 * w_star * (1 + np.array([0, 4e-15, 0])), [3, 4], w_star)
    assert np.linalg.norm(population_gradient(RELU, nearby).w) == pytest.approx(
        11 / (2 * math.pi * 0.3 * float(np.linalg.norm(w_star))), rel=1e-14
    )
    axis = Point([1], [1, 1e-20], [1], [sign, 0])
    assert population_gradient(RELU, axis).w.tolist() == pytest.approx([0, sign / (2 * math.pi)], abs=1e-19)


def test_no_kink_without_overlap_or_with_one_dimension() -> None:
    """D = 0 or n = 1: ∂f/∂w = 0 also at θ ∈ {0, π}. Would have caught: an error raised where f is smooth in w."""
    assert population_gradient(RELU, Point([1, -1], [1, 2], [2, 2], [2, 4])).w.tolist() == [0, 0]
    assert population_gradient(RELU, Point([1, 5], [3], [2, 2], [-4])).w.tolist() == [0]
    # Exactly zero, where float products round: 0.1·0.3 − 0.3·0.1, and a sum that only pairs of floats see.
    assert population_gradient(RELU, Point([0.1, -0.3], [1, 2], [0.3, 0.1], [0, 1])).w.tolist() == [0, 0]
    point = Point([1e16, 1, -1e16], [1, 0], [1, 1, 1], [0, 1])
    assert population_gradient(RELU, point).w.tolist() == pytest.approx([0, -1 / (2 * math.pi)], rel=1e-15)


def test_losses_at_the_minima_are_exact() -> None:
    """f = 0 at (v*, θ = 0) and, for S* = 0, at (−v*, θ = π): y = y* there. Would have caught: cancellation's noise."""
    v_star = np.array([0.25, 0.5, -0.75])
    assert population_loss(RELU, Point(v_star, [0.2, 0.4], v_star, [0.1, 0.2])) == 0
    opposite = Point(-v_star, [-0.2, -0.4], v_star, [0.1, 0.2])
    assert population_loss(RELU, opposite) == 0
    assert v_gradient(RELU, opposite).tolist() == [0, 0, 0]
    assert expected_coarse_gradient(IDENTITY, opposite).w.tolist() == [0, 0]


@pytest.mark.parametrize("m", [1, 2, 5])
def test_the_identity_does_not_vanish_at_the_spurious_minima(m: int) -> None:
    """G6 and Lemma 7: at θ = π, v = B⁻¹(11ᵀ − I)v*: E g = −M₋·2(m−1)S*²/(m+1)² ŵ, M₋ = −1/√(2π) for the identity, 0
    for the ReLU; f = S*²/(2(m+1)), p = 0. Would have caught: a lost radial term.
    """
    v_star = np.arange(1.0, m + 1)
    total = v_star.sum()
    point = Point(-v_star + 2 * total / (m + 1), [-3, 0], v_star, [1, 0])
    radial = 2 * (m - 1) * total**2 / (m + 1) ** 2 / math.sqrt(2 * math.pi)
    allowed = 8 * m * U * (total**2 + float(v_star @ v_star))
    assert expected_coarse_gradient(IDENTITY, point).w == pytest.approx([-radial, 0], abs=allowed)
    assert expected_coarse_gradient(RELU, point).w == pytest.approx([0, 0], abs=allowed)
    assert population_loss(RELU, point) == pytest.approx(total**2 / (2 * (m + 1)), abs=allowed)
    assert np.abs(v_gradient(RELU, point)).max() <= 8 * m * U * total


def test_weights_over_300_decades() -> None:
    """ρ = 5e±150 and ρ* at the ends of the range. Would have caught: squares that over- or underflow."""
    for scale in (1e-150, 1e150):
        for teacher in (1e-300, 1e300):
            point = Point([1], [3 * scale, 4 * scale], [1], [0, teacher])
            x = invariants(point)
            assert x.rho[0] == pytest.approx(5 * scale, rel=4 * U)
            assert x.cosine[0] == pytest.approx(0.8, rel=8 * U)
            assert population_loss(RELU, point) == pytest.approx(math.asin(0.6) / (2 * math.pi), rel=8 * U)
            assert correlation(IDENTITY, point) * scale == pytest.approx(0.6 / 5 / (2 * math.pi) ** 1.5, rel=16 * U)
    with pytest.raises(InvalidInput, match="range of floats"):
        population_loss(RELU, Point([1e200], [1], [1e200], [-1]))


def test_invariants_keep_their_digits() -> None:
    """û ⟂ ŵ, both of length 1, and the half angles, at angles down to 1e-15 from 0 and π. Would have caught:
    Gram–Schmidt in single floats, whose û at 1e-12 is off by 1e-4.
    """
    rng = np.random.default_rng(0)
    for exponent in range(1, 16):
        w = rng.normal(size=7)
        w_star = (-1) ** exponent * (w + 10.0**-exponent * rng.normal(size=7))
        x = invariants(Point([1], w, [1], w_star))
        assert abs(float(x.w_hat[0] @ x.u_hat[0])) <= 16 * U
        assert float(x.u_hat[0] @ x.u_hat[0]) == pytest.approx(1, abs=16 * U)
        assert x.sine_half[0] * x.cosine_half[0] * 2 == pytest.approx(x.sine[0], rel=16 * U)
        assert x.theta[0] + x.supplement[0] == pytest.approx(math.pi, rel=4 * U)
        assert not x.parallel[0]


@pytest.mark.parametrize("teacher", [False, True])
def test_steps_under_other_quantizers_are_refused_by_name(teacher: bool) -> None:
    """Would have caught: the binary step's formulas applied silently to another staircase, also to a teacher's."""
    function, other = descent_step, quantizers.ternary(Fraction(1, 2))
    problem = Problem(BINARY if teacher else other, surrogates.relu(), teacher_quantizer=other if teacher else None)
    with pytest.raises(InvalidInput, match=r"^quantizer ternary\(1/2\): one step .* binary"):
        function(problem, Point([1], [1], [1], [1]))


def test_response_at_and_below_zero() -> None:
    """M(0) = ½(μ′(0⁺) + μ′(0⁻)); shapes follow the argument. Would have caught: division by zero, a lost shape."""
    tent = surrogates.from_formulas("tent", ("0", "2 + x", "3", "0"), (-1, 0, 1))
    assert response(tent, 0) == 2.5
    assert isinstance(response(tent, 1.0), float)
    values = response(tent, np.array([[0.0, 1e-9], [1.0, 1e9]]))
    assert isinstance(values, np.ndarray)
    assert values.shape == (2, 2)
    assert values[0, 1] == pytest.approx(2.5, abs=1e-8)
    # Wide scales see the window alone: ∫μ′ φ(0)/x = (3 + 3/2)φ(0)/x.
    assert values[1, 1] == pytest.approx(4.5 / math.sqrt(2 * math.pi) / 1e9, rel=1e-12)
    for bad in (-1.0, math.nan, math.inf, [1.0, -2.0]):
        with pytest.raises(InvalidInput, match="scale must be"):
            response(tent, bad)


def test_surrogates_that_floats_cannot_hold_are_refused() -> None:
    """Would have caught: nan or a wrong number returned for a formula that overflows or is not integrable."""
    with pytest.raises(InvalidInput, match=r"surrogate steep has no finite float value at x = "):
        response(surrogates.from_formulas("steep", ("exp(x^2)",)), 30.0)
    with pytest.raises(InvalidInput, match="too singular"):
        response(surrogates.from_formulas("pole", ("0", "1/x"), (0,)), 1.0)


def test_batches_are_the_single_points() -> None:
    """Bit for bit, for broadcast teachers, with rows that fail named. Would have caught: rows mixed up."""
    rng = np.random.default_rng(5)
    v, w, v_star, w_star = rng.normal(size=(9, 3)), rng.normal(size=(9, 4)), rng.normal(size=3), rng.normal(size=4)
    at = batch.points(v, w, v_star, w_star)
    problem = Problem(BINARY, surrogates.from_formulas("bump", ("exp(-x^2)",)))
    loss, product = batch.population_loss(problem, at), batch.correlation(problem, at)
    slope, coarse = batch.population_gradient(problem, at)[1], batch.expected_coarse_gradient(problem, at)
    for i in range(9):
        point = Point(v[i], w[i], v_star, w_star)
        assert loss[i] == population_loss(problem, point)
        assert product[i] == pytest.approx(correlation(problem, point), rel=1e-15)
        assert slope[i].tolist() == population_gradient(problem, point).w.tolist()
        single = expected_coarse_gradient(problem, point)
        assert coarse[0][i].tolist() == single.v.tolist()
        assert coarse[1][i] == pytest.approx(single.w, rel=1e-14)
    w[7] = 0
    with pytest.raises(UndefinedQuantity, match=r"row 7"):
        batch.correlation(problem, batch.points(v, w, v_star, w_star))
    w[7] = -2 * w_star
    with pytest.raises(UndefinedQuantity, match=r"row 7"):
        batch.population_gradient(problem, batch.points(v, w, v_star, w_star))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0, 2.0]], [1.0], [1.0], [1.0]), "v_star must have the length of v"),
        (([1.0], [math.nan], [1.0], [1.0]), "w must be finite, row 0"),
        (([1.0], [1.0], [[1.0], [0.0]], [1.0]), "v_star must not be zero, row 1"),
        (([[1.0]] * 2, [[1.0]] * 3, [1.0], [1.0]), "v has 2 rows, others have 3"),
        (("v", [1.0], [1.0], [1.0]), "v must be an array of real numbers"),
        (([[[1.0]]], [1.0], [1.0], [1.0]), "v must have shape"),
    ],
)
def test_batches_say_what_is_wrong(arguments: tuple[object, ...], message: str) -> None:
    """Would have caught: broadcasting that hides a mistake."""
    with pytest.raises(InvalidInput, match=message):
        batch.points(*arguments)  # type: ignore[arg-type]


def test_steps_are_checked() -> None:
    """Would have caught: a bound printed for a step that has none."""
    point = Point([1], [1, 0], [1], [0, 1])
    for bad in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(InvalidInput, match="step must be"):
            loss_change(RELU, point, bad)
    negative = Problem(BINARY, surrogates.from_formulas("negative", ("-1",)))
    with pytest.raises(UndefinedQuantity, match="negative"):
        descent_step(negative, point)
    assert not loss_change(negative, point, 0.1).admissible
    # θ = 0, v = 2v*: E g = ŵ·(V − D)√(2/π)/2 = √(2/π)ŵ for the identity; the step that ends at w = 0.
    radial = float(expected_coarse_gradient(IDENTITY, Point([2], [1], [1], [1])).w[0])
    with pytest.raises(UndefinedQuantity, match="w = 0"):
        loss_change(IDENTITY, Point([2], [radial], [1], [1]), 1.0)


def test_the_public_names_lead_here() -> None:
    """Would have caught: a public name that points elsewhere."""
    assert st.population_loss is population_loss
    assert st.population_gradient is population_gradient
    assert st.expected_coarse_gradient is expected_coarse_gradient
    assert st.correlation is correlation
    assert st.response is response
