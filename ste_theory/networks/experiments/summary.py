"""Runs taken together: means with their spread over seeds, and surrogates compared seed by seed."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ste_theory.experiments.order import holm
from ste_theory.networks.experiments.instability import Departure
from ste_theory.networks.experiments.published import TABLE, Published
from ste_theory.networks.experiments.results import Results
from ste_theory.networks.experiments.table1 import Trained

LEVEL = 0.01  # chance that some surrogate no worse than the other is said to exceed it, for all comparisons of a table


@dataclass(frozen=True)
class Spread:
    """The mean over ``count`` seeds and their standard deviation (with count − 1; NaN for one seed)."""

    mean: float
    deviation: float
    count: int


@dataclass(frozen=True)
class Ratio:
    """One positive quantity over another, seed by seed: the geometric mean, and how often it is above 1.

    ``deviation`` is the standard deviation of its logarithm (NaN for one seed).
    """

    mean: float
    deviation: float
    above: int
    count: int

    @property
    def chance(self) -> float:
        """P(T ≥ t), t the mean logarithm over its standard error, T Student's with ``count`` − 1 degrees of freedom.

        At most so probable is such a t if the ratio is not above 1; that takes the logarithms for normal. The chance is
        1 for one seed, which shows no spread, and if a run diverged.
        """
        if not (self.mean > 0 and self.deviation >= 0):
            return 1.0
        if self.deviation == 0:
            return 0.0 if self.mean > 1 else 1.0
        from scipy.special import stdtr

        return float(stdtr(self.count - 1, -math.log(self.mean) * math.sqrt(self.count) / self.deviation))


@dataclass(frozen=True)
class Row:
    """A line of Table 1."""

    network: str
    bits: int
    surrogate: str
    loss: Spread
    accuracy: Spread
    published: Published | None


@dataclass(frozen=True)
class Step:
    """What a surrogate did from the minima at one learning rate.

    ``rise`` is the loss after over that before; ``beside`` the loss after over that under the surrogate that made the
    minimum, from the same minimum with the same batches (``None`` for that surrogate itself). ``exceeds``: whether that
    is above 1 beyond the spread of seeds, among all comparisons of the table, by Holm's procedure at 1 %.
    """

    rate: float
    surrogate: str
    loss: Spread
    accuracy: Spread
    moved: Spread
    rise: Ratio
    beside: Ratio | None
    exceeds: bool = False

    @property
    def leaves(self) -> bool:
        """Whether the loss ended above where it began in every seed, and exceeds the other's from the same minimum."""
        return self.rise.above == self.rise.count and self.exceeds


@dataclass(frozen=True)
class Minima:
    """The minima of one network and bit width, and what was done from them."""

    network: str
    bits: int
    loss: Spread
    training_accuracy: Spread
    accuracy: Spread
    gradients: tuple[tuple[str, Spread], ...]
    steps: tuple[Step, ...]


def spread(values: Sequence[float]) -> Spread:
    """Mean and standard deviation.

    >>> spread([1.0, 3.0])
    Spread(mean=2.0, deviation=1.4142135623730951, count=2)
    """
    mean = math.fsum(values) / len(values)
    if len(values) < 2:
        return Spread(mean, math.nan, len(values))
    squares = [(value - mean) ** 2 for value in values]
    return Spread(mean, math.sqrt(math.fsum(squares) / (len(values) - 1)), len(values))


def ratio(above: Sequence[float], below: Sequence[float]) -> Ratio:
    """``above`` over ``below``, pair by pair; NaN is above nothing.

    >>> ratio([2.0, 8.0], [1.0, 1.0]).mean
    4.0
    """
    logs = [math.log(a / b) if a > 0 and b > 0 else math.nan for a, b in zip(above, below, strict=True)]
    found = spread(logs)
    larger = sum(a > b for a, b in zip(above, below, strict=True))
    return Ratio(math.exp(found.mean), found.deviation, larger, len(logs))


def rows(results: Results) -> tuple[Row, ...]:
    """The lines of Table 1 that have a run."""
    found = []
    for network, bits, surrogate, runs in _groups(results):
        losses, accuracies = [run.loss for run in runs], [run.accuracy for run in runs]
        published = TABLE.get((network, bits, surrogate))
        found.append(Row(network, bits, surrogate, spread(losses), spread(accuracies), published))
    return tuple(found)


def compared(results: Results, network: str, bits: int, one: str, other: str) -> Ratio | None:
    """The training losses of two surrogates over the seeds that both have; ``None`` without any."""
    losses = {
        name: {run.task.replicate: run.loss for run in results.runs if _is(run, network, bits, name)}
        for name in (one, other)
    }
    both = sorted(losses[one].keys() & losses[other].keys())
    if not both:
        return None
    return ratio([losses[one][seed] for seed in both], [losses[other][seed] for seed in both])


def minima(results: Results) -> tuple[Minima, ...]:
    """What the instability runs found, network by network and bit width by bit width."""
    study, found = results.study, []
    for network in study.networks:
        for bits in study.bits:
            runs = [run for run in results.runs if (run.task.network, run.task.bits) == (network, bits)]
            if runs:
                found.append(_minima(network, bits, runs))
    return _compared(found)


def _compared(found: Sequence[Minima]) -> tuple[Minima, ...]:
    """The same with ``exceeds``, which is decided for all comparisons together."""
    chances = [step.beside.chance for each in found for step in each.steps if step.beside is not None]
    answers = iter(holm(chances, LEVEL))
    return tuple(
        replace(
            each,
            steps=tuple(step if step.beside is None else replace(step, exceeds=next(answers)) for step in each.steps),
        )
        for each in found
    )


def _minima(network: str, bits: int, runs: Sequence[Departure]) -> Minima:
    start, before = runs[0].task.surrogate, [run.start.loss for run in runs]
    steps = []
    for first in runs[0].paths:
        paths = [run.path(first.surrogate, first.rate) for run in runs]
        after = [path.standings[-1].loss for path in paths]
        beside = None
        if first.surrogate != start and any(path.surrogate == start for path in runs[0].paths):
            beside = ratio(after, [run.path(start, first.rate).standings[-1].loss for run in runs])
        steps.append(
            Step(
                first.rate,
                first.surrogate,
                spread(after),
                spread([path.standings[-1].accuracy for path in paths]),
                spread([path.moved for path in paths]),
                ratio(after, before),
                beside,
            )
        )
    gradients = tuple((name, spread([dict(run.gradients)[name] for run in runs])) for name, _ in runs[0].gradients)
    return Minima(
        network,
        bits,
        spread(before),
        spread([run.start.training_accuracy for run in runs]),
        spread([run.start.accuracy for run in runs]),
        gradients,
        tuple(steps),
    )


def _groups(results: Results) -> Iterator[tuple[str, int, str, list[Trained]]]:
    study = results.study
    for network in study.networks:
        for bits in study.bits:
            for surrogate in study.surrogates:
                runs = [run for run in results.runs if _is(run, network, bits, surrogate)]
                if runs:
                    yield network, bits, surrogate, runs


def _is(run: Trained, network: str, bits: int, surrogate: str) -> bool:
    task = run.task
    return (task.network, task.bits, task.surrogate) == (network, bits, surrogate)
