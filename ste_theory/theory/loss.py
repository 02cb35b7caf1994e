"""The population loss; that of the binary activation in a form whose terms cannot cancel."""

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.scope import reduced
from ste_theory.theory.staircases import Staircases


def problem_loss(problem: Problem, at: Invariants) -> Array:
    """f at k points, shape (k,), for any problem."""
    with np.errstate(over="ignore", invalid="ignore"):
        return loss_values(at) if problem.is_binary else Staircases(problem, at).loss


def loss_values(at: Invariants) -> Array:
    """f of the binary activation at k points, shape (k,); see ``population_loss``."""
    near = at.distance + at.excess**2
    far = at.opposite + at.excess**2
    angle = np.where(at.D >= 0, at.theta, at.supplement)
    with np.errstate(invalid="ignore"):
        value = np.where(at.D >= 0, near, far) / 8 + angle * np.abs(at.D) / (2 * np.pi)
    return np.asarray(np.where(at.zero, (at.V_star + at.S_star**2) / 8, value))


def population_loss(problem: Problem, point: Point) -> float:
    """f = E ½(vᵀσ(Zw) − v*ᵀσ*(Zw*))² = ½[qV − 2kD + q*V* + (s₁S − s₁*S*)²], in the square of the units of v.

    q and q* are the variances of the activations of one row, k is their covariance, s₁ and s₁* are their means. For the
    binary activation that is ⅛(‖v − v*‖² + (S − S*)²) + θD/(2π), for D < 0 computed as ⅛(‖v + v*‖² + (S − S*)²) +
    (π − θ)|D|/(2π): no term is ever negative.

    With an input covariance Σ it is f at Σ^{1/2}w, Σ^{1/2}w*. A teacher's rows that the student lacks count as v_i = 0.

    Domain: every point; at w = 0 the student's output is σ(0)S, for the binary activation f = ⅛ v*ᵀ(I + 11ᵀ)v*.
    Guarantee: binary: a relative error of a few m·2⁻⁵³, also at the minima and at angles down to 1e-16 from 0 and π;
    other staircases: a few m·2⁻⁵³ of the sum of the terms' absolute values, with those of k's summands counted as 1.
    Raises ``InvalidInput`` if f exceeds the range of floats.
    Source: general.population-loss; binary: Yin et al. 2019, Lemma 1 (yin2019.loss).

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> population_loss(problem, Point([1], [0, 2], [1], [1, 0]))
    0.25
    """
    of = reduced(problem, point)
    value = float(problem_loss(of.problem, invariants(of.point))[0])
    if not np.isfinite(value):
        raise InvalidInput("v, v_star: the population loss exceeds the range of floats here; scale both down")
    return value
