"""Loss, gradients and correlation for any two staircases, in terms of variances and covariances of the activations.

f = ½[qV − 2kD + q*V* + e²],   e = s₁S − s₁*S*
∂f/∂v = qv − kv* + s₁e1        ∂f/∂ρ = ½q′V − k′D + s₁′Se        ∂f/∂θ = −D ∂k/∂θ
E g_μ = Aŵ − Db⊥û,             A = V(a₁ − a₀s₁) − D(b∥ − a₀s₁*) + Sa₀e
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ste_theory.model.problem import Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants
from ste_theory.theory.orthants import angle
from ste_theory.theory.overlaps import Overlaps, overlaps
from ste_theory.theory.steps import Pair, steps


@dataclass(frozen=True, eq=False)
class Staircases:
    """The quantities of one problem at k points; each is computed when first asked for. All but ``loss`` need w ≠ 0."""

    problem: Problem
    at: Invariants

    @cached_property
    def pair(self) -> Pair:
        """The steps at the points' scales; where w = 0, at scale 1."""
        student = steps(self.problem.quantizer, np.where(self.at.zero, 1.0, self.at.rho))
        return Pair(student, steps(self.problem.teacher, self.at.rho_star), angle(self.at))

    @cached_property
    def residual(self) -> Array:
        """e = s₁S − s₁*S* = E(y − y*)."""
        return np.asarray(self.pair.student.mean * self.at.S - self.pair.teacher.mean * self.at.S_star)

    @cached_property
    def covariance(self) -> Array:
        """k."""
        return self.pair.covariance

    @cached_property
    def overlaps(self) -> Overlaps:
        """The moments of the surrogate derivative."""
        return overlaps(self.problem, self.pair, self.at)

    @property
    def kink(self) -> npt.NDArray[np.bool_]:
        """Where f has a kink in w."""
        return np.asarray((self.at.D != 0) & self.pair.shared(self.at))

    @property
    def loss(self) -> Array:
        """f, shape (k,). At w = 0 the student's output is the constant σ(0)S."""
        teacher = self.pair.teacher.variance * self.at.V_star
        own = self.pair.student.variance * self.at.V - 2 * self.covariance * self.at.D
        constant = float(self.problem.quantizer(np.zeros(1))[0])
        residual = np.where(self.at.zero, constant * self.at.S - self.pair.teacher.mean * self.at.S_star, self.residual)
        # Rounding must not make a minimum of 0 negative.
        return np.asarray(np.maximum(np.where(self.at.zero, 0.0, own) + teacher + residual**2, 0.0) / 2)

    def v_gradient(self, v: Array, v_star: Array) -> Array:
        """∂f/∂v, shape (k, m)."""
        own = self.pair.student.variance[:, None] * v - self.covariance[:, None] * v_star
        return np.asarray(own + (self.pair.student.mean * self.residual)[:, None])

    @cached_property
    def gradient_radial(self) -> Array:
        """∂f/∂ρ, shape (k,); where f has a kink, its limit for θ → 0 or π at this ρ."""
        student = self.pair.student
        own = student.variance_slope * self.at.V / 2 - self.pair.covariance_slope * self.at.D
        return np.asarray((own + student.mean_slope * self.at.S * self.residual) / self.at.rho)

    @cached_property
    def gradient_tangential(self) -> Array:
        """⟨∂f/∂w, û⟩ = −(1/ρ)∂f/∂θ, shape (k,)."""
        return np.asarray(-self.at.D * self.pair.covariance_turn / self.at.rho)

    @property
    def w_gradient(self) -> Array:
        """∂f/∂w, shape (k, n), where there is no kink: along ŵ alone where w and w* are parallel."""
        sideways = np.where(self.at.parallel | (self.at.n == 1), 0.0, self.gradient_tangential)
        return np.asarray(self.gradient_radial[:, None] * self.at.w_hat + sideways[:, None] * self.at.u_hat)

    @cached_property
    def coarse_radial(self) -> Array:
        """A, shape (k,)."""
        of, at = self.overlaps, self.at
        return np.asarray(at.V * of.student - at.D * of.parallel + at.S * of.a0 * self.residual)

    @cached_property
    def coarse_tangential(self) -> Array:
        """−Db⊥, shape (k,)."""
        return np.asarray(-self.at.D * self.overlaps.perpendicular)

    @property
    def coarse_gradient(self) -> Array:
        """E g_μ, shape (k, n)."""
        return np.asarray(self.coarse_radial[:, None] * self.at.w_hat + self.coarse_tangential[:, None] * self.at.u_hat)

    @property
    def correlation(self) -> Array:
        """⟨E g_μ, ∂f/∂w⟩, shape (k,)."""
        return np.asarray(self.coarse_radial * self.gradient_radial + self.coarse_tangential * self.gradient_tangential)
