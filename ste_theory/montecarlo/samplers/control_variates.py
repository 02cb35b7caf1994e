"""Control variates: numbers of known mean, subtracted with the coefficients that fit best on a pilot block of its own.

    F − β(C − E C),   C = (σ(ρa), σ*(h*), aσ(ρa), bσ*(h*)),
    E C = (s₁, s₁*, Σ_k d_k φ(t_k/ρ), s Σ_k d_k φ(τ_k))

The last two by partial integration, E aσ(ρa) = Σ_k d_k E a1{a > t_k/ρ}. Every β that is independent of the samples
leaves the expectation as it is; ``general.sampler-control-variates`` says so.
"""

import numpy as np

from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers import one_row
from ste_theory.montecarlo.samplers.one_coordinate import density
from ste_theory.montecarlo.samplers.reduction import Reduction


def known_means(at: Reduction) -> Vector:
    """E C, shape (4,)."""

    def slope(quantizer_steps: list[tuple[float, float]], scale: float) -> float:
        return sum(height * float(density(np.asarray(threshold / scale))) for threshold, height in quantizer_steps)

    def steps(teacher: bool) -> list[tuple[float, float]]:
        quantizer = at.problem.teacher if teacher else at.problem.quantizer
        return [(float(t), float(d)) for t, d in zip(quantizer.thresholds, quantizer.heights, strict=True)]

    return np.array([at.mean, at.teacher_mean, slope(steps(False), at.rho), at.sine * slope(steps(True), at.rho_star)])


def controls(at: Reduction, a: Vector, b: Vector) -> Matrix:
    """C − E C, shape (4, N)."""
    activation = at.problem.quantizer(at.rho * a)
    teacher = at.problem.teacher(at.rho_star * (at.cosine * a + at.sine * b))
    return np.stack([activation, teacher, a * activation, b * teacher]) - known_means(at)[:, None]


def coefficients(at: Reduction, a: Vector, b: Vector) -> Matrix:
    """The least-squares β of a pilot block, shape (3, 4)."""
    found = controls(at, a, b)
    sampled = one_row.values(at, a, b)
    sampled -= sampled.mean(axis=1)[:, None]
    solution, *_ = np.linalg.lstsq((found - found.mean(axis=1)[:, None]).T, sampled.T, rcond=None)
    return np.asarray(solution.T)


def values(at: Reduction, a: Vector, b: Vector, beta: Matrix) -> Matrix:
    """F − β(C − E C), shape (3, N)."""
    return one_row.values(at, a, b) - beta @ controls(at, a, b)
