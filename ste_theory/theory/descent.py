"""One coarse gradient step: the exact change of the loss, in difference form, and the bound that guarantees descent.

Step: v′ = v − ηp with p = ∂f/∂v, w′ = w − η E g_μ. The loss is quadratic in v and linear in θ, so

    f(v′,w′) − f(v,w) = −η‖p‖² + (η²/8)(‖p‖² + (1ᵀp)²)  +  D′(θ′ − θ)/(2π),   D′ = D − η v*ᵀp

E g_μ lies in span(ŵ, û), so w′ = (ρ − ηA)ŵ + ηDb⊥û stands at the angle ω = atan2(ηDb⊥, ρ − ηA) from w, and
θ′ = |θ − ω| (taken on the circle).
"""

import math
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.problem import Point, Problem
from ste_theory.theory.coarse_gradient import components
from ste_theory.theory.gradient import require_direction, v_gradient_values
from ste_theory.theory.invariants import invariants
from ste_theory.theory.scope import require_binary

# The best constant: half the angle that a step at the edge of both conditions turns by, over its tangent and π.
TURN = math.atan(1 / 3) / math.pi


@dataclass(frozen=True)
class StepChange:
    """f(v′,w′) − f(v,w) of one coarse gradient step: the part of the v-step, that of the turn of w, and a bound.

    ``bound`` ≥ ``total`` is guaranteed where ``admissible``: M(ρs) ≥ 0, η|A| ≤ ρ/2 and 2η|D|M(ρs) ≤ √(2π)ρ. ``terms``
    is the sum of the absolute values that were added: rounding errors are a few m·2⁻⁵³ of it.
    """

    v_part: float
    w_part: float
    turn: float  # θ′ − θ, in radians
    bound: float
    admissible: bool
    terms: float

    @property
    def total(self) -> float:
        """f(v′,w′) − f(v,w)."""
        return self.v_part + self.w_part


@dataclass(frozen=True)
class _Step:
    rho: float
    theta: float
    supplement: float
    D: float
    radial: float
    b_perpendicular: float
    response: float
    p: tuple[float, ...]
    p_teacher: float
    p_teacher_terms: float
    teacher_norm: float


def _step(problem: Problem, point: Point) -> _Step:
    require_binary(problem)
    if point.rows != point.m:
        raise InvalidInput(
            "v_star is longer than v: one step is described for a student that has every row of the teacher"
        )
    at = invariants(point)
    require_direction(at, "a coarse gradient step")
    of = components(problem.surrogate, at)
    p = v_gradient_values(at, point.v[None], point.v_star[None])[0]
    response = float(of.moments.M[0])
    return _Step(
        rho=float(at.rho[0]),
        theta=float(at.theta[0]),
        supplement=float(at.supplement[0]),
        D=float(at.D[0]),
        radial=float(of.radial[0]),
        b_perpendicular=float(at.sine[0]) * response / math.sqrt(2 * math.pi),
        response=response,
        p=tuple(float(x) for x in p),
        p_teacher=float(p @ point.v_star),
        p_teacher_terms=float(np.abs(p) @ np.abs(point.v_star)),
        teacher_norm=math.sqrt(float(at.V_star[0])),
    )


def _turn(theta: float, supplement: float, omega: float) -> float:
    """θ′ − θ for w turned by ω ∈ (−π, π] towards w*: −ω up to w*, then back; for ω < 0 away from it, up to −w*."""
    if omega >= 0:
        return -omega if omega <= theta else omega - 2 * theta
    return -omega if -omega <= supplement else 2 * supplement + omega


def loss_change(problem: Problem, point: Point, step: float) -> StepChange:
    """f(v − ηp, w − η E g_μ) − f(v, w) for the step size η = ``step`` > 0, never as a difference of two losses.

        bound = −η(1 − η[(m+1)/8 + ‖v*‖/(2π)])‖p‖² − η(C − η‖v*‖M(ρs)/((2π)^{3/2}ρ)) D²b⊥/ρ,   C = arctan(1/3)/π

    Domain: w ≠ 0 and w′ ≠ 0. Guarantee: an error of a few m·2⁻⁵³ of ``terms``.
    Raises ``UndefinedQuantity`` at w = 0 or w′ = 0; ``InvalidInput`` for a step that is not positive and finite.
    Source: general.descent.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> change = loss_change(problem, Point([1], [1, 0], [1], [0, 1]), 0.1)
    >>> change.admissible, change.total < change.bound < 0
    (True, True)
    """
    if not (math.isfinite(step) and step > 0):
        raise InvalidInput(f"step must be positive and finite, got {step!r}")
    x = _step(problem, point)
    square, total = math.fsum(y * y for y in x.p), math.fsum(x.p)
    linear, quadratic = step * square, step**2 * (square + total**2) / 8
    across, along = step * x.D * x.b_perpendicular, x.rho - step * x.radial
    if across == 0 and along == 0:
        raise UndefinedQuantity("the step leads to w = 0, where the loss jumps")
    turn = _turn(x.theta, x.supplement, math.atan2(across, along))
    d_after = x.D - step * x.p_teacher
    curvature = (point.m + 1) / 8 + x.teacher_norm / (2 * math.pi)
    slack = TURN - step * x.teacher_norm * x.response / ((2 * math.pi) ** 1.5 * x.rho)
    v_bound = -step * (1 - step * curvature) * square
    w_bound = -step * slack * x.D**2 * x.b_perpendicular / x.rho
    admissible = (
        x.response >= 0
        and step * abs(x.radial) <= x.rho / 2
        and 2 * step * abs(x.D) * x.response <= math.sqrt(2 * math.pi) * x.rho
    )
    d_terms = abs(x.D) + step * x.p_teacher_terms
    return StepChange(
        v_part=quadratic - linear,
        w_part=d_after * turn / (2 * math.pi),
        turn=turn,
        bound=v_bound + w_bound,
        admissible=admissible,
        terms=linear + quadratic + d_terms * abs(turn) / (2 * math.pi),
    )


def descent_step(problem: Problem, point: Point) -> float:
    """The supremum of the steps η for which general.descent guarantees f(v − ηp, w − η E g_μ) ≤ f(v, w).

        η|A| ≤ ρ/2,   2η|D|M ≤ √(2π)ρ,   η[(m+1)/8 + ‖v*‖/(2π)] ≤ 1,   η‖v*‖M ≤ C(2π)^{3/2}ρ,   M = M(ρ sinθ)

    Domain: w ≠ 0 and M(ρ sinθ) ≥ 0. Raises ``UndefinedQuantity`` outside it: no step is guaranteed there.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> round(descent_step(problem, Point([1], [1, 0], [1], [0, 1])), 6)
    2.444062
    """
    x = _step(problem, point)
    if x.response < 0:
        raise UndefinedQuantity(f"no step is guaranteed to descend: M(ρ sinθ) = {x.response:.6g} is negative")
    limits = [1 / ((point.m + 1) / 8 + x.teacher_norm / (2 * math.pi))]
    for size, limit in (
        (abs(x.radial), x.rho / 2),
        (2 * abs(x.D) * x.response, math.sqrt(2 * math.pi) * x.rho),
        (x.teacher_norm * x.response, TURN * (2 * math.pi) ** 1.5 * x.rho),
    ):
        if size > 0:
            limits.append(limit / size)
    return min(limits)
