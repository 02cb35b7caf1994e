"""What the cells of the experiment on two planes show: the statements of the reconstruction, decided for these runs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ste_theory.experiments.order import Comparison, compare, holm, ordered, trend
from ste_theory.experiments.subspace_cells import Cell, Setting, surrogate_for

# Chance, per finding, of taking no order for one: that of a whole run of ``verify``.
LEVEL = 1e-6


@dataclass(frozen=True)
class Finding:
    """One thing that the grid is said to show, and whether it does; ``None``: the grid has nothing to say.

    ``level``: the probability, at most, that a test finds it where it is not so; ``None`` for what is counted in the
    runs themselves.
    """

    words: str
    held: bool | None
    level: float | None = None


@dataclass(frozen=True)
class Neighbours:
    """Two neighbouring angles: in how many of the ``rows`` the smaller one is shown to take longer; in how many of the
    pairs of runs with the same start, of all rows, it did."""

    smaller: float
    larger: float
    rows: int
    shown: int
    longer: int
    pairs: int


def findings(grid: Sequence[Cell], neurons: Sequence[Cell], weights: Sequence[Cell]) -> tuple[Finding, ...]:
    """What the reconstruction says of such cells, decided for these."""
    several = [cell for cell in grid if cell.setting.bits > 1]
    members = [cell for cell in several if member(cell.setting)]
    fewer = _pairs(neurons, lambda s: (s.surrogate, s.bits, s.angle), lambda s: s.neurons)
    above = [cell for cell in weights if cell.setting.weight >= 1]
    below = [cell for cell in weights if cell.setting.weight < 1]
    return (
        Finding("a surrogate of the class reaches zero loss in every run, b ≥ 2", _all(c.all_reached for c in members)),
        Finding("no other surrogate does in any run", _all(c.reached == 0 for c in several if not member(c.setting))),
        Finding("no run does for b = 1", _all(c.reached == 0 for c in grid if c.setting.bits == 1)),
        _tested("the iterations tend to grow as the angle shrinks", _trends(members)),
        _tested("the smallest angle takes more iterations than any other", _smallest(members)),
        _tested("the iterations fall with more neurons", [_compare(*pair) for pair in fewer]),
        Finding(
            "v_ij ≥ 1: some run meets a positive loss without right-class coarse gradient",
            any(cell.unfelt for cell in above) if above else None,
        ),
        Finding("v_ij < 1: none does", _all(cell.unfelt == 0 for cell in below)),
    )


def neighbours(grid: Sequence[Cell]) -> tuple[Neighbours, ...]:
    """Which neighbouring angles are told apart in the rows of the class with b ≥ 2; Holm's correction over all."""
    members = [cell for cell in grid if cell.setting.bits > 1 and member(cell.setting)]
    pairs = list(_pairs(members, _row, lambda s: s.angle))
    compared = [_compare(*pair) for pair in pairs]
    shown = holm([each.chance for each in compared], LEVEL)
    found: dict[tuple[float, float], list[int]] = {}
    for (low, high), each, yes in zip(pairs, compared, shown, strict=True):
        sums = found.setdefault((low.setting.angle, high.setting.angle), [0, 0, 0, 0])
        for place, value in enumerate((1, yes, each.larger, each.larger + each.smaller + each.equal)):
            sums[place] += value
    return tuple(Neighbours(*angles, *sums) for angles, sums in sorted(found.items()))


def _tested(words: str, comparisons: Sequence[Comparison]) -> Finding:
    return Finding(words, ordered(comparisons, LEVEL), LEVEL)


def _trends(cells: Sequence[Cell]) -> list[Comparison]:
    """One trend per surrogate and number of bits, where there are three angles or more: of two it is no trend."""
    rows = [row for row in _rows(cells, _row, lambda s: s.angle) if len(row) > 2]
    return [trend([cell.iterations for cell in reversed(row)]) for row in rows]


def _smallest(cells: Sequence[Cell]) -> list[Comparison]:
    """The smallest angle of every surrogate and number of bits against each of the others."""
    return [_compare(row[0], other) for row in _rows(cells, _row, lambda s: s.angle) for other in row[1:]]


def _pairs(
    cells: Sequence[Cell], row: Callable[[Setting], tuple[object, ...]], place: Callable[[Setting], float]
) -> Iterator[tuple[Cell, Cell]]:
    for found in _rows(cells, row, place):
        yield from pairwise(found)


def _compare(slower: Cell, faster: Cell) -> Comparison:
    return compare(slower.iterations, faster.iterations)


def _row(setting: Setting) -> tuple[object, ...]:
    return setting.surrogate, setting.bits


def _rows(
    cells: Sequence[Cell], row: Callable[[Setting], tuple[object, ...]], place: Callable[[Setting], float]
) -> list[list[Cell]]:
    """The cells of every row in the order of their places."""
    rows: dict[tuple[object, ...], dict[float, Cell]] = {}
    for cell in cells:
        rows.setdefault(row(cell.setting), {})[place(cell.setting)] = cell
    return [[found[key] for key in sorted(found)] for found in rows.values()]


def member(setting: Setting) -> bool:
    """Whether the surrogate is in the class of the claims, on bounded pre-activations at least."""
    from ste_theory.classification.membership import Place, membership

    found = membership(surrogate_for(setting.surrogate, setting.bits))
    return found.place in (Place.IN, Place.BOUNDED)


def _all(answers: Iterable[bool]) -> bool | None:
    found = list(answers)
    return all(found) if found else None
