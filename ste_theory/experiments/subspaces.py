"""Networks trained on two planes at an angle: which surrogates reach zero loss, and after how many steps.

The geometry is V₁ = span{e₁, sinθ·e₂ + cosθ·e₃}, V₂ = span{e₃, e₄} in R⁴ with 80 directions per class at radius 1,
V fixed, w⁰ ~ N(0, I). Reconstructed from the abstract of Long, Yin, Xin 2021.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Labelled, grid
from ste_theory.classification.descent import Method, descend, start
from ste_theory.classification.network import margin, outputs, preactivations
from ste_theory.classification.second_layer import SecondLayer, blocks
from ste_theory.classification.subspaces import Array, at_angle
from ste_theory.model import surrogates as catalogue
from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Surrogate

# Names whose parameter is the largest level q = 2^b − 1.
BY_LEVEL = {"reverse-exponential": "long2021.reverse_exponential", "log-tailed": "long2021.log_tailed"}
PLAIN = {"relu": "yin2019.relu", "identity": "ste.identity", "clipped-relu": "yin2019.clipped_relu"}
# Chance of taking no trend for one: that of a whole run of ``verify``.
LEVEL = 1e-6
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


def run(setting: Setting, seed: int, *, look: bool = False) -> Cell:
    """All runs of a setting at once. Run number r has the same start in every setting with as many neurons.

    ``look``: whether ``unfelt`` is counted, which takes as long again.
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
    """One thing that the grid is said to show, and whether it does; ``None``: the grid has nothing to say."""

    words: str
    held: bool | None


@dataclass(frozen=True)
class SubspaceExperiment:
    """The cells of the grid, those with other numbers of neurons, those with other v_ij; the findings."""

    grid: tuple[Cell, ...]
    neurons: tuple[Cell, ...]
    weights: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    seed: int

    @property
    def held(self) -> bool:
        """Whether no finding fails."""
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
    return SubspaceExperiment(*parts, findings(*parts), seed)


def _task(task: tuple[Setting, int, bool]) -> Cell:
    setting, seed, look = task
    return run(setting, seed, look=look)


def _cells(tasks: Sequence[tuple[Setting, int, bool]], jobs: int) -> Iterator[Cell]:
    if jobs == 1 or len(tasks) < 2:
        yield from map(_task, tasks)
        return
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn"))
    try:
        yield from pool.map(_task, tasks)
    finally:
        pool.shutdown(cancel_futures=True)


def findings(grid: Sequence[Cell], neurons: Sequence[Cell], weights: Sequence[Cell]) -> tuple[Finding, ...]:
    """What the reconstruction says of such cells, decided for these."""
    several = [cell for cell in grid if cell.setting.bits > 1]
    members = [cell for cell in several if _member(cell)]
    by_angle = _ordered(members, lambda s: (s.surrogate, s.bits), lambda s: s.angle)
    by_neurons = _ordered(neurons, lambda s: (s.surrogate, s.bits, s.angle), lambda s: s.neurons)
    above = [cell for cell in weights if cell.setting.weight >= 1]
    below = [cell for cell in weights if cell.setting.weight < 1]
    return (
        Finding("a surrogate of the class reaches zero loss in every run, b ≥ 2", _all(c.all_reached for c in members)),
        Finding("no other surrogate does in any run", _all(c.reached == 0 for c in several if not _member(c))),
        Finding("no run does for b = 1", _all(c.reached == 0 for c in grid if c.setting.bits == 1)),
        # Medians at neighbouring large angles differ by less than the runs do among themselves: the trend is tested.
        Finding("the iterations grow as the angle shrinks", _all(_trends(members))),
        Finding("the smallest angle takes the most iterations", _all(row[0] > max(row[1:]) for row in by_angle)),
        Finding("the iterations fall with more neurons", _all(x > y for row in by_neurons for x, y in pairwise(row))),
        Finding(
            "v_ij ≥ 1: some run meets a positive loss without right-class coarse gradient",
            any(cell.unfelt for cell in above) if above else None,
        ),
        Finding("v_ij < 1: none does", _all(cell.unfelt == 0 for cell in below)),
    )


def _trends(cells: Sequence[Cell]) -> Iterator[bool]:
    """For every surrogate and number of bits whether the iterations fall with the angle, by Page's test for ordered
    alternatives: a run has the same start at every angle, so runs are its blocks. No answer from fewer than three
    angles, or so few runs that even a perfect order would not be told from chance."""
    rows: dict[tuple[object, ...], dict[float, tuple[int, ...]]] = {}
    for cell in cells:
        rows.setdefault((cell.setting.surrogate, cell.setting.bits), {})[cell.setting.angle] = cell.iterations
    for found in rows.values():
        counts = np.array([found[angle] for angle in sorted(found, reverse=True)]).T
        runs, angles = counts.shape
        if runs < 2 or angles < 3 or _page(np.tile(np.arange(angles), (runs, 1))) > LEVEL:
            continue
        yield _page(np.where(counts < 0, np.iinfo(counts.dtype).max, counts)) <= LEVEL


def _page(counts: npt.NDArray[np.int_]) -> float:
    """The probability of an order as marked as this from left to right, if there is none."""
    from scipy.stats import page_trend_test

    return float(page_trend_test(counts, method="asymptotic").pvalue)


def _ordered(
    cells: Sequence[Cell], row: Callable[[Setting], tuple[object, ...]], place: Callable[[Setting], float]
) -> list[list[float]]:
    """The medians of every row with two places or more, in order; without zero loss in every run it is infinite."""
    rows: dict[tuple[object, ...], dict[float, float]] = {}
    for cell in cells:
        median = math.inf if cell.median is None else cell.median
        rows.setdefault(row(cell.setting), {})[place(cell.setting)] = median
    return [[found[key] for key in sorted(found)] for found in rows.values() if len(found) > 1]


def _member(cell: Cell) -> bool:
    from ste_theory.classification.membership import Place, membership

    found = membership(surrogate_for(cell.setting.surrogate, cell.setting.bits))
    return found.place in (Place.IN, Place.BOUNDED)


def _all(answers: Iterable[bool]) -> bool | None:
    found = list(answers)
    return all(found) if found else None
