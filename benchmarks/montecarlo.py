"""Samples per second of the simulation, against the ways one would write it first, in one run.

    python benchmarks/montecarlo.py

For each (m, n): this program with full covariance on one and two threads; a Python loop with one sample per turn; the
whole batch in one NumPy expression, mean and covariance included; and the bare generator, which only fills the same
arrays. Each figure is the median of several repeats, the spread their whole range; the ratio is to the loop over
samples. The contestants take turns, so that a slow moment of the machine meets all of them.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from ste_theory.model import quantizers, surrogates
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import block_generator, block_size, workspace
from ste_theory.montecarlo.estimate import estimate_moments
from ste_theory.montecarlo.program import Matrix, columns

SHAPES = ((4, 8), (16, 64), (64, 256))
REPEATS = 7
SECONDS = 0.25  # aimed at per repeat
BATCH_BYTES = 400_000_000  # the whole batch must fit into memory


def loop(problem: Problem, point: Point, samples: int) -> tuple[Matrix, Matrix]:
    """One sample per turn, running sums of the columns and of their products."""
    draw = np.random.default_rng(1)
    quantizer, surrogate = problem.quantizer, problem.surrogate
    width = point.m + point.n + 1
    total, products = np.zeros(width), np.zeros((width, width))
    for _ in range(samples):
        z = draw.standard_normal((point.m, point.n))
        h = z @ point.w
        activation = quantizer(h)
        residual = activation @ point.v - quantizer(z @ point.w_star) @ point.v_star
        coarse = z.T @ (surrogate(h) * point.v) * residual
        sample = np.concatenate([activation * residual, coarse, [0.5 * residual**2]])
        total += sample
        products += np.outer(sample, sample)
    return total, products


def whole_batch(problem: Problem, point: Point, samples: int) -> tuple[Matrix, Matrix]:
    """All samples in one array."""
    drawn = columns(problem, point, np.random.default_rng(1).standard_normal((samples, point.m, point.n)))
    return drawn.mean(axis=0), np.cov(drawn, rowvar=False)


def this_program(threads: int) -> Callable[[Problem, Point, int], object]:
    """The simulation on so many threads."""
    return lambda problem, point, samples: estimate_moments(problem, point, samples=samples, seed=1, threads=threads)


def bare_generator(problem: Problem, point: Point, samples: int) -> Matrix:
    """The same numbers drawn into the same buffer, nothing else."""
    row = workspace(point, score=False).row
    for index in range(-(-samples // block_size(point.m, point.n))):
        draw = block_generator(1, (), index)
        for _ in range(point.m):
            draw.standard_normal(out=row)
    return row


CONTESTANTS: dict[str, Callable[[Problem, Point, int], object]] = {
    "loop over samples": loop,
    "whole-batch NumPy": whole_batch,
    "this program, 1 thread": this_program(1),
    "this program, 2 threads": this_program(2),
    "bare generator": bare_generator,
}


def seconds(run: Callable[[Problem, Point, int], object], problem: Problem, point: Point, samples: int) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    run(problem, point, samples)
    return time.perf_counter() - start


def main() -> None:
    """Prints one table per shape."""
    problem = Problem(quantizers.binary(), surrogates.relu())
    for m, n in SHAPES:
        draw = np.random.default_rng(2)
        point = Point(draw.normal(size=m), draw.normal(size=n), draw.normal(size=m), draw.normal(size=n))
        size = block_size(m, n)
        counts: dict[str, int] = {}
        for name, run in CONTESTANTS.items():
            # The second run is timed: the first one pays for imports and for memory from the system.
            first = 200 if run is loop else 4 * size
            pace = min(seconds(run, problem, point, first) for _ in range(2)) / first
            count = max(1, round(SECONDS / pace / size)) * size
            counts[name] = min(count, BATCH_BYTES // (8 * m * n) // size * size) if run is whole_batch else count
            if run is loop:
                counts[name] = round(SECONDS / pace)
        rates: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
        for _ in range(REPEATS):
            for name, run in CONTESTANTS.items():
                rates[name].append(counts[name] / seconds(run, problem, point, counts[name]))
        base = statistics.median(rates["loop over samples"])
        print(f"(m, n) = ({m}, {n}), blocks of {size} samples")
        for name, found in rates.items():
            middle = statistics.median(found)
            spread = f"{min(found):,.0f} to {max(found):,.0f}"
            print(f"  {name:24s} {middle:12,.0f} samples/s  ({spread:25s})  {middle / base:6.1f} x the loop")


if __name__ == "__main__":
    main()
