"""What runs converged to, and the fractions of starts that did, with confidence intervals."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ste_theory.dynamics.fixed_points import FixedPoint, fixed_points, stationary_points
from ste_theory.dynamics.run import Run

Outcome = Literal[
    "global minimum", "spurious minimum", "saddle", "stationary at 0", "stationary at π", "w at 0", "undecided"
]
OUTCOMES: tuple[Outcome, ...] = (
    "global minimum",
    "spurious minimum",
    "saddle",
    "stationary at 0",
    "stationary at π",
    "w at 0",
    "undecided",
)
RECENT = 0.2  # the last part of a run; w that still passes 0 in it is held at 0
NEAR, NEAR_SAMPLED = 1e-3, 0.1  # relative distance that counts as reached, exact and with batches
Z_95 = 1.959963984540054


def outcomes(run: Run, tolerance: float | None = None) -> npt.NDArray[np.str_]:
    """Per start what it has reached within ``tolerance`` after the steps done, shape (k,).

        global minimum     f ≤ tolerance·f(w = 0)
        other fixed point  angle within tolerance, ‖v − v₀‖ ≤ tolerance‖v*‖, and for w not normalized
                           |A| ≤ tolerance·f(w = 0): where ‖w‖ drifts nothing has converged; for other activations
                           than the binary one also ‖w‖ within tolerance·ρ of that of the point
        w at 0             stopped there, or w passed 0 again within the last fifth of the steps
        undecided          all else, after the steps done

    Staircases: the fixed points of ``stationary_points``; for normalized w those with ‖w‖ = 1.
    """
    near = tolerance if tolerance is not None else (NEAR_SAMPLED if run.settings.batch else NEAR)
    teacher, state = run.teacher, run.state
    at = run.points().invariants
    largest = _loss_at_zero(run)
    result = np.full(len(state.v), "undecided", dtype="<U20")
    crossings = state.crossings
    recent = (crossings.count > 1) & (crossings.last >= (1 - RECENT) * state.step)
    result[recent] = "w at 0"
    still = np.ones(len(state.v), dtype=bool)
    if not run.settings.normalize:
        still = np.abs(run.radial()) <= near * largest
    for point in _fixed_points(run):
        close = np.sum((state.v - point.v) ** 2, axis=1) <= near**2 * teacher.V
        if not (run.problem.is_binary or point.any_rho):
            close &= np.abs(at.rho - point.rho) <= near * point.rho
        angle = at.theta if point.theta == 0 else at.supplement
        if 0 < point.theta < math.pi:
            angle = np.abs(at.theta - point.theta)
        result[close & (angle <= near) & still] = point.kind
    result[run.losses() <= near * largest] = "global minimum"
    result[state.stopped] = "w at 0"
    return result


def _fixed_points(run: Run) -> tuple[FixedPoint, ...]:
    if run.problem.is_binary or run.settings.normalize:
        return fixed_points(run.problem, run.teacher, 1.0)
    return stationary_points(run.problem, run.teacher)


def _loss_at_zero(run: Run) -> float:
    """f at w = 0: what a student that has learnt nothing loses. (V* + S*²)/8 for the binary activation."""
    if run.problem.is_binary:
        return (run.teacher.V + run.teacher.S**2) / 8
    return run.loss_of_no_student()


@dataclass(frozen=True)
class Fraction:
    """``count`` of ``total`` starts, and the 95 % interval of Wilson for the probability of that outcome."""

    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share of the starts."""
        return self.count / self.total


def wilson(count: int, total: int, z: float = Z_95) -> Fraction:
    """The Wilson score interval: (p̂ + z²/2N ± z√(p̂(1 − p̂)/N + z²/4N²)) / (1 + z²/N).

    >>> interval = wilson(0, 10)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0, 0.2775)
    """
    share, scale = count / total, 1 + z * z / total
    centre = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    low = 0.0 if count == 0 else (centre - half) / scale
    high = 1.0 if count == total else (centre + half) / scale
    return Fraction(count, total, low, high)


def fractions(reached: Sequence[str] | npt.NDArray[np.str_]) -> Mapping[Outcome, Fraction]:
    """The fraction of starts with each outcome that occurred, in the order of OUTCOMES."""
    labels = np.asarray(reached)
    counts = {outcome: int(np.sum(labels == outcome)) for outcome in OUTCOMES}
    return {outcome: wilson(count, len(labels)) for outcome, count in counts.items() if count}
