"""One point in every cell of a partition of the line, with the range of the integrand on each cell known.

E F(a) = Σ_i ∫_{cell i} F φ. With x_i uniform on cell i of length h_i, all independent, Σ_i h_i F(x_i)φ(x_i) is
unbiased, and its terms lie in intervals of known lengths w_i = h_i·(sup Fφ − inf Fφ). Hoeffding's inequality
(JASA 1963, theorem 2) for independent bounded terms says, without any limit theorem,

    P(|Σ_i h_i F(x_i)φ(x_i) − E F| ≥ t) ≤ 2 exp(−2t²/Σ_i w_i²).

For a smooth F, w_i is of order h², so the radius falls like N^{−3/2}: that is the variance of a scrambled net in one
dimension, whose points are one per cell as well, with a guarantee. The number of cells follows from the radius wanted,
before anything is drawn: there is no stopping time to be paid for. ``general.sampler-strata`` says that the sum is
unbiased.
"""

import math
from dataclasses import dataclass

import numpy as np

from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers.one_coordinate import REACH, breaks, density, ranges, values
from ste_theory.montecarlo.samplers.reduction import Reduction

MOST_CELLS = 2**23
ROUNDS = 12
_START = np.concatenate([np.arange(-8.0, 8.01, 0.25), [-REACH, -20.0, -12.0, 12.0, 20.0, REACH]])


@dataclass(frozen=True, eq=False)
class Strata:
    """Cells (edges of shape (N + 1,)), the radius that each of A, B, κ gets at the error rate asked for, shape (3,),
    and the bound ½√Σw² of each standard error (a variable in an interval of length w varies by at most w²/4)."""

    edges: Vector
    radius: Vector
    standard_error: Vector

    @property
    def size(self) -> int:
        """The number of cells: of evaluations of F."""
        return self.edges.size - 1


def plan_strata(at: Reduction, targets: Vector, error_rate: float) -> Strata | None:
    """Cells for which |estimate − truth| ≤ ``targets`` for A, B and κ, all three with probability 1 − ``error_rate``.

    An infinite target is not looked at. ``None`` where the ranges do not get narrow (μ′ has no known bound on some
    cell) or too many cells were needed.
    """
    wanted = np.flatnonzero(np.isfinite(targets))
    factor = math.sqrt(math.log(2 * max(1, wanted.size) / error_rate) / 2)
    edges = np.unique(np.concatenate([_START, breaks(at)]))
    for _ in range(ROUNDS):
        left, right = edges[:-1], edges[1:]
        lengths = right - left
        found = ranges(at, left, right, weighted=True)
        with np.errstate(all="ignore"):
            widths = np.stack([lengths * (one.hi - one.lo) for one in found])
        rounding = np.array([2.0**-50 * float(lengths @ one.largest) for one in found])
        radius = factor * np.sqrt((widths**2).sum(axis=1)) + rounding
        if not wanted.size or np.all(radius[wanted] <= targets[wanted]):
            return Strata(edges, radius, np.sqrt((widths**2).sum(axis=1)) / 2)
        if np.any(targets[wanted] <= rounding[wanted]):
            return None
        relative = (factor * widths[wanted] / (targets - rounding)[wanted, None]).max(axis=0)
        if not np.isfinite(relative).all():
            # The range may be infinite only because the cell is wide.
            parts = np.where(np.isfinite(relative), 1, 8)
        else:
            # w falls like 1/parts² and there are so many parts: Σ parts·(w/parts²)² is smallest for parts ∝ √w.
            roots = np.sqrt(relative)
            parts = np.ceil(1.05 * roots * float(roots.sum()) ** (1 / 3)).astype(np.int64)
            parts = np.maximum(parts, 1)
        if parts.sum() > MOST_CELLS:
            return None
        edges = _split(edges, parts)
    return None


def _split(edges: Vector, parts: np.ndarray) -> Vector:
    """Every cell in so many equal parts."""
    starts, lengths = np.repeat(edges[:-1], parts), np.repeat(np.diff(edges) / parts, parts)
    offsets = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    return np.unique(np.append(starts + offsets * lengths, edges[-1]))


def draw_strata(at: Reduction, strata: Strata, draw: np.random.Generator) -> Vector:
    """The estimates of (A, B, κ) from one uniform point per cell, shape (3,)."""
    lengths = np.diff(strata.edges)
    points = strata.edges[:-1] + lengths * draw.random(strata.size)
    return np.asarray(values(at, points) @ (lengths * density(points)))


def replicates(at: Reduction, draw: np.random.Generator, count: int) -> Matrix:
    """(A, B, κ) from one uniform point per cell of the coarsest partition, ``count`` times over, shape (3, count)."""
    edges = np.unique(np.concatenate([_START, breaks(at)]))
    lengths = np.diff(edges)[:, None]
    points = edges[:-1, None] + lengths * draw.random((lengths.size, count))
    drawn = values(at, points.ravel()).reshape(3, *points.shape)
    return np.asarray((drawn * lengths * density(points)).sum(axis=1))
