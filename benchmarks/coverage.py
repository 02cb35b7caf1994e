"""How often do the stopping guarantees fail? Each must fail no more often than it says; how much less is reported.

    python benchmarks/coverage.py [--runs 10000] [--jobs 2]

Every run asks for an accuracy at a confidence and compares what it gets with the known expectation. A run fails if any
component is off by more than the radius it was promised. Counted at nominal 0.9 and 0.99, on both sides, for an
ordinary problem and for heavy skew: the clipped ReLU at ‖w‖ = 50, where one draw in 125 is not zero. A failure rate
above the stated one by more than chance (one-sided binomial test at 1e-4) is marked and makes the exit code 1.
"""

import argparse
import math
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

import ste_theory as st
from ste_theory.montecarlo.standard_point import standard_point

NOMINAL = (0.9, 0.99)
SIGNIFICANCE = 1e-4


@dataclass(frozen=True)
class Case:
    """A sampler at a problem, with an accuracy at which one run takes milliseconds."""

    sampler: str
    problem: str
    accuracy: float


PROBLEMS = {
    "relu": (st.surrogates.relu(), 1.0),
    "clipped, ‖w‖ = 50": (st.surrogates.clipped_relu(), 50.0),
}
CASES = (
    Case("strata", "relu", 0.02),
    Case("strata", "clipped, ‖w‖ = 50", 0.001),
    Case("one-coordinate", "relu", 0.05),
    Case("one-coordinate", "clipped, ‖w‖ = 50", 0.002),
    Case("sobol", "relu", 0.01),
    Case("sobol", "clipped, ‖w‖ = 50", 0.001),
    Case("one-row", "clipped, ‖w‖ = 50", 0.002),
    Case("in-plane", "relu", 0.3),
    Case("program", "clipped, ‖w‖ = 50", 0.3),
)


@dataclass(frozen=True)
class Found:
    """What the runs of a case gave: failures of any component, above and below, mean radius over error, draws."""

    runs: int
    failures: int
    above: int
    below: int
    radius: float
    error: float
    draws: float
    seconds: float


def run(case: Case, confidence: float, seeds: Sequence[int]) -> Found:
    """Runs with these seeds."""
    surrogate, rho = PROBLEMS[case.problem]
    problem, point = st.Problem(st.quantizers.binary(), surrogate), standard_point(2, 2, rho=rho, theta=1.0)
    exact = st.expected_coarse_gradient(problem, point)
    truth = np.concatenate([exact.v, exact.w])
    failures = above = below = 0
    radii, errors, draws, start = 0.0, 0.0, 0, time.process_time()
    for seed in seeds:
        found = st.estimate_coarse_gradient(
            problem, point, accuracy=case.accuracy, confidence=confidence, sampler=case.sampler, seed=seed
        )
        assert found.guarantee is not None
        difference = np.concatenate([found.mean.v, found.mean.w]) - truth
        high, low = difference.max() > found.guarantee.radius, difference.min() < -found.guarantee.radius
        failures, above, below = failures + (high or low), above + high, below + low
        radii, errors = radii + found.guarantee.radius, errors + float(np.abs(difference).max()) ** 2
        draws += found.samples
    count = len(seeds)
    return Found(
        count,
        int(failures),
        int(above),
        int(below),
        radii / count,
        math.sqrt(errors / count),
        draws / count,
        time.process_time() - start,
    )


def together(parts: Sequence[Found]) -> Found:
    """The parts of one case added up."""
    count = sum(part.runs for part in parts)

    def mean(name: str) -> float:
        return float(sum(getattr(part, name) * part.runs for part in parts)) / count

    return Found(
        count,
        sum(part.failures for part in parts),
        sum(part.above for part in parts),
        sum(part.below for part in parts),
        mean("radius"),
        mean("error"),
        mean("draws"),
        sum(part.seconds for part in parts),
    )


def too_many(failures: int, runs: int, rate: float) -> bool:
    """Whether so many failures or more have a probability below ``SIGNIFICANCE`` if each has probability ``rate``."""
    from scipy.stats import binom

    return bool(binom.sf(failures - 1, runs, rate) < SIGNIFICANCE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one line per case and confidence."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args(arguments)
    print(f"{chosen.runs} runs each; failures of any component, and how many on which side")
    print(f"{'sampler':15s} {'problem':18s} nominal   failed (above, below)  radius/error     draws  ms/run")
    bad = 0
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for case in CASES:
            for confidence in NOMINAL:
                shares = [range(first, chosen.runs, 8 * chosen.jobs) for first in range(8 * chosen.jobs)]
                waiting = [pool.submit(run, case, confidence, share) for share in shares if share]
                found = together([future.result() for future in waiting])
                wrong = too_many(found.failures, found.runs, 1 - confidence)
                bad += wrong
                print(
                    f"{case.sampler:15s} {case.problem:18s} {confidence:7.2f} {found.failures / found.runs:8.2%}"
                    f" ({found.above}, {found.below}){'  TOO MANY' if wrong else '':>4s}"
                    f" {found.radius / found.error:10.1f} {found.draws:10.3g} {1000 * found.seconds / found.runs:7.1f}",
                    flush=True,
                )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
