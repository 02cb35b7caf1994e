"""The samplers by name: what each draws, and the claim that says its expectation is the program's.

A *replicate* is one independent unbiased value of (A, B, κ), whatever it is made of: one row, two rotations of a row,
all pairs among eight rows, a whole scrambled net. Standard errors come from replicates, never from their parts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ste_theory.model.errors import InvalidInput, UnknownName
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import PILOT, block_generator
from ste_theory.montecarlo.program import Matrix
from ste_theory.montecarlo.samplers import control_variates, nets, one_coordinate, one_row, row_pairs, strata
from ste_theory.montecarlo.samplers.reduction import Reduction, reduction

PROGRAM = "program"
GROUP = 8  # rows among which all pairs are taken
NET = 6  # a net has 2^NET points


@dataclass(frozen=True)
class Sampler:
    """``draw(at, generator, replicates, beta)`` gives (A, B, κ) of shape (3, replicates).

    ``rests_on`` are the claims that its expectation rests on; ``per_block`` the replicates of one block.
    """

    name: str
    says: str
    rests_on: tuple[str, ...]
    per_block: int
    draw: Callable[[Reduction, np.random.Generator, int, Matrix | None], Matrix]
    pilot: bool = False


def _pair(draw: np.random.Generator, *shape: int) -> Matrix:
    return draw.standard_normal((2, *shape))


def _one_row(at: Reduction, draw: np.random.Generator, count: int, beta: Matrix | None) -> Matrix:
    a, b = _pair(draw, count)
    return one_row.values(at, a, b)


def _one_coordinate(at: Reduction, draw: np.random.Generator, count: int, beta: Matrix | None) -> Matrix:
    return one_coordinate.values(at, draw.standard_normal(count))


def _antithetic(at: Reduction, draw: np.random.Generator, count: int, beta: Matrix | None) -> Matrix:
    a, b = _pair(draw, count)
    return (one_row.values(at, a, b) + one_row.values(at, -a, -b)) / 2


def _orthogonal(at: Reduction, draw: np.random.Generator, count: int, beta: Matrix | None) -> Matrix:
    a, b = _pair(draw, count)
    return (one_row.values(at, a, b) + one_row.values(at, -b, a)) / 2


def _row_pairs(at: Reduction, draw: np.random.Generator, count: int, beta: Matrix | None) -> Matrix:
    a, b = _pair(draw, GROUP, count)
    return row_pairs.values(at, a, b)


def _control_variates(at: Reduction, draw: np.random.Generator, count: int, beta: Matrix | None) -> Matrix:
    if beta is None:
        raise InvalidInput("control variates need the coefficients of a pilot block")
    a, b = _pair(draw, count)
    return control_variates.values(at, a, b, beta)


def _strata(at: Reduction, draw: np.random.Generator, count: int, beta: Matrix | None) -> Matrix:
    return strata.replicates(at, draw, count)


def _net(at: Reduction, draw: np.random.Generator, count: int, beta: Matrix | None) -> Matrix:
    return nets.values(at, draw, NET, count)


SAMPLERS: Mapping[str, Sampler] = {
    found.name: found
    for found in (
        Sampler("one-row", "one row; the others by their means", ("general.sampler-one-row",), 8192, _one_row),
        Sampler(
            "one-coordinate",
            "ŵ of one row; the rest by its mean",
            ("general.sampler-one-coordinate",),
            8192,
            _one_coordinate,
        ),
        Sampler("antithetic", "a row and its negative", ("general.sampler-antithetic",), 4096, _antithetic),
        Sampler(
            "orthogonal", "a row in two directions at right angles", ("general.sampler-orthogonal",), 2048, _orthogonal
        ),
        Sampler("row-pairs", f"all pairs among {GROUP} rows", ("general.sampler-row-pairs",), 1024, _row_pairs),
        Sampler(
            "control-variates",
            "one row, less what known means explain",
            ("general.sampler-control-variates",),
            8192,
            _control_variates,
            pilot=True,
        ),
        Sampler("strata", "one point per cell of a partition along ŵ", ("general.sampler-strata",), 256, _strata),
        Sampler("sobol", f"one row over a scrambled net of {2**NET} points", ("general.sampler-sobol",), 128, _net),
    )
}
IN_PLANE = "in-plane"
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    PROGRAM: (),
    IN_PLANE: ("general.sampler-in-plane",),
    **{name: found.rests_on for name, found in SAMPLERS.items()},
}


def sampler(name: str) -> Sampler:
    """The sampler of this name. Raises ``UnknownName``."""
    if name not in SAMPLERS:
        raise UnknownName(f"no sampler {name!r}; there are {PROGRAM}, {IN_PLANE}, {', '.join(SAMPLERS)}")
    return SAMPLERS[name]


@lru_cache(maxsize=8)
def _coefficients(name: str, problem: Problem, point: Point, seed: int, stream: tuple[int, ...]) -> Matrix | None:
    if not sampler(name).pilot:
        return None
    at = reduction(problem, point)
    a, b = _pair(block_generator(seed, stream, PILOT), sampler(name).per_block)
    return control_variates.coefficients(at, a, b)


def block_columns(name: str, problem: Problem, point: Point, seed: int, stream: tuple[int, ...], index: int) -> Matrix:
    """(A, B, κ) of the replicates of one block, shape (3, replicates)."""
    chosen = sampler(name)
    beta = _coefficients(name, problem, point, seed, stream)
    at = reduction(problem, point)
    return np.ascontiguousarray(chosen.draw(at, block_generator(seed, stream, index), chosen.per_block, beta))
