"""Data of n classes: annulus densities in the subspaces, and finite sets of labelled points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ste_theory.classification.subspaces import Array, Subspaces, at_angle
from ste_theory.model.errors import InvalidInput


@dataclass(frozen=True)
class Annulus:
    """The density in proportion to |x|^power on {inner < |x| < outer} in a subspace.

    Raises ``InvalidInput`` unless 0 < inner < outer < ∞.

    >>> round(Annulus(1, 2).bounds(2)[1], 6)  # 1/(π(2² − 1²))
    0.106103
    """

    inner: float = 0.5
    outer: float = 1.0
    power: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.inner < self.outer < math.inf:
            raise InvalidInput(
                f"assumption 'm < |x| < M' fails: 0 < inner < outer is needed, got {self.inner} and {self.outer}"
            )
        if not math.isfinite(self.power):
            raise InvalidInput(f"power must be finite, got {self.power}")

    def _scale(self, dimension: int) -> float:
        """c in the density c|x|^power: c·k·ω_k·∫ r^{power + k − 1} dr = 1."""
        exponent = self.power + dimension
        ends = (
            math.log(self.outer / self.inner)
            if exponent == 0
            else (self.outer**exponent - self.inner**exponent) / exponent
        )
        return 1 / (dimension * ball_volume(dimension) * ends)

    def bounds(self, dimension: int) -> tuple[float, float]:
        """(p_min, p_max): the least and the largest density on the annulus."""
        ends = self._scale(dimension) * self.inner**self.power, self._scale(dimension) * self.outer**self.power
        return min(ends), max(ends)

    def slab(self, dimension: int) -> float:
        """K with P(0 < ⟨u, x⟩ < s) ≤ K·s for every unit vector u: p_max·ω_{k−1}·M^{k−1}."""
        return self.bounds(dimension)[1] * ball_volume(dimension - 1) * self.outer ** (dimension - 1)

    def sample(self, dimension: int, count: int, rng: np.random.Generator) -> Array:
        """Points (count, k): a uniform direction, a radius by its inverse distribution function."""
        directions = rng.standard_normal((count, dimension))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        uniform, exponent = rng.random(count), self.power + dimension
        if exponent == 0:
            radii = self.inner * (self.outer / self.inner) ** uniform
        else:
            low, high = self.inner**exponent, self.outer**exponent
            radii = (low + uniform * (high - low)) ** (1 / exponent)
        return directions * radii[:, None]


def ball_volume(dimension: int) -> float:
    """ω_k, the volume of the unit ball of R^k; ω_0 = 1."""
    return float(math.pi ** (dimension / 2)) / math.gamma(dimension / 2 + 1)


@dataclass(frozen=True, eq=False)
class Population:
    """x of class i has the annulus density in V_i; class i has the weight π_i."""

    subspaces: Subspaces
    density: Annulus = Annulus()
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        count = self.subspaces.classes
        weights = self.weights or (1 / count,) * count
        if len(weights) != count:
            raise InvalidInput(f"weights: {len(weights)} for {count} classes")
        for index, weight in enumerate(weights, 1):
            if not 0 < weight < math.inf:
                raise InvalidInput(f"assumption 'no class is empty' fails: class {index} has the weight {weight}")
        if abs(sum(weights) - 1) > 1e-12 * count:
            raise InvalidInput(f"weights must add up to 1, got {sum(weights)}")
        object.__setattr__(self, "weights", tuple(weights))

    def sample(self, per_class: int, *, seed: int) -> "Labelled":
        """``per_class`` points of every class, each with the weight of its class divided by ``per_class``."""
        rng, parts, labels = np.random.default_rng(seed), [], []
        for index, basis in enumerate(self.subspaces.bases):
            parts.append(self.density.sample(basis.shape[1], per_class, rng) @ basis.T)
            labels.append(np.full(per_class, index))
        shares = np.repeat(np.asarray(self.weights) / per_class, per_class)
        return Labelled(np.concatenate(parts), np.concatenate(labels), shares)


@dataclass(frozen=True, eq=False)
class Labelled:
    """Points x (N, d), their classes y (N,) from 0, and their weights (N,), which add up to 1 (default 1/N each)."""

    x: Array
    y: npt.NDArray[np.intp]
    weights: Array | None = None

    def __post_init__(self) -> None:
        x, y = np.asarray(self.x, dtype=np.float64), np.asarray(self.y, dtype=np.intp)
        if x.ndim != 2 or y.shape != (len(x),) or not len(x):
            raise InvalidInput(f"data: x of shape (N, d) and y of shape (N,) are needed, got {x.shape} and {y.shape}")
        if not np.all(np.isfinite(x)):
            raise InvalidInput("data: x has entries that are not finite")
        if y.min() < 0:
            raise InvalidInput("data: classes are counted from 0")
        present = np.bincount(y)
        if len(present) < 2 or not np.all(present):
            empty = int(np.argmin(present)) + 1 if not np.all(present) else len(present) + 1
            raise InvalidInput(f"assumption 'no class is empty' fails: no point of class {empty}")
        weights = np.full(len(x), 1 / len(x)) if self.weights is None else np.asarray(self.weights, dtype=np.float64)
        if weights.shape != y.shape or not np.all(weights > 0):
            raise InvalidInput("data: one positive weight per point is needed")
        for name, value in (("x", x), ("y", y), ("weights", weights)):
            object.__setattr__(self, name, value)

    @property
    def classes(self) -> int:
        """The number n of classes."""
        return int(self.y.max()) + 1

    @property
    def shares(self) -> Array:
        """The weights, which are never missing."""
        assert self.weights is not None
        return self.weights


def grid(subspaces: Subspaces, *, directions: int = 80, radii: Sequence[float] = (1.0,)) -> Labelled:
    """``directions`` equally spaced directions per class at each radius, for subspaces of two dimensions.

    >>> grid(at_angle(90)).x.shape
    (160, 4)
    """
    if any(count != 2 for count in subspaces.dimensions):
        raise InvalidInput(f"the grid is for planes, the subspaces have the dimensions {subspaces.dimensions}")
    if directions < 1 or not radii or min(radii) <= 0:
        raise InvalidInput("the grid needs at least one direction and positive radii")
    angles = 2 * np.pi * np.arange(directions) / directions
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    plane = np.concatenate([radius * circle for radius in radii])
    x = np.concatenate([plane @ basis.T for basis in subspaces.bases])
    return Labelled(x, np.repeat(np.arange(subspaces.classes), len(plane)))


def paper_grid(degrees: float) -> Labelled:
    """The geometry of the experiments: two planes of R⁴ at an angle, 80 directions per class, radius 1."""
    return grid(at_angle(degrees))
