"""A confidence sequence for the mean of bounded observations: valid at all times at once, so one may stop at any time.

For independent x_t in [0, 1] with mean μ, predictable λ_t in (0, 1) and μ̂_t, with ψ(λ) = −log(1 − λ) − λ,

    |μ − Σλ_t x_t/Σλ_t| ≤ (log(2/δ) + Σ ψ(λ_t)(x_t − μ̂_{t−1})²)/Σλ_t      for all t, with probability 1 − δ

(Waudby-Smith and Ramdas, JRSS B 86, 2024, theorem 2; it is a betting strategy whose wealth is a supermartingale, and
Ville's inequality). The bets are λ_t = r/(σ̂²_{t−1} + r/3), those that are best if one stops at the radius r.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.program import Matrix

LARGEST_BET = 0.5


@dataclass
class BernsteinSequence:
    """The sequence for k means at once, observations in [low, high] (k,), each at ``error_rate``, aiming at
    ``targets``."""

    low: Vector
    high: Vector
    targets: Vector
    error_rate: float
    count: int = 0
    _sums: Matrix = field(init=False)
    _bets: Matrix = field(init=False)
    _width: Vector = field(init=False)

    def __post_init__(self) -> None:
        width = self.high - self.low
        self._width = np.where(width > 0, width, 1.0)
        self._sums, self._bets = np.zeros((2, self.low.size)), np.zeros((3, self.low.size))

    def add(self, observations: Matrix) -> None:
        """The next observations in order, shape (k, N)."""
        x = (observations - self.low[:, None]) / self._width[:, None]
        size = x.shape[1]
        times = self.count + np.arange(1, size + 1)
        # Means and variances *before* each observation; half an observation at ½ starts them.
        sums = np.cumsum(x, axis=1) + self._sums[0][:, None]
        means = (0.5 + sums) / (times + 1)
        before = np.concatenate([((0.5 + self._sums[0]) / (self.count + 1))[:, None], means[:, :-1]], axis=1)
        deviations = (x - means) ** 2
        squares = np.cumsum(deviations, axis=1) + self._sums[1][:, None]
        spread = (0.25 + np.concatenate([self._sums[1][:, None], squares[:, :-1]], axis=1)) / times
        aim = (self.targets / self._width)[:, None]
        bets = np.minimum(LARGEST_BET, aim / (spread + aim / 3))
        self._bets[0] += (bets * x).sum(axis=1)
        self._bets[1] += bets.sum(axis=1)
        self._bets[2] += ((-np.log1p(-bets) - bets) * (x - before) ** 2).sum(axis=1)
        self._sums[0], self._sums[1] = sums[:, -1], squares[:, -1]
        self.count += size

    def state(self) -> Matrix:
        """All that ``restore`` needs to go on with the same bits, shape (6, k)."""
        return np.concatenate([self._sums, self._bets, np.full((1, self.low.size), float(self.count))])

    def restore(self, state: Matrix) -> None:
        """Go on from where ``state`` was taken. Raises ``InvalidInput`` for another shape."""
        if state.shape != (6, self.low.size):
            raise InvalidInput(f"the state of a sequence of {self.low.size} means has another shape: {state.shape}")
        self._sums, self._bets, self.count = state[:2].copy(), state[2:5].copy(), int(state[5, 0])

    @property
    def estimate(self) -> Vector:
        """Σλx/Σλ, shape (k,)."""
        return np.asarray(self.low + self._width * self._bets[0] / self._bets[1])

    @property
    def radius(self) -> Vector:
        """The bound above, shape (k,)."""
        return np.asarray(self._width * (math.log(2 / self.error_rate) + self._bets[2]) / self._bets[1])
