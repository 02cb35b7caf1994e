"""The population gradient."""

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.gradient import Gradient
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants, invariants
from ste_theory.theory.scope import reduced
from ste_theory.theory.staircases import Staircases


def require_direction(at: Invariants, quantity: str) -> None:
    """Raise ``UndefinedQuantity`` for the first point with w = 0."""
    if at.zero.any():
        raise UndefinedQuantity(f"{quantity} does not exist at w = 0{_row(at, at.zero)}")


def require_smooth(at: Invariants, staircases: Staircases | None = None) -> None:
    """Raise ``UndefinedQuantity`` for the first point where f has a kink in w: θ ∈ {0, π}, D ≠ 0 and a step of the
    student falls on one of the teacher (for the binary activation, ``None``, always if n ≥ 2)."""
    kink = at.parallel & (at.D != 0) & (at.n > 1) if staircases is None else staircases.kink
    if kink.any():
        end = "0" if at.cosine[np.argmax(kink)] > 0 else "π"
        steps = "" if staircases is None else ", a step of the student falls on one of the teacher"
        raise UndefinedQuantity(
            f"∂f/∂w does not exist where w and w_star are parallel to within rounding (θ = {end}){steps} and vᵀv* ≠ 0"
            f"{_row(at, kink)}; ∂f/∂v does: theory.gradient.v_gradient"
        )


def require_finite(gradient: Array, quantity: str) -> Array:
    """The array, or ``InvalidInput`` if a number left the range of floats."""
    if not np.isfinite(gradient).all():
        raise InvalidInput(f"{quantity} exceeds the range of floats here; rescale the weights")
    return gradient


def _row(at: Invariants, where: npt.NDArray[np.bool_]) -> str:
    return f" (row {int(np.argmax(where))})" if len(at.rho) > 1 else ""


def problem_v_gradient(problem: Problem, at: Invariants, v: Array, v_star: Array) -> Array:
    """∂f/∂v at k points, shape (k, m), for w ≠ 0 and any problem."""
    if problem.is_binary:
        return v_gradient_values(at, v, v_star)
    with np.errstate(over="ignore", invalid="ignore"):
        return Staircases(problem, at).v_gradient(v, v_star)


def problem_gradient(problem: Problem, at: Invariants, v: Array, v_star: Array) -> tuple[Array, Array]:
    """(∂f/∂v, ∂f/∂w) at k points with w ≠ 0 for any problem; ``UndefinedQuantity`` at a kink."""
    if problem.is_binary:
        require_smooth(at)
        return v_gradient_values(at, v, v_star), w_gradient_values(at)
    of = Staircases(problem, at)
    require_smooth(at, of)
    with np.errstate(over="ignore", invalid="ignore"):
        return of.v_gradient(v, v_star), of.w_gradient


def v_gradient_values(at: Invariants, v: Array, v_star: Array) -> Array:
    """∂f/∂v of the binary activation at k points, shape (k, m), for w ≠ 0."""
    near = (at.theta <= np.pi / 2)[:, None]
    difference = np.where(near, v - v_star, v + v_star) + at.excess[:, None]
    angle = np.where(near, at.theta[:, None], -at.supplement[:, None])
    return np.asarray(difference / 4 + angle * v_star / (2 * np.pi))


def w_gradient_values(at: Invariants) -> Array:
    """∂f/∂w = −(D/(2πρ)) û of the binary activation, shape (k, n); 0 where D = 0 or n = 1, for w ≠ 0 and no kink."""
    live = (at.D != 0) & ~at.parallel
    with np.errstate(over="ignore"):
        factor = np.where(live, -at.D / (2 * np.pi * at.rho), 0.0)
    return np.asarray(factor[:, None] * at.u_hat)


def v_gradient(problem: Problem, point: Point) -> Vector:
    """∂f/∂v = E[σ(Zw)(y − y*)] = qv − kv* + s₁(s₁S − s₁*S*)1, shape (m,), in the units of v; see ``population_loss``.

    For the binary activation ¼[(v − v*) + (S − S*)1] + (θ/2π)v*, or, where θ > π/2, the same vector as
    ¼[(v + v*) + (S − S*)1] − ((π − θ)/2π)v*.

    Domain: w ≠ 0, every angle. Guarantee: each entry to a few 2⁻⁵³ of the sum of its terms' absolute values.
    Raises ``UndefinedQuantity`` at w = 0 (f jumps there).
    Source: general.plane-reduction; binary: Yin et al. 2019, Lemma 2 (yin2019.gradient).

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> v_gradient(problem, Point([1], [3], [1], [-1])).tolist()
    [0.5]
    """
    of = reduced(problem, point)
    at = invariants(of.point)
    require_direction(at, "∂f/∂v")
    found = problem_v_gradient(of.problem, at, of.point.v[None], of.point.v_star[None])[0]
    return require_finite(of.v_part(found), "∂f/∂v")


def population_gradient(problem: Problem, point: Point) -> Gradient:
    """∂f/∂v as in ``v_gradient``; ∂f/∂w = ŵ ∂f/∂ρ − û (1/ρ)∂f/∂θ, in the units of v² over those of w.

        ∂f/∂θ = (D/2π) Σ_jk d_j d*_k exp(−(α_j² − 2α_jτ_k cosθ + τ_k²)/(2 sin²θ)),   α_j = t_j/ρ, τ_k = t*_k/ρ*
        binary: ∂f/∂w = −(D/(2πρ)) û

    Shapes (m,) and (n,). The surrogate plays no part. With an input covariance Σ, ∂f/∂w = Σ^{1/2} ∂f̃/∂w̃ with ∂f̃/∂w̃
    the same formula at w̃ = Σ^{1/2}w, w̃* = Σ^{1/2}w*, whose angle is meant below.

    Domain: w ≠ 0; for D ≠ 0 and n ≥ 2 not θ = 0 with some α_j = τ_k and not θ = π with some α_j = −τ_k, where f has a
    kink (binary: never θ ∈ {0, π}). For n = 1 there is none with α_j = τ_k = 0. Where w and w* are parallel without
    a kink, ∂f/∂w has the direction of w; for the binary activation it is 0. Parallel means: one rounding per entry
    explains that w and w* are not multiples of each other; so it is with equal steps.
    Guarantee: binary: ∂f/∂w to a few n·2⁻⁵³ of its norm, at every angle; staircases: to a few n·2⁻⁵³ of the sum of the
    terms' absolute values, thresholds and angle known to as much.
    Raises ``UndefinedQuantity`` outside that domain.
    Source: general.population-gradient; Yin et al. 2019, Lemma 2 (yin2019.gradient).

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> population_gradient(problem, Point([2], [1, 0], [1], [0, 3])).w.round(6).tolist()
    [-0.0, -0.31831]
    """
    of = reduced(problem, point)
    at = invariants(of.point)
    require_direction(at, "the population gradient")
    v, w = problem_gradient(of.problem, at, of.point.v[None], of.point.v_star[None])
    return Gradient(require_finite(of.v_part(v[0]), "∂f/∂v"), require_finite(of.w_part(w[0]), "∂f/∂w"))
