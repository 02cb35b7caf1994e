"""Growth of time and memory of the simulation with samples, m, n, threads and processes, against a law.

    python benchmarks/growth.py [--rounds 5] [--json FILE]

A ratio is what the law predicts from the smaller case over what is measured in the larger one: below 1 it grows faster
than the law. Laws: time proportional to the samples, to m and to n (the numbers drawn; the covariance grows with
(m + n)², which the bare numbers outweigh), halved by a second thread or process (whose start is part of it); memory
does not depend on the samples, and grows in proportion to (m + n + 1)². Memory is the peak of what Python and NumPy
allocate. Beside that, the time to write a checkpoint of a long run.
"""

import argparse
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import ste_theory as st
from measurement.long_plan import SAMPLES as SAMPLES_OF_PLAN
from measurement.long_plan import WRITE
from measurement.row import Figures, Row, write
from measurement.table import text
from measurement.turns import figures, in_turns, ratios
from ste_theory.model.problem import Problem
from ste_theory.montecarlo.accumulate import Node, Partial, Tree
from ste_theory.montecarlo.accuracy.request import State
from ste_theory.montecarlo.blocks import block_size
from ste_theory.montecarlo.checkpoint import Identity, save
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.executors import processes, threads
from ste_theory.montecarlo.standard_point import standard_point

SAMPLES = 2**14
SHAPES = ((4, 8), (16, 64), (64, 256))
Measure = Callable[["Setting", "Setting"], tuple[list[float], list[float]]]


@dataclass(frozen=True)
class Setting:
    """One run of the simulation."""

    m: int = 16
    n: int = 64
    samples: int = SAMPLES // 4
    threads: int = 1
    processes: int = 0

    def __call__(self) -> object:
        """Simulate."""
        problem = Problem(st.quantizers.binary(), st.surrogates.relu())
        by = processes(self.processes) if self.processes else threads(self.threads)
        return estimate_moments(problem, standard_point(self.m, self.n), samples=self.samples, seed=1, executor=by)

    def peak(self) -> float:
        """MiB allocated at most."""
        tracemalloc.start()
        try:
            self()
            return tracemalloc.get_traced_memory()[1] / 2**20
        finally:
            tracemalloc.stop()


# What grows → (smaller, larger, by how much the law says).
TIMES: dict[str, tuple[Setting, Setting, float]] = {
    "samples, 2^12 to 2^14": (Setting(), Setting(samples=SAMPLES), 4),
    "m, 16 to 64": (Setting(), Setting(m=64), 4),
    "n, 64 to 256": (Setting(), Setting(n=256), 4),
    "threads, 1 to 2": (Setting(samples=SAMPLES), Setting(samples=SAMPLES, threads=2), 0.5),
    "processes, 1 to 2, 2^17 samples": (
        Setting(samples=8 * SAMPLES, processes=1),
        Setting(samples=8 * SAMPLES, processes=2),
        0.5,
    ),
}
MEMORY: dict[str, tuple[Setting, Setting, float]] = {
    "samples, 2^12 to 2^14": (Setting(), Setting(samples=SAMPLES), 1),
    "m, 16 to 64": (Setting(), Setting(m=64), (129 / 81) ** 2),
    "n, 64 to 256": (Setting(), Setting(n=256), (273 / 81) ** 2),
    "threads, 1 to 2": (Setting(samples=SAMPLES), Setting(samples=SAMPLES, threads=2), 2),
}


def written(rounds: int) -> list[Row]:
    """Seconds to write a checkpoint as a run of 10¹² samples has it: a subtree and a prefix per level of its tree."""
    return [_written(m, n, rounds) for m, n in SHAPES]


def _written(m: int, n: int, rounds: int) -> Row:
    rng, width = np.random.default_rng(1), m + n + 1
    levels = range((SAMPLES_OF_PLAN // block_size(m, n)).bit_length())

    def part(level: int) -> Partial:
        return Partial(2**level, rng.normal(size=width), rng.normal(size=(width, width)))

    state = State(Tree([Node(level, 2 * level, part(level)) for level in levels], [part(level) for level in levels]))
    identity, point = Identity("binary", "relu", SAMPLES_OF_PLAN, 1, "program"), standard_point(m, n)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.npz"
        times = in_turns({"write": lambda: save(path, identity, point, state)}, rounds)["write"]
    return Row(f"checkpoint: (m, n) = ({m}, {n})", WRITE, "s", figures(times), reference=True)


def rows_of(what: str, unit: str, cases: dict[str, tuple[Setting, Setting, float]], measured: Measure) -> list[Row]:
    """Two rows per law: the smaller case, and the larger one with the ratio."""
    found = []
    for name, (small, large, factor) in cases.items():
        low, high = measured(small, large)
        law = [factor * value for value in low]
        found.append(Row(f"{what}: {name}", "smaller", unit, figures(low), reference=True))
        ratio: Figures = ratios(law, high)
        found.append(
            Row(
                f"{what}: {name}",
                "larger",
                unit,
                figures(high),
                ratio,
                f"law: times {factor:.3g}",
                reference=True,
                law=True,
            )
        )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    rounds = 1 if chosen.quick else chosen.rounds
    Setting(samples=1)()  # pays for imports

    def seconds(small: Setting, large: Setting) -> tuple[list[float], list[float]]:
        times = in_turns({"small": small, "large": large}, rounds)
        return times["small"], times["large"]

    def peaks(small: Setting, large: Setting) -> tuple[list[float], list[float]]:
        return [small.peak()], [large.peak()]

    rows = rows_of("time", "s", TIMES, seconds) + rows_of("memory", "MiB", MEMORY, peaks) + written(rounds)
    print(text(rows), flush=True)
    write(chosen.json, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
