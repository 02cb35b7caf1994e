"""The flow of the expected dynamics, closed in five scalars (D, S, V, ρ, θ); for the binary activation

    dS/dt = −¼[(m+1)S − (c₁ + m)S*]                     c₁ = 1 − 2θ/π
    dD/dt = −¼[D − c₁V* + (S − S*)S*]
    dV/dt = −½[V − c₁D + (S − S*)S]
    dρ/dt = −A,    A = ½[(V ∓ D)K + S(S − S*)a₀ ± D s²L]    (upper signs for θ ≤ π/2)
    dθ/dt = −D sM(ρs)/(√(2π)ρ)

The angle is carried as u = log tan(θ/2), du/dt = −D M(ρs)/(√(2π)ρ): s = 1/cosh u, c = −tanh u, so both ends keep their
digits. For the ReLU surrogate ρ − V/√(2π) is nearly conserved: ``relu_balance``. Other staircases: ``staircase``.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp

from ste_theory.dynamics.staircase import Place, rates
from ste_theory.dynamics.state import Teacher
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.moments import PHI_0, moments

END = 750.0  # exp(−750) is 0 in floats: ±END is θ = 0 and π
FLOOR = 1e-9  # of the initial ρ: from there to 0 the last piece is a straight line


@dataclass(frozen=True)
class Scalars:
    """D = vᵀv*, S = 1ᵀv, V = ‖v‖², ρ = ‖w‖, θ = angle(w, w*); ``supplement`` = π − θ where that is the accurate one."""

    D: float
    S: float
    V: float
    rho: float
    theta: float
    supplement: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.rho) and self.rho > 0):
            raise InvalidInput(f"rho must be positive and finite, got {self.rho!r}")
        if not 0 <= self.theta <= math.pi:
            raise InvalidInput(f"theta must lie in [0, π], got {self.theta!r}")

    @property
    def state(self) -> Array:
        """(D, S, V, ρ, u)."""
        if self.theta <= math.pi / 2:
            u = -END if self.theta == 0 else math.log(math.tan(self.theta / 2))
        else:
            rest = math.pi - self.theta if self.supplement is None else self.supplement
            u = END if rest == 0 else -math.log(math.tan(rest / 2))
        return np.array([self.D, self.S, self.V, self.rho, u])


@dataclass(frozen=True, eq=False)
class Flow:
    """A solution at the times ``t`` (r,): the scalars, and π − θ. ``zero`` is when ‖w‖ reaches 0, if it did."""

    t: Array
    D: Array
    S: Array
    V: Array
    rho: Array
    theta: Array
    supplement: Array
    zero: float | None


def velocity(problem: Problem, teacher: Teacher, state: npt.ArrayLike) -> Array:
    """d/dt (D, S, V, ρ, u) at k states, shapes (5, k); see the head of this file."""
    D, S, V, rho, u = np.atleast_2d(np.asarray(state, dtype=np.float64).T).T
    clipped = np.clip(u, -END, END)
    s, c = 1 / np.cosh(np.clip(clipped, -709, 709)), -np.tanh(clipped)
    theta, supplement = 2 * np.arctan(np.exp(np.minimum(clipped, 0))), 2 * np.arctan(np.exp(np.minimum(-clipped, 0)))
    near = clipped <= 0
    c1 = np.where(near, 1 - 2 * theta / np.pi, 2 * supplement / np.pi - 1)
    s = np.where(np.abs(clipped) >= END, 0.0, s)
    if not problem.is_binary:
        return rates(problem, teacher, Place(D, S, V, rho, theta, supplement, s, c))
    of = moments(problem.surrogate, rho, s, c)
    gap, m, excess = np.where(near, V - D, V + D), teacher.m, S - teacher.S
    A = (gap * of.K + S * excess * of.a0 + np.where(near, D, -D) * (s * s * of.L)) / 2
    turn = np.where(np.abs(clipped) >= END, 0.0, -PHI_0 * D * of.M / rho)
    return np.stack(
        [
            -(D - c1 * teacher.V + excess * teacher.S) / 4,
            -((m + 1) * S - (c1 + m) * teacher.S) / 4,
            -(V - c1 * D + excess * S) / 2,
            -A,
            turn,
        ]
    )


def relu_balance(D: npt.ArrayLike, theta: npt.ArrayLike) -> Array:
    """−Dψ/(2√(2π)), ψ = 1 − 2θ/π − cosθ: what d/dt[ρ − V/√(2π)] equals along the flow of the ReLU surrogate.

    So ρ − V/√(2π) is conserved where D = 0 and for θ ∈ {0, π/2, π}; a large ‖v‖ is paid for by ‖w‖.
    """
    angle = np.asarray(theta, dtype=np.float64)
    return np.asarray(-np.asarray(D) * (1 - 2 * angle / np.pi - np.cos(angle)) * PHI_0 / 2)


def flow(problem: Problem, teacher: Teacher, start: Scalars, times: npt.ArrayLike, rtol: float = 1e-9) -> Flow:
    """The solution at increasing ``times`` ≥ 0 from ``start`` at t = 0; it ends where ‖w‖ reaches 0.

    There E g_μ has no limit: the flow is not defined beyond (iterates pass through, see ``step``). Times after it are
    left out. Raises ``InvalidInput`` for times that do not increase or a solution that cannot be continued.
    """
    t = np.asarray(times, dtype=np.float64)
    if t.ndim != 1 or not t.size or not np.isfinite(t).all() or t[0] < 0 or (np.diff(t) <= 0).any():
        raise InvalidInput("times must be a vector of increasing finite numbers, none negative")
    floor = FLOOR * start.rho

    def right(_: float, y: Array) -> Array:
        # A trial step may look below 0; it is rejected by the event's root search.
        inside = np.concatenate([y[:3], [max(y[3], floor / 2)], y[4:]])
        return velocity(problem, teacher, inside[:, None])[:, 0]

    def reaches_zero(_: float, y: Array) -> float:
        return float(y[3] - floor)

    reaches_zero.terminal = True  # type: ignore[attr-defined]
    solved = solve_ivp(
        right, (0.0, float(t[-1])), start.state, t_eval=t, events=reaches_zero, method="LSODA", rtol=rtol, atol=1e-12
    )
    if solved.status == -1:
        raise InvalidInput(f"the flow cannot be continued: {solved.message}")
    zero = None
    if solved.status == 1:
        last = solved.y_events[0][0]
        zero = float(solved.t_events[0][0] - last[3] / right(0.0, last)[3])
    D, S, V, rho, u = solved.y if solved.y.size else np.zeros((5, 0))
    low, high = 2 * np.arctan(np.exp(np.minimum(u, 700))), 2 * np.arctan(np.exp(np.minimum(-u, 700)))
    return Flow(solved.t, D, S, V, rho, low, high, zero)
