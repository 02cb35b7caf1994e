"""Random networks whose classes live in planes, and the integrals over one class in balls, for the ReLU surrogate."""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
from flint import arb

from ste_theory.classification.plane import Averages, Pair, averages
from ste_theory.rigorous.balls import ball

INNER, OUTER = Fraction(1, 2), Fraction(1)


@dataclass(frozen=True)
class Seen:
    """Class 1 of 2: the components of all rows in its plane, V, the neurons of class 1, the integrals, K.

    The density is uniform on 1/2 < |x| < 1: K = 2M/(π(M² − m²)).
    """

    rows: tuple[Pair, ...]
    second: tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
    own: tuple[int, ...]
    found: Averages

    @property
    def slab(self) -> arb:
        """K with P(0 < ⟨u, x⟩ < s) ≤ Ks for every unit vector u."""
        return 2 * ball(OUTER) / (arb.pi() * ball(OUTER**2 - INNER**2))


def draw(rng: np.random.Generator, *, bits: int = 2, own: int = 2, rivals: int = 1, largest: int = 12) -> Seen:
    """Rows in quarters, no two in the same direction, none zero; v in quarters below 1."""
    rows: list[Pair] = []
    directions: set[tuple[int, int]] = set()
    while len(rows) < own + rivals:
        x, y = (int(value) for value in rng.integers(-largest, largest + 1, 2))
        if (x or y) and (direction := (x // gcd(x, y), y // gcd(x, y))) not in directions:
            directions.add(direction)
            rows.append((Fraction(x, 4), Fraction(y, 4)))
    values = [Fraction(int(value), 4) for value in rng.integers(1, 4, own + rivals)]
    zeros = (Fraction(0),)
    second = (*values[:own], *(zeros * rivals)), (*(zeros * own), *values[own:])
    found = averages(rows, second, 0, bits, inner=INNER, outer=OUTER)
    return Seen(tuple(rows), second, tuple(range(own)), found)


def size(vector: tuple[arb, arb]) -> arb:
    """‖x‖."""
    return (vector[0] ** 2 + vector[1] ** 2).sqrt()


def inner(row: Pair, vector: tuple[arb, arb]) -> arb:
    """⟨u, x⟩."""
    return ball(row[0]) * vector[0] + ball(row[1]) * vector[1]


def length(row: Pair) -> arb:
    """‖u‖."""
    return ball(row[0] ** 2 + row[1] ** 2).sqrt()
