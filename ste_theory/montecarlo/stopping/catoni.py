"""A mean with an error bound from a bound on the variance alone: Catoni's M-estimator.

For n independent observations with mean μ and variance at most v, n > 2L, L = log(2/δ), and

    α = √(2L/(n v (1 + 2L/(n − 2L)))),     Σ ψ(α(x_i − μ̂)) = 0,     ψ(x) = sign(x) log(1 + |x| + x²/2)

P(|μ̂ − μ| > √(2vL/(n − 2L))) ≤ δ (Catoni, Annales de l'IHP 48, 2012, proposition 2.4): the error of a normal mean
within a factor that tends to 1, for every distribution with that variance. The arithmetic mean has no such bound: one
wild observation moves it by x/n, but μ̂ by log(x)/n only.
"""

import math

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.program import Matrix


def _influence(x: Matrix) -> Matrix:
    size = np.abs(x)
    return np.sign(x) * np.log1p(size + 0.5 * size * size)


def catoni_radius(variance: float, observations: int, error_rate: float) -> float:
    """√(2vL/(n − 2L)); infinite for n ≤ 2L.

    >>> round(catoni_radius(1.0, 1000, 0.05), 4)
    0.0862
    """
    level = math.log(2 / error_rate)
    return math.sqrt(2 * variance * level / (observations - 2 * level)) if observations > 2 * level else math.inf


def observations_needed(variance: float, radius: float, error_rate: float) -> int:
    """The least n with ``catoni_radius`` ≤ radius: ⌈2L(1 + v/radius²)⌉."""
    level = math.log(2 / error_rate)
    return max(math.floor(2 * level) + 1, math.ceil(2 * level * (1 + variance / radius**2)))


def catoni_mean(observations: Matrix, variances: Vector, error_rate: float) -> Vector:
    """The estimates μ̂ of the means of ``observations`` (k, n), with ``variances`` (k,) at most those given.

    Guarantee: each is within ``catoni_radius`` of its mean with probability 1 − ``error_rate``. Bisected to the last
    bit. Raises ``InvalidInput`` for n ≤ 2 log(2/error_rate).
    """
    count = observations.shape[1]
    level = math.log(2 / error_rate)
    if count <= 2 * level:
        raise InvalidInput(
            f"observations: {count} are too few for the error rate {error_rate:g}; {2 * level:.0f} needed"
        )
    safe = np.where(variances > 0, variances, 1.0)
    alpha = np.sqrt(2 * level / (count * safe * (1 + 2 * level / (count - 2 * level))))[:, None]
    low, high = observations.min(axis=1), observations.max(axis=1)
    while True:
        middle = low + (high - low) / 2
        if np.all((middle <= low) | (middle >= high)):
            return np.asarray(middle)
        above = _influence(alpha * (observations - middle[:, None])).sum(axis=1) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
