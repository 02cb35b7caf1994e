"""The population loss of the binary activation, in a form whose terms cannot cancel."""

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.scope import require_binary


def loss_values(at: Invariants) -> Array:
    """f at k points, shape (k,); see ``population_loss``."""
    near = at.distance + at.excess**2
    far = at.opposite + at.excess**2
    angle = np.where(at.D >= 0, at.theta, at.supplement)
    with np.errstate(invalid="ignore"):
        value = np.where(at.D >= 0, near, far) / 8 + angle * np.abs(at.D) / (2 * np.pi)
    return np.asarray(np.where(at.zero, (at.V_star + at.S_star**2) / 8, value))


def population_loss(problem: Problem, point: Point) -> float:
    """f = E ½(vᵀσ(Zw) − v*ᵀσ(Zw*))² = ⅛(‖v − v*‖² + (S − S*)²) + θD/(2π), in the square of the units of v.

    For D < 0 the same number is computed as ⅛(‖v + v*‖² + (S − S*)²) + (π − θ)|D|/(2π): no term is ever negative.

    Domain: every point; at w = 0 the student's output is 0 and f = ⅛ v*ᵀ(I + 11ᵀ)v*.
    Guarantee: a relative error of a few m·2⁻⁵³, also at the minima and at angles down to 1e-16 from 0 and π.
    Raises ``InvalidInput`` for a quantizer other than the binary one, or if f exceeds the range of floats.
    Source: Yin et al. 2019, Lemma 1 (yin2019.loss; general.population-loss for staircases).

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> population_loss(problem, Point([1], [0, 2], [1], [1, 0]))
    0.25
    """
    require_binary(problem)
    with np.errstate(over="ignore"):
        value = float(loss_values(invariants(point))[0])
    if not np.isfinite(value):
        raise InvalidInput("v, v_star: the population loss exceeds the range of floats here; scale both down")
    return value
