"""The correlation of the expected coarse gradient with the population gradient."""

import math

import numpy as np

from ste_theory.model.problem import Point, Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.gradient import require_direction, require_finite
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.moments import Moments, moments
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
    at = invariants(point)
    require_direction(at, "the correlation")
    return float(require_finite(problem_correlation(problem, at), "the correlation")[0])
