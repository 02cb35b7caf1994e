"""Expected coarse gradient descent of the binary activation in the plane of w and w*.

E g_μ lies in span(ŵ, û), so w never leaves the plane of its start. In it w = x ŵ* + y e with a unit vector
e ⟂ w* that a run keeps: ρ = √(x² + y²), s = y/ρ, c = x/ρ, û = s ŵ* − c e (an overshoot past ±w* makes y negative; all
this then holds for −e). The component y stays *relatively* accurate down to angles of 1e-300 from 0 and π, and
differences v − v* (v + v* beyond π/2) enter as such:

    p = ∂f/∂v = ¼[(v − v*) + (S − S*)1] + (θ/2π)v* = ¼[(v + v*) + (S − S*)1] − ((π − θ)/2π)v*
    E g_μ = A ŵ − D b⊥ û,   b⊥ = sM/√(2π),   A = ½[(V ∓ D)K + S(S − S*)a₀ ± D s²L]   (upper signs for c ≥ 0)
"""

from dataclasses import dataclass

import numpy as np

from ste_theory.dynamics.state import Teacher
from ste_theory.model.surrogates import Surrogate
from ste_theory.theory.double_double import Array
from ste_theory.theory.moments import PHI_0, moments


@dataclass(frozen=True, eq=False)
class Plane:
    """ŵ* (n,) and e (k, n); e = 0 where w and w* are parallel."""

    along: Array
    across: Array

    def lift(self, w: Array) -> Array:
        """w (k, n) from its plane coordinates (k, 2)."""
        return np.asarray(w[:, :1] * self.along + w[:, 1:] * self.across)


def plane_of(w: Array, teacher: Teacher) -> tuple[Plane, Array]:
    """The planes of k weights (k, n) and w in their coordinates (k, 2).

    The part orthogonal to w* is orthogonalised twice, so that small angles keep their digits.
    """
    w_hat_star = teacher.w_star / np.max(np.abs(teacher.w_star))
    w_hat_star = w_hat_star / np.sqrt(np.sum(w_hat_star * w_hat_star))
    x = np.sum(w * w_hat_star, axis=1)
    rest = w - x[:, None] * w_hat_star
    rest = rest - np.sum(rest * w_hat_star, axis=1)[:, None] * w_hat_star
    y = np.sqrt(np.sum(rest * rest, axis=1))
    # Below the rounding of w nothing is left of the angle: parallel.
    y = np.where(y > 4 * np.finfo(np.float64).eps * np.abs(x), y, 0.0)
    e = np.where((y > 0)[:, None], rest / np.where(y > 0, y, 1.0)[:, None], 0.0)
    return Plane(w_hat_star, e), np.stack([x, y], axis=1)


def gradients(surrogate: Surrogate, teacher: Teacher, v: Array, w: Array) -> tuple[Array, Array]:
    """(∂f/∂v, E g_μ) at k points in plane coordinates, shapes (k, m) and (k, 2); w ≠ 0."""
    v_star, x, y, side = teacher.v_star, w[:, 0], np.abs(w[:, 1]), np.where(w[:, 1] < 0, -1.0, 1.0)
    rho = np.hypot(x, y)
    s, c = y / rho, x / rho
    near = x >= 0
    difference = np.where(near[:, None], v - v_star, v + v_star)
    excess = np.sum(v - v_star, axis=1)
    angle = np.where(near, np.arctan2(y, x), -np.arctan2(y, -x))
    p = (difference + excess[:, None]) / 4 + angle[:, None] * (v_star / (2 * np.pi))

    of = moments(surrogate, rho, s, c)
    D, S, gap = np.sum(v * v_star, axis=1), np.sum(v, axis=1), np.sum(v * difference, axis=1)
    A = (gap * of.K + S * excess * of.a0 + np.where(near, D, -D) * (s * s * of.L)) / 2
    tangential = -PHI_0 * D * (s * of.M)
    return p, np.stack([A * c + tangential * s, side * (A * s - tangential * c)], axis=1)


def radial_rate(surrogate: Surrogate, teacher: Teacher, rho: float) -> float:
    """−dρ/dt at the spurious minimum: −M₋(ρ)·2(m−1)S*²/(m+1)², M₋ = E[aμ′(ρa)1{a<0}] = ½(a₀ − K)."""
    of = moments(surrogate, np.array([rho]), np.zeros(1), -np.ones(1))
    m = teacher.m
    return float(of.K[0] - of.a0[0]) * (m - 1) * teacher.S**2 / (m + 1) ** 2
