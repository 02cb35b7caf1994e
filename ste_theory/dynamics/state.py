"""What a run of coarse gradient descent is given and what it has reached.

v ← v − η ∂f/∂v,   w ← w − η E g_μ            (expected dynamics)
v ← v − η mean ∂ℓ/∂v,   w ← w − η mean g_μ    (empirical dynamics, a fresh batch per step)
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import VectorLike, vector
from ste_theory.theory.double_double import Array

Integers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.integer[Any]]
AtZero = Literal["flip", "stop"]


@dataclass(frozen=True, eq=False)
class Teacher:
    """v* (m,) and w* (n,), both not zero, common to all starts."""

    v_star: Array
    w_star: Array

    def __init__(self, v_star: VectorLike, w_star: VectorLike) -> None:
        for name, values in (("v_star", v_star), ("w_star", w_star)):
            array = vector(values, name)
            if not array.any():
                raise InvalidInput(f"{name} must not be zero: the teacher would be constant")
            object.__setattr__(self, name, array)

    @property
    def m(self) -> int:
        """Number of rows of Z."""
        return self.v_star.size

    @property
    def n(self) -> int:
        """Length of a row of Z."""
        return self.w_star.size

    @property
    def V(self) -> float:
        """‖v*‖²."""
        return float(self.v_star @ self.v_star)

    @property
    def S(self) -> float:
        """S* = 1ᵀv*."""
        return math.fsum(self.v_star)


@dataclass(frozen=True)
class Settings:
    """η = ``step_size``; ``normalize``: w ← w/‖w‖ after each step; ``batch`` samples per step, 0 for expectations.

    ``at_zero``: what follows a step on which w reaches or passes 0: ``flip`` goes on from behind it, ``stop`` ends the
    run of that start. ``seed`` is the root of the batches, ``every`` the number of steps between two records.
    """

    step_size: float
    normalize: bool = False
    batch: int = 0
    seed: int = 0
    at_zero: AtZero = "flip"
    every: int = 1

    def __post_init__(self) -> None:
        if not (math.isfinite(self.step_size) and self.step_size > 0):
            raise InvalidInput(f"step_size must be positive and finite, got {self.step_size!r}")
        for name, least in (("batch", 0), ("seed", 0), ("every", 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise InvalidInput(f"{name} must be an integer of at least {least}, got {value!r}")
        if self.at_zero not in ("flip", "stop"):
            raise InvalidInput(f"at_zero must be flip or stop, got {self.at_zero!r}")


@dataclass(frozen=True, eq=False)
class Crossings:
    """Per start, the steps on which w reached or passed 0: how many, the last one, and the first one in detail.

    ``first`` is the time in steps, by linear interpolation (step 7 and half of the next: 7.5; nan: never); ``before``
    and ``after`` are the population losses around it.
    """

    count: Integers
    last: Integers
    first: Array
    before: Array
    after: Array


@dataclass(frozen=True, eq=False)
class State:
    """Where k starts are after ``step`` steps: v (k, m), w (k, n), the crossings so far, and which have stopped."""

    step: int
    v: Array
    w: Array
    crossings: Crossings
    stopped: npt.NDArray[np.bool_]


def initial(v: Array, w: Array) -> State:
    """The state before the first step. Raises ``InvalidInput`` for w = 0, where no step is defined."""
    if (zero := ~w.any(axis=1)).any():
        raise InvalidInput(f"w must not be zero at the start, row {int(np.argmax(zero))} is")
    k = len(v)
    none, nan = np.zeros(k, dtype=np.int64), np.full(k, np.nan)
    return State(0, v, w, Crossings(none, none - 1, nan, nan, nan), np.zeros(k, dtype=bool))


def crossed(crossings: Crossings, where: npt.NDArray[np.bool_], step: int, **first: Array) -> Crossings:
    """The crossings with those of one more step; ``first`` holds the details of all starts, used where it is one's
    first."""
    new = where & (crossings.count == 0)
    details = {name: np.where(new, values, getattr(crossings, name)) for name, values in first.items()}
    return replace(crossings, count=crossings.count + where, last=np.where(where, step, crossings.last), **details)
