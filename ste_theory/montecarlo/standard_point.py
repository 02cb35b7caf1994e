"""A point for every (m, n, ρ, θ): what examples, sweeps and benchmarks are about when no weights are given."""

import math

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point

DEFINITION = 2  # counts up when the points become others: a sweep does not go on with rows at other points


def standard_point(m: int, n: int, *, rho: float = 1.0, theta: float = 1.0) -> Point:
    """v = (1, ½, 1, ½, …), v* = (1, −½, 1, −½, …), w = ρ(cosθ, sinθ, 0, …), w* = (1, 0, …).

    D = vᵀv* is 3m/8 for even m and (3m + 5)/8 for odd m, never 0: the coarse gradient has a part along û, and depends
    on θ. With D = 0 nothing that goes wrong there would be seen.

    Domain: m ≥ 1, n ≥ 2 (n = 1 with θ = 0 or π), ρ > 0, 0 ≤ θ ≤ π; else ``InvalidInput``. θ = math.pi is π itself.

    >>> standard_point(2, 3, rho=2.0, theta=math.pi)
    Point(v=[1.0, 0.5], w=[-2.0, 0.0, 0.0], v_star=[1.0, -0.5], w_star=[1.0, 0.0, 0.0])
    """
    for name, value in (("m", m), ("n", n)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise InvalidInput(f"{name} must be a positive integer, got {value!r}")
    if not (0 < rho < math.inf):
        raise InvalidInput(f"rho must be positive and finite, got {rho!r}")
    if not 0 <= theta <= math.pi:
        raise InvalidInput(f"theta must lie between 0 and π, got {theta!r}")
    straight = theta in (0.0, math.pi)
    if n == 1 and not straight:
        raise InvalidInput("n = 1 has no angle between 0 and π; give theta 0 or pi, or n of at least 2")
    w = np.zeros(n)
    w[0] = rho * math.cos(theta)
    if not straight:
        w[1] = rho * math.sin(theta)
    odd = np.arange(m) % 2 == 1
    return Point(np.where(odd, 0.5, 1.0), w, np.where(odd, -0.5, 1.0), np.eye(n)[0])
