"""Hypothesis on the float functions for staircases: what holds for every σ, σ*, μ′ and network.

A failure prints the problem and the point. With u = 2⁻⁵³, tolerances are multiples of u of the sum of the terms'
absolute values, which ``size`` bounds.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import ste_theory
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantizers import Staircase, staircase
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu
from ste_theory.theory.invariants import invariants
from ste_theory.theory.staircases import Staircases

U = 2.0**-53
NONNEGATIVE = (
    identity(),
    relu(),
    clipped_relu(),
    clipped_relu("0.3"),
    from_formulas("tent", ("0", "2 + 2*x", "2 - 2*x", "0"), (-1, 0, 1)),
    from_formulas("bump", ("exp(-x^2/2)",)),
)
thorough = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Case:
    """A problem at a point."""

    problem: Problem
    point: Point

    @property
    def size(self) -> float:
        """Above the sum of the absolute values of the terms of f, and of E g_μ for μ′ ≤ 2."""
        levels = [abs(float(q.offset)) + float(sum(q.heights)) for q in (self.problem.quantizer, self.problem.teacher)]
        norms = float(np.linalg.norm(self.point.v)), float(np.linalg.norm(self.point.v_star))
        return 2 * (1 + self.point.m) * (1 + max(levels)) ** 2 * (norms[0] + norms[1]) ** 2

    def of(self, point: Point | None = None, problem: Problem | None = None) -> Staircases:
        return Staircases(problem or self.problem, invariants(point or self.point))


@st.composite
def staircases(draw: st.DrawFn) -> Staircase:
    thresholds = draw(st.lists(st.integers(-12, 24), min_size=1, max_size=6, unique=True))
    heights = draw(st.lists(st.integers(1, 8), min_size=len(thresholds), max_size=len(thresholds)))
    offset = Fraction(draw(st.integers(-8, 8)), 4)
    return staircase([Fraction(t, 4) for t in sorted(thresholds)], [Fraction(d, 4) for d in heights], offset)


def weights(size: int) -> st.SearchStrategy[np.ndarray]:
    entry = st.integers(-24, 24).map(lambda k: k / 8)
    return st.lists(entry, min_size=size, max_size=size).map(np.array)


@st.composite
def cases(draw: st.DrawFn, surrogates: tuple[Surrogate, ...] = NONNEGATIVE) -> Case:
    m, n = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    v, w, v_star, w_star = (draw(weights(size)) for size in (m, n, m, n))
    assume(w.any() and v_star.any() and w_star.any())
    if draw(st.booleans()):
        w_star = draw(st.sampled_from((1.0, -1.0, 0.5))) * w + 10.0 ** draw(st.integers(-13, -1)) * w_star
        assume(w_star.any())
    teacher = draw(st.none() | staircases())
    problem = Problem(draw(staircases()), draw(st.sampled_from(surrogates)), teacher_quantizer=teacher)
    return Case(problem, Point(v, w, v_star, w_star))


@thorough
@given(cases())
def test_the_sideways_product_is_never_negative(case: Case) -> None:
    """μ′ ≥ 0: (−Db⊥)·(−(1/ρ)∂f/∂θ) ≥ 0 for every staircase. Would have caught: one of the two signs, a step of the
    teacher weighted by its height with the wrong sign.
    """
    of = case.of()
    assert float(of.coarse_tangential[0] * of.gradient_tangential[0]) >= 0
    assert float(of.overlaps.perpendicular[0]) >= 0
    assert float(of.pair.covariance_turn[0]) >= 0


@thorough
@given(cases(), st.integers(-20, 20))
def test_an_offset_moves_nothing_sideways(case: Case, shift: int) -> None:
    """c₀ enters means only. Would have caught: an offset in the covariance or in b⊥."""
    q = case.problem.quantizer
    moved = Problem(
        staircase(q.thresholds, q.heights, q.offset + shift),
        case.problem.surrogate,
        teacher_quantizer=case.problem.teacher,
    )
    one, two = case.of(), case.of(problem=moved)
    assert one.covariance == two.covariance
    assert one.coarse_tangential == two.coarse_tangential
    assert one.gradient_tangential == two.gradient_tangential
    # The mean is a sum of at most 7 terms, each at most 20 in size.
    difference = float(two.pair.student.mean[0] - one.pair.student.mean[0])
    assert math.isclose(difference, shift, rel_tol=0, abs_tol=64 * U * (20 + abs(shift)))


@thorough
@given(cases(), st.integers(-6, 6))
def test_units_of_the_input_do_not_matter(case: Case, exponent: int) -> None:
    """w, w* and all thresholds times 2^e: the same network, the same loss. Would have caught: a threshold that is not
    divided by the norm, or by the wrong one.
    """
    scale = Fraction(2) ** exponent
    scaled = [
        staircase([t * scale for t in q.thresholds], q.heights, q.offset)
        for q in (case.problem.quantizer, case.problem.teacher)
    ]
    problem = Problem(scaled[0], case.problem.surrogate, teacher_quantizer=scaled[1])
    point = Point(case.point.v, float(scale) * case.point.w, case.point.v_star, float(scale) * case.point.w_star)
    one, two = case.of(), case.of(point, problem)
    assert abs(float(one.loss[0] - two.loss[0])) <= 8 * U * case.size
    # The slope in w is per unit of w.
    assert abs(float(one.gradient_radial[0] * one.at.rho[0] - two.gradient_radial[0] * two.at.rho[0])) <= (
        200 * U * case.size
    )


@thorough
@given(cases())
def test_the_loss_is_a_second_moment(case: Case) -> None:
    """f ≥ ½(E(y − y*))² up to rounding, and Cauchy–Schwarz for the covariance. Would have caught: an orthant counted
    twice, the −½ of opposite thresholds on the wrong side.
    """
    of = case.of()
    assert float(of.loss[0]) >= 0
    assert float(of.loss[0] - of.residual[0] ** 2 / 2) >= -100 * U * case.size
    bound = math.sqrt(float(of.pair.student.variance[0] * of.pair.teacher.variance[0]))
    assert abs(float(of.covariance[0])) <= bound + 100 * U * case.size


@thorough
@given(cases())
def test_the_correlation_is_the_inner_product(case: Case) -> None:
    """Would have caught: a part of either gradient left out of ``correlation``."""
    of = case.of()
    assume(not of.kink.any())
    coarse = ste_theory.expected_coarse_gradient(case.problem, case.point).w
    slope = ste_theory.population_gradient(case.problem, case.point).w
    value = ste_theory.correlation(case.problem, case.point)
    if of.at.parallel.any():
        # Along w alone: û does not exist, and the tangential part of ``correlation`` is 0.
        assert float(of.coarse_tangential[0]) == 0
    allowed = 400 * U * (float(np.linalg.norm(coarse) * np.linalg.norm(slope)) + abs(value))
    assert abs(float(coarse @ slope) - value) <= allowed


@thorough
@given(cases())
def test_slopes_agree_with_differences_of_the_loss(case: Case) -> None:
    """Along ŵ, where f is smooth: ∂f/∂ρ by central differences. Would have caught: Φ′ for Φ in κ′, a missing term."""
    of, at = case.of(), case.point
    rho = float(of.at.rho[0])
    assume(not of.at.parallel.any() and float(of.at.sine[0]) > 0.05)
    h = 1e-4 * rho
    moved = [Point(at.v, at.w * (1 + k * h / rho), at.v_star, at.w_star) for k in (-2, -1, 1, 2)]
    values = [float(case.of(point).loss[0]) for point in moved]
    slope = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h)
    edges = 1 + float(np.max(np.abs(of.pair.student.edges))) / float(of.at.sine[0])
    # Rounding: 2u·size/h; truncation: (h/ρ)⁴ times fifth derivatives, of the order of edges⁵.
    allowed = case.size / rho * (64 * U * 1e4 + 1e-16 * (40 + edges) ** 5)
    assert abs(slope - float(of.gradient_radial[0])) <= allowed
