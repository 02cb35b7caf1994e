"""Which points a sweep visits: a grid of (m, n, ρ, θ, σ, μ′), or random draws from the same ranges."""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.montecarlo.maker import maker
from ste_theory.montecarlo.standard_point import DEFINITION

LARGEST = 10**9


@dataclass(frozen=True)
class Place:
    """One point of a design: sizes, ρ = ‖w‖, θ, and the texts of quantizer and surrogate."""

    m: int
    n: int
    rho: float
    theta: float
    quantizer: str
    surrogate: str


@dataclass(frozen=True)
class Design:
    """Lists of values. With ``random`` = 0 the grid of all combinations, the last list running fastest; else so many
    draws: m, n, σ and μ′ from the lists, log ρ and θ uniform between the smallest and largest value.

    ``seed`` also seeds the estimates; ``accuracy``, ``error_rate`` and ``sampler`` (``None``: the fastest with a bound)
    are those of every estimate.
    """

    m: tuple[int, ...]
    n: tuple[int, ...]
    rho: tuple[float, ...]
    theta: tuple[float, ...]
    quantizers: tuple[str, ...]
    surrogates: tuple[str, ...]
    random: int
    seed: int
    accuracy: float
    error_rate: float
    sampler: str | None = None

    def __post_init__(self) -> None:
        for name in ("m", "n", "rho", "theta", "quantizers", "surrogates"):
            if not getattr(self, name):
                raise InvalidInput(f"{name} needs at least one value")
        if any(size < 1 for size in (*self.m, *self.n)):
            raise InvalidInput("m and n must be positive integers")
        if not all(0 < rho < math.inf for rho in self.rho):
            raise InvalidInput("rho must be positive and finite")
        if not all(0 <= theta <= math.pi for theta in self.theta):
            raise InvalidInput("theta must lie between 0 and π")
        if min(self.n) == 1 and (self.random or any(0 < theta < math.pi for theta in self.theta)):
            raise InvalidInput("n = 1 has no angle between 0 and π: leave it out, or give theta 0 and pi only")
        if not 0 <= self.random <= LARGEST or len(self) > LARGEST:
            raise InvalidInput(f"a sweep has at most {LARGEST:.0e} points")

    def __len__(self) -> int:
        lists = (self.m, self.n, self.rho, self.theta, self.quantizers, self.surrogates)
        return self.random or math.prod(len(values) for values in lists)

    def __getitem__(self, index: int) -> Place:
        """Point number ``index``; it depends on the design alone."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        if self.random:
            return self._drawn(index)
        chosen: list[object] = []
        for values in (self.surrogates, self.quantizers, self.theta, self.rho, self.n, self.m):
            index, place = divmod(index, len(values))
            chosen.append(values[place])
        surrogate, quantizer, theta, rho, n, m = chosen
        return Place(int(str(m)), int(str(n)), float(str(rho)), float(str(theta)), str(quantizer), str(surrogate))

    def _drawn(self, index: int) -> Place:
        draw = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(0, index)))

        def one(values: Sequence[object]) -> object:
            return values[int(draw.integers(len(values)))]

        low, high = math.log(min(self.rho)), math.log(max(self.rho))
        return Place(
            int(str(one(self.m))),
            int(str(one(self.n))),
            math.exp(draw.uniform(low, high)),
            draw.uniform(min(self.theta), max(self.theta)),
            str(one(self.quantizers)),
            str(one(self.surrogates)),
        )

    @property
    def digest(self) -> str:
        """What tells this design from every other, from the same with another standard point, and from the same made
        where the bits may be others (``maker``)."""
        content = asdict(self) | {"standard point": DEFINITION, "made with": maker()}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
