"""A plan for 10¹² samples of the plain program, from the measured rates: arithmetic, no figure of its own."""

import re
from collections.abc import Mapping, Sequence

from measurement.row import Row
from ste_theory.montecarlo.blocks import PILOT, Precision, block_size
from ste_theory.montecarlo.checkpoint import bytes_needed

WRITE = "one write"  # the row of benchmarks/growth.py
SAMPLES, CORES, EVERY = 10**12, 64, 10.0
# Threads of the measurement (contestants/moments.py), and what a core costs for an hour, in some currency.
THREADS, PRICE = 2, 0.04
_CASE = re.compile(r"\(m, n\) = \((\d+), (\d+)\), (double|single) precision")
_HEADS = (
    "(m, n), precision",
    "CPU µs per sample",
    "core-hours",
    f"days on {CORES} cores",
    f"cost at {PRICE} an hour",
    "blocks",
    "checkpoint, at most",
    f"written, every {EVERY:.0f} s",
    "time for that",
)


def plan(rows: Sequence[Row], growth: Sequence[Row] = ()) -> str:
    """The table, or nothing without a rate of this package.

    t = N·s/w with s = ``THREADS`` over the rate, on w cores; blocks are N over their size; the checkpoint is written
    once every ``EVERY`` seconds of t, in the time that ``growth`` has for it.
    """
    writes = {
        row.case.removeprefix("checkpoint: "): row.figures.median
        for row in growth
        if row.contestant == WRITE and row.figures
    }
    own = [row for row in rows if row.contestant == "ste_theory"]
    lines = [_row(match, row, writes) for row in own if (match := _CASE.fullmatch(row.case))]
    if not lines:
        return ""
    words = (
        f"**A plan for 10¹² samples**, from these rates: N·s/w seconds on w cores, s = {THREADS} threads / rate. "
        "As if every core gave what these gave; what a second one gives here stands under growth. "
        "The state is at most a subtree and a prefix per level of the tree (`ste_theory.montecarlo.checkpoint`)."
    )
    return "\n".join([words, "", f"| {' | '.join(_HEADS)} |", "|---" * len(_HEADS) + "|", *lines])


def _row(match: re.Match[str], row: Row, writes: Mapping[str, float]) -> str:
    m, n = int(match[1]), int(match[2])
    precision: Precision = "single" if match[3] == "single" else "double"
    assert row.figures is not None
    seconds = THREADS / row.figures.median
    hours, blocks = SAMPLES * seconds / 3600, -(-SAMPLES // block_size(m, n, precision))
    needed = bytes_needed(m + n + 1, blocks)
    counted = f"{blocks:.2g} of {block_size(m, n, precision)}"
    if blocks > PILOT:
        counted += f", more than the {PILOT:.2g} possible: at most {PILOT * block_size(m, n, precision):.2g} samples"
    cells = (
        f"({m}, {n}), {precision}",
        f"{1e6 * seconds:.3g}",
        f"{_rounded(hours):,}",
        f"{hours / 24 / CORES:.2g}",
        f"{_rounded(PRICE * hours):,}",
        counted,
        _bytes(needed),
        _bytes(needed * hours * 3600 / CORES / EVERY),
        f"{write / EVERY:.1%}" if (write := writes.get(f"(m, n) = ({m}, {n})")) is not None else "–",
    )
    return f"| {' | '.join(cells)} |"


def _rounded(value: float) -> int:
    return round(float(f"{value:.3g}"))


def _bytes(count: float) -> str:
    """Bytes with two digits and a unit.

    >>> _bytes(78_000), _bytes(3.4e6), _bytes(1.5e13)
    ('78 kB', '3.4 MB', '15 TB')
    """
    unit, size = next((unit, size) for unit, size in _UNITS if count >= size)
    return f"{float(f'{count / size:.2g}'):g} {unit}"


_UNITS = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3))
