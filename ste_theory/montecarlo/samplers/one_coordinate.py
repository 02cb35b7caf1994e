"""Everything but a = ⟨Z_i,ŵ⟩ of one row integrated out: three functions of one normal variable.

With σ*(h*) = c₀ + Σ_k d_k 1{h* > t_k}, τ_k = t_k/ρ* and b = ⟨Z_i,û⟩ independent of a,

    E[σ*(ρ*(ca + sb)) | a] = c₀ + Σ_k d_k Φ((ca − τ_k)/s)      E[b σ*(ρ*(ca + sb)) | a] = Σ_k d_k φ((τ_k − ca)/s)

so that (A, B, κ) = E F(a) with

    F_A = a μ′(ρa)[Vσ(ρa) + (S² − V)s₁ − (SS* − D)s₁* − D E[σ*|a]],   F_B = −D μ′(ρa) E[bσ*|a],   F_κ = σ(ρa) E[σ*|a].

For s = 0, E[σ*|a] is σ* itself and F_B = 0. ``general.sampler-one-coordinate`` says so.
"""

import math

import numpy as np

from ste_theory.model.expressions import ONE, ZERO
from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.ranges import Ranges, constant, formula_ranges, increasing, widened
from ste_theory.montecarlo.samplers.reduction import Reduction, normal_distribution

REACH = 38.0  # P(|a| > 38) and φ(38) are below 1e-300


def density(a: Vector) -> Vector:
    """φ(a)."""
    return np.asarray(np.exp(-0.5 * a * a) / math.sqrt(2 * math.pi))


def breaks(at: Reduction) -> Vector:
    """Where F may jump: the breakpoints of μ′ and σ and, for s = 0, of σ*; also the middles of σ*'s ramps."""
    student = [float(t) / at.rho for t in (*at.problem.surrogate.breakpoints, *at.problem.quantizer.thresholds)]
    teacher = [float(t) / (at.rho_star * at.cosine) for t in at.problem.teacher.thresholds] if at.cosine else []
    return np.unique([x for x in (*student, *teacher) if abs(x) < REACH])


def _teacher(at: Reduction, a: Vector) -> tuple[Vector, Vector]:
    """E[σ*|a] and E[bσ*|a]."""
    teacher = at.problem.teacher
    if at.sine == 0:
        return np.asarray(teacher(at.rho_star * at.cosine * a), dtype=np.float64), np.zeros_like(a)
    level, slope = np.full_like(a, float(teacher.offset)), np.zeros_like(a)
    for threshold, height in zip(teacher.thresholds, teacher.heights, strict=True):
        x = (at.cosine * a - float(threshold) / at.rho_star) / at.sine
        level += float(height) * normal_distribution(x)
        slope += float(height) * density(x)
    return level, slope


def values(at: Reduction, a: Vector) -> Matrix:
    """F(a) for the rows A, B, κ, shape (3, N)."""
    V, _, D, _, _ = at.sums
    backward = at.problem.surrogate(at.rho * a)
    activation = at.problem.quantizer(at.rho * a)
    level, slope = _teacher(at, a)
    return np.stack(
        [a * backward * (V * activation + at.constant - D * level), -D * backward * slope, activation * level]
    )


def density_ranges(x: Ranges) -> Ranges:
    """The range of φ."""
    return widened(density(x.largest), density(x.smallest))


def _teacher_ranges(at: Reduction, a: Ranges) -> tuple[Ranges, Ranges]:
    from scipy.special import ndtr

    teacher = at.problem.teacher
    middle = (a.lo + a.hi) / 2
    if at.sine == 0:  # constant between the breaks
        flat = np.asarray(teacher(at.rho_star * at.cosine * middle), dtype=np.float64)
        return Ranges(flat, flat), constant(0.0)
    level, slope = constant(float(teacher.offset)), constant(0.0)
    for threshold, height in zip(teacher.thresholds, teacher.heights, strict=True):
        x = (constant(at.cosine) * a - constant(float(threshold) / at.rho_star)) * constant(1 / at.sine)
        level = level + constant(float(height)) * increasing(ndtr, x)
        slope = slope + constant(float(height)) * density_ranges(x)
    return level, slope


def surrogate_ranges(at: Reduction, a: Ranges) -> Ranges:
    """The range of μ′(ρa), piece by piece; an interval lies in one piece."""
    surrogate, middle = at.problem.surrogate, at.rho * (a.lo + a.hi) / 2
    index = np.searchsorted([float(x) for x in surrogate.breakpoints], middle)
    lo, hi = np.zeros_like(middle), np.zeros_like(middle)
    for number, piece in enumerate(surrogate.pieces):
        chosen = index == number
        if piece.formula == ZERO or not chosen.any():
            continue
        if piece.formula == ONE:
            lo[chosen] = hi[chosen] = 1.0
            continue
        found = formula_ranges(piece.formula, constant(at.rho) * Ranges(a.lo[chosen], a.hi[chosen]))
        lo[chosen], hi[chosen] = found.lo, found.hi
    return Ranges(lo, hi)


def ranges(at: Reduction, left: Vector, right: Vector, *, weighted: bool) -> tuple[Ranges, Ranges, Ranges]:
    """The ranges of F_A, F_B, F_κ (times φ if ``weighted``) on intervals that contain no break inside."""
    V, _, D, _, _ = at.sums
    with np.errstate(all="ignore"):
        a = Ranges(left, right)
        backward = surrogate_ranges(at, a)
        activation = np.asarray(at.problem.quantizer(at.rho * (left + right) / 2), dtype=np.float64)
        level, slope = _teacher_ranges(at, a)
        inner = widened(V * activation + at.constant, V * activation + at.constant) - constant(D) * level
        found = [a * backward * inner, constant(-D) * backward * slope, Ranges(activation, activation) * level]
        if weighted:
            weight = density_ranges(a)
            found = [one * weight for one in found]
        shape = left.shape
        full = [Ranges(np.broadcast_to(one.lo, shape), np.broadcast_to(one.hi, shape)) for one in found]
    return full[0], full[1], full[2]
