"""The float functions for staircases, and a teacher with a staircase of its own, against the definitions.

References: integrals over the plane (given a, the teacher's steps are Φ((ca − τ)/s) and φ), enclosures,
simulation and differences of the loss. Errors are compared with the sum of the terms' absolute values.
"""

import itertools
import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import ndtr

import ste_theory as st
from ste_theory.model import quantizers, surrogates
from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.problem import PlanePoint, Point, Problem
from ste_theory.model.quantities import Quantity
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import from_formulas
from ste_theory.rigorous.enclose import enclose
from ste_theory.rigorous.plane import Plane
from ste_theory.theory import batch
from ste_theory.theory.gradient import v_gradient
from ste_theory.theory.invariants import invariants
from ste_theory.theory.staircases import Staircases

Array = npt.NDArray[np.float64]
U = 2.0**-53
NODES = 40
UNEVEN = quantizers.staircase(["-3/2", 0, "7/5"], ["1/3", 2, "1/2"], "-1/5")
SIXTEEN = quantizers.staircase([Fraction(k, 4) for k in range(-3, 13)], [Fraction(1, 4)] * 16, "1/7")
SURROGATES = {
    "identity": surrogates.identity(),
    "relu": surrogates.relu(),
    "clipped_relu": surrogates.clipped_relu(3),
    "bump": from_formulas("bump", ("exp(-x^2/2)",)),
    "windows": from_formulas("windows", ("0", "1", "0", "-1/2", "0"), (-3, -1, "1/2", 1)),
    "tent": from_formulas("tent", ("0", "2 + 2*x", "2 - 2*x", "0"), (-1, 0, 1)),
}
PAIRS = {
    "sign": (quantizers.sign(), None),
    "two bits, ternary teacher": (quantizers.uniform_relu(2), quantizers.ternary("1/2")),
    "uneven": (UNEVEN, None),
    "binary, uneven teacher": (quantizers.binary(), UNEVEN),
}


class Reference:
    """The moments of the plane by Gauß's rule, 40 nodes on each panel of at most ¾, which resolve all functions here to
    a few roundings: twice the nodes change no mean by more than 1e-14."""

    def __init__(self, problem: Problem, rho: float, rho_star: float, theta: float) -> None:
        c, s = math.cos(theta), math.sin(theta)
        steps = [(float(t) / rho_star, float(d)) for t, d in _steps(problem.teacher)]
        own = [(float(t) / rho, float(d)) for t, d in _steps(problem.quantizer)]
        cuts = {t for t, _ in own} | {float(x) / rho for x in problem.surrogate.breakpoints}
        cuts |= {tau / c + k * s / abs(c) for tau, _ in steps for k in (-6, -2, 0, 2, 6)}
        marks = sorted({x for x in cuts if abs(x) < 12} | set(np.arange(-16, 17) * 0.75))
        low, high = np.array(marks[:-1])[:, None], np.array(marks[1:])[:, None]
        x, w = np.polynomial.legendre.leggauss(NODES)
        # Nodes stay off the cuts: open intervals, on which everything is analytic.
        self.a = ((low + high) / 2 + (high - low) / 2 * x).ravel()
        self.weights = ((high - low) / 2 * w).ravel() * _phi(self.a)
        self.mu: Array = np.asarray(problem.surrogate(rho * self.a), dtype=np.float64)
        self.student = float(problem.quantizer.offset) + np.sum([d * (self.a > t) for t, d in own], axis=0)
        seen = [((c * self.a - tau) / s, d) for tau, d in steps]
        self.teacher = float(problem.teacher.offset) + np.sum([d * ndtr(at) for at, d in seen], axis=0)
        self.teacher_moment = np.sum([d * _phi(at) for at, d in seen], axis=0)

    def mean(self, *factors: Array) -> float:
        """The mean of a product."""
        return math.fsum(np.prod([self.weights, *factors], axis=0))


def _phi(t: Array) -> Array:
    return np.asarray(np.exp(-t * t / 2) / math.sqrt(2 * math.pi))


def _steps(staircase: Staircase) -> list[tuple[Fraction, Fraction]]:
    return list(zip(staircase.thresholds, staircase.heights, strict=True))


def planar(rho: float, rho_star: float, theta: float, v: list[float], v_star: list[float]) -> Point:
    w_star = [rho_star * math.cos(theta), rho_star * math.sin(theta), 0.0]
    return Point(v, [rho, 0.0, 0.0], v_star, w_star)


@pytest.mark.parametrize("surrogate", SURROGATES)
@pytest.mark.parametrize("pair", PAIRS)
def test_coarse_gradient_is_the_defining_integral(pair: str, surrogate: str) -> None:
    """Would have caught: the student's steps used for the teacher, a piece mirrored with the wrong cosine, a missing
    c₀, a window integrated by the wrong closed form, steps seen at θ = 0.05 missed by the panels.
    """
    student, teacher = PAIRS[pair]
    problem = Problem(student, SURROGATES[surrogate], teacher_quantizer=teacher)
    for rho, rho_star, theta in ((1.3, 0.7, 2.2), (6.0, 2.0, 0.05)):
        point = planar(rho, rho_star, theta, [1.0, -0.5, 2.0], [0.5, 1.0, 1.5])
        at = Reference(problem, rho, rho_star, theta)
        got = Staircases(problem, invariants(point))
        size = float(abs(student.offset) + sum(student.heights)) + float(sum(problem.teacher.heights))
        a0, s1, s1_star = at.mean(at.a, at.mu), at.mean(at.student), at.mean(at.teacher)
        own = at.mean(at.a, at.mu, at.student)
        along = at.mean(at.a, at.mu, at.teacher)
        across = at.mean(at.mu, at.teacher_moment)
        # E g = V a₁ + (S² − V)a₀s₁ − D b∥ − (SS* − D)a₀s₁* with V = 5.25, S = 2.5, D = 3, S* = 3.
        radial = 5.25 * own + (6.25 - 5.25) * a0 * s1 - 3 * along - (7.5 - 3) * a0 * s1_star
        error = 1e-13 * 20 * size
        assert got.coarse_gradient[0] == pytest.approx([radial, -3 * across, 0], abs=error)
        covariance = at.mean(at.student, at.teacher) - s1 * s1_star
        assert float(got.covariance[0]) == pytest.approx(covariance, abs=1e-13 * size**2)


SLOW = pytest.mark.slow


# An enclosure costs seconds: in the fast tests one surrogate at one angle; the moments of all surrogates are above.
@pytest.mark.parametrize(
    ("surrogate", "theta"),
    [
        ("relu", "7/5"),
        *(pytest.param("relu", theta, marks=SLOW) for theta in ("1/50", "31/10")),
        *(pytest.param("windows", theta, marks=SLOW) for theta in ("1/50", "7/5", "31/10")),
    ],
)
def test_sixteen_steps_lie_in_their_enclosures(surrogate: str, theta: str) -> None:
    """Would have caught: a derivative of the loss with the wrong sign or scale, digits lost near θ = 0 and π, a
    correlation without its radial part.
    """
    problem = Problem(SIXTEEN, SURROGATES[surrogate])
    v, v_star = (Fraction(3, 2), Fraction(-1)), (Fraction(1), Fraction(1, 3))
    for rho, rho_star in ((Fraction(3, 10), Fraction(2)), (Fraction(2), Fraction(5))):
        at = PlanePoint(rho, rho_star, Fraction(theta), v, v_star)
        plane = Plane(problem, at, width=1e-20, bits=100)
        of = Staircases(problem, invariants(at.embed(3, seed=1)))
        scale = 40 * float(sum(SIXTEEN.heights) + 1) ** 2
        for quantity, value, size in (
            (Quantity.LOSS, of.loss, scale),
            (Quantity.GRADIENT_RADIAL, of.gradient_radial, scale / float(rho)),
            (Quantity.GRADIENT_TANGENTIAL, of.gradient_tangential, scale / float(rho)),
            (Quantity.COARSE_RADIAL, of.coarse_radial, scale),
            (Quantity.COARSE_TANGENTIAL, of.coarse_tangential, scale),
            (Quantity.CORRELATION, of.correlation, scale**2 / float(rho)),
        ):
            exact = float(enclose(quantity, plane).mid())
            assert abs(float(value[0]) - exact) <= 100 * U * size, quantity


@pytest.mark.parametrize("pair", PAIRS)
def test_gradients_are_slopes_of_the_loss(pair: str) -> None:
    """Would have caught: a gradient of another loss (the teacher's steps at the student's scale), a sign. Central
    differences of fourth order with h = 1e-3: their error is of the order of h⁴.
    """
    student, teacher = PAIRS[pair]
    problem = Problem(student, surrogates.relu(), teacher_quantizer=teacher)
    rng = np.random.default_rng(5)
    for n in (2, 4):
        v, w, v_star, w_star = (rng.normal(size=size) for size in (3, n, 3, n))
        gradient = st.population_gradient(problem, Point(v, w, v_star, w_star))

        def loss(dv: np.ndarray, dw: np.ndarray, at: tuple[np.ndarray, ...] = (v, w, v_star, w_star)) -> float:
            return st.population_loss(problem, Point(at[0] + dv, at[1] + dw, at[2], at[3]))

        for slopes, along_v in ((gradient.v, True), (gradient.w, False)):
            for index, slope in enumerate(slopes):
                h = np.zeros(len(slopes))
                h[index] = 1e-3
                still = np.zeros(n if along_v else 3)
                values = [loss(k * h, still) if along_v else loss(still, k * h) for k in (-2, -1, 1, 2)]
                assert (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / 12e-3 == pytest.approx(slope, abs=1e-8)


def test_simulation_agrees_with_a_teacher_of_its_own() -> None:
    """Would have caught: a program or a formula that gives the teacher the student's staircase (3 % away or more)."""
    problem = Problem(quantizers.uniform_relu(2), surrogates.relu(), teacher_quantizer=quantizers.ternary("1/2"))
    point = Point([1.0, -0.5], [1.0, 0.4, 0.0], [0.7, 1.1], [0.2, 1.5, -1.0])
    estimate = st.estimate_coarse_gradient(problem, point, samples=200_000, seed=3)
    exact = st.expected_coarse_gradient(problem, point)
    for got, error, truth in (
        (estimate.mean.v, estimate.standard_error.v, exact.v),
        (estimate.mean.w, estimate.standard_error.w, exact.w),
    ):
        assert np.all(np.abs(got - truth) <= 6 * error)
    alike = st.expected_coarse_gradient(Problem(problem.quantizer, problem.surrogate), point)
    assert np.max(np.abs(estimate.mean.w - alike.w) / estimate.standard_error.w) > 20


def test_one_step_is_the_binary_activation_in_other_units() -> None:
    """σ = d·1{x > 0} with weights v/d is the binary network. Would have caught: heights dropped or squared."""
    binary = Problem(quantizers.binary(), surrogates.relu())
    scaled = Problem(quantizers.staircase([0], [2]), surrogates.relu())
    rng = np.random.default_rng(8)
    for _ in range(20):
        v, w, v_star, w_star = (rng.normal(size=size) for size in (4, 5, 4, 5))
        one, two = Point(v, w, v_star, w_star), Point(v / 2, w, v_star / 2, w_star)
        allowed = 200 * U * (np.sum(np.abs(v)) + np.sum(np.abs(v_star))) ** 2
        assert st.population_loss(scaled, two) == pytest.approx(st.population_loss(binary, one), abs=allowed)
        for function, factor in ((st.population_gradient, 1), (st.expected_coarse_gradient, 2)):
            left, right = function(scaled, two), function(binary, one)
            size = 1 / min(1.0, float(np.linalg.norm(w)))
            assert factor * left.w == pytest.approx(right.w, abs=allowed * size)
            assert left.v / 2 == pytest.approx(right.v, abs=allowed)


@pytest.mark.parametrize(("sign", "end"), [(1, "0"), (-1, "π")])
def test_kinks_are_where_steps_coincide(sign: int, end: str) -> None:
    """Would have caught: a gradient reported at a kink, or refused where f is smooth although w and w* are parallel."""
    problem = Problem(quantizers.uniform_relu(2), surrogates.relu())
    w_star = np.array([0.3, -0.6, 1.1])
    for scale in (1.0, 0.5, 1 / 3, 0.37):  # the step at 0 always falls on itself
        with pytest.raises(UndefinedQuantity, match=rf"θ = {end}\), a step of the student falls on one of the teacher"):
            st.population_gradient(problem, Point([1.0], sign * scale * w_star, [1.0], w_star))
    smooth = Problem(quantizers.staircase([1, 2], [1, 1]), surrogates.relu())
    for scale in (0.37, 0.7):
        point = Point([1.0], sign * scale * w_star, [1.0], w_star)
        gradient = st.population_gradient(smooth, point)
        along = point.w / np.linalg.norm(point.w)
        assert np.linalg.norm(gradient.w - (gradient.w @ along) * along) <= 4 * U * np.linalg.norm(gradient.w)
        h = 1e-4
        slope = (
            st.population_loss(smooth, Point([1.0], point.w + h * along, [1.0], w_star))
            - st.population_loss(smooth, Point([1.0], point.w - h * along, [1.0], w_star))
        ) / (2 * h)
        assert gradient.w @ along == pytest.approx(slope, abs=1e-6)
    if sign > 0:
        with pytest.raises(UndefinedQuantity, match="θ = 0"):
            st.population_gradient(smooth, Point([1.0], 0.5 * w_star, [1.0], w_star))
    assert np.isfinite(v_gradient(problem, Point([1.0], sign * w_star, [1.0], w_star))).all()
    orthogonal = Point([1.0, 1.0], sign * w_star, [1.0, -1.0], w_star)
    assert np.isfinite(st.population_gradient(problem, orthogonal).w).all()


@pytest.mark.parametrize("surrogate", SURROGATES)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_ends_are_limits(surrogate: str, sign: float) -> None:
    """At θ ∈ {0, π} and 1e-12 beside it the coarse gradient, the loss and the correlation agree.

    Would have caught: 0/0 in a step seen edge-on, an indicator turned the wrong way at θ = π.
    """
    problem = Problem(UNEVEN, SURROGATES[surrogate], teacher_quantizer=quantizers.uniform_relu(2))
    w_star = np.array([0.4, -1.0, 0.7])
    for scale in (0.45, 1.0, 30.0):
        w = sign * scale * w_star
        exact = Point([1.0, 2.0], w, [0.5, -2.0], w_star)
        beside = Point([1.0, 2.0], w + 1e-12 * scale * np.array([1.0, 0.4, 0.0]), [0.5, -2.0], w_star)
        assert st.population_loss(problem, exact) == pytest.approx(st.population_loss(problem, beside), abs=1e-9)
        ends = [st.expected_coarse_gradient(problem, point).w for point in (exact, beside)]
        assert ends[0] == pytest.approx(ends[1], abs=1e-9)
        values = [st.correlation(problem, point) for point in (exact, beside)]
        assert values[0] == pytest.approx(values[1], abs=1e-9)


def test_extreme_scales_stay_finite() -> None:
    """Would have caught: overflow in t/ρ, or 0·∞ at thresholds that are never or always passed."""
    for scale, other in itertools.product((1e-200, 1e-3, 1e3, 1e150), repeat=2):
        for surrogate in SURROGATES.values():
            problem = Problem(UNEVEN, surrogate)
            point = Point([1.0, 2.0], [scale, scale], [0.5, -2.0], [other, 0.0])
            assert math.isfinite(st.population_loss(problem, point))
            assert np.isfinite(st.expected_coarse_gradient(problem, point).w).all()


def test_the_realizable_minimum_is_zero() -> None:
    """Would have caught: a loss that rounds below zero, a teacher at another scale."""
    for quantizer in (UNEVEN, SIXTEEN, quantizers.sign()):
        problem = Problem(quantizer, surrogates.relu())
        point = Point([1.0, -2.0], [0.3, 1.7], [1.0, -2.0], [0.3, 1.7])
        assert 0 <= st.population_loss(problem, point) <= 400 * U * float(sum(quantizer.heights) + 1) ** 2
        assert np.max(np.abs(st.expected_coarse_gradient(problem, point).w)) <= 1e-13
        zero = Point([1.0, -2.0], [0.0, 0.0], [1.0, -2.0], [0.3, 1.7])
        assert st.population_loss(problem, zero) > 0


def test_many_points_are_the_single_ones() -> None:
    """Would have caught: an axis of steps mistaken for one of points (as many steps as points)."""
    rng = np.random.default_rng(2)
    problem = Problem(UNEVEN, SURROGATES["tent"], teacher_quantizer=quantizers.uniform_relu(2))
    v, w, v_star, w_star = (rng.normal(size=(3, size)) for size in (2, 4, 2, 4))
    at = batch.points(v, w, v_star, w_star)
    for index in range(3):
        point = Point(v[index], w[index], v_star[index], w_star[index])
        assert batch.population_loss(problem, at)[index] == pytest.approx(st.population_loss(problem, point), rel=1e-13)
        assert batch.correlation(problem, at)[index] == pytest.approx(st.correlation(problem, point), rel=1e-11)
        for name in ("population_gradient", "expected_coarse_gradient"):
            many, one = getattr(batch, name)(problem, at), getattr(st, name)(problem, point)
            assert many[1][index] == pytest.approx(one.w, abs=1e-13)


def test_enclosures_refuse_a_teacher_of_its_own() -> None:
    """Would have caught: a ball around another number than the one asked for."""
    problem = Problem(quantizers.binary(), surrogates.relu(), teacher_quantizer=quantizers.sign())
    at = PlanePoint(Fraction(1), Fraction(1), Fraction(1), (Fraction(1),), (Fraction(1),))
    with pytest.raises(InvalidInput, match=r"^teacher_quantizer: enclosures"):
        Plane(problem, at)
    with pytest.raises(InvalidInput, match=r"^teacher_quantizer must come from"):
        Problem(quantizers.binary(), surrogates.relu(), teacher_quantizer="sign")  # type: ignore[arg-type]
