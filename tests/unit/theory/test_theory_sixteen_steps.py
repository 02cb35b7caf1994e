"""Sixteen steps against plain quadrature; polynomials on fixed panels, and meshes, against adaptive integration.

The quadrature is Gauss–Legendre on 240 panels of the line of a, cut where the surrogate and the student break: given a,
the teacher's steps are Φ((ca − τ)/s) and φ. Its own error is some 1e-15 of the sum of the terms.
"""

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import ndtr

import ste_theory as st
from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Point, Problem
from ste_theory.model.surrogates import Surrogate, from_formulas
from ste_theory.theory import batch
from ste_theory.theory.invariants import invariants
from ste_theory.theory.pieces import half_pieces
from ste_theory.theory.staircases import Staircases
from tests.unit.theory.adaptive_integration import without_meshes

Array = npt.NDArray[np.float64]
SIXTEEN = quantizers.staircase([Fraction(k, 4) for k in range(-3, 13)], [Fraction(1, 4)] * 16, "1/7")
SURROGATES = {
    "identity": surrogates.identity(),
    "relu": surrogates.relu(),
    "clipped_relu": surrogates.clipped_relu(3),
    "narrow": surrogates.clipped_relu("1/5"),
    "parabola": from_formulas("parabola", ("0", "1 - x^2", "0"), (-1, 1)),
    "tent": from_formulas("tent", ("0", "2 + 2*x", "2 - 2*x", "0"), (-1, 0, 1)),
    "cubic": from_formulas("cubic", ("0", "x - x^3/9", "1/2"), ("1/3", 3)),
}
REACH = 12.0


@dataclass(frozen=True)
class Line:
    """Nodes and weights on the line of a, and what the plane's definition needs there."""

    a: Array
    weight: Array
    mu: Array
    student: Array
    teacher: Array
    teacher_moment: Array
    teacher_turn: Array

    def mean(self, values: Array) -> float:
        return math.fsum(self.weight * values)


def density(x: Array) -> Array:
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def line(problem: Problem, rho: float, rho_star: float, theta: float) -> Line:
    cuts = {float(t) / rho for t in (*problem.quantizer.thresholds, *problem.surrogate.breakpoints)}
    cuts = {x for x in cuts if abs(x) < REACH} | set(np.linspace(-REACH, REACH, 241))
    at, weights = np.polynomial.legendre.leggauss(20)
    pairs = list(itertools.pairwise(sorted(cuts)))
    a = np.concatenate([low + (high - low) * (1 + at) / 2 for low, high in pairs])
    weight = np.concatenate([(high - low) / 2 * weights for low, high in pairs]) * density(a)
    c, s = math.cos(theta), math.sin(theta)
    tau = np.array([float(t) / rho_star for t in problem.teacher.thresholds])
    d = np.array([float(x) for x in problem.teacher.heights])
    seen = (c * a[:, None] - tau) / s
    return Line(
        a,
        weight,
        np.asarray(problem.surrogate(rho * a), dtype=np.float64),
        np.asarray(problem.quantizer(rho * a), dtype=np.float64),
        float(problem.teacher.offset) + ndtr(seen) @ d,
        density(seen) @ d,
        (density(seen) * (c * tau - a[:, None]) / s**2) @ d,
    )


@pytest.mark.parametrize("theta", [0.25, 1.1, 2.6])
@pytest.mark.parametrize("surrogate", SURROGATES)
def test_sixteen_steps_agree_with_quadrature(surrogate: str, theta: float) -> None:
    """Loss, both gradients and the correlation to 1e-12, the accuracy promised for sixteen steps; all terms are of size
    1 to 20. Would have caught: a step left out of a sum over pairs, a narrow window by the closed form that cancels, a
    panel that does not see a step, the level of a part taken on the wrong side of a threshold.
    """
    problem = Problem(SIXTEEN, SURROGATES[surrogate])
    rho, rho_star = 1.3, 0.9
    v, v_star = np.array([1.0, -0.5, 2.0]), np.array([0.5, 1.0, 1.5])
    V, S, D, V_star, S_star = 5.25, 2.5, 3.0, 3.5, 3.0
    point = Point(v, [rho, 0.0], v_star, [rho_star * math.cos(theta), rho_star * math.sin(theta)])
    on = line(problem, rho, rho_star, theta)
    s1, s1_star, s2 = on.mean(on.student), on.mean(on.teacher), on.mean(on.student**2)
    level = np.array([float(SIXTEEN(np.array([x]))[0]) for x in [-9.0, *(float(t) + 0.1 for t in SIXTEEN.thresholds)]])
    own = ndtr(-np.array([float(t) for t in SIXTEEN.thresholds]) / rho_star)
    s2_star = level[0] ** 2 + float(np.diff(level**2) @ own)
    joint = on.mean(on.student * on.teacher)
    covariance = joint - s1 * s1_star
    a0, a1 = on.mean(on.a * on.mu), on.mean(on.a * on.mu * on.student)
    along, across = on.mean(on.a * on.mu * on.teacher), on.mean(on.mu * on.teacher_moment)
    loss = ((s2 - s1**2) * V + s1**2 * S**2 - 2 * (covariance * D + s1 * s1_star * S * S_star)) / 2 + (
        (s2_star - s1_star**2) * V_star + s1_star**2 * S_star**2
    ) / 2
    assert st.population_loss(problem, point) == pytest.approx(loss, abs=1e-12)
    radial = V * a1 + (S**2 - V) * a0 * s1 - D * along - (S * S_star - D) * a0 * s1_star
    coarse = st.expected_coarse_gradient(problem, point)
    assert coarse.w == pytest.approx([radial, -D * across], abs=1e-12)
    slope_v = s2 * v + s1**2 * (S - v) - joint * v_star - s1 * s1_star * (S_star - v_star)
    gradient = st.population_gradient(problem, point)
    assert gradient.v == pytest.approx(slope_v, abs=1e-12)
    assert coarse.v == pytest.approx(slope_v, abs=1e-12)
    turn = -on.mean(on.student * on.teacher_turn) * D
    assert gradient.w[1] == pytest.approx(-turn / rho, abs=1e-12)
    # ∂/∂ρ moves the student's edges: Σ d_j (t_j/ρ²)φ(t_j/ρ) times what is integrated.
    edges = np.array([float(t) for t in SIXTEEN.thresholds]) / rho
    moved = np.array([float(d) for d in SIXTEEN.heights]) * density(edges) * edges / rho
    tau = np.array([float(t) for t in SIXTEEN.thresholds]) / rho_star
    seen = ndtr((math.cos(theta) * edges[:, None] - tau) / math.sin(theta)) @ np.full(16, 0.25) + 1 / 7
    s1_slope, s2_slope, joint_slope = moved.sum(), float(moved @ (level[1:] + level[:-1])), float(moved @ seen)
    by_rho = (
        (s2_slope - 2 * s1 * s1_slope) * V / 2
        + s1 * s1_slope * S**2
        - (joint_slope - s1_slope * s1_star) * D
        - s1_slope * s1_star * S * S_star
    )
    assert gradient.w[0] == pytest.approx(by_rho, abs=1e-12)
    product = radial * by_rho + D * across * turn / rho
    assert st.correlation(problem, point) == pytest.approx(product, abs=1e-11)  # a product of numbers up to 10


def polynomial(rng: np.random.Generator, disguised: bool, degree: int, ends: tuple[str, ...], seed: int) -> Surrogate:
    """A random polynomial on a window; disguised, it is no polynomial to the code that looks."""
    coefficients = np.random.default_rng(seed).integers(-9, 10, size=degree + 1)
    text = " + ".join(f"({c})*x^{k}" if k else f"({c})" for k, c in enumerate(coefficients)) + " + 1/7"
    formula = f"({text})*exp(0*x)" if disguised else text
    return from_formulas("drawn", ("0", formula, "0")[: len(ends) + 1], ends)


@pytest.mark.parametrize("degree", [1, 2, 5, 8])
@pytest.mark.parametrize("ends", [("-1", "2"), ("1/4", "1/3"), ("0",), ("-3", "-1/2")])
@pytest.mark.parametrize("meshed", [False, True])
def test_fixed_panels_agree_with_adaptive_ones(
    degree: int, ends: tuple[str, ...], meshed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To twice the 1e-13 of ∫|integrand| that adaptive integration promises, over angles next to 0 and π and scales of
    1e-2 to 1e2, for polynomials that are known as such and for those of which the mesh is all that is known. Would have
    caught: too few nodes for the degree, panels that end before t⁹φ(t) does, a step between two nodes.
    """
    rng = np.random.default_rng(degree)
    plain, hidden = (polynomial(rng, disguised, degree, ends, degree) for disguised in (False, True))
    assert all(piece.is_polynomial for piece in half_pieces(plain))
    assert not any(piece.is_polynomial for piece in half_pieces(hidden))
    k = 12
    rho, rho_star = 10.0 ** rng.uniform(-2, 2, k), 10.0 ** rng.uniform(-1, 1, k)
    theta = np.concatenate([[1e-6, 1e-3, 0.02, math.pi / 2, math.pi - 0.02, math.pi - 1e-4], rng.uniform(0.1, 3, 6)])
    w = np.stack([rho, np.zeros(k)], axis=1)
    w_star = np.stack([rho_star * np.cos(theta), rho_star * np.sin(theta)], axis=1)
    at = batch.points(np.ones((k, 1)), w, np.ones((k, 1)), w_star).invariants
    quantizer = quantizers.uniform_relu(2)
    fixed = Staircases(Problem(quantizer, hidden if meshed else plain), at).overlaps
    without_meshes(monkeypatch)
    adaptive = Staircases(Problem(quantizer, hidden), at).overlaps
    size = np.array([_mean_absolute(plain, scale) for scale in rho]) * 3  # times the teacher's height
    for name in ("a0", "student", "parallel", "perpendicular"):
        difference = np.abs(getattr(fixed, name) - getattr(adaptive, name))
        assert np.all(difference <= 2e-13 * size), (name, float(np.max(difference / size)))


def _mean_absolute(surrogate: Surrogate, rho: float) -> float:
    """E(1 + |a|)|μ′(ρa)|, to a few percent."""
    a = np.linspace(-38, 38, 400_001)
    values = np.abs(np.asarray(surrogate(rho * a), dtype=np.float64)) * (1 + np.abs(a)) * density(a)
    return float(np.sum(values) * (a[1] - a[0])) + 1e-300


@pytest.mark.parametrize("quantizer", [quantizers.binary(), SIXTEEN], ids=["binary", "sixteen"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_polynomials_where_w_and_the_teacher_are_parallel(quantizer: quantizers.Staircase, sign: float) -> None:
    """θ ∈ {0, π}, where no point has a tangential part. Would have caught: an empty batch that has no shape."""
    for surrogate in (SURROGATES["parabola"], SURROGATES["cubic"]):
        problem = Problem(quantizer, surrogate)
        ends = [
            st.expected_coarse_gradient(problem, Point([1.0, 2.0], [sign * 1.3, side], [0.5, -2.0], [0.9, 0.0])).w
            for side in (0.0, 1e-12)
        ]
        assert ends[0] == pytest.approx(ends[1], abs=1e-9)


def test_what_is_kept_belongs_to_one_object() -> None:
    """Would have caught: set-up remembered under a name or an address that another quantizer or surrogate may have."""
    point = Point([1.0], [1.0, 0.5], [2.0], [0.3, 1.0])
    values = []
    for _ in range(2):
        for step in (1, 2, 3):
            for clip in (1, 2):
                problem = Problem(quantizers.uniform_relu(2, step), surrogates.clipped_relu(clip))
                values.append(float(st.expected_coarse_gradient(problem, point).w[0]))
    assert values[:6] == values[6:]
    assert len(set(values[:6])) == 6


def test_invariants_are_exact_sums() -> None:
    """V − D = vᵀ(v − v*) = 1e-10·Σ with terms of 1e16. Would have caught: a plain sum, a low part lost on the way."""
    v = np.array([1e8, -1e8, 3.0])
    v_star = v - np.array([0.0, 0.0, 2.0**-40])
    at = invariants(Point(v, [1.0, 0.0], v_star, [0.0, 1.0]))
    assert float(at.toward[0]) == pytest.approx(3 * 2.0**-40, rel=1e-14)
    assert float(at.excess[0]) == 2.0**-40
    assert float(at.distance[0]) == 2.0**-80
