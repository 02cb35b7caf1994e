"""(A, B, κ) as the expectation of three integrands: the program in the plane, one row of it, one coordinate of a row.

For the binary activation and the ReLU's surrogate, in NumPy, PyTorch or JAX: ``xp`` is the library's namespace. What a
form leaves out is integrated by hand (``general.sampler-one-row``, ``general.sampler-one-coordinate``).
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import ste_theory as st
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.samplers.reduction import Reduction, reduction

FORMS = ("plain program", "one row", "one coordinate")
Integrand = Callable[[Any], Any]
DIMENSION = 64


def place(rows: int) -> Reduction:
    """v ∝ (½, 1, ½, …), v* ∝ (1, …, 1), w and w* at θ = 1, all of length 1: D = vᵀv* is not 0, so that B counts."""
    w, w_star = np.zeros(DIMENSION), np.zeros(DIMENSION)
    w[:2], w_star[0] = (math.cos(1.0), math.sin(1.0)), 1.0
    v = np.where(np.arange(rows) % 2 == 1, 1.0, 0.5)
    point = Point(v / np.linalg.norm(v), w, np.full(rows, 1 / math.sqrt(rows)), w_star)
    return reduction(Problem(st.quantizers.binary(), st.surrogates.relu()), point)


def size(at: Reduction, form: str) -> int:
    """How many normal numbers the integrand takes."""
    return {"plain program": 2 * at.point.m, "one row": 2, "one coordinate": 1}[form]


def exact(at: Reduction) -> np.ndarray:
    """(A, B, κ) from the closed forms."""
    gradient = st.expected_coarse_gradient(at.problem, at.point)
    # Orthants: P(a > 0, ca + sb > 0).
    overlap = (math.pi - math.atan2(at.sine, at.cosine)) / (2 * math.pi)
    return np.array([gradient.w @ at.w_hat, gradient.w @ at.u_hat, overlap])


def integrand(at: Reduction, form: str, xp: Any, distribution: Callable[[Any], Any]) -> Integrand:
    """z of shape (…, size) to (A, B, κ) of shape (3, …); ``distribution`` is Φ."""
    rows, c, s = at.point.m, at.cosine, at.sine
    V, _, D, _, _ = at.sums
    constant = at.constant

    def plain(z: Any) -> Any:
        a, b = z[..., :rows], z[..., rows:]
        on, teacher = (a > 0) * 1.0, (c * a + s * b > 0) * 1.0
        v, v_star = xp.asarray(at.point.v), xp.asarray(at.point.v_star)
        residual = (on * v).sum(-1) - (teacher * v_star).sum(-1)
        return xp.stack(
            [(on * v * a).sum(-1) * residual, (on * v * b).sum(-1) * residual, (on * teacher).sum(-1) / rows]
        )

    def row(z: Any) -> Any:
        a, b = z[..., 0], z[..., 1]
        on, teacher = (a > 0) * 1.0, (c * a + s * b > 0) * 1.0
        return xp.stack([a * on * (V * on - D * teacher + constant), -D * b * on * teacher, on * teacher])

    def coordinate(z: Any) -> Any:
        a = z[..., 0]
        on, x = (a > 0) * 1.0, c * a / s
        level, slope = distribution(x), xp.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
        return xp.stack([a * on * (V * on + constant - D * level), -D * on * slope, on * level])

    return {"plain program": plain, "one row": row, "one coordinate": coordinate}[form]


def in_numpy(at: Reduction, form: str) -> Integrand:
    """With NumPy's arrays."""
    from scipy.special import ndtr

    return integrand(at, form, np, ndtr)
