"""Sentences in a model of their own: the letters are quantities of a program that is run, in exact numbers or in balls.

The letters of the first model (V, S, D, ρ, θ …) range over its networks. A statement about another model has sentences
in letters of its own; what links them to the model are the values that its quantities have there. Such values must
satisfy the ranges and hypotheses of the sentence as well as its conclusion.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import sympy as sp

if TYPE_CHECKING:
    from flint import arb
    from hypothesis.strategies import SearchStrategy

Exact = Mapping[sp.Symbol, Fraction | int]
Balls = Mapping[sp.Symbol, "arb | Fraction | int"]
Batches = Mapping[sp.Symbol, npt.NDArray[np.float64] | float]


class Contradiction(AssertionError):
    """The model does not do what the statement says of it; the message says where."""


@dataclass(frozen=True)
class Trial:
    """Cases of a model, drawn by Hypothesis from ``cases()``, looked at in exact arithmetic.

    ``realized(case)`` gives, sentence by sentence, what its letters are in the case; ``None`` for a case about which
    the statement says nothing. It raises ``Contradiction`` for a fact of the model that the statement says in words
    and that fails.
    """

    name: str
    cases: "Callable[[], SearchStrategy[Any]]"
    realized: Callable[[Any], Sequence[tuple[str, Exact]] | None]


@dataclass(frozen=True)
class Enclosed:
    """Integrals of a model in balls: ``realized(rng)`` draws a case and encloses what the letters are there."""

    name: str
    realized: Callable[[np.random.Generator], Sequence[tuple[str, Balls]]]


@dataclass(frozen=True)
class Simulated:
    """The program on random data: for each of ``count`` sentences independent batches of estimates of its letters."""

    name: str
    realized: Callable[[int], Sequence[tuple[str, Batches]]]
    count: int
