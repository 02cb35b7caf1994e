"""Samples per second of the plain program with the covariance of all its columns, against NumPy, PyTorch and JAX.

    make bench ARGS=throughput                              (or, in the environment of the peers:)
    python benchmarks/throughput.py [--rounds 5] [--json FILE]

Everybody draws Z ∈ R^{m×n}, runs the forward pass with the hard activation and the backward pass with the surrogate,
and gives mean and covariance of (∂ℓ/∂v, g_μ, ℓ), in double and in single precision, on two cores. NumPy, PyTorch
and JAX take the batch size (512, 4096, 32768) and JAX the generator that suit them best, found before; the whole batch
is one array. What everybody gives is compared with the closed forms first. The bare generator is the limit of this
package.
"""

import sys
from collections.abc import Callable, Iterator, Sequence

import numpy as np

import ste_theory as st
from contestants.jax_moments import jax_in
from contestants.moments import Answer, Run, bare, loop, numpy_in, package, whole_batch
from contestants.torch_moments import torch_in
from measurement.driver import Options, drive
from measurement.row import Figures, Row
from measurement.turns import figures, in_turns, ratios, seconds
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import Precision, block_size
from ste_theory.montecarlo.standard_point import standard_point

SHAPES = ((4, 8), (16, 64), (64, 256))
PRECISIONS: tuple[Precision, ...] = ("double", "single")
SECONDS = 0.25  # wall time aimed at per round and contestant
BATCHES = (512, 4096, 32768)
WHOLE, WHOLE_NUMBERS = 100_000, 2**24  # samples of the whole batch, at most; numbers of it, at most
MOST_NUMBERS = 2**26  # of one batch
PULL = 7.0  # standard errors; 1e-12 per number, some ten thousand numbers in all
OURS = "ste_theory"


def variants(point: Point, precision: Precision) -> dict[str, dict[str, tuple[Run, int]]]:
    """Contestant → the ways to run it, each with the unit in which samples come. Of several ways the fastest counts."""
    batches = [batch for batch in BATCHES if batch * point.m * point.n <= MOST_NUMBERS]
    size = block_size(point.m, point.n, precision)
    return {
        OURS: {"": (package, 4 * size)},
        "loop over samples": {"": (loop, 50)},
        "whole-batch NumPy": {"": (whole_batch, min(WHOLE, WHOLE_NUMBERS // (point.m * point.n)))},
        "NumPy in batches": {f"batch {batch}": (numpy_in(batch), batch) for batch in batches},
        "PyTorch": {f"batch {batch}": (torch_in(batch), batch) for batch in batches},
        "JAX": {
            f"batch {batch}, {generator}": (jax_in(batch, generator), batch)
            for batch in batches
            for generator in ("threefry2x32", "rbg")
        },
        "bare generator": {"": (bare, 4 * size)},
    }


def checked(answer: Answer, problem: Problem, point: Point, samples: int) -> None:
    """Raise unless the means are those of the closed forms, up to their standard errors."""
    gradient = st.expected_coarse_gradient(problem, point)
    truth = np.concatenate([gradient.v, gradient.w, [st.population_loss(problem, point)]])
    pull = np.abs(answer.mean - truth) / np.sqrt(np.diagonal(answer.covariance) / samples)
    if not pull.max() < PULL:
        raise ValueError(f"a mean is {pull.max():.1f} standard errors off")


def fitted(run: Run, unit: int, problem: Problem, point: Point, precision: Precision) -> tuple[float, int]:
    """Seconds per sample, and how many samples take about SECONDS; the first call pays for what is set up once.

    The better of two timings, so that one slow moment does not choose the way to run.
    """
    run(problem, point, unit, precision)
    pace = seconds(lambda: run(problem, point, unit, precision)) / unit
    count = unit * max(1, round(SECONDS / 4 / (pace * unit)))
    pace = min(pace, *(seconds(lambda: run(problem, point, count, precision)) / count for _ in range(2)))
    return pace, unit * max(1, round(SECONDS / (pace * unit)))


def compete(problem: Problem, shape: tuple[int, int], precision: Precision, rounds: int) -> list[Row]:
    """All contestants at one shape in one precision."""
    point, case = standard_point(*shape), f"(m, n) = {shape}, {precision} precision"
    field: dict[str, Callable[[], object]] = {}
    counts, notes, rows = dict[str, int](), dict[str, str](), []
    for name, ways in variants(point, precision).items():
        try:
            paces = {way: fitted(run, unit, problem, point, precision) for way, (run, unit) in ways.items()}
            best = min(paces, key=lambda way: paces[way][0])
            run, counts[name], notes[name] = ways[best][0], paces[best][1], best
            if run is whole_batch:  # one array, which must fit into memory
                counts[name] = ways[best][1]
            if run is not bare:
                checked(run(problem, point, counts[name], precision), problem, point, counts[name])
        except (ImportError, ValueError) as error:
            rows.append(Row(case, name, "samples/s", None, note=str(error)))
            continue
        field[name] = lambda run=run, count=counts[name]: run(problem, point, count, precision)  # type: ignore[misc]
    times = in_turns(field, rounds)
    paces_ = {name: [time / counts[name] for time in found] for name, found in times.items()}
    for name, found in paces_.items():
        reference = name in (OURS, "bare generator")
        against: Figures | None = None if name == OURS else ratios(found, paces_[OURS])
        rows.append(
            Row(case, name, "samples/s", figures([1 / pace for pace in found]), against, notes[name], reference)
        )
    return rows


def tables(chosen: Options) -> Iterator[list[Row]]:
    """One table per shape and precision."""
    problem = Problem(st.quantizers.binary(), st.surrogates.relu())
    for shape in SHAPES[:1] if chosen.quick else SHAPES:
        for precision in PRECISIONS:
            yield compete(problem, shape, precision, 1 if chosen.quick else chosen.rounds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table per shape and precision."""
    return drive(__doc__, "one round at the smallest shape", tables, arguments, rounds=5)


if __name__ == "__main__":
    sys.exit(main())
