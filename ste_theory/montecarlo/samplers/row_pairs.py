"""All pairs of rows: what one row gives its own residual and what it gives the residual of another, no mean assumed.

A needs E[aμ′(ρa)·σ(ρa′)] and E[aμ′(ρa)·σ*(h*′)] over two different rows. From K independent rows there are K(K − 1)
such pairs, and their average is (Σx Σy − Σxy)/(K(K − 1)): all pairs at the price of K rows.
``general.sampler-row-pairs`` says that the average has the right expectation.
"""

import numpy as np

from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers.reduction import Reduction


def values(at: Reduction, a: Matrix, b: Matrix) -> Matrix:
    """(A, B, κ) from groups of K rows, ``a`` and ``b`` of shape (K, N): shape (3, N)."""
    V, S, D, _, S_star = at.sums
    h, count = at.rho * a, len(a)
    backward, activation = at.problem.surrogate(h), np.asarray(at.problem.quantizer(h), dtype=np.float64)
    teacher = np.asarray(at.problem.teacher(at.rho_star * (at.cosine * a + at.sine * b)), dtype=np.float64)
    pull = a * backward
    total = pull.sum(axis=0)

    def pairs(other: Matrix) -> np.ndarray:
        return np.asarray((total * other.sum(axis=0) - (pull * other).sum(axis=0)) / (count * (count - 1)))

    own = (pull * (V * activation - D * teacher)).mean(axis=0)
    radial = own + (S * S - V) * pairs(activation) - (S * S_star - D) * pairs(teacher)
    tangential = -D * (at.sine != 0) * (b * backward * teacher).mean(axis=0)
    return np.stack([radial, tangential, (activation * teacher).mean(axis=0)])
