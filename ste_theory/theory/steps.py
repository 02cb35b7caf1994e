"""Staircases at given scales: means, variances and covariances of σ(ρa) and σ*(ρ*(ca + sb)), and their derivatives.

With α_j = t_j/ρ, τ_k = t*_k/ρ* and a, b iid N(0, 1); c₀ enters the means only:

    s₁ = c₀ + Σ d_j Φ(−α_j)              q = Var σ(ρa) = Σ_ij d_i d_j Φ(−max(α_i, α_j)) Φ(min(α_i, α_j))
    k  = Cov = Σ_jk d_j d*_k [P(a > α_j, ca + sb > τ_k) − Φ(−α_j)Φ(−τ_k)]
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ste_theory.model.quantizers import Staircase
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants
from ste_theory.theory.moments import PHI_0
from ste_theory.theory.once import once
from ste_theory.theory.orthants import Angle, covariance, covariance_slope, edge, quiet

# Equal thresholds α_j = τ_k may differ by the roundings of ρ, ρ* and two divisions.
COINCIDE = 16 * np.finfo(np.float64).eps


def density(x: Array) -> Array:
    """φ(x); callers let x² overflow."""
    return np.asarray(PHI_0 * np.exp(-x * x / 2))


@dataclass(frozen=True, eq=False)
class Steps:
    """A staircase seen at k scales: ``edges`` α (k, K), ``heights`` d (K,), c₀."""

    offset: float
    heights: Array
    edges: Array

    @cached_property
    def above(self) -> Array:
        """Φ(−α), shape (k, K)."""
        return np.asarray(ndtr(-self.edges))

    @cached_property
    def slopes(self) -> Array:
        """φ(α)α = ρ ∂Φ(−α)/∂ρ, shape (k, K)."""
        return np.asarray(density(self.edges) * self.edges)

    @cached_property
    def mean(self) -> Array:
        """s₁, shape (k,)."""
        return np.asarray(self.offset + self.above @ self.heights)

    @cached_property
    def variance(self) -> Array:
        """q, shape (k,): a sum of positive terms."""
        return self._pairs(self.above, np.asarray(ndtr(self.edges)))

    @cached_property
    def mean_slope(self) -> Array:
        """ρ ∂s₁/∂ρ = Σ d_j φ(α_j)α_j, shape (k,)."""
        return np.asarray(self.slopes @ self.heights)

    @cached_property
    def variance_slope(self) -> Array:
        """ρ ∂q/∂ρ = Σ_ij d_i d_j (φ(M)M Φ(m) − Φ(−M)φ(m)m) with M, m the larger and the smaller of α_i, α_j."""
        return self._pairs(self.slopes, np.asarray(ndtr(self.edges))) - self._pairs(self.above, self.slopes)

    def _pairs(self, later: Array, earlier: Array) -> Array:
        """Σ_ij d_i d_j later_max(i,j) earlier_min(i,j) = Σ_j d_j later_j (2Σ_{i≤j} d_i earlier_i − d_j earlier_j)."""
        weighted = earlier * self.heights
        return np.asarray((later * (2 * np.cumsum(weighted, axis=1) - weighted)) @ self.heights)


@once
def _floats(staircase: Staircase) -> tuple[Array, Array, float]:
    """Thresholds, heights and offset."""
    thresholds = np.array([float(t) for t in staircase.thresholds])
    heights = np.array([float(d) for d in staircase.heights])
    for array in (thresholds, heights):
        array.setflags(write=False)
    return thresholds, heights, float(staircase.offset)


def steps(staircase: Staircase, scale: Array) -> Steps:
    """The staircase at k scales > 0."""
    thresholds, heights, offset = _floats(staircase)
    with np.errstate(over="ignore"):
        edges = np.minimum(np.maximum(thresholds / scale[:, None], -1e150), 1e150)  # squares stay finite
    return Steps(offset, heights, edges)


@dataclass(frozen=True, eq=False)
class Pair:
    """The student's and the teacher's steps at k points, and the angle between them."""

    student: Steps
    teacher: Steps
    angle: Angle

    def rows(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> "Pair":
        """Some of the points."""
        student, teacher = (replace(x, edges=x.edges[rows]) for x in (self.student, self.teacher))
        return Pair(student, teacher, self.angle.rows(rows))

    def _sum(self, values: Array) -> Array:
        return np.asarray((values @ self.teacher.heights) @ self.student.heights)

    @property
    def _edges(self) -> tuple[Array, Array]:
        return self.student.edges[:, :, None], self.teacher.edges[:, None, :]

    @cached_property
    def covariance(self) -> Array:
        """k, shape (k,)."""
        return self._sum(covariance(*self._edges, self.angle))

    @cached_property
    def covariance_turn(self) -> Array:
        """−∂k/∂θ ≥ 0, shape (k,)."""
        return self._sum(covariance_slope(*self._edges, self.angle))

    @cached_property
    def covariance_slope(self) -> Array:
        """ρ ∂k/∂ρ = Σ_jk d_j d*_k φ(α_j)α_j [Φ((cα_j − τ_k)/s) − Φ(−τ_k)], shape (k,)."""
        with quiet():
            seen = ndtr(edge(*self._edges, self.angle)) - self.teacher.above[:, None, :]
        return np.asarray(((seen @ self.teacher.heights) * self.student.slopes) @ self.student.heights)

    def shared(self, at: Invariants) -> npt.NDArray[np.bool_]:
        """Where an edge of the student is one of the teacher (parallel w, w* only) and the covariance has a kink.

        α_j = τ_k at θ = 0, α_j = −τ_k at θ = π, to within rounding. For n = 1 an edge at 0 does not move with w: none.
        """
        alpha, tau = self._edges
        other = np.where(self.angle.cosine >= 0, tau, -tau)
        close = np.abs(alpha - other) <= COINCIDE * np.maximum(np.abs(alpha), np.abs(other))
        return np.asarray(at.parallel & np.any(close & ((at.n > 1) | (alpha != 0)), axis=(1, 2)))
