"""A teacher with rows that the student lacks: the minimizer of the population loss, and which surrogates leave it.

The student's rows see y* as the rows in common plus the mean s₁T of the others (T their sum), which it can only match
through its own activations. At θ = 0, ρ = ρ* the best second layer is v = v* + x1 with (q + ms₁²)x = s₁²T, q = Var σ,
s₁ = E σ; for the binary activation x = T/(m + 1). There V − D = xS and E g_μ = (V − D)(a₁ − a₀s₂/s₁)ŵ.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.numbers import VectorLike, vector
from ste_theory.model.problem import Point, Problem
from ste_theory.model.quantizers import Staircase
from ste_theory.model.surrogates import Surrogate, identity
from ste_theory.theory.coarse_gradient import expected_coarse_gradient
from ste_theory.theory.loss import population_loss
from ste_theory.theory.misspecified import good_minimum
from ste_theory.theory.steps import steps as steps_of

# How far beside the minimizer the loss is compared, in ln ρ and in θ: the loss rises there by more than roundings.
BESIDE = 1e-3


@dataclass(frozen=True)
class Drift:
    """One surrogate at the minimum: ⟨E g_μ, ŵ⟩, and how the expected dynamics from there went."""

    surrogate: str
    drift: float
    largest_loss: float
    final_loss: float
    final_norm: float
    reached_zero: int | None

    @property
    def meaning(self) -> str:
        """What the sign does to the network."""
        if self.drift == 0:
            return "rests"
        return "‖w‖ shrinks" if self.drift > 0 else "‖w‖ grows"


@dataclass(frozen=True, eq=False)
class Misspecified:
    """The minimizer, its loss, and the surrogates ranked by |drift|: those that stay nearest first."""

    quantizer: str
    minimum: Point
    loss: float
    drifts: tuple[Drift, ...]
    steps: int
    step_size: float


def minimizer(quantizer: Staircase, v_star: VectorLike, rows: int, w_star: VectorLike) -> Point:
    """A minimizer of the population loss for a student with the first ``rows`` rows of the teacher, ‖w‖ = ‖w*‖.

    Binary: proved (general.misspecified). Other staircases: the stationary v at θ = 0, ρ = ρ*; the loss beside it, with
    v the best one there, is compared. Raises ``InvalidInput`` where it is smaller there, or nothing is left over.
    """
    teacher, direction = vector(v_star, "v_star"), vector(w_star, "w_star")
    if not 1 <= rows < teacher.size:
        raise InvalidInput(f"rows must lie between 1 and {teacher.size - 1}: the teacher has {teacher.size}")
    norm = float(np.linalg.norm(direction))
    if quantizer.is_binary:
        found = good_minimum(teacher[:rows], teacher[rows:], direction, norm=norm)
        return Point(found.v[:rows], found.w, teacher, direction)
    problem = Problem(quantizer, identity())
    found = _best(quantizer, teacher, rows, direction, norm, 0.0)
    least = population_loss(problem, found)
    for norm_beside, angle in ((norm * math.exp(BESIDE), 0.0), (norm * math.exp(-BESIDE), 0.0), (norm, BESIDE)):
        if population_loss(problem, _best(quantizer, teacher, rows, direction, norm_beside, angle)) < least:
            raise InvalidInput("the loss is smaller beside θ = 0, ρ = ρ*: choose a teacher whose extra rows weigh less")
    return found


def _best(quantizer: Staircase, teacher: np.ndarray, rows: int, w_star: np.ndarray, norm: float, angle: float) -> Point:
    """The second layer with ∂f/∂v = 0 at this ρ and θ: f is quadratic in v, its Hessian qI + s₁²11ᵀ."""
    length = float(np.linalg.norm(w_star))
    along = w_star / length
    across = np.zeros_like(along)
    if along.size > 1:
        across[0 if abs(along[0]) < 0.9 else 1] = 1.0
        across -= (across @ along) * along
        across /= np.linalg.norm(across)
    w = norm * (math.cos(angle) * along + math.sin(angle) * across)
    start = Point(np.zeros(rows), w, teacher, w_star)
    slope = expected_coarse_gradient(Problem(quantizer, identity()), start).v
    of = steps_of(quantizer, np.array([norm]))
    q, square = float(of.variance[0]), float(of.mean[0]) ** 2
    v = -(slope - square * slope.sum() / (q + rows * square)) / q
    return Point(v, w, teacher, w_star)


def experiment(
    quantizer: Staircase,
    surrogates: Sequence[Surrogate],
    minimum: Point,
    *,
    steps: int = 1000,
    step_size: float = 0.01,
    progress: Callable[[str], None] | None = None,
) -> Misspecified:
    """The drift of each surrogate at the minimum and ``steps`` steps of the expected dynamics from there.

    v ← v − η ∂f/∂v, w ← w − η E g_μ; where a step carries w through 0, w goes on behind it.
    """
    if not (math.isfinite(step_size) and step_size > 0):
        raise InvalidInput(f"step_size must be positive and finite, got {step_size!r}")
    found = [_followed(Problem(quantizer, surrogate), minimum, steps, step_size, progress) for surrogate in surrogates]
    loss = population_loss(Problem(quantizer, identity()), minimum)
    return Misspecified(
        quantizer.name, minimum, loss, tuple(sorted(found, key=lambda d: abs(d.drift))), steps, step_size
    )


def _followed(
    problem: Problem, minimum: Point, steps: int, step_size: float, progress: Callable[[str], None] | None
) -> Drift:
    start = expected_coarse_gradient(problem, minimum)
    w_hat = minimum.w / np.linalg.norm(minimum.w)
    drift = float(start.w @ w_hat)
    # A few roundings of numbers of the size of the terms are no drift.
    size = float(np.sum(np.abs(minimum.v)) + np.sum(np.abs(minimum.v_star))) ** 2
    if abs(drift) <= 64 * np.finfo(np.float64).eps * size * float(sum(problem.quantizer.heights)) ** 2:
        drift = 0.0
    point, largest, reached = minimum, -math.inf, None
    for step in range(steps):
        if progress and step % 100 == 0:
            progress(f"{problem.surrogate.name}: step {step} of {steps}")
        largest = max(largest, population_loss(problem, point))
        gradient = expected_coarse_gradient(problem, point)
        w = point.w - step_size * gradient.w
        if reached is None and float(w @ point.w) <= 0:
            reached = step + 1
        if not w.any():
            w = -point.w * np.finfo(np.float64).eps
        point = Point(point.v - step_size * gradient.v, w, point.v_star, point.w_star)
    final = population_loss(problem, point)
    return Drift(problem.surrogate.name, drift, max(largest, final), final, float(np.linalg.norm(point.w)), reached)
