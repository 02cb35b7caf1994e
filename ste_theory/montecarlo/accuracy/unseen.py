"""What a sample may have missed: the largest share of the expectation that an event along ŵ can have which it need not
have seen.

    missed(p) = sup { E |F|1{a ∈ R} : P(a ∈ R) ≤ p },      p = log(1/δ)/N,

for F = F_A, F_B, F_κ (``samplers.one_row``) and a = ⟨Z_i,ŵ⟩; for A and κ the largest value over b counts, so that R
may be any event of the row. N independent rows all avoid R with probability
(1 − p)^N ≤ δ, and N points in scrambled nets do not avoid an interval more easily. So an event that contributes more
than missed(p) is in the sample with probability 1 − δ, and one that contributes less is paid for where missed(p) is
added to the radius.

That is also what Student's t lacks when few of the events are in the sample. Let a rare value h have probability q, and
k of N draws have it; the sample sees the error |k − Nq|h/N and the standard error h√k/N. With l = log(1/δ) and
missed(l/N) = hl/N the sum of both radii is (√(2lk) + l)h/N, and Nq > k + √(2lk) + l has (nearly) probability below
e^{−l} for a Poisson number k; for k = 0 exactly.

A second moment alone would say that something is missing, but not how much that is of the mean. It rests on suprema
of μ′ over cells, as the bounds of ``variances`` do; where they are infinite nothing is known.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ste_theory.model.errors import UndefinedQuantity
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accuracy.request import reduced
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.ranges import Ranges
from ste_theory.montecarlo.samplers.one_coordinate import REACH, breaks, density_ranges, surrogate_ranges
from ste_theory.montecarlo.samplers.reduction import Reduction
from ste_theory.montecarlo.variances import levels

CELLS = 2**12


@dataclass(frozen=True, eq=False)
class Unseen:
    """Cells along ŵ: bounds of |F| on them (of F_B averaged over b), shape (3, N), and of their probabilities, (N,)."""

    largest: Matrix
    probability: Vector

    def missed(self, probability: float) -> Vector:
        """Upper bounds of missed(``probability``) for A, B, κ, shape (3,); infinite where none is known.

        The cells with the largest values first, the last one in part.
        """
        return np.array([self._missed(values, probability) for values in self.largest])

    def _missed(self, values: Vector, probability: float) -> float:
        order = np.argsort(-values, kind="stable")
        before = np.concatenate([[0.0], np.cumsum(self.probability[order])[:-1]])
        taken = np.clip(probability - before, 0.0, self.probability[order])
        used = taken > 0
        return float(values[order][used] @ taken[used])


@lru_cache(maxsize=8)
def unseen(problem: Problem, point: Point, *, pairs: bool) -> Unseen | None:
    """The cells at a point, for F of one row or of all ``pairs`` of rows; ``None`` where there is no plane."""
    if problem.input_root is not None:
        return None
    try:
        at = reduced(problem, point)
    except UndefinedQuantity:
        return None
    edges = np.unique(np.concatenate([np.linspace(-8, 8, CELLS), np.linspace(-REACH, REACH, CELLS // 8), breaks(at)]))
    left, right = edges[:-1], edges[1:]
    a = Ranges(left, right)
    with np.errstate(all="ignore"):
        backward = surrogate_ranges(at, a).largest
        activation = np.asarray(problem.quantizer(at.rho * (left + right) / 2), dtype=np.float64)
        teacher = levels(problem.teacher)
        most = float(np.abs(teacher).max())
        found = np.stack(
            [
                a.largest * backward * _residual(at, activation, teacher, pairs=pairs),
                # E|b| = √(2/π), and b is independent of a.
                abs(at.sums[2]) * (at.sine != 0) * math.sqrt(2 / math.pi) * most * backward,
                np.abs(activation) * most,
            ]
        )
    nothing = np.array([at.sums[0] == 0, at.sums[2] == 0 or at.sine == 0, False])
    found[nothing] = 0.0
    return Unseen(np.nan_to_num(found, nan=math.inf, posinf=math.inf), density_ranges(a).hi * (right - left))


def _residual(at: Reduction, activation: Vector, teacher: Vector, *, pairs: bool) -> Vector:
    """The most that |Vσ(ρa) − Dσ*(h*) + …| is on each cell, the other rows by their means or by any of their values."""
    V, S, D, _, S_star = at.sums
    own = V * activation
    low, high = np.abs(own - D * teacher.min()), np.abs(own - D * teacher.max())
    if not pairs:
        low, high = np.abs(own - D * teacher.min() + at.constant), np.abs(own - D * teacher.max() + at.constant)
        return np.asarray(np.maximum(low, high))
    student = levels(at.problem.quantizer)
    others = abs(S * S - V) * np.abs(student).max() + abs(S * S_star - D) * np.abs(teacher).max()
    return np.asarray(np.maximum(low, high) + others)
