"""The program in rational arithmetic, written a second time: for cases that decide, not for training.

Vectors are tuples of fractions; a network is W (k, d) with V (n, k); data are labelled points with weights.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ste_theory.analysis.even_part import exact_value
from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Surrogate

Vector = tuple[Fraction, ...]
ZERO = Fraction(0)


def dot(x: Vector, y: Vector) -> Fraction:
    """⟨x, y⟩."""
    return sum((a * b for a, b in zip(x, y, strict=True) if a and b), ZERO)


def plus(x: Vector, y: Vector, factor: Fraction | int = 1) -> Vector:
    """x + factor·y."""
    return tuple(a + factor * b if b else a for a, b in zip(x, y, strict=True)) if factor else x


@dataclass(frozen=True)
class Point:
    """A point of class y (from 0) with the weight p."""

    x: Vector
    y: int
    p: Fraction = Fraction(1)


@dataclass(frozen=True)
class Network:
    """W, V and the number of bits."""

    w: tuple[Vector, ...]
    v: tuple[Vector, ...]
    bits: int = 2

    @cached_property
    def owner(self) -> tuple[int, ...]:
        """The class of the positive entry of each column, −1 where there is none."""
        return tuple(next((i for i, row in enumerate(self.v) if row[j] > 0), -1) for j in range(len(self.w)))

    def activation(self, h: Fraction) -> int:
        """σ(h) = ⌈h⌉ between 0 and 2^b − 1."""
        return min(max(-(-h.numerator // h.denominator), 0), int(2**self.bits) - 1)

    def hidden(self, x: Vector) -> Vector:
        """The pre-activations."""
        return tuple(dot(row, x) for row in self.w)

    def outputs(self, x: Vector) -> Vector:
        """o_i."""
        levels = [self.activation(h) for h in self.hidden(x)]
        return tuple(sum((v * s for v, s in zip(row, levels, strict=True)), ZERO) for row in self.v)

    def rival(self, x: Vector, y: int) -> int:
        """ξ, the first class r ≠ y with the largest output."""
        o = self.outputs(x)
        return max((r for r in range(len(o)) if r != y), key=lambda r: (o[r], -r))

    def loss(self, point: Point) -> Fraction:
        """ℓ = max{0, 1 − o_y + o_ξ}."""
        o = self.outputs(point.x)
        return max(ZERO, 1 - o[point.y] + o[self.rival(point.x, point.y)])

    def correct(self, point: Point) -> bool:
        """Whether o_y exceeds every other output."""
        o = self.outputs(point.x)
        return o[point.y] > o[self.rival(point.x, point.y)]

    def mean_loss(self, data: tuple[Point, ...]) -> Fraction:
        """Σ p·ℓ."""
        return sum((point.p * self.loss(point) for point in data), ZERO)

    def pulls(self, point: Point, surrogate: Surrogate) -> Vector:
        """p·(v_yj − v_ξj)·1{ℓ > 0}·g′(h_j): with what weight the point enters the step −∇̃_j."""
        if self.loss(point) == 0:
            return (ZERO,) * len(self.w)
        own, other = self.v[point.y], self.v[self.rival(point.x, point.y)]
        return tuple(
            point.p * (a - b) * derivative(surrogate, h) if a != b else ZERO
            for a, b, h in zip(own, other, self.hidden(point.x), strict=True)
        )

    def step(self, data: tuple[Point, ...], surrogate: Surrogate) -> tuple[Vector, ...]:
        """−∇̃, row by row."""
        rows = [tuple(ZERO for _ in row) for row in self.w]
        for point in data:
            for j, pull in enumerate(self.pulls(point, surrogate)):
                rows[j] = plus(rows[j], point.x, pull)
        return tuple(rows)

    def moved(self, step: tuple[Vector, ...], eta: Fraction) -> "Network":
        """W + η·step."""
        moved = tuple(plus(row, change, eta) for row, change in zip(self.w, step, strict=True))
        return Network(moved, self.v, self.bits)


def derivative(surrogate: Surrogate, h: Fraction) -> Fraction:
    """g′(h) exactly. Raises ``InvalidInput`` where it is not rational."""
    for place, at in zip(surrogate.breakpoints, surrogate.at_breakpoints, strict=True):
        if h == place:
            return at
    piece = next(p for p in surrogate.pieces if p.upper is None or h < p.upper)
    value = exact_value(piece.formula, h)
    if value is None:
        raise InvalidInput(f"{surrogate.name} is not rational at {h}")
    return value


def projected(vector: Vector, basis: tuple[Vector, ...]) -> Vector:
    """The projection to the span of orthogonal vectors of any length."""
    found = tuple(ZERO for _ in vector)
    for direction in basis:
        found = plus(found, direction, dot(vector, direction) / dot(direction, direction))
    return found


def square(vector: Vector) -> Fraction:
    """‖x‖²."""
    return dot(vector, vector)
