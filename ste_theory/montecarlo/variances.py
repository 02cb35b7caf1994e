"""Bounds on the variance of one sample of the program: what an error bound without a limit theorem needs.

With x_i = v_i μ′(h_i)Z_ij and r_i = v_iσ(h_i) − v*_iσ*(h*_i) the coarse gradient is g_j = XR, X = Σ_i x_i, R = Σ_i r_i,
and the pairs (x_i, r_i) are independent. Written around the means and with |r_i − E r_i| ≤ r, Cauchy–Schwarz gives

    E g_j² ≤ μ_X²(μ_R² + V_R) + μ_R²V_X + 4|μ_Xμ_R|√(V_XV_R) + 2r|μ_X|√(V_XV_R) + 2r|μ_R|V_X + 3V_XV_R + r²V_X

with V_X ≥ Σ Var x_i, V_R ≥ Σ Var r_i. V_X and μ_X need E μ′(ρa)² and E a²μ′(ρa)², bounded above by sums of suprema over
cells (``ranges``); the moments of σ are exact. Nothing of the theory enters, only independence of the rows.
"""

import math

import numpy as np

from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantizers import Staircase
from ste_theory.montecarlo.ranges import Ranges
from ste_theory.montecarlo.samplers.one_coordinate import REACH, breaks, density_ranges, surrogate_ranges
from ste_theory.montecarlo.samplers.reduction import Reduction, reduction

CELLS = 2**12


def _surrogate_moments(at: Reduction) -> tuple[float, float]:
    """Upper bounds of E μ′(ρa)² and E a²μ′(ρa)²; infinite where no bound is found."""
    edges = np.unique(np.concatenate([np.linspace(-8, 8, CELLS), np.linspace(-REACH, REACH, CELLS // 8), breaks(at)]))
    left, right = edges[:-1], edges[1:]
    a = Ranges(left, right)
    with np.errstate(all="ignore"):
        weight = density_ranges(a).hi * (right - left)
        square = surrogate_ranges(at, a).largest ** 2
        plain, weighted = square * weight, square * a.largest**2 * weight
    return _total(plain), _total(weighted)


def _total(terms: Vector) -> float:
    return float(np.nan_to_num(terms, nan=math.inf, posinf=math.inf).sum())


def levels(quantizer: Staircase) -> Vector:
    """The values of σ from left to right."""
    offset = float(quantizer.offset)
    return np.concatenate([[offset], offset + np.cumsum([float(height) for height in quantizer.heights])])


def variance_bounds(problem: Problem, point: Point) -> Vector | None:
    """Upper bounds of the variances of the columns of the program, shape (m + n + 1,).

    ``None`` where there is no finite bound (w = 0, or a surrogate whose square has no bounded mean).
    """
    if problem.input_root is not None:
        return None
    try:
        at = reduction(problem, point)
    except UndefinedQuantity:
        return None
    square, weighted = _surrogate_moments(at)
    if not (math.isfinite(square) and math.isfinite(weighted)):
        return None
    v, v_star = np.abs(point.padded.v), np.abs(point.v_star)
    student, teacher = levels(problem.quantizer), levels(problem.teacher)
    _, S, _, _, S_star = at.sums
    spread = v * math.sqrt(max(at.square - at.mean**2, 0.0)) + v_star * math.sqrt(
        max(at.teacher_square - at.teacher_mean**2, 0.0)
    )
    swing = float((v * np.ptp(student) + v_star * np.ptp(teacher)).max())
    residual_mean = abs(S * at.mean - S_star * at.teacher_mean)
    residual_variance = float((spread**2).sum())
    V = float((v**2).sum())
    # E (μ′(h)Z_ij)² for Z_ij = ŵ_j a + √(1 − ŵ_j²)ξ with ξ independent of a.
    along = at.w_hat**2
    X = V * (along * weighted + (1 - along) * square)
    mean = np.abs(S * at.w_hat) * math.sqrt(weighted)
    both = np.sqrt(X * residual_variance)
    coarse = (
        mean**2 * (residual_mean**2 + residual_variance)
        + residual_mean**2 * X
        + (4 * residual_mean + 2 * swing) * mean * both
        + 2 * swing * residual_mean * X
        + 3 * X * residual_variance
        + swing**2 * X
    )
    # |σ| ≤ its largest level; E R⁴ around the mean as above.
    second = residual_mean**2 + residual_variance
    fourth = (residual_mean + (3 * residual_variance**2 + swing**2 * residual_variance) ** 0.25) ** 4
    largest = float(np.abs(student).max())
    return np.concatenate([np.full(point.m, largest**2 * second), coarse, [fourth / 4]])
