"""The gradients a trainer sees: means of the program over a fresh batch.

Start i draws its batch of step t from SeedSequence(seed, spawn_key=(1, i, t)): no order of evaluation, interruption or
other start changes it, and runs with other surrogates at the same seed see the same inputs.
"""

import numpy as np

from ste_theory.dynamics.state import Rows, Teacher
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.program import Layout, columns
from ste_theory.theory.double_double import Array

BATCHES = 1  # the first word of the spawn key; starts are drawn under 0
LARGEST = 2**16  # numbers of input held at a time


def batch_gradients(
    problem: Problem, teacher: Teacher, v: Array, w: Array, *, batch: int, seed: int, step: int, rows: Rows
) -> tuple[Array, Array, Array]:
    """Means of ∂ℓ/∂v (k, m), g_μ (k, n) and ℓ (k,) over ``batch`` inputs each; ``rows`` numbers the starts."""
    k, m, n = len(v), v.shape[1], w.shape[1]
    sums = np.zeros((k, m + n + 1))
    size = max(1, LARGEST // (m * n))
    for index in range(k):
        sequence = np.random.SeedSequence(seed, spawn_key=(BATCHES, int(rows[index]), step))
        draw = np.random.Generator(np.random.SFC64(sequence))
        point = Point(v[index], w[index], teacher.v_star, teacher.w_star)
        for first in range(0, batch, size):
            z = draw.standard_normal((min(size, batch - first), m, n))
            sums[index] += columns(problem, point, z).sum(axis=0)
    groups, means = Layout(m, n).groups, sums / batch
    return means[:, groups["v_gradient"]], means[:, groups["coarse_gradient"]], means[:, m + n]
