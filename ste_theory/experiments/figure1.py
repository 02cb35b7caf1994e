"""The empirical loss along the negative coarse gradient, for growing numbers of samples [Yin et al. 2019, Figure 1].

v is held, w(η) = w − ηd, where d is the expected coarse gradient or the mean coarse gradient of the same samples. With
h = Zw and g = Zd the pre-activations along the line are h − ηg: two products per sample serve all step sizes.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ste_theory.model.errors import InvalidInput, UndefinedQuantity
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.program import Layout, columns
from ste_theory.theory import batch
from ste_theory.theory.coarse_gradient import expected_coarse_gradient

Array = npt.NDArray[np.float64]
SAMPLES = (10, 50, 100, 1000, 10_000, 100_000)
LEVELS = 5
CHUNK = 2**22  # numbers of one array of pre-activations


@dataclass(frozen=True, eq=False)
class Curve:
    """The mean loss over ``samples`` samples at each step size, and the population loss along the same line."""

    samples: int
    losses: Array
    population: Array

    @property
    def rises(self) -> int:
        """How often the curve rises from one step size to the next, before the population loss is least."""
        return int(np.count_nonzero(np.diff(self.losses[: self._end]) > 0))

    @property
    def steepest(self) -> float:
        """The largest of these rises, as a part of the population curve's whole fall."""
        steps = np.diff(self.losses[: self._end])
        fall = float(self.population[0] - self.population.min())
        return float(max(np.max(steps, initial=0.0), 0.0)) / fall if fall > 0 else 0.0

    @property
    def distance(self) -> float:
        """The largest distance from the population curve."""
        return float(np.max(np.abs(self.losses - self.population)))

    @property
    def _end(self) -> int:
        return int(np.argmin(self.population)) + 1


@dataclass(frozen=True, eq=False)
class Figure1:
    """The curves for growing numbers of samples, each sample contained in the next.

    ``enough`` samples make the loss fall at five step sizes whose population losses are equally far apart.
    """

    problem: Problem
    point: Point
    direction: str
    step_sizes: Array
    population: Array
    curves: tuple[Curve, ...]
    enough: int | None
    seed: int


def enough(losses: Array, rows: int, weights: float, risk: float) -> int | None:
    """N ≥ KL²/(δh²): the empirical losses fall like the population's at all K step sizes with probability 1 − δ.

    h is the least fall of the population loss from one step size to the next and L = m(‖v‖² + ‖v*‖²) = ``rows`` times
    ``weights`` bounds the loss. ``None`` where h ≤ 0. Source: yin2019.finite-sample-loss.

    >>> enough(np.array([0.5, 0.25]), 1, 2.0, 0.5)
    256
    """
    least = float(np.min(-np.diff(losses)))
    if least <= 0:
        return None
    return math.ceil(len(losses) * (rows * weights) ** 2 / (risk * least**2))


def experiment(
    problem: Problem,
    point: Point,
    *,
    samples: Sequence[int] = SAMPLES,
    steps: int = 200,
    reach: float | None = None,
    direction: str = "expected",
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> Figure1:
    """The curves at ``steps`` step sizes from 0 to ``reach``; by default to where w(η) comes nearest to w*.

    ``direction``: ``expected``, E g_μ for all curves; ``sample``, the mean of g_μ over the samples of each curve.
    Raises ``InvalidInput`` for other arguments, ``UndefinedQuantity`` at w = 0 and where E g_μ = 0.
    """
    if direction not in ("expected", "sample"):
        raise InvalidInput(f"direction must be expected or sample, got {direction!r}")
    if not samples or any(not 1 <= count <= 10**8 for count in samples):
        raise InvalidInput(f"samples must be whole numbers from 1 to 10^8, got {tuple(samples)!r}")
    if steps < 2:
        raise InvalidInput(f"steps must be at least 2, got {steps}")
    coarse = expected_coarse_gradient(problem, point).w
    if not coarse.any():
        raise UndefinedQuantity("the expected coarse gradient is 0 here: there is no line to follow")
    top = _turning(point, coarse) if reach is None else reach
    if not (math.isfinite(top) and top > 0):
        raise InvalidInput(f"reach must be positive and finite, got {top!r}")
    step_sizes = np.linspace(0.0, top, steps)
    population = _population(problem, point, coarse, step_sizes)
    curves = []
    for count in sorted(set(samples)):
        if progress:
            progress(f"{count} samples")
        line = coarse if direction == "expected" else _sampled_direction(problem, point, count, seed)
        expected = population if direction == "expected" else _population(problem, point, line, step_sizes)
        curves.append(Curve(count, _empirical(problem, point, line, step_sizes, count, seed), expected))
    weights = float(point.v @ point.v + point.v_star @ point.v_star)
    levels = np.linspace(population[0], population.min(), LEVELS)
    many = enough(levels, point.rows, weights, 0.05) if problem.is_binary else None
    return Figure1(problem, point, direction, step_sizes, population, tuple(curves), many, seed)


def _turning(point: Point, coarse: Array) -> float:
    """The step size at which w − ηd is nearest in angle to ±w* (the side of D's sign), or ‖w‖/‖d‖ if there is none."""
    side = 1.0 if float(point.padded.v @ point.v_star) >= 0 else -1.0
    target = side * point.w_star / np.linalg.norm(point.w_star)
    # cos² is stationary in η where ⟨w, w*⟩⟨d, w(η)⟩ = ⟨d, w*⟩⟨w, w(η)⟩: linear in η.
    a, b = float(point.w @ target), float(coarse @ target)
    ww, wd, dd = float(point.w @ point.w), float(point.w @ coarse), float(coarse @ coarse)
    below = a * dd - b * wd
    found = (a * wd - b * ww) / below if below else -1.0
    return found if found > 0 else math.sqrt(ww / dd)


def _population(problem: Problem, point: Point, line: Array, step_sizes: Array) -> Array:
    full = point.padded
    weights = full.w - step_sizes[:, None] * line
    return batch.population_loss(problem, batch.points(full.v, weights, full.v_star, full.w_star))


def _inputs(point: Point, count: int, seed: int) -> "list[Array]":
    """The first ``count`` inputs in chunks: the same ones whatever the count."""
    rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(2,))))
    step = max(1, 2**18 // (point.rows * point.n))
    return [rng.standard_normal((min(step, count - start), point.rows, point.n)) for start in range(0, count, step)]


def _sampled_direction(problem: Problem, point: Point, count: int, seed: int) -> Array:
    group = Layout(point.m, point.n).groups["coarse_gradient"]
    sums = [columns(problem, point, z)[:, group].sum(axis=0) for z in _inputs(point, count, seed)]
    return np.asarray(np.sum(sums, axis=0) / count)


def _empirical(problem: Problem, point: Point, line: Array, step_sizes: Array, count: int, seed: int) -> Array:
    total = np.zeros(len(step_sizes))
    v = point.padded.v
    for z in _inputs(point, count, seed):
        inputs = z if problem.input_root is None else z @ problem.input_root
        own, turn = inputs @ point.w, inputs @ line
        target = problem.teacher(inputs @ point.w_star) @ point.v_star
        width = max(1, CHUNK // own.size)
        for start in range(0, len(step_sizes), width):
            part = step_sizes[start : start + width, None, None]
            output = problem.quantizer(own - part * turn) @ v
            total[start : start + width] += 0.5 * np.sum((output - target) ** 2, axis=1)
    return np.asarray(total / count)
