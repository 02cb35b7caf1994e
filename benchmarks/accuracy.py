"""Time to a given accuracy, and how often what comes out misses it, against NumPy, PyTorch, JAX, QMCPy and vegas.

    make bench ARGS=accuracy                                (or, in the environment of the peers:)
    python benchmarks/accuracy.py [--rounds 20] [--accuracy 1e-3 1e-4] [--rows 16 64] [--json FILE]

Everybody gives (A, B, κ) of the same problem (binary activation, ReLU) in double precision with 99 % confidence by a
rule of its own (``contestants/rules.py``, ``contestants/monte_carlo.py``), from three integrands: the plain program in
the plane (2m normal numbers), one row (two), one coordinate (one). A run misses if any of the three numbers is off by
more than the accuracy; the promise is kept if at most 1 % of the runs miss. Every contestant has a process of its own
and takes its turn in every round, until it has used up its share of the time. A Monte Carlo that would need much more
than that draws a part of its samples; its time is extrapolated from that part and its variance, marked ≈, counted once.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence

import numpy as np

from contestants.integrands import exact, place
from contestants.monte_carlo import Contestant, Reply, jax_batches, loop, numpy_batches, torch_batches
from contestants.rules import nets, qmcpy_rule, strata, vegas_rule
from measurement.driver import Options, drive
from measurement.row import Row
from measurement.turns import figures, ratios
from measurement.worker import Failed, Worker

CONFIDENCE = 0.99
BUDGET = 2.5  # seconds after which a Monte Carlo stops and extrapolates
SHARE = 4.0  # seconds of all rounds after which a contestant is not asked again
LIMIT = 15.0  # seconds after which a run is ended
EASY = 0.05  # the accuracy of the first run, which is not counted
OURS = "ste_theory, strata"
PLAIN, ROW, COORDINATE = "plain program", "one row", "one coordinate"

CONTESTANTS: dict[str, Contestant] = {
    OURS: strata,
    "ste_theory, scrambled nets": nets,
    **{
        f"{name}, {form}": make(form)
        for name, make in (
            ("loop over samples", loop),
            ("whole-batch NumPy", numpy_batches),
            ("PyTorch", torch_batches),
            ("JAX", jax_batches),
            ("vegas", vegas_rule),
        )
        for form in (COORDINATE, PLAIN)
    },
    **{
        f"QMCPy {rule}, {form}": qmcpy_rule(rule, form)
        for rule in ("CubQMCNetG", "CubQMCRepStudentT", "CubMCG")
        for form in (COORDINATE, ROW, PLAIN)
    },
}


def perform(name: str, rows: int, accuracy: float, seed: int) -> Reply:
    """One run, in the contestant's process; warnings of its library do not belong to the table."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CONTESTANTS[name](place(rows), accuracy, CONFIDENCE, seed, BUDGET)


class Record:
    """What a contestant did so far at one accuracy."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.worker: Worker[Reply] = Worker(perform)
        self.seconds: list[float] = []
        self.missed, self.used, self.share, self.error = 0, 0.0, 1.0, ""

    @property
    def done(self) -> bool:
        """Whether it is asked again."""
        return bool(self.error) or self.used > SHARE or self.share < 1

    def warm(self, rows: int) -> None:
        """One easy run, which pays for imports and compilation."""
        try:
            self.worker.call(self.name, rows, EASY, 0, limit=60.0)
        except Failed as error:
            self.error = str(error)

    def turn(self, rows: int, accuracy: float, seed: int, truth: np.ndarray) -> None:
        """One run more."""
        try:
            elapsed, reply = self.worker.call(self.name, rows, accuracy, seed, limit=LIMIT)
        except Failed as error:
            self.error = str(error)
            return
        self.used += elapsed
        self.seconds.append(elapsed / reply.share)
        self.share = min(self.share, reply.share)
        self.missed += self.share == 1 and bool(np.abs(reply.value - truth).max() > accuracy)

    def row(self, case: str, ours: Sequence[float]) -> Row:
        """Its row of the table."""
        against = None if self.name == OURS else ratios(self.seconds, ours) if self.seconds else None
        if self.share < 1:
            note = f"≈ extrapolated from {self.share:.1%} of the samples"
        elif self.seconds:
            runs = len(self.seconds)
            note = f"missed {self.missed} of {runs}{_judged(self.missed, runs)}"
        else:
            note = ""
        if self.error:
            note = f"{note}; then {self.error}" if note else self.error
        own = self.name.startswith("ste_theory")
        return Row(case, self.name, "s", figures(self.seconds) if self.seconds else None, against, note, own)


def _judged(missed: int, runs: int) -> str:
    """Whether so many misses are compatible with 1 %: P(at least so many) under the promise, at 10⁻³."""
    rate = 1 - CONFIDENCE
    least = sum(math.comb(runs, k) * rate**k * (1 - rate) ** (runs - k) for k in range(missed, runs + 1))
    return ": PROMISE BROKEN" if least < 1e-3 else ""


def compete(accuracy: float, rows: int, rounds: int, hopeless: dict[str, str]) -> list[Row]:
    """All contestants at one accuracy, in turns. ``hopeless`` gets who took too long, and is not asked at less."""
    case = f"accuracy {accuracy:g}, m = {rows}"
    truth, records = exact(place(rows)), [Record(name) for name in CONTESTANTS]
    for record in records:
        if record.name in hopeless:
            record.error = f"{hopeless[record.name]}; not run"
        else:
            record.warm(rows)
    for seed in range(1, rounds + 1):
        for record in records:
            if record.name == OURS or not record.done:
                record.turn(rows, accuracy, seed, truth)
    for record in records:
        record.worker.close()
        if record.error.startswith("more than"):
            hopeless.setdefault(record.name, f"{record.error} at {accuracy:g}")
    return [record.row(case, records[0].seconds) for record in records]


def tables(chosen: Options) -> Iterator[list[Row]]:
    """One table per number of rows and accuracy."""
    for rows in chosen.rows[:1] if chosen.quick else chosen.rows:
        hopeless = dict[str, str]()
        for accuracy in [1e-2] if chosen.quick else sorted(chosen.accuracy, reverse=True):
            yield compete(accuracy, rows, 2 if chosen.quick else chosen.rounds, hopeless)


def options(parser: argparse.ArgumentParser) -> None:
    """Those of this benchmark."""
    parser.add_argument("--accuracy", type=float, nargs="+", default=[1e-3, 1e-4])
    parser.add_argument("--rows", type=int, nargs="+", default=[16, 64], help="values of m (default 16 and 64)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table per number of rows and accuracy."""
    return drive(__doc__, "two rounds at accuracy 1e-2", tables, arguments, rounds=20, options=options)


if __name__ == "__main__":
    sys.exit(main())
