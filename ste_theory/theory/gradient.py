"""The population gradient of the binary activation."""

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.gradient import Gradient
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.scope import require_binary


def require_direction(at: Invariants, quantity: str) -> None:
    """Raise ``UndefinedQuantity`` for the first point with w = 0."""
    if at.zero.any():
        raise UndefinedQuantity(f"{quantity} does not exist at w = 0{_row(at, at.zero)}")


def require_smooth(at: Invariants) -> None:
    """Raise ``UndefinedQuantity`` for the first point where f has a kink in w: θ ∈ {0, π}, D ≠ 0, n ≥ 2."""
    kink = at.parallel & (at.D != 0) & (at.n > 1)
    if kink.any():
        end = "0" if at.cosine[np.argmax(kink)] > 0 else "π"
        raise UndefinedQuantity(
            f"∂f/∂w does not exist where w and w_star are parallel to within rounding (θ = {end}) and vᵀv* ≠ 0"
            f"{_row(at, kink)}; ∂f/∂v does: theory.gradient.v_gradient"
        )


def require_finite(gradient: Array, quantity: str) -> Array:
    """The array, or ``InvalidInput`` if a number left the range of floats."""
    if not np.isfinite(gradient).all():
        raise InvalidInput(f"{quantity} exceeds the range of floats here; rescale the weights")
    return gradient


def _row(at: Invariants, where: npt.NDArray[np.bool_]) -> str:
    return f" (row {int(np.argmax(where))})" if len(at.rho) > 1 else ""


def v_gradient_values(at: Invariants, v: Array, v_star: Array) -> Array:
    """∂f/∂v at k points, shape (k, m), for w ≠ 0."""
    near = (at.theta <= np.pi / 2)[:, None]
    difference = np.where(near, v - v_star, v + v_star) + at.excess[:, None]
    angle = np.where(near, at.theta[:, None], -at.supplement[:, None])
    return np.asarray(difference / 4 + angle * v_star / (2 * np.pi))


def w_gradient_values(at: Invariants) -> Array:
    """∂f/∂w = −(D/(2πρ)) û at k points, shape (k, n); 0 where D = 0 or n = 1, for w ≠ 0 and no kink."""
    live = (at.D != 0) & ~at.parallel
    with np.errstate(over="ignore"):
        factor = np.where(live, -at.D / (2 * np.pi * at.rho), 0.0)
    return np.asarray(factor[:, None] * at.u_hat)


def v_gradient(problem: Problem, point: Point) -> Vector:
    """∂f/∂v = E[σ(Zw)(y − y*)] = ¼[(v − v*) + (S − S*)1] + (θ/2π)v*, shape (m,), in the units of v.

    For θ > π/2 the same vector is computed as ¼[(v + v*) + (S − S*)1] − ((π − θ)/2π)v*.

    Domain: w ≠ 0, every angle. Guarantee: each entry to a few 2⁻⁵³ of the sum of its terms' absolute values.
    Raises ``UndefinedQuantity`` at w = 0 (f jumps there), ``InvalidInput`` for another quantizer than the binary one.
    Source: Yin et al. 2019, Lemma 2 (yin2019.gradient).

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> v_gradient(problem, Point([1], [3], [1], [-1])).tolist()
    [0.5]
    """
    require_binary(problem)
    at = invariants(point)
    require_direction(at, "∂f/∂v")
    return require_finite(v_gradient_values(at, point.v[None], point.v_star[None])[0], "∂f/∂v")


def population_gradient(problem: Problem, point: Point) -> Gradient:
    """∂f/∂v as in ``v_gradient``; ∂f/∂w = −(D/(2πρ)) û, in the units of v² over those of w.

    Shapes (m,) and (n,). The surrogate plays no part.

    Domain: w ≠ 0; for D ≠ 0 and n ≥ 2 also θ ∉ {0, π}, where f has a kink. For D = 0 or n = 1 there is none: ∂f/∂w = 0.
    Parallel means: one rounding per entry explains that w and w* are not multiples of each other.
    Guarantee: ∂f/∂w to a few n·2⁻⁵³ of its norm, at every angle.
    Raises ``UndefinedQuantity`` outside that domain; ``InvalidInput`` for another quantizer than the binary one.
    Source: Yin et al. 2019, Lemma 2 (yin2019.gradient; general.population-gradient for staircases).

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> population_gradient(problem, Point([2], [1, 0], [1], [0, 3])).w.round(6).tolist()
    [-0.0, -0.31831]
    """
    require_binary(problem)
    at = invariants(point)
    require_direction(at, "the population gradient")
    require_smooth(at)
    v = require_finite(v_gradient_values(at, point.v[None], point.v_star[None])[0], "∂f/∂v")
    return Gradient(v, require_finite(w_gradient_values(at)[0], "∂f/∂w"))
