"""Networks trained on two planes at an angle: the runs of one surrogate, number of bits and angle, as one cell.

The geometry is V₁ = span{e₁, sinθ·e₂ + cosθ·e₃}, V₂ = span{e₃, e₄} in R⁴ with 80 directions per class at radius 1,
V fixed, w⁰ ~ N(0, I). Reconstructed from the abstract of Long, Yin, Xin 2021.
"""

import ctypes
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Labelled, grid
from ste_theory.classification.descent import CACHED, Method, descend, start
from ste_theory.classification.network import margin, outputs, preactivations
from ste_theory.classification.second_layer import SecondLayer, blocks
from ste_theory.classification.subspaces import Array, at_angle
from ste_theory.model import surrogates as catalogue
from ste_theory.model.errors import InvalidInput
from ste_theory.model.surrogates import Surrogate

# Names whose parameter is the largest level q = 2^b − 1.
BY_LEVEL = {"reverse-exponential": "long2021.reverse_exponential", "log-tailed": "long2021.log_tailed"}
PLAIN = {"relu": "yin2019.relu", "identity": "ste.identity", "clipped-relu": "yin2019.clipped_relu"}
# Numbers of <malloc.h>, and the bytes that are kept at most.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, KEPT = -1, -3, 2**28


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


def cells(tasks: Sequence[tuple[Setting, int, bool]], jobs: int) -> Iterator[Cell]:
    """The cell of every setting and seed, in ``jobs`` processes; the last of a task: whether ``unfelt`` is counted."""
    if jobs == 1 or len(tasks) < 2:
        yield from map(_task, tasks)
        return
    pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn"))
    try:
        yield from pool.map(_task_apart, tasks)
    finally:
        pool.shutdown(cancel_futures=True)
