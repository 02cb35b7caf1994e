"""Fixed points of the expected dynamics for the binary activation, and their stability.

At fixed ρ the flow of (S, D, θ) is closed. With κ(θ) = sM(ρs)/(√(2π)ρ):

    dS/dt = −¼[(m+1)S − (1 − 2θ/π + m)S*]
    dD/dt = −¼[D − (1 − 2θ/π)V* + (S − S*)S*]
    dθ/dt = −Dκ(θ)

The parts of v orthogonal to 1 and v* decay at the rate ¼. Near θ = 0 (φ = θ) and θ = π (φ = π − θ) the angle only has
one side; there dφ/dt = ∓D M(0)φ/(√(2π)ρ). What remains is dρ/dt = −A at the point: only where it is 0 is the point
stationary, else ‖w‖ drifts while v and θ stay.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ste_theory.dynamics.plane import gradients
from ste_theory.dynamics.state import Teacher
from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.response import response

Kind = Literal["global minimum", "spurious minimum", "saddle", "stationary at π"]
ROOT = math.sqrt(2 * math.pi)


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """v (m,) and θ of a point where ∂f/∂v = 0 and the angle rests, for ‖w‖ = ρ.

    ``eigenvalues`` of the flow in (S, D, angle), increasing: all negative is ``attracting`` (from inside [0, π]).
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
    return FixedPoint(kind, v, theta, D, S, loss, real, -float(g[0] @ w[0]) / rho)


def fixed_points(surrogate: Surrogate, teacher: Teacher, rho: float) -> tuple[FixedPoint, ...]:
    """The global minimum, the point at θ = π (spurious minimum, or merely stationary) and the saddle if there is one.

    >>> from ste_theory.model import surrogates
    >>> [point.kind for point in fixed_points(surrogates.relu(), Teacher([1, -0.5], [1, 0]), 1.0)]
    ['global minimum', 'spurious minimum', 'saddle']
    """
    if not (math.isfinite(rho) and rho > 0):
        raise InvalidInput(f"rho must be positive and finite, got {rho!r}")
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
