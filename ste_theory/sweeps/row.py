"""One row of a sweep: the estimate at a point, the closed form there, and whether they agree."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.problem import Point, Problem
from ste_theory.model.specification import parse_quantizer, surrogate_of
from ste_theory.montecarlo.estimate import Estimate, estimate_coarse_gradient
from ste_theory.montecarlo.standard_point import standard_point
from ste_theory.sweeps.design import Design, Place


@dataclass(frozen=True)
class Row:
    """``radial`` and ``tangential`` are ⟨E g,ŵ⟩ and ⟨E g,û⟩, ``slope`` the norm of ∂f/∂v, sampled and closed.

    ``difference`` is the largest difference of any component of (∂f/∂v, E g), ``radius`` the guaranteed one.
    ``decision``: ``agree`` (difference ≤ radius), ``DISAGREE``, or ``undecided`` where there is no estimate or no
    closed form, with ``remark`` saying why.
    """

    index: int
    m: int
    n: int
    rho: float
    theta: float
    quantizer: str
    surrogate: str
    radial: float
    tangential: float
    slope: float
    radial_closed: float
    tangential_closed: float
    slope_closed: float
    difference: float
    radius: float
    sampler: str
    draws: int
    decision: str
    remark: str


NAMES = tuple(field.name for field in fields(Row))
NAN = math.nan


@lru_cache(maxsize=256)
def _problem(quantizer: str, surrogate: str) -> Problem:
    return Problem(parse_quantizer(quantizer), surrogate_of(surrogate))


@dataclass(frozen=True)
class Task:
    """Called with a range of indices, returns their rows."""

    design: Design

    def __call__(self, indices: range) -> tuple[Row, ...]:
        """The rows of the range."""
        return tuple(row_at(self.design, index) for index in indices)


def row_at(design: Design, index: int) -> Row:
    """The row number ``index``; it depends on the design alone."""
    place = design[index]
    point = standard_point(place.m, place.n, rho=place.rho, theta=place.theta)
    problem = _problem(place.quantizer, place.surrogate)
    seed = int(np.random.SeedSequence(design.seed, spawn_key=(1, index)).generate_state(1, np.uint64)[0])
    try:
        found = estimate_coarse_gradient(
            problem,
            point,
            accuracy=design.accuracy,
            confidence=1 - design.error_rate / len(design),
            sampler=design.sampler,
            seed=seed,
        )
    except InvalidInput as error:
        return _row(index, place, point, (NAN, NAN, NAN), (NAN, NAN, NAN), remark=str(error))
    assert found.guarantee is not None
    sampled = _parts(point, found.mean.v, found.mean.w)
    try:
        from ste_theory.theory.coarse_gradient import expected_coarse_gradient

        closed = expected_coarse_gradient(problem, point)
    except (InvalidInput, UndefinedQuantity) as error:
        return _row(index, place, point, sampled, (NAN, NAN, NAN), found=found, remark=str(error))
    difference = float(max(np.abs(found.mean.v - closed.v).max(), np.abs(found.mean.w - closed.w).max()))
    return _row(
        index,
        place,
        point,
        sampled,
        _parts(point, closed.v, closed.w),
        difference=difference,
        decision="agree" if difference <= found.guarantee.radius else "DISAGREE",
        found=found,
    )


def _parts(point: Point, v: np.ndarray, w: np.ndarray) -> tuple[float, float, float]:
    """Along ŵ, the rest (with the sign of û's first coordinate that is not zero in the standard point), ‖∂f/∂v‖."""
    w_hat = point.w / np.linalg.norm(point.w)
    radial = float(w @ w_hat)
    teacher = point.w_star - (point.w_star @ w_hat) * w_hat
    length = float(np.linalg.norm(teacher))
    tangential = float(w @ teacher) / length if length > 1e-12 else 0.0
    return radial, tangential, float(np.linalg.norm(v))


def _row(
    index: int,
    place: Place,
    point: Point,
    sampled: tuple[float, float, float],
    closed: tuple[float, float, float],
    *,
    difference: float = NAN,
    found: Estimate | None = None,
    decision: str = "undecided",
    remark: str = "",
) -> Row:
    guarantee = None if found is None else found.guarantee
    return Row(
        index,
        place.m,
        place.n,
        place.rho,
        place.theta,
        place.quantizer,
        place.surrogate,
        *sampled,
        *closed,
        difference,
        NAN if guarantee is None else guarantee.radius,
        "" if guarantee is None else guarantee.sampler,
        0 if guarantee is None else guarantee.draws,
        decision,
        " ".join(remark.split()),
    )


Progress = Callable[[int, int], None]
