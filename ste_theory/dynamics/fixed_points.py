"""Fixed points of the expected dynamics and their stability.

At fixed ρ the flow of (S, D, θ) is closed. For the binary activation, with κ(θ) = sM(ρs)/(√(2π)ρ):

    dS/dt = −¼[(m+1)S − (1 − 2θ/π + m)S*]
    dD/dt = −¼[D − (1 − 2θ/π)V* + (S − S*)S*]
    dθ/dt = −Dκ(θ)

The parts of v orthogonal to 1 and v* decay at the rate ¼. Near θ = 0 (φ = θ) and θ = π (φ = π − θ) the angle only has
one side; there dφ/dt = ∓D M(0)φ/(√(2π)ρ). What remains is dρ/dt = −A at the point: only where it is 0 is the point
stationary, else ‖w‖ drifts while v and θ stay.

For other staircases what rests depends on ρ, and so does the loss there: ``stationary_points`` looks for the ρ at which
nothing drifts.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from ste_theory.dynamics.plane import gradients
from ste_theory.dynamics.staircase import (
    STRAIGHT,
    at_place,
    best,
    combined,
    level_angle,
    place,
    rates,
    speed_matrix,
)
from ste_theory.dynamics.state import Teacher
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.response import response

Kind = Literal["global minimum", "spurious minimum", "saddle", "stationary at 0", "stationary at π"]
ROOT = math.sqrt(2 * math.pi)
AngleOf = Callable[[float], float | None]
GRID, STILL = 80, 1e-12


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """v (m,) and θ of a point where ∂f/∂v = 0 and the angle rests, for ‖w‖ = ``rho``.

    ``eigenvalues`` of the flow in the part of v in span(1, v*) and the angle (and ρ in ``stationary_points``), real
    parts, increasing: all negative is ``attracting`` (from inside [0, π]). ``any_rho``: it rests for every ρ alike.
    ``drift`` = dρ/dt there.
    """

    kind: Kind
    v: Array
    theta: float
    D: float
    S: float
    loss: float
    eigenvalues: tuple[float, ...]
    drift: float
    rho: float
    any_rho: bool = False

    @property
    def attracting(self) -> bool:
        """Whether v and θ return to it after a small displacement."""
        return self.eigenvalues[-1] < 0


def _solve(teacher: Teacher, c1: float) -> Array:
    """The zero of ∂f/∂v: (I + 11ᵀ)v = c₁v* + S*1, c₁ = 1 − 2θ/π."""
    right = c1 * teacher.v_star + teacher.S
    return np.asarray(right - np.sum(right) / (teacher.m + 1))


def has_spurious(teacher: Teacher) -> bool:
    """S*² < ½(m+1)‖v*‖², S* ≠ 0: a spurious local minimum and saddles exist (for S* = 0 that point is global)."""
    return 0 < teacher.S**2 < (teacher.m + 1) * teacher.V / 2


def spurious_v(teacher: Teacher) -> Array:
    """v_sp = (I + 11ᵀ)⁻¹(11ᵀ − I)v*. Raises ``InvalidInput`` where it is no spurious local minimum."""
    if not has_spurious(teacher):
        raise InvalidInput("v_star has no spurious minimum: it needs 0 < (1ᵀv*)² < ½(m+1)‖v*‖²")
    return _solve(teacher, -1.0)


def _point(kind: Kind, surrogate: Surrogate, teacher: Teacher, theta: float, rho: float) -> FixedPoint:
    m, c1 = teacher.m, 1 - 2 * theta / math.pi
    v = teacher.v_star.copy() if theta == 0 else _solve(teacher, c1)
    D, S = float(v @ teacher.v_star), math.fsum(v)
    jacobian = np.zeros((3, 3))
    jacobian[0] = -(m + 1) / 4, 0.0, -teacher.S / (2 * math.pi)
    jacobian[1] = -teacher.S / 4, -0.25, -teacher.V / (2 * math.pi)
    if theta in (0, math.pi):
        # ±φ: the derivatives by the angle change sign at π, which no eigenvalue sees.
        jacobian[2, 2] = (-1 if theta == 0 else 1) * D * float(response(surrogate, 0.0)) / (ROOT * rho)
    else:
        jacobian[2, 1] = -math.sin(theta) * float(response(surrogate, rho * math.sin(theta))) / (ROOT * rho)
    # For n = 1 there is no angle to move in.
    eigenvalues = np.linalg.eigvals(jacobian if teacher.n > 1 else jacobian[:2, :2])
    y = 0.0 if theta in (0, math.pi) else rho * math.sin(theta)
    w = np.array([[rho * math.cos(theta), y]])
    _, g = gradients(surrogate, teacher, v[None], w)
    difference = v - teacher.v_star
    loss = (float(difference @ difference) + (S - teacher.S) ** 2) / 8 + theta * D / (2 * math.pi)
    real = tuple(sorted(float(x) for x in eigenvalues.real))
    return FixedPoint(kind, v, theta, D, S, loss, real, -float(g[0] @ w[0]) / rho, rho)


def fixed_points(problem: Problem, teacher: Teacher, rho: float) -> tuple[FixedPoint, ...]:
    """Where v and θ rest for ‖w‖ = ρ: a point at θ = 0, one at θ = π, and the saddle if there is one.

    Binary: the global minimum, the spurious minimum (or what is merely stationary), the saddle.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.binary(), surrogates.relu())
    >>> [point.kind for point in fixed_points(problem, Teacher([1, -0.5], [1, 0]), 1.0)]
    ['global minimum', 'spurious minimum', 'saddle']
    """
    if not (math.isfinite(rho) and rho > 0):
        raise InvalidInput(f"rho must be positive and finite, got {rho!r}")
    return _of_binary(problem.surrogate, teacher, rho) if problem.is_binary else _of_staircases(problem, teacher, rho)


def _of_binary(surrogate: Surrogate, teacher: Teacher, rho: float) -> tuple[FixedPoint, ...]:
    found = [_point("global minimum", surrogate, teacher, 0.0, rho)]
    if teacher.S == 0:
        return (*found, _point("global minimum", surrogate, teacher, math.pi, rho))
    m, scale = teacher.m, (teacher.m + 1) * teacher.V
    if teacher.n > 1 and not has_spurious(teacher):
        return (*found, _point("stationary at π", surrogate, teacher, math.pi, rho))
    found.append(_point("spurious minimum", surrogate, teacher, math.pi, rho))
    if teacher.n > 1 and m > 1:
        theta = math.pi / 2 * scale / (scale - teacher.S**2)
        found.append(_point("saddle", surrogate, teacher, theta, rho))
    return tuple(found)


def _of_staircases(problem: Problem, teacher: Teacher, rho: float) -> tuple[FixedPoint, ...]:
    """At θ = 0 and π always, between them where D = 0."""
    found = [_rest(problem, teacher, rho, 0.0), _rest(problem, teacher, rho, math.pi)]
    between = level_angle(problem, teacher, rho) if teacher.n > 1 else None
    return tuple(found) if between is None else (*found, _rest(problem, teacher, rho, between))


def _rest(problem: Problem, teacher: Teacher, rho: float, theta: float, *, moves: bool = False) -> FixedPoint:
    """The point at this angle; where ρ ``moves``, the side of ρ on which it attracts least gives the eigenvalues."""
    alpha, beta = best(problem, teacher, rho, theta)
    D, S, V = combined(teacher, alpha, beta)
    of = at_place(problem, teacher, place(D, S, V, rho, theta))
    loss, straight = float(of.loss[0]), theta in (0, math.pi)
    angle: list[float] = []
    if straight and teacher.n > 1:
        # At an end the angle has one side and decouples: its rate is (1/φ)dφ/dt close to the end.
        inside = min(max(theta, STRAIGHT), math.pi - STRAIGHT)
        turn = float(rates(problem, teacher, place(D, S, V, rho, inside))[4, 0])
        angle = [turn if theta == 0 else -turn]
    found = []
    for side in (-1, 1) if moves else (0,):
        matrix = speed_matrix(problem, teacher, rho, theta, side=side, angle=not straight)
        found.append(tuple(sorted([*(float(x) for x in np.linalg.eigvals(matrix).real), *angle])))
    kind: Kind = "saddle" if not straight else "stationary at 0" if theta == 0 else "stationary at π"
    teacher_square = float(of.pair.teacher.variance[0]) * teacher.V + (float(of.pair.teacher.mean[0]) * teacher.S) ** 2
    if loss <= STILL * teacher_square:
        kind = "global minimum"
    v = alpha * teacher.v_star + beta
    real = max(found, key=lambda values: values[-1])
    return FixedPoint(kind, v, theta, D, S, loss, real, -float(of.coarse_radial[0]), rho)


def stationary_points(problem: Problem, teacher: Teacher, *, factor: float = 10.0) -> tuple[FixedPoint, ...]:
    """The fixed points that do not drift, for ρ between ρ*/``factor`` and ρ*·``factor``.

    Found at ρ* (the teacher's own place: there thresholds meet and the drift may be positive on both sides of it, so
    that ‖w‖ is let through), and where the drift along each family (θ = 0, θ = π, D = 0) changes its sign on a grid of
    80 lengths: two of them
    closer than one step of the grid (6 % for the default) are not seen, nor is one where the drift is below 1e-12 of
    the teacher's square. A family that drifts nowhere is shown once, at ρ*, with ``any_rho``; so are all points of the
    binary activation, where the loss does not depend on ρ.

    >>> from ste_theory.model import quantizers, surrogates
    >>> problem = Problem(quantizers.uniform_relu(2), surrogates.relu())
    >>> found = stationary_points(problem, Teacher([1, -0.5], [1, 0]))
    >>> [(point.kind, round(point.rho, 3), point.attracting) for point in found][:1]
    [('global minimum', 1.0, False)]
    """
    rho_star, still = float(np.linalg.norm(teacher.w_star)), STILL * (teacher.V + teacher.S**2)
    if problem.is_binary:
        points = fixed_points(problem, teacher, rho_star)
        return tuple(replace(point, any_rho=True) for point in points if abs(point.drift) <= still)
    grid = [float(rho) for rho in rho_star * np.geomspace(1 / factor, factor, GRID)]
    families: list[AngleOf] = [lambda _: 0.0, lambda _: math.pi]
    if teacher.n > 1:
        families.append(lambda rho: level_angle(problem, teacher, rho))
    found = []
    for angle in families:

        def drift(rho: float, angle: AngleOf = angle) -> float:
            theta = angle(rho)
            return math.nan if theta is None else _drift(problem, teacher, rho, theta)

        values = [drift(rho) for rho in grid]
        if all(abs(value) <= still for value in values) and (theta := angle(rho_star)) is not None:
            found.append(replace(_rest(problem, teacher, rho_star, theta), any_rho=True))
            continue
        lengths = [rho_star] if abs(drift(rho_star)) <= still else []
        for (a, low), (b, high) in pairwise(zip(grid, values, strict=True)):
            if low * high < 0 and min(abs(low), abs(high)) > still:
                rho = float(brentq(drift, a, b, xtol=1e-14 * b, rtol=1e-13))
                lengths += [rho] if abs(rho - rho_star) > 1e-6 * rho_star or not lengths else []
        for rho in lengths:
            if (theta := angle(rho)) is not None:
                found.append(_rest(problem, teacher, rho, theta, moves=True))
    return tuple(found)


def _drift(problem: Problem, teacher: Teacher, rho: float, theta: float) -> float:
    """dρ/dt where v is the best one."""
    D, S, V = combined(teacher, *best(problem, teacher, rho, theta))
    return -float(at_place(problem, teacher, place(D, S, V, rho, theta)).coarse_radial[0])
