"""The expected coarse gradient for any surrogate; for the binary activation without cancellation near the minima."""

from dataclasses import dataclass

import numpy as np

from ste_theory.model.gradient import Gradient
from ste_theory.model.problem import Point, Problem
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.gradient import require_direction, require_finite, v_gradient_values
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.moments import PHI_0, Moments, moments
from ste_theory.theory.scope import reduced
from ste_theory.theory.staircases import Staircases


@dataclass(frozen=True, eq=False)
class Components:
    """E g_μ = radial·ŵ + tangential·û at k points, shape (k,), with the moments they are made of."""

    radial: Array
    tangential: Array
    moments: Moments

    def vectors(self, at: Invariants) -> Array:
        """E g_μ, shape (k, n)."""
        return np.asarray(self.radial[:, None] * at.w_hat + self.tangential[:, None] * at.u_hat)


def components(surrogate: Surrogate, at: Invariants) -> Components:
    """The components of E g_μ of the binary activation at k points with w ≠ 0; see ``expected_coarse_gradient``."""
    of = moments(surrogate, at.rho, at.sine, at.cosine)
    near = at.cosine >= 0
    overlap = at.D * (at.sine**2 * of.L)
    with np.errstate(over="ignore", invalid="ignore"):
        radial = (
            np.where(near, at.toward, at.away) * of.K + at.S * at.excess * of.a0 + np.where(near, overlap, -overlap)
        ) / 2
        tangential = -PHI_0 * at.D * (at.sine * of.M)
    return Components(radial, tangential, of)


def problem_coarse_gradient(problem: Problem, at: Invariants, v: Array, v_star: Array) -> tuple[Array, Array]:
    """(∂f/∂v, E g_μ) at k points with w ≠ 0 for any problem."""
    if problem.is_binary:
        return v_gradient_values(at, v, v_star), components(problem.surrogate, at).vectors(at)
    of = Staircases(problem, at)
    with np.errstate(over="ignore", invalid="ignore"):
        return of.v_gradient(v, v_star), of.coarse_gradient


def expected_coarse_gradient(problem: Problem, point: Point) -> Gradient:
    """E g_μ = A ŵ − D b⊥ û in w, shape (n,); ∂f/∂v in v, shape (m,).

        A  = V(a₁ − a₀s₁) − D(b∥ − a₀s₁*) + S a₀(s₁S − s₁*S*),   b⊥ = s Σ_k d*_k φ(τ_k) E μ′(ρ(τ_k cosθ + sinθ ξ))

    For the binary activation

        b⊥ = (sinθ/√(2π)) M(ρ sinθ)
        A  = ½[(V − D)K + S(S − S*)a₀ + D E|a|μ′(ρa)erfc(a cotθ/√2)] for cosθ ≥ 0, and for cosθ < 0
             ½[(V + D)K + S(S − S*)a₀ − D E|a|μ′(ρa)erfc(a|cotθ|/√2)],   K = E|a|μ′(ρa), a₀ = E aμ′(ρa)

    With an input covariance Σ it is Σ^{1/2} times this at Σ^{1/2}w, Σ^{1/2}w*.

    This is A = Va₁ + ½(S²−V)a₀ − Db∥ − ½(SS*−D)a₀ rearranged: every term vanishes at the minimum by itself. In the
    units of v² times those of μ′.

    Domain: w ≠ 0; at θ ∈ {0, π} the tangential part is 0.
    Guarantee: an error of a few 2⁻⁵³ of the sum of the terms' absolute values for surrogates of constant pieces on
    (0, ∞) or windows that touch 0; up to 1e-13 for formulas (see ``response``) and for windows narrower than ρ where
    the activation is not binary.
    Raises ``UndefinedQuantity`` at w = 0.
    Source: general.coarse-gradient; for the three surrogates of Yin et al. 2019: Lemmas 4 and 7 and the clipped ReLU's.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.identity())
    >>> expected_coarse_gradient(problem, Point([1], [1, 0], [1], [0, 1])).w.round(6).tolist()
    [0.398942, -0.398942]
    """
    of = reduced(problem, point)
    at = invariants(of.point)
    require_direction(at, "the expected coarse gradient")
    v, w = problem_coarse_gradient(of.problem, at, of.point.v[None], of.point.v_star[None])
    return Gradient(
        require_finite(of.v_part(v[0]), "∂f/∂v"), require_finite(of.w_part(w[0]), "the expected coarse gradient")
    )
