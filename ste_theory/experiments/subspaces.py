"""Networks trained on two planes at an angle: which surrogates reach zero loss, and after how many steps.

The geometry is V₁ = span{e₁, sinθ·e₂ + cosθ·e₃}, V₂ = span{e₃, e₄} in R⁴ with 80 directions per class at radius 1,
V fixed, w⁰ ~ N(0, I). Reconstructed from the abstract of Long, Yin, Xin 2021.
"""

import ctypes
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Labelled, grid
from ste_theory.classification.descent import CACHED, Method, descend, start
from ste_theory.classification.network import margin, outputs, preactivations
from ste_theory.classification.second_layer import SecondLayer, blocks
from ste_theory.classification.subspaces import Array, at_angle
from ste_theory.experiments.order import Comparison, compare, holm, ordered, trend
from ste_theory.model import surrogates as catalogue
from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Surrogate

# Names whose parameter is the largest level q = 2^b − 1.
BY_LEVEL = {"reverse-exponential": "long2021.reverse_exponential", "log-tailed": "long2021.log_tailed"}
PLAIN = {"relu": "yin2019.relu", "identity": "ste.identity", "clipped-relu": "yin2019.clipped_relu"}
# Chance, per finding, of taking no order for one: that of a whole run of ``verify``.
LEVEL = 1e-6
# Numbers of <malloc.h>, and the bytes that are kept at most.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, KEPT = -1, -3, 2**28
STANDARD = ("relu", "reverse-exponential", "log-tailed", "identity")


def surrogate_for(name: str, bits: int) -> Surrogate:
    """The surrogate of that name for b bits; any name of the catalogue will do. Raises ``UnknownName`` for others."""
    if name in BY_LEVEL:
        return catalogue.get(BY_LEVEL[name], q=QuantizedReLU(bits).top)
    return catalogue.get(PLAIN.get(name, name))


@dataclass(frozen=True)
class Setting:
    """One cell, which all its runs share. ``weight`` is v_ij; the method is that of ``descent.Method``."""

    angle: float
    bits: int
    surrogate: str
    neurons: int = 24
    weight: float = 0.5
    runs: int = 20
    cap: int = 5000
    step: float = 1.0
    batch: int = 0
    noise: float = 0.0
    precondition: bool = False
    directions: int = 80

    def __post_init__(self) -> None:
        if self.runs < 1 or self.cap < 1:
            raise InvalidInput(f"runs and cap must be positive, got {self.runs} and {self.cap}")
        blocks(2, self.neurons, self.weight)
        surrogate_for(self.surrogate, self.bits)
        at_angle(self.angle)
        Method(self.step, self.batch, self.noise)


@dataclass(frozen=True)
class Cell:
    """What became of the runs of a setting.

    ``iterations``: steps until zero loss, in the order of the runs, −1 where that was not within the cap.
    ``unfelt``: runs that met a W with positive loss and no right-class coarse gradient.
    """

    setting: Setting
    iterations: tuple[int, ...]
    accuracy: float
    loss: float
    longest: float
    unfelt: int

    @property
    def reached(self) -> int:
        """The number of runs with zero loss."""
        return sum(count >= 0 for count in self.iterations)

    @property
    def all_reached(self) -> bool:
        """Whether every run reached zero loss."""
        return self.reached == len(self.iterations)

    @property
    def median(self) -> float | None:
        """The median of the iterations; ``None`` unless every run reached zero loss."""
        return float(np.median(self.iterations)) if self.all_reached else None


def run(setting: Setting, seed: int, *, look: bool = False, block: int = CACHED) -> Cell:
    """All runs of a setting at once. Run number r has the same start in every setting with as many neurons.

    ``look``: whether ``unfelt`` is counted, which takes as long again. ``block``: as for ``descend``.
    """
    planes = at_angle(setting.angle)
    data = grid(planes, directions=setting.directions)
    second, quantizer = blocks(2, setting.neurons, setting.weight), QuantizedReLU(setting.bits)
    turn = planes.preconditioner if setting.precondition else None
    unfelt = np.zeros(setting.runs, dtype=bool)

    def watch(_: int, w: Array, which: npt.NDArray[np.intp]) -> None:
        unfelt[which] |= lost(w, data, second, quantizer)

    found = descend(
        start(setting.runs, setting.neurons, planes.ambient, seed=seed),
        data,
        second,
        quantizer,
        surrogate_for(setting.surrogate, setting.bits),
        cap=setting.cap,
        seed=seed,
        method=Method(setting.step, setting.batch, setting.noise, turn),
        block=block,
        watch=watch if look else None,
    )
    iterations = tuple(int(n) if ok else -1 for n, ok in zip(found.iterations, found.reached, strict=True))
    accuracy, loss, longest = (float(values.mean()) for values in (found.accuracy, found.loss, found.longest))
    return Cell(setting, iterations, accuracy, loss, longest, int(unfelt.sum()))


def lost(w: Array, data: Labelled, second: SecondLayer, quantizer: QuantizedReLU) -> npt.NDArray[np.bool_]:
    """Whether a network has positive loss but no point with ℓ > 0 that activates a neuron of its own class."""
    hidden = preactivations(w, data.x)
    positive = margin(outputs(hidden, second, quantizer), data.y) < 1
    own = (hidden > 0) & (second.owner == data.y[:, None])
    felt = (positive[..., None] & own).any(axis=(-2, -1))
    found: npt.NDArray[np.bool_] = positive.any(axis=-1) & ~felt
    return found


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


@dataclass(frozen=True)
class SubspaceExperiment:
    """The cells of the grid, those with other numbers of neurons, those with other v_ij; what they show."""

    grid: tuple[Cell, ...]
    neurons: tuple[Cell, ...]
    weights: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    neighbours: tuple[Neighbours, ...]
    seed: int

    @property
    def held(self) -> bool:
        """Whether no finding fails; what could not be tested does not."""
        return all(finding.held is not False for finding in self.findings)


def experiment(
    settings: Sequence[Setting],
    *,
    neurons: Sequence[Setting] = (),
    weights: Sequence[Setting] = (),
    seed: int,
    jobs: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> SubspaceExperiment:
    """Run all settings, in ``jobs`` processes; the cells do not depend on their number."""
    tasks = [*((s, seed, False) for s in (*settings, *neurons)), *((s, seed, True) for s in weights)]
    cells = []
    for number, cell in enumerate(_cells(tasks, jobs), 1):
        cells.append(cell)
        done = cell.setting
        progress(f"{number}/{len(tasks)}: {done.surrogate}, b = {done.bits}, {done.angle:g}°, {done.neurons} neurons")
    first, last = len(settings), len(settings) + len(neurons)
    parts = tuple(cells[:first]), tuple(cells[first:last]), tuple(cells[last:])
    return SubspaceExperiment(*parts, findings(*parts), neighbours(parts[0]), seed)


def _task(task: tuple[Setting, int, bool]) -> Cell:
    setting, seed, look = task
    return run(setting, seed, look=look)


def _task_apart(task: tuple[Setting, int, bool]) -> Cell:
    """The same in a process of its own."""
    setting, seed, look = task
    return run(setting, seed, look=look, block=_kept_block())


@cache
def _kept_block() -> int:
    """Tells the C library to keep the memory of large arrays, which it maps and unmaps at every step otherwise.

    The size of blocks: five times as large then; as ever where there is no ``mallopt``.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    kept = mallopt is not None and mallopt(_MMAP_THRESHOLD, KEPT) and mallopt(_TRIM_THRESHOLD, KEPT)
    return 5 * CACHED if kept else CACHED


def _cells(tasks: Sequence[tuple[Setting, int, bool]], jobs: int) -> Iterator[Cell]:
    if jobs == 1 or len(tasks) < 2:
        yield from map(_task, tasks)
        return
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn"))
    try:
        yield from pool.map(_task_apart, tasks)
    finally:
        pool.shutdown(cancel_futures=True)


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
