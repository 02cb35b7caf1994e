"""Staircases at given scales: means, variances and covariances of σ(ρa) and σ*(ρ*(ca + sb)), and their derivatives.

With α_j = t_j/ρ, τ_k = t*_k/ρ* and a, b iid N(0, 1); c₀ enters the means only:

    s₁ = c₀ + Σ d_j Φ(−α_j)              q = Var σ(ρa) = Σ_ij d_i d_j Φ(−max(α_i, α_j)) Φ(min(α_i, α_j))
    k  = Cov = Σ_jk d_j d*_k [P(a > α_j, ca + sb > τ_k) − Φ(−α_j)Φ(−τ_k)]
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ste_theory.model.quantizers import Staircase
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants
from ste_theory.theory.moments import PHI_0
from ste_theory.theory.orthants import Angle, covariance, covariance_slope, edge

# Equal thresholds α_j = τ_k may differ by the roundings of ρ, ρ* and two divisions.
COINCIDE = 16 * np.finfo(np.float64).eps


def density(x: Array) -> Array:
    """φ(x)."""
    with np.errstate(over="ignore"):
        return np.asarray(PHI_0 * np.exp(-x * x / 2))


@dataclass(frozen=True, eq=False)
class Steps:
    """A staircase seen at k scales: ``edges`` α (k, K), ``heights`` d (K,), c₀."""

    offset: float
    heights: Array
    edges: Array

    @property
    def mean(self) -> Array:
        """s₁, shape (k,)."""
        return np.asarray(self.offset + ndtr(-self.edges) @ self.heights)

    @property
    def variance(self) -> Array:
        """q, shape (k,): a sum of positive terms."""
        left, right = self.edges[:, :, None], self.edges[:, None, :]
        return self._pairs(ndtr(-np.maximum(left, right)) * ndtr(np.minimum(left, right)))

    @property
    def mean_slope(self) -> Array:
        """ρ ∂s₁/∂ρ = Σ d_j φ(α_j)α_j, shape (k,)."""
        return np.asarray((density(self.edges) * self.edges) @ self.heights)

    @property
    def variance_slope(self) -> Array:
        """ρ ∂q/∂ρ = Σ_ij d_i d_j (φ(M)M Φ(m) − Φ(−M)φ(m)m) with M, m the larger and the smaller of α_i, α_j."""
        left, right = self.edges[:, :, None], self.edges[:, None, :]
        high, low = np.maximum(left, right), np.minimum(left, right)
        return self._pairs(density(high) * high * ndtr(low) - ndtr(-high) * density(low) * low)

    def _pairs(self, values: Array) -> Array:
        return np.asarray((values @ self.heights) @ self.heights)


def steps(staircase: Staircase, scale: Array) -> Steps:
    """The staircase at k scales > 0."""
    thresholds = np.array([float(t) for t in staircase.thresholds])
    heights = np.array([float(d) for d in staircase.heights])
    with np.errstate(over="ignore"):
        edges = np.clip(thresholds / scale[:, None], -1e150, 1e150)  # squares stay finite
    return Steps(float(staircase.offset), heights, edges)


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

    @property
    def covariance(self) -> Array:
        """k, shape (k,)."""
        return self._sum(covariance(*self._edges, self.angle))

    @property
    def covariance_turn(self) -> Array:
        """−∂k/∂θ ≥ 0, shape (k,)."""
        return self._sum(covariance_slope(*self._edges, self.angle))

    @property
    def covariance_slope(self) -> Array:
        """ρ ∂k/∂ρ = Σ_jk d_j d*_k φ(α_j)α_j [Φ((cα_j − τ_k)/s) − Φ(−τ_k)], shape (k,)."""
        alpha, tau = self._edges
        return self._sum(density(alpha) * alpha * (ndtr(edge(alpha, tau, self.angle)) - ndtr(-tau)))

    def shared(self, at: Invariants) -> npt.NDArray[np.bool_]:
        """Where an edge of the student is one of the teacher (parallel w, w* only) and the covariance has a kink.

        α_j = τ_k at θ = 0, α_j = −τ_k at θ = π, to within rounding. For n = 1 an edge at 0 does not move with w: none.
        """
        alpha, tau = self._edges
        other = np.where(self.angle.cosine >= 0, tau, -tau)
        close = np.abs(alpha - other) <= COINCIDE * np.maximum(np.abs(alpha), np.abs(other))
        return np.asarray(at.parallel & np.any(close & ((at.n > 1) | (alpha != 0)), axis=(1, 2)))
