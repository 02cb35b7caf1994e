"""The flow of the expected dynamics for any two staircases, closed in (D, S, V, ρ, θ), and where it rests.

With q = Var σ(ρa), k = Cov(σ(ρa), σ*(ρ*(ca + sb))), s₁ = Eσ(ρa), e = s₁S − s₁*S* (``theory.staircases``):

    ∂f/∂v = qv − kv* + s₁e1,    dS/dt = −(qS − kS* + ms₁e),    dD/dt = −(qD − kV* + s₁eS*),
    dV/dt = −2(qV − kD + s₁eS),    dρ/dt = −A,    dθ/dt = −D b⊥/ρ

∂f/∂v = 0 at v = αv* + β1 with α = k/q, β = s₁(s₁* − s₁α)S*/(q + ms₁²). There D falls as θ grows, since k does: at each
ρ at most one angle inside (0, π) has D = 0.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from ste_theory.dynamics.state import Teacher
from ste_theory.model.problem import Problem
from ste_theory.theory.double_double import Array
from ste_theory.theory.invariants import Invariants
from ste_theory.theory.staircases import Staircases

STRAIGHT = 1e-8  # rad; this near to 0 and π what depends on the angle is read


@dataclass(frozen=True, eq=False)
class Place:
    """k places by their scalars, each of shape (k,); s and c belong to θ, the accurate ones of its two forms."""

    D: Array
    S: Array
    V: Array
    rho: Array
    theta: Array
    supplement: Array
    sine: Array
    cosine: Array


def place(D: float | Array, S: float | Array, V: float | Array, rho: float | Array, theta: float | Array) -> Place:
    """Places at angles that are their own accurate form."""
    D, S, V, rho, theta = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(x, dtype=np.float64)) for x in (D, S, V, rho, theta))
    )
    return Place(D, S, V, rho, theta, np.pi - theta, np.where(theta == np.pi, 0.0, np.sin(theta)), np.cos(theta))


def at_place(problem: Problem, teacher: Teacher, at: Place) -> Staircases:
    """The quantities of the problem there; ŵ and û are those of the plane."""
    ones, zero = np.ones_like(at.rho), np.zeros_like(at.rho)
    frame = np.stack([ones, zero], axis=1), np.stack([zero, np.where(at.sine > 0, 1.0, 0.0)], axis=1)
    scalars = Invariants(
        m=teacher.m,
        n=teacher.n,
        rho=at.rho,
        rho_star=ones * float(np.linalg.norm(teacher.w_star)),
        theta=at.theta,
        supplement=at.supplement,
        cosine=at.cosine,
        sine=at.sine,
        parallel=at.sine == 0,
        V=at.V,
        S=at.S,
        D=at.D,
        V_star=ones * teacher.V,
        S_star=ones * teacher.S,
        excess=at.S - teacher.S,
        toward=at.V - at.D,
        away=at.V + at.D,
        distance=at.V - 2 * at.D + teacher.V,
        opposite=at.V + 2 * at.D + teacher.V,
        w_hat=frame[0],
        u_hat=frame[1],
    )
    return Staircases(problem, scalars)


def rates(problem: Problem, teacher: Teacher, at: Place) -> Array:
    """d/dt (D, S, V, ρ) and (1/s)dθ/dt = −D b⊥/(sρ), shape (5, k); the last is 0 where s = 0."""
    of = at_place(problem, teacher, at)
    q, k, mean, e = of.pair.student.variance, of.covariance, of.pair.student.mean, of.residual
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = np.where(at.sine > 0, of.coarse_tangential / (at.rho * at.sine), 0.0)
    return np.stack(
        [
            -(q * at.D - k * teacher.V + mean * e * teacher.S),
            -(q * at.S - k * teacher.S + teacher.m * mean * e),
            -2 * (q * at.V - k * at.D + mean * e * at.S),
            -of.coarse_radial,
            turn,
        ]
    )


def best(problem: Problem, teacher: Teacher, rho: float, theta: float) -> tuple[float, float]:
    """α and β of the zero αv* + β1 of ∂f/∂v at this ρ and θ."""
    of = at_place(problem, teacher, place(0.0, 0.0, 0.0, rho, theta))
    q, k = float(of.pair.student.variance[0]), float(of.covariance[0])
    mean, mean_star = float(of.pair.student.mean[0]), float(of.pair.teacher.mean[0])
    alpha = k / q
    return alpha, mean * (mean_star - mean * alpha) * teacher.S / (q + teacher.m * mean**2)


def combined(teacher: Teacher, alpha: float, beta: float) -> tuple[float, float, float]:
    """D, S, V of αv* + β1."""
    D, S = alpha * teacher.V + beta * teacher.S, alpha * teacher.S + beta * teacher.m
    return D, S, alpha * D + beta * S


def level_angle(problem: Problem, teacher: Teacher, rho: float) -> float | None:
    """The angle in (0, π) at which the best v has D = 0, if there is one."""

    def overlap(theta: float) -> float:
        return combined(teacher, *best(problem, teacher, rho, theta))[0]

    low, high = STRAIGHT, np.pi - STRAIGHT
    if not overlap(low) > 0 > overlap(high):
        return None
    return float(brentq(overlap, low, high, xtol=1e-13))


def rest_of_sum(problem: Problem, teacher: Teacher, rho: float, theta: float) -> float:
    """S where dS/dt = 0: (k + ms₁s₁*)S*/(q + ms₁²)."""
    of = at_place(problem, teacher, place(0.0, 0.0, 0.0, rho, theta))
    mean, mean_star = of.pair.student.mean[0], of.pair.teacher.mean[0]
    scale = of.pair.student.variance[0] + teacher.m * mean**2
    return float((of.covariance[0] + teacher.m * mean * mean_star) * teacher.S / scale)


def speed_matrix(
    problem: Problem, teacher: Teacher, rho: float, theta: float, *, side: int = 0, angle: bool = True
) -> Array:
    """The Jacobian of (c, ρ, θ) where ∂f/∂v = 0, by differences of 1e-6; c: v in a basis of span(1, v*).

    ``side`` = ±1: the derivatives by ρ are those to that side (f has a kink where thresholds meet), 0: ρ is fixed.
    Without ``angle`` θ is fixed.
    """
    alpha, beta = best(problem, teacher, rho, theta)
    basis = orthonormal(teacher)
    centre = np.concatenate([basis @ (alpha * teacher.v_star + beta), [rho, theta]])
    free = [*range(len(basis)), *([len(basis)] if side else []), *([len(basis) + 1] if angle else [])]

    def speed(change: Array) -> Array:
        return _speed(problem, teacher, centre + change)[free]

    columns = []
    for index in free:
        change = np.zeros_like(centre)
        change[index] = 1e-6 * max(1.0, abs(centre[index]))
        if index == len(basis):
            columns.append((speed(side * change) - speed(0 * change)) / (side * change[index]))
        else:
            columns.append((speed(change) - speed(-change)) / (2 * change[index]))
    return np.stack(columns, axis=1)


def orthonormal(teacher: Teacher) -> Array:
    """An orthonormal basis of span(1, v*), shape (1 or 2, m)."""
    ones = np.ones(teacher.m) / np.sqrt(teacher.m)
    rest = teacher.v_star - (teacher.v_star @ ones) * ones
    length = float(np.linalg.norm(rest))
    return ones[None] if length <= 1e-12 * np.sqrt(teacher.V) else np.stack([ones, rest / length])


def _speed(problem: Problem, teacher: Teacher, state: Array) -> Array:
    basis = orthonormal(teacher)
    rho, theta = float(state[-2]), float(state[-1])
    v = state[:-2] @ basis
    of = at_place(problem, teacher, place(float(v @ teacher.v_star), float(v.sum()), float(v @ v), rho, theta))
    p = of.v_gradient(v[None], teacher.v_star[None])[0]
    return np.concatenate([-(basis @ p), -of.coarse_radial, of.coarse_tangential / rho])
