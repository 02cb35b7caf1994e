"""The second moment of q = g_μ·û for one sample, and the batch that gives a downhill direction.

For the binary activation and any surrogate: with
X_i = μ′(ρa_i)b_i, e_i = v_iσ(a_i) − v*_iσ(ca_i + sb_i), R = Σ_i e_i and independent rows, E X_i = 0,

    E q² = E(Σ_i v_i X_i)²R² = Σ_i v_i²(E X_i²e_i² + 2 E X_i²e_i·E(R − e_i) + E X_i²·E(R − e_i)²)
           + 2 Σ_{i≠j} v_i v_j E X_i e_i·E X_j e_j,        E X_i e_i = −v*_i b⊥
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.expressions import names
from ste_theory.model.problem import Point, Problem
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.gradient import require_direction
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.moments import FORMULA_GRID, GAUSSIAN_GRID, PHI_0, moments
from ste_theory.theory.pieces import HalfPiece, half_pieces
from ste_theory.theory.quadrature import LAST, Owners, adaptive
from ste_theory.theory.scope import require_binary


@dataclass(frozen=True)
class _Row:
    """E X² where the student is on, where both are, where the teacher is, and everywhere; ``overlap`` is b⊥."""

    student: float
    both: float
    teacher: float
    whole: float
    overlap: float


def _half_line_values(surrogate: Surrogate) -> tuple[float, float] | None:
    """μ′ on x < 0 and on x > 0, or ``None`` if it is not constant there."""
    breakpoints = [piece.lower for piece in surrogate.pieces[1:]]
    if any(breakpoints) or any(names(piece.formula) for piece in surrogate.pieces):
        return None
    left, right = surrogate(np.array([-1.0, 1.0]))
    return float(left), float(right)


def _closed(left: float, right: float, at: Invariants) -> _Row:
    theta, sine, cosine = (float(x[0]) for x in (at.theta, at.sine, at.cosine))
    # E b² on {a > 0, ca + sb > 0} and on {a ≤ 0, ca + sb > 0}; θ + sinθ cosθ over 2π without cancellation near π.
    only = (theta + sine * cosine) / (2 * math.pi)
    both = 0.5 - only if theta < 2 else (float(at.supplement[0]) - sine * cosine) / (2 * math.pi)
    shared = right**2 * both
    overlap = sine * (left + right) / (2 * math.sqrt(2 * math.pi))
    return _Row(right**2 / 2, shared, shared + left**2 * only, (left**2 + right**2) / 2, overlap)


def _integrated(surrogate: Surrogate, at: Invariants) -> _Row:
    """Given a = ςt, the teacher is on where b > −ςct/s: E b²1{b > −y} = Φ(y) − yφ(y)."""
    rho = float(at.rho[0])
    student, both, teacher, whole = 0.0, 0.0, 0.0, 0.0
    for piece in half_pieces(surrogate):
        slope = piece.sign * float(at.cosine[0]) / float(at.sine[0])
        all_, seen = _squares(piece, rho, slope)
        whole += all_
        teacher += seen
        if piece.sign > 0:
            student += all_
            both += seen
    overlap = PHI_0 * float(at.sine[0]) * float(moments(surrogate, at.rho, at.sine, at.cosine).M[0])
    return _Row(student, both, teacher, whole, overlap)


def _squares(piece: HalfPiece, rho: float, slope: float) -> tuple[float, float]:
    """∫ φ(t)μ′(ςρt)² dt over the piece, and with Φ(κt) − κtφ(κt) in it, κ = ``slope``."""
    lower, upper = min(piece.lower / rho, LAST), min(piece.upper / rho, LAST)
    seen = np.array([1.0, 3.0, 9.0]) / max(abs(slope), 0.1)
    inside = np.sort(np.clip(np.concatenate([GAUSSIAN_GRID, FORMULA_GRID / rho, seen]), lower, upper))
    bounds = np.concatenate([[lower], inside, [upper]])

    def plain(t: Array, _: Owners) -> Array:
        return np.asarray(PHI_0 * np.exp(-t * t / 2) * piece(rho * t) ** 2)

    def weighted(t: Array, owner: Owners) -> Array:
        y = slope * t
        return np.asarray(plain(t, owner) * (ndtr(y) - y * PHI_0 * np.exp(-y * y / 2)))

    return tuple(float(adaptive(f, bounds[None])[0]) for f in (plain, weighted))  # type: ignore[return-value]


def tangential_moments(problem: Problem, point: Point) -> tuple[float, float]:
    """E q = −D b⊥ and E q² of q = g_μ·û for one sample.

    Domain: student and teacher binary, any surrogate, w ≠ 0, 0 < θ < π; a teacher's extra rows count as v_i = 0.
    Guarantee: a few m·2⁻⁵³ of the sum of the absolute terms where μ′ is constant on both half-lines; up to 1e-13 of
    E(μ′b)² for each of the others' moments.
    Raises ``InvalidInput`` for another problem, ``UndefinedQuantity`` where û does not exist.
    Source: general.sample-size.

    >>> from ste_theory.model import quantizers, surrogates
    >>> right_angle = Point([1], [1, 0], [1], [0, 1])
    >>> tangential_moments(Problem(quantizers.binary(), surrogates.identity()), right_angle)
    (-0.3989422804014327, 0.5)
    """
    require_binary(problem)
    at = invariants(point)
    require_direction(at, "the component along û")
    if at.parallel.any():
        raise UndefinedQuantity("the component along û does not exist where w and w* are parallel")
    values = _half_line_values(problem.surrogate)
    of = _integrated(problem.surrogate, at) if values is None else _closed(*values, at)
    v, v_star = point.padded.v, point.v_star
    gap = v - v_star
    rest = gap.sum() - gap  # twice E(R − e_i)
    variances = (v**2 + v_star**2) / 2 - v * v_star * (1 - float(at.theta[0]) / math.pi) - gap**2 / 4
    squared = v**2 * of.student - 2 * v * v_star * of.both + v_star**2 * of.teacher
    once = v * of.student - v_star * of.teacher
    rows = squared + once * rest + of.whole * (variances.sum() - variances + rest**2 / 4)
    D = float(v @ v_star)
    crossed = 2 * of.overlap**2 * (D**2 - float((v * v_star) @ (v * v_star)))
    return -D * of.overlap, float((v**2) @ rows) + crossed


@dataclass(frozen=True)
class BatchSize:
    """How many samples turn w downhill with probability at least ``confidence``.

    ``sufficient`` is enough (Cantelli's inequality, for every distribution); ``normal`` is what the normal
    approximation of the batch mean says, which is right for many samples and proves nothing. ``mean`` and ``variance``
    are those of q = g_μ·û of one sample.
    """

    sufficient: int
    normal: int
    confidence: float
    mean: float
    variance: float


def batch_size(problem: Problem, point: Point, *, confidence: float = 0.95) -> BatchSize:
    """N ≥ (c/(1 − c)) Var q/(E q)² for probability c (Cantelli), N ≈ z_c² Var q/(E q)² (normal), q = g_μ·û.

    The step −g of a batch's mean coarse gradient g turns w towards w* (D > 0) or −w* (D < 0), downhill either way, iff
    the batch mean of q has the sign of E q = −D b⊥.

    Domain: binary activations, any surrogate, w ≠ 0, 0 < θ < π, 0 < confidence < 1. Var q = 0: one sample. For a
    confidence of ½ or less the normal approximation asks for one sample.
    Raises ``InvalidInput`` for another confidence or problem; ``UndefinedQuantity`` where û does not exist, where
    D b⊥ = 0 (no batch has a direction) and where M(ρ sinθ) < 0: there every large batch points uphill.
    Source: general.sample-size.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.identity())
    >>> found = batch_size(problem, Point([1], [1, 0], [1], [0, 1]), confidence=0.9)
    >>> found.sufficient, found.normal
    (20, 4)
    """
    if isinstance(confidence, bool) or not isinstance(confidence, (int, float)) or not 0 < confidence < 1:
        raise InvalidInput(f"confidence must lie between 0 and 1, got {confidence!r}")
    mean, square = tangential_moments(problem, point)
    if mean == 0:
        raise UndefinedQuantity("the expected coarse gradient has no part along û here: no batch gives its direction")
    if mean * float(point.padded.v @ point.v_star) > 0:
        raise UndefinedQuantity(
            "M(ρ sinθ) is negative: the expected coarse gradient points uphill, and so do large batches"
        )
    variance = max(0.0, square - mean**2)
    # In terms of 1 − c, so that 1 − δ with a small δ loses nothing that its float does not lose.
    sufficient = confidence / (1 - confidence) * (variance / mean**2)
    normal = max(0.0, float(ndtri(confidence))) ** 2 * (variance / mean**2)
    return BatchSize(max(1, math.ceil(sufficient)), max(1, math.ceil(normal)), float(confidence), mean, variance)


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
    found = batch_size(problem, point, confidence=0.5)
    return max(1, math.ceil((1 - risk) / risk * (found.variance / found.mean**2)))
