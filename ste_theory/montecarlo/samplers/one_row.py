"""The other rows integrated out: (A, B, κ) = E F(a, b) for one row (a, b) of two independent standard normal numbers.

    F_A = a μ′(ρa)[Vσ(ρa) − Dσ*(h*) + (S² − V)s₁ − (SS* − D)s₁*],   F_B = −D b μ′(ρa)σ*(h*),   F_κ = σ(ρa)σ*(h*)

with h* = ρ*(ca + sb). The residual of the other rows is independent of this row, so only its mean counts
(Rao–Blackwell); and all rows have the same distribution, so one draw serves them all. ``general.sampler-one-row`` says
so.
"""

import numpy as np

from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers.reduction import Reduction


def values(at: Reduction, a: Vector, b: Vector) -> Matrix:
    """F(a, b) for the rows A, B, κ, shape (3, N)."""
    V, _, D, _, _ = at.sums
    h = at.rho * a
    backward, activation = at.problem.surrogate(h), at.problem.quantizer(h)
    teacher = at.problem.teacher(at.rho_star * (at.cosine * a + at.sine * b))
    # Without the direction û there is nothing along it.
    sideways = -D * (at.sine != 0)
    return np.stack(
        [
            a * backward * (V * activation - D * teacher + at.constant),
            sideways * b * backward * teacher,
            activation * teacher,
        ]
    )
