"""The second moment of q = g_μ·û for one sample, and the batch that gives a downhill direction.

For the binary activation and a surrogate with one value on x < 0 and one on x > 0 (identity, ReLU, leaky ReLU): with
X_i = μ′(ρa_i)b_i, e_i = v_iσ(a_i) − v*_iσ(ca_i + sb_i), R = Σ_i e_i and independent rows, E X_i = 0,

    E q² = E(Σ_i v_i X_i)²R² = Σ_i v_i²(E X_i²e_i² + 2 E X_i²e_i·E(R − e_i) + E X_i²·E(R − e_i)²)
           + 2 Σ_{i≠j} v_i v_j E X_i e_i·E X_j e_j,        E X_i e_i = −v*_i b⊥
"""

import math

import numpy as np

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.expressions import names
from ste_theory.model.problem import Point, Problem
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.gradient import require_direction
from ste_theory.theory.invariants import invariants
from ste_theory.theory.scope import require_binary


def _half_line_values(surrogate: Surrogate) -> tuple[float, float]:
    """μ′ on x < 0 and on x > 0."""
    breakpoints = [piece.lower for piece in surrogate.pieces[1:]]
    if any(breakpoints) or any(names(piece.formula) for piece in surrogate.pieces):
        raise InvalidInput(
            f"surrogate {surrogate.name}: the second moment is known for one value on x < 0 and one on x > 0 only; "
            "simulate it with estimate_moments"
        )
    left, right = surrogate(np.array([-1.0, 1.0]))
    return float(left), float(right)


def tangential_moments(problem: Problem, point: Point) -> tuple[float, float]:
    """E q = −D b⊥ and E q² of q = g_μ·û for one sample.

    Domain: student and teacher binary, μ′ constant on both half-lines, w ≠ 0, 0 < θ < π.
    Guarantee: a few m·2⁻⁵³ of the sum of the absolute terms.
    Raises ``InvalidInput`` for another problem, ``UndefinedQuantity`` where û does not exist.
    Source: general.sample-size (its sentences give m = 1; rows are added up as in the module's text).

    >>> from ste_theory.model import quantizers, surrogates
    >>> right_angle = Point([1], [1, 0], [1], [0, 1])
    >>> tangential_moments(Problem(quantizers.binary(), surrogates.identity()), right_angle)
    (-0.3989422804014327, 0.5)
    """
    require_binary(problem)
    left, right = _half_line_values(problem.surrogate)
    at = invariants(point)
    require_direction(at, "the component along û")
    if at.parallel.any():
        raise UndefinedQuantity("the component along û does not exist where w and w* are parallel")
    theta, sine, cosine = (float(x[0]) for x in (at.theta, at.sine, at.cosine))
    v, v_star = point.v, point.v_star
    # E b² on {a > 0, ca + sb > 0} and on {a ≤ 0, ca + sb > 0}; θ + sinθ cosθ over 2π without cancellation near π.
    only = (theta + sine * cosine) / (2 * math.pi)
    both = 0.5 - only if theta < 2 else (float(at.supplement[0]) - sine * cosine) / (2 * math.pi)
    student, shared = right**2 / 2, right**2 * both
    teacher, whole = shared + left**2 * only, (left**2 + right**2) / 2
    overlap = sine * (left + right) / (2 * math.sqrt(2 * math.pi))
    gap = v - v_star
    rest = gap.sum() - gap  # twice E(R − e_i)
    variances = (v**2 + v_star**2) / 2 - v * v_star * (1 - theta / math.pi) - gap**2 / 4
    squared = v**2 * student - 2 * v * v_star * shared + v_star**2 * teacher
    once = v * student - v_star * teacher
    rows = squared + once * rest + whole * (variances.sum() - variances + rest**2 / 4)
    D = float(v @ v_star)
    crossed = 2 * overlap**2 * (D**2 - float((v * v_star) @ (v * v_star)))
    return -D * overlap, float((v**2) @ rows) + crossed


def downhill_batch(problem: Problem, point: Point, *, risk: float) -> int:
    """The least N ≥ ((1 − δ)/δ)Var q/(E q)²: a batch of N turns w downhill with probability at least 1 − δ.

    ``risk`` is δ, 0 < δ < 1. Sufficient by Cantelli's inequality, not necessary: with many samples q is nearly normal
    and z²Var q/(E q)² is enough, z the normal quantile of 1 − δ.
    Raises ``InvalidInput`` for another risk, ``UndefinedQuantity`` where E q = 0: no direction is downhill there.
    Source: general.sample-size.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.identity())
    >>> downhill_batch(problem, Point([1], [1, 0], [1], [0, 1]), risk=0.1)
    20
    """
    if not 0 < risk < 1:
        raise InvalidInput(f"risk must lie between 0 and 1, got {risk!r}")
    mean, square = tangential_moments(problem, point)
    if mean == 0:
        raise UndefinedQuantity("the expected coarse gradient has no part along û here: no batch gives its direction")
    return max(1, math.ceil((1 - risk) / risk * (square / mean**2 - 1)))
