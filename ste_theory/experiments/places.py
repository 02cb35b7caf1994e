"""Points drawn from a seed, with a given angle and norm, for experiments."""

import math

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import Point


def drawn_point(rows: int, dimension: int, *, angle: float, norm: float, seed: int) -> Point:
    """v, v* ~ N(0, I) with vᵀv* > 0, ‖w*‖ = 1, ‖w‖ = ``norm``, angle(w, w*) = ``angle`` in a random plane of R^n.

    Raises ``InvalidInput`` for n < 2, an angle outside (0, π) and a norm that is not positive.

    >>> point = drawn_point(3, 5, angle=1.0, norm=2.0, seed=1)
    >>> round(float(point.w @ point.w_star), 12) == round(2 * math.cos(1.0), 12)
    True
    """
    if dimension < 2:
        raise InvalidInput(f"dimension must be at least 2 to hold an angle, got {dimension}")
    if not 0 < angle < math.pi:
        raise InvalidInput(f"angle must lie between 0 and π, got {angle!r}")
    if not (math.isfinite(norm) and norm > 0):
        raise InvalidInput(f"norm must be positive and finite, got {norm!r}")
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
    v, v_star = rng.standard_normal(rows), rng.standard_normal(rows)
    if v @ v_star < 0:
        v = -v
    frame, _ = np.linalg.qr(rng.standard_normal((dimension, 2)))
    w_star = math.cos(angle) * frame[:, 0] + math.sin(angle) * frame[:, 1]
    return Point(v, norm * frame[:, 0], v_star, w_star)
