"""Running means: what the sampled quantities were after the first 1, 2, 4, … blocks of the samples."""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from ste_theory.claims.witness import Context, Figure
from ste_theory.montecarlo.decide import Comparison
from ste_theory.montecarlo.moments import Moments, Sampled

Series = tuple[tuple[int, float, float], ...]


def figures(
    comparisons: Sequence[Comparison],
    place: str,
    sampled: Callable[[Context], list[Sampled]],
    halves: Sequence[tuple[tuple[object, ...], Moments]],
    context: Context,
) -> tuple[Figure, ...]:
    """The comparisons of one quantity's components at one place, each with its running means where they are read.

    ``sampled`` takes the components from the moments that a context remembers; ``halves`` are those it needs, each with
    the key it looks for.
    """
    series = _running(sampled, halves, context) if context.shrink else []
    samples = halves[-1][1].samples
    return tuple(
        Figure(
            c.label, c.value, c.claimed, c.standard_error, c.pull, c.detectable, place, _ended(found or (), c, samples)
        )
        for c, found in zip_longest(comparisons, series)
    )


def _ended(series: Series, comparison: Comparison, samples: int) -> Series:
    """The series with all samples as its end."""
    last = (samples, comparison.value, comparison.standard_error)
    return (*series, last) if series and series[-1][0] < samples else series


def _running(
    sampled: Callable[[Context], list[Sampled]],
    halves: Sequence[tuple[tuple[object, ...], Moments]],
    context: Context,
) -> list[Series]:
    found = []
    for number in range(min(len(moments.prefixes) for _, moments in halves)):
        # A context that holds a prefix where the run's moments would stand.
        shortened = Context(context.level, context.seed, context.false_alarm)
        for key, moments in halves:
            prefix = moments.prefixes[number]
            shortened.remember(key, lambda prefix=prefix: prefix)  # type: ignore[misc]
        samples = halves[-1][1].prefixes[number].samples
        found.append([(samples, *component) for component in sampled(shortened)])
    return list(zip(*found, strict=True))
