"""What is wanted of an estimate to an accuracy, how far it has come, and what comes out.

The promise is about every component of (∂f/∂v, E g_μ) together. The components are affine in three numbers (A, B, κ)
(``samplers.reduction``), so their errors are bounded by those of the three: |ŵ_j A + û_j B| errs by at most √2 times
the larger of both radii, ∂f/∂v_i by |v*_i| times that of κ.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import Vector
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.accumulate import Tree
from ste_theory.montecarlo.executors import Executor
from ste_theory.montecarlo.guarantee import Guarantee
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers.reduction import Reduction, reduction
from ste_theory.montecarlo.samplers.sampler import RESTS_ON
from ste_theory.montecarlo.sampling import Progress

MOST_DRAWS = 2**44


@dataclass
class State:
    """How far a run has come: the tree of its blocks and, by name, what else its rule needs to go on."""

    tree: Tree = field(default_factory=Tree)
    arrays: dict[str, Matrix] = field(default_factory=dict)


Keep = Callable[[State], None]


@dataclass(frozen=True, eq=False)
class Reached:
    """An estimate of all columns (∂ℓ/∂v, g_μ, ℓ), shape (k,), a standard error (or a bound of it), its guarantee.

    The guarantee is about the first m + n; the loss comes along.
    """

    mean: Vector
    standard_error: Vector
    guarantee: Guarantee


# A plan depends on none of the random numbers: runs that differ in the seed alone share it.
@lru_cache(maxsize=8)
def reduced(problem: Problem, point: Point) -> Reduction:
    """The point seen in the plane, computed once."""
    return reduction(problem, point)


@dataclass(frozen=True, eq=False)
class Request:
    """What is wanted: the point, the radius, the error rate, and where the random numbers come from.

    ``state`` is where to go on from (empty by default) and is kept up to date; ``keep`` is called with it after each
    chunk of work.
    """

    problem: Problem
    point: Point
    accuracy: float
    error_rate: float
    seed: int
    stream: tuple[int, ...]
    executor: Executor
    progress: Progress | None = None
    state: State = field(default_factory=State)
    keep: Keep | None = None

    @property
    def at(self) -> Reduction:
        """The point seen in the plane. Raises ``UndefinedQuantity`` at w = 0."""
        return reduced(self.problem, self.point)

    @property
    def largest(self) -> float:
        """The largest |v*_i|, 1 if all are 0."""
        return float(np.abs(self.point.v_star[: self.point.m]).max()) or 1.0

    def targets(self) -> Vector:
        """The radii that A, B and κ need, shape (3,); infinite where nothing depends on one of them."""
        if self.at.sine == 0:
            return np.array([self.accuracy, math.inf, self.accuracy / self.largest])
        return np.array([self.accuracy / math.sqrt(2), self.accuracy / math.sqrt(2), self.accuracy / self.largest])

    def radius(self, radii: Vector) -> float:
        """The radius of every component from those of (A, B, κ)."""
        return max(math.hypot(radii[0], radii[1] if self.at.sine else 0.0), self.largest * float(radii[2]))

    def promised(
        self, sampler: str, radius: float, rule: str, assumption: str, draws: int, *, finite_sample: bool = True
    ) -> Guarantee:
        """The guarantee, with the claims the sampler rests on."""
        return Guarantee(
            sampler, radius, 1 - self.error_rate, rule, assumption, finite_sample, draws, RESTS_ON[sampler]
        )

    def embedded(self, found: Vector, errors: Vector, guarantee: Guarantee) -> Reached:
        """All columns from (A, B, κ)."""
        offset, matrix = self.at.embedding()
        return Reached(offset + matrix @ found, np.sqrt(matrix**2 @ errors**2), guarantee)

    def kept(self) -> None:
        """Hand the state on to whoever keeps it."""
        if self.keep:
            self.keep(self.state)

    def kept_tree(self, tree: Tree) -> None:
        """The same, for whoever lets a tree grow."""
        self.state.tree = tree
        self.kept()

    def no_further(self, draws: int) -> None:
        """Raises ``InvalidInput`` for a number of draws that nobody waits for."""
        if draws > MOST_DRAWS:
            raise InvalidInput(
                f"accuracy {self.accuracy:g} takes {draws:.1e} draws, more than {MOST_DRAWS:.0e}; ask for less, or "
                "leave the choice of the sampler to the program"
            )
