"""Gradients for staircases: time per gradient and digits against the defining integrals by mpmath and by SciPy.

    python benchmarks/staircases.py [--points N] [--json FILE]

For 1 and 16 steps: the expected coarse gradient and the population gradient, alone and per point of a batch; the peers
integrate b∥ and b⊥ of the plane definition (the teacher's steps as Φ and φ given a), 20 digits and QUADPACK. Processor
time; a ratio is the peer's time for its two integrals over ours for the whole coarse gradient.
"""

import argparse
import itertools
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import mpmath as mp
import numpy as np
from scipy.integrate import quad

import ste_theory as st
from measurement.driver import Options, drive
from measurement.row import Figures, Row
from measurement.turns import figures
from ste_theory.model.problem import Point, Problem
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu
from ste_theory.theory import batch
from ste_theory.theory.invariants import invariants
from ste_theory.theory.staircases import Staircases

STEPS = (1, 16)
SURROGATES = (
    identity(),
    relu(),
    clipped_relu(3),
    clipped_relu(),
    from_formulas("1 - x²", ("0", "1 - x^2", "0"), (-1, 1)),
    from_formulas("tent", ("0", "1 + x", "1 - x", "0"), (-1, 0, 1)),
    from_formulas("exp(−x²/2)", ("exp(-x^2/2)",)),
)
REACH, BATCH, REPEATS = 12.0, 200, 20
THETA, RHO, RHO_STAR = 1.1, 1.3, 0.9


def problem(count: int, surrogate: Surrogate) -> Problem:
    """Steps of height ¼ at 0, ¼, ½, … and an offset."""
    thresholds = [Fraction(k, 4) for k in range(count)]
    return Problem(st.quantizers.staircase(thresholds, [Fraction(1, 4)] * count, "1/10"), surrogate)


def point() -> Point:
    """Eight rows in sixteen dimensions."""
    w, w_star = np.zeros(16), np.zeros(16)
    w[0], w_star[0], w_star[1] = RHO, RHO_STAR * math.cos(THETA), RHO_STAR * math.sin(THETA)
    return Point(np.linspace(-1, 2, 8), w, np.linspace(1, 3, 8), w_star)


def cuts(of: Problem) -> list[float]:
    """Where the integrand over a breaks, and the ends of the range."""
    breaks = {float(x) / RHO for x in of.surrogate.breakpoints}
    return sorted({x for x in breaks if abs(x) < REACH} | {-REACH, 0.0, REACH})


def by_mpmath(of: Problem) -> tuple[float, float]:
    """(b∥, b⊥) with 20 digits."""
    c, s = mp.cos(THETA), mp.sin(THETA)
    steps = [(mp.mpf(float(t)) / RHO_STAR, mp.mpf(float(d))) for t, d in pairs(of)]

    def mu(a: mp.mpf) -> float:
        return float(of.surrogate(np.array([RHO * float(a)]))[0])

    def along(a: mp.mpf) -> mp.mpf:
        seen = float(of.quantizer.offset) + sum(d * mp.ncdf((c * a - t) / s) for t, d in steps)
        return a * mu(a) * seen * mp.npdf(a)

    def across(a: mp.mpf) -> mp.mpf:
        return mu(a) * sum(d * mp.npdf((t - c * a) / s) for t, d in steps) * mp.npdf(a)

    marks = sorted({*cuts(of), -4.0, -2.0, 2.0, 4.0})
    return tuple(float(mp.quad(f, marks, maxdegree=4)) for f in (along, across))  # type: ignore[return-value]


def by_scipy(of: Problem) -> tuple[float, float]:
    """(b∥, b⊥) by QUADPACK."""
    c, s = math.cos(THETA), math.sin(THETA)
    steps = [(float(t) / RHO_STAR, float(d)) for t, d in pairs(of)]
    norm = math.sqrt(2 * math.pi)

    def mu(a: float) -> float:
        return float(of.surrogate(np.array([RHO * a]))[0])

    def along(a: float) -> float:
        seen = sum(d * math.erfc((t - c * a) / s / math.sqrt(2)) / 2 for t, d in steps)
        return a * mu(a) * (float(of.quantizer.offset) + seen) * math.exp(-a * a / 2) / norm

    def across(a: float) -> float:
        seen = sum(d * math.exp(-(((t - c * a) / s) ** 2) / 2) for t, d in steps)
        return mu(a) * seen * math.exp(-a * a / 2) / norm**2

    def total(function: Callable[[float], float]) -> float:
        return math.fsum(
            quad(function, low, high, epsabs=1e-15, epsrel=1e-12, limit=100)[0]
            for low, high in itertools.pairwise(cuts(of))
        )

    return total(along), total(across)


def pairs(of: Problem) -> list[tuple[Fraction, Fraction]]:
    """The teacher's steps."""
    return list(zip(of.teacher.thresholds, of.teacher.heights, strict=True))


def timed(function: Callable[[], object], repeats: int, rounds: int) -> list[float]:
    """Processor seconds per call in every round, after one call for the set-up."""
    function()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(repeats):
            function()
        found.append((time.process_time() - start) / repeats)
    return found


def ours(of: Problem) -> tuple[float, float]:
    """(b∥, b⊥) by the float functions."""
    at = Staircases(of, invariants(point()))
    shift = at.overlaps.a0 * at.pair.teacher.mean
    return float((at.overlaps.parallel + shift)[0]), float(at.overlaps.perpendicular[0])


def digits(value: tuple[float, float], truth: tuple[float, float]) -> float:
    """Correct digits of the worse of the two, relative to 1 + |truth|."""
    error = max(abs(x - y) / (1 + abs(y)) for x, y in zip(value, truth, strict=True))
    return -math.log10(max(error, 2.0**-53))


def compete(surrogate: Surrogate, steps: int, count: int, rounds: int) -> list[Row]:
    """All that is measured for one surrogate and number of steps."""
    of, at, case = problem(steps, surrogate), point(), f"{surrogate.name}, steps: {steps}"
    many = batch.points(np.tile(at.v, (count, 1)), np.tile(at.w, (count, 1)), at.v_star, at.w_star)
    coarse = timed(lambda: st.expected_coarse_gradient(of, at), REPEATS, rounds)
    slope = timed(lambda: st.population_gradient(of, at), REPEATS, rounds)
    each = [found / count for found in timed(lambda: batch.expected_coarse_gradient(of, many), 1, rounds)]
    start = time.process_time()
    truth = by_mpmath(of)
    exact, start = time.process_time() - start, time.process_time()
    peer = by_scipy(of)
    quick = time.process_time() - start

    def row(name: str, found: Sequence[float], against: Figures | None = None, right: float | None = None) -> Row:
        note = "" if right is None else f"{right:.1f} digits"
        return Row(case, name, "CPU s", figures(found), against, note, reference=against is None)

    return [
        row("coarse gradient", coarse, None, digits(ours(of), truth)),
        row("population gradient", slope),
        row(f"coarse gradient, one of a batch of {count}", each),
        row("SciPy, two integrals", [quick], figures([quick / found for found in coarse]), digits(peer, truth)),
        row("mpmath, two integrals", [exact], figures([exact / found for found in coarse])),
    ]


def tables(chosen: Options) -> Iterator[list[Row]]:
    """One table per surrogate and number of steps."""
    for surrogate, steps in itertools.product(SURROGATES[: 1 if chosen.quick else None], STEPS):
        yield compete(surrogate, steps, chosen.points, 1 if chosen.quick else chosen.rounds)


def options(parser: argparse.ArgumentParser) -> None:
    """That of this benchmark."""
    parser.add_argument("--points", type=int, default=BATCH, help="points of a batch")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table per surrogate and number of steps."""
    return drive(__doc__, "one round of the first surrogate", tables, arguments, rounds=9, options=options)


if __name__ == "__main__":
    sys.exit(main())
