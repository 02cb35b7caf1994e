"""The phase portrait in (θ, D) at fixed ρ: fixed points, the separatrix, and the ways from the saddle to the minima.

At fixed ρ the flow of (S, D, θ) is closed (``fixed_points``), and S comes to rest (m + 1) times faster than D. With S
at its rest (1 − 2θ/π + m)S*/(m + 1) the plane (θ, D) is left, with the same fixed points; there the stable direction of
the saddle is a curve, the separatrix of the two basins, traced backwards in time; the unstable one is traced forwards.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from ste_theory.dynamics.fixed_points import FixedPoint, fixed_points
from ste_theory.dynamics.flow import velocity
from ste_theory.dynamics.staircase import rest_of_sum
from ste_theory.dynamics.state import Teacher
from ste_theory.model.problem import Problem
from ste_theory.theory.double_double import Array

DISPLACEMENT = 1e-4
LONGEST = 100.0


@dataclass(frozen=True, eq=False)
class Portrait:
    """Curves of (θ, D), shape (2, r)."""

    fixed_points: tuple[FixedPoint, ...]
    separatrix: tuple[Array, ...]
    connections: tuple[Array, ...]


def _planar(problem: Problem, teacher: Teacher, rho: float, y: Array) -> Array:
    """d/dt (D, u) at fixed ρ with S at rest, u = log tan(θ/2)."""
    D, u = y
    theta, m = 2 * math.atan(math.exp(min(u, 700.0))), teacher.m
    if problem.is_binary:
        S = (1 - 2 * theta / math.pi + m) * teacher.S / (m + 1)
    else:
        S = rest_of_sum(problem, teacher, rho, theta)
    state = np.array([[D], [S], [0.0], [rho], [u]])
    return np.asarray(velocity(problem, teacher, state)[[0, 4], 0])


def portrait(problem: Problem, teacher: Teacher, rho: float) -> Portrait:
    """The portrait at this ρ; without a saddle the fixed points alone."""
    found = fixed_points(problem, teacher, rho)
    saddles = [point for point in found if point.kind == "saddle"]
    if not saddles:
        return Portrait(found, (), ())
    saddle = saddles[0]
    centre = np.array([saddle.D, math.log(math.tan(saddle.theta / 2))])

    def field(y: Array) -> Array:
        return _planar(problem, teacher, rho, y)

    steps = 1e-5 * np.eye(2)
    jacobian = np.stack([(field(centre + step) - field(centre - step)) / 2e-5 for step in steps], axis=1)
    values, vectors = np.linalg.eig(jacobian)
    stable, unstable = np.real(vectors[:, np.argsort(values.real)]).T
    furthest = 4 * max(teacher.V, 1e-300)

    def leaves(_: float, y: Array) -> float:
        return float(min(furthest - abs(y[0]), 12 - abs(y[1])))

    leaves.terminal = True  # type: ignore[attr-defined]

    def trace(direction: Array, sign: float) -> Array:
        solved = solve_ivp(
            lambda _, y: sign * field(y),
            (0.0, LONGEST),
            centre + DISPLACEMENT * direction,
            events=leaves,
            rtol=1e-6,
            max_step=0.5,
        )
        return np.stack([2 * np.arctan(np.exp(solved.y[1])), solved.y[0]])

    return Portrait(
        found,
        tuple(trace(side * stable, -1.0) for side in (1.0, -1.0)),
        tuple(trace(side * unstable, 1.0) for side in (1.0, -1.0)),
    )
