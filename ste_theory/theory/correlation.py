"""The correlation of the expected coarse gradient with the population gradient."""

import math

import numpy as np

from ste_theory.model.problem import Point, Problem
from ste_theory.theory.coarse_gradient import problem_coarse_gradient
from ste_theory.theory.double_double import Array
from ste_theory.theory.gradient import problem_gradient, require_direction, require_finite
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.moments import Moments, moments
from ste_theory.theory.scope import reduced
from ste_theory.theory.staircases import Staircases


def problem_correlation(problem: Problem, at: Invariants) -> Array:
    """⟨E g_μ, ∂f/∂w⟩ at k points with w ≠ 0, shape (k,), for any problem."""
    if problem.is_binary:
        return correlation_values(at, moments(problem.surrogate, at.rho, at.sine, at.cosine))
    with np.errstate(over="ignore", invalid="ignore"):
        return Staircases(problem, at).correlation


def correlation_values(at: Invariants, of: Moments) -> Array:
    """⟨E g_μ, ∂f/∂w⟩ of the binary activation at k points with w ≠ 0, shape (k,)."""
    with np.errstate(over="ignore"):
        return np.asarray((at.D / at.rho) * (at.D * (at.sine * of.M)) / (2 * math.pi) ** 1.5)


def correlation(problem: Problem, point: Point) -> float:
    """⟨E g_μ, ∂f/∂w⟩ = A ∂f/∂ρ + D b⊥ (1/ρ)∂f/∂θ, in the units of v⁴μ′ over those of w.

    For the binary activation this is D² sinθ M(ρ sinθ) / ((2π)^{3/2} ρ).

    With an input covariance Σ it is ⟨E g̃_μ, Σ ∂f̃/∂w̃⟩ at w̃ = Σ^{1/2}w, w̃* = Σ^{1/2}w*, which can be negative for every
    surrogate (general.non-isotropic); it exists where ``population_gradient`` does.

    Domain: w ≠ 0. At θ ∈ {0, π}, where ∂f/∂w need not exist, the limit at this ρ: for the binary activation 0.
    Guarantee: staircases: as the two gradients. Binary: relative to D²sinθE|μ′(ρ sinθ ξ)|/((2π)^{3/2}ρ) as
    ``response``, at every angle; its sign is that of M.
    Raises ``UndefinedQuantity`` at w = 0.
    Source: general.correlation; Yin et al. 2019, Lemmas 5 and 8.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> round(correlation(problem, Point([1], [1, 0], [1], [0, 1])), 6)
    0.031747
    """
    of = reduced(problem, point)
    at = invariants(of.point)
    require_direction(at, "the correlation")
    if of.root is None:
        return float(require_finite(problem_correlation(of.problem, at), "the correlation")[0])
    both = of.point.v[None], of.point.v_star[None]
    coarse = of.w_part(problem_coarse_gradient(of.problem, at, *both)[1][0])
    gradient = of.w_part(problem_gradient(of.problem, at, *both)[1][0])
    return float(require_finite(np.asarray(coarse @ gradient), "the correlation"))
