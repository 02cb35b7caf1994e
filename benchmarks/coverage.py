"""How often do the stopping guarantees fail? Each must fail no more often than it says; how much less is reported.

    make coverage                      (10,000 runs per case, half an hour on two cores)
    make coverage ARGS=--rewrite       (the page of the documentation, from a run of this size)

Every run asks for an accuracy at a confidence and compares what it gets with the known expectation. A run fails if any
component is off by more than the radius it was promised. Counted at nominal 0.9 and 0.99, on both sides, for every
argument for stopping, at an ordinary problem and at heavy skew: 50 times the clipped ReLU at ‖w‖ = 50, where one draw
in 125 is not zero, and an estimate without it is off by more than every accuracy asked for. Those that assume a limit
theorem also meet a rare event, one draw in 47,000, which most first looks do not have; a run takes a second, so there
are only 100 of it. Samplers that share the rule of another row have 1000. The other accuracies are such that a run
takes milliseconds and the rules that look several times do. A failure rate above the stated one by more than chance
(one-sided binomial test at 1e-4) is marked and makes the exit code 1; above it at all is an exact rule in half of all
counts.
"""

import argparse
import math
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import ste_theory as st
from ste_theory.montecarlo.standard_point import standard_point

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "coverage.md"
NOMINAL = (0.9, 0.99)
SIGNIFICANCE = 1e-4
HOEFFDING, BERNSTEIN, CATONI = "Hoeffding", "empirical Bernstein sequence", "Catoni, known variance"
SCRAMBLES, LOOKS = "t over scrambles", "t at sizes that double"
RELU, SKEWED, UNBOUNDED, RARE = "ReLU", "50 × clipped ReLU, ‖w‖ = 50", "−x log x on (0, 1)", "rare event"
PROBLEMS = {
    RELU: (st.surrogates.relu(), 1.0),
    SKEWED: (st.surrogates.from_formulas("fifty", ("0", "50", "0"), (0, 1)), 50.0),
    # Intervals that touch 0 have no range, so no bound of the variance is known.
    UNBOUNDED: (st.surrogates.from_formulas("entropy", ("0", "-x * log(x)", "0"), (0, 1)), 1.0),
    RARE: (st.surrogates.parse("Piecewise((0, x < 4), (10000, x < 17/4), (0, True))"), 1.0),
}


@dataclass(frozen=True)
class Case:
    """An argument for stopping, a sampler, a problem in (m, n), an accuracy, and how often it is run at most."""

    rule: str
    sampler: str
    problem: str
    accuracy: float
    m: int = 2
    n: int = 2
    most: int = 10**6


CASES = (
    Case(HOEFFDING, "strata", RELU, 0.02),
    Case(HOEFFDING, "strata", SKEWED, 0.02),
    Case(BERNSTEIN, "one-coordinate", RELU, 0.06),
    Case(BERNSTEIN, "one-coordinate", SKEWED, 0.06),
    Case(SCRAMBLES, "sobol", RELU, 0.003),
    Case(SCRAMBLES, "sobol", SKEWED, 0.05),
    Case(LOOKS, "one-row", RELU, 0.007),
    Case(LOOKS, "one-row", SKEWED, 0.025),
    Case(LOOKS, "row-pairs", SKEWED, 0.01, most=1000),
    Case(LOOKS, "antithetic", SKEWED, 0.018, most=1000),
    Case(LOOKS, "orthogonal", SKEWED, 0.018, most=1000),
    Case(LOOKS, "control-variates", SKEWED, 0.025, most=1000),
    Case(SCRAMBLES, "sobol", RARE, 1.0, most=100),
    Case(LOOKS, "one-row", RARE, 1.0, most=100),
    Case(LOOKS, "program", UNBOUNDED, 0.004, m=1),
    Case(CATONI, "in-plane", RELU, 0.3, m=1),
    Case(CATONI, "program", SKEWED, 0.12, m=1),
)


@cache
def setting(case: Case) -> tuple[st.Problem, st.Point, np.ndarray]:
    """The problem and its point, the same objects for all runs so that what does not depend on the seed is planned
    once, and the known expectation of all components, shape (m + n,)."""
    surrogate, rho = PROBLEMS[case.problem]
    problem = st.Problem(st.quantizers.binary(), surrogate)
    point = standard_point(case.m, case.n, rho=rho, theta=1.0)
    exact = st.expected_coarse_gradient(problem, point)
    return problem, point, np.concatenate([exact.v, exact.w])


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
    problem, point, truth = setting(case)
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


def power(actual: float, runs: int, stated: float) -> float:
    """The probability that ``too_many`` marks a rule that fails with probability ``actual`` and says ``stated``."""
    from scipy.stats import binom

    least = int(binom.isf(SIGNIFICANCE, runs, stated)) + 1  # the smallest count that is marked
    return float(binom.sf(least - 1, runs, actual))


HEADER = (
    "stopping by",
    "sampler",
    "integrand",
    "runs",
    "stated",
    "failed",
    "above, below",
    "radius / error",
    "draws",
    "ms",
)


def row(case: Case, confidence: float, found: Found) -> tuple[str, ...]:
    """One row of the table."""
    return (
        case.rule,
        case.sampler,
        case.problem,
        f"{found.runs:,}",
        f"{1 - confidence:.0%}",
        f"{found.failures / found.runs:.2%}",
        f"{found.above}, {found.below}",
        f"{found.radius / found.error:.1f}",
        f"{found.draws:.3g}",
        f"{1000 * found.seconds / found.runs:.1f}",
    )


def page(rows: Sequence[Sequence[str]], runs: int) -> str:
    """The page of the documentation."""
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in (HEADER, ["---"] * len(HEADER), *rows))
    words = f"""# How often the stopping guarantees fail

Made by `make coverage ARGS=--rewrite`: {runs:,} runs per row where the row does not say less, each with a seed of
its own, against the closed form. A run fails if any component is off by more than the radius it was promised;
*above, below* is on which side. *Radius / error*: the mean radius promised over the root of the mean squared
largest error, so how conservative the bound is. *Draws* and *ms* (of one core) are means per run. The first look
of a rule that doubles is 65,536 draws.

"""
    return words + table


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one line per case and confidence; 1 if some failure rate is above the stated one by more than chance."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rewrite", action="store_true", help=f"write {PAGE.relative_to(PAGE.parents[2])}")
    chosen = parser.parse_args(arguments)
    print(f"{chosen.runs} runs each, or as many as a row says; failures of any component, and how many on which side;")
    print("ms of one core per run")
    rows, bad = [], 0
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for case in CASES:
            for confidence in NOMINAL:
                step = 8 * chosen.jobs
                shares = [range(first, min(chosen.runs, case.most), step) for first in range(step)]
                waiting = [pool.submit(run, case, confidence, share) for share in shares if share]
                found = together([future.result() for future in waiting])
                marked = too_many(found.failures, found.runs, 1 - confidence)
                bad += marked
                rows.append(row(case, confidence, found))
                print("  ".join(f"{cell:>12s}" for cell in rows[-1]) + "  TOO MANY" * marked, flush=True)
    if chosen.rewrite:
        PAGE.write_text(page(rows, chosen.runs), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
