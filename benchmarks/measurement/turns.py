"""Contestants take turns, round by round, so that a slow moment of the machine meets all of them.

A ratio is taken within a round and then the median over the rounds; medians come with their whole range.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

from measurement.row import Figures

Run = Callable[[], object]


def figures(values: Sequence[float]) -> Figures:
    """The median and the range of some numbers."""
    return Figures(statistics.median(values), min(values), max(values), len(values))


def seconds(run: Run) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def in_turns(field: Mapping[str, Run], rounds: int) -> dict[str, list[float]]:
    """Wall seconds of every contestant in every round."""
    times: dict[str, list[float]] = {name: [] for name in field}
    for _ in range(rounds):
        for name, run in field.items():
            times[name].append(seconds(run))
    return times


def ratios(times: Sequence[float], ours: Sequence[float]) -> Figures:
    """How many times as long as ours, round by round; both per unit of work."""
    return figures([theirs / own for theirs, own in zip(times, ours, strict=False)])
