"""Tables of results, for a terminal and for the documentation."""

from collections.abc import Sequence
from itertools import groupby

from measurement.baseline import Benchmark, Stored, behind
from measurement.long_plan import plan
from measurement.reasons import REASONS
from measurement.row import Figures, Row


def number(value: float) -> str:
    """Three digits, without an exponent where people would not use one.

    >>> [number(x) for x in (0.000123, 0.5, 12.34, 123456.0)]
    ['0.000123', '0.5', '12.3', '123,000']
    """
    if value == 0 or not 1e-4 <= abs(value) < 1e12:
        return f"{value:.3g}"
    return (
        f"{float(f'{value:.3g}'):,.10g}"
        if abs(value) >= 1000
        else f"{float(f'{value:.3g}'):.10f}".rstrip("0").rstrip(".")
    )


def spread(figures: Figures | None) -> str:
    """The median, and the range if there is one."""
    if figures is None:
        return "–"
    if figures.runs == 1:
        return number(figures.median)
    return f"{number(figures.median)} ({number(figures.low)} to {number(figures.high)})"


def text(rows: Sequence[Row]) -> str:
    """Rows by case, for a terminal."""
    lines = []
    for case, group in groupby(rows, key=lambda row: row.case):
        lines.append(case)
        for row in group:
            ratio = "" if row.ratios is None else f"{number(row.ratios.median):>8s} x"
            lines.append(
                f"  {row.contestant:34s} {spread(row.figures):>36s} {row.unit:10s}{ratio:>10s}  {row.note}".rstrip()
            )
    return "\n".join(lines)


def markdown(rows: Sequence[Row]) -> str:
    """Rows by case, one table each; with ratios only where something is compared."""
    blocks = []
    for case, group in groupby(rows, key=lambda row: row.case):
        found = list(group)
        compared = any(row.ratios is not None for row in found)
        heads = ["", _cell(found[0].unit), "runs", ""]
        if compared:
            heads.insert(2, "law over measured" if any(row.law for row in found) else "times ours")
        lines = [f"**{case}**", "", f"| {' | '.join(heads)} |".replace("|  |", "| |"), "|---" * len(heads) + "|"]
        for row in found:
            runs = "" if row.figures is None else str(row.figures.runs)
            cells = [_cell(row.contestant), spread(row.figures), runs, _cell(row.note)]
            if compared:
                cells.insert(2, "" if row.ratios is None else spread(row.ratios))
            lines.append(f"| {' | '.join(cells)} |")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def page(results: Stored) -> str:
    """All of it, as a page of the documentation: machine, versions, tables."""
    parts = [
        "# Benchmarks",
        "Made by `make bench ARGS=--rewrite` from `benchmarks/baseline.json`, its stored results.",
        "Measured on: "
        + "; ".join(f"{key} {value}" for key, value in results.machine.items())
        + ". Versions: "
        + ", ".join(f"{key} {value}" for key, value in results.libraries.items())
        + ".",
    ]
    ahead = behind(results)
    parts.append("Contestants that take less time than this package:" if ahead else "No contestant takes less time.")
    parts += ["\n".join(f"* {_cell(line.removeprefix('BEHIND '))}" for line in ahead)] * bool(ahead)
    parts.append("![All ratios with their ranges](benchmarks.svg)")
    growth = results.benchmarks["growth"].rows if "growth" in results.benchmarks else ()
    for name, one in results.benchmarks.items():
        parts += [f"## {_cell(one.title)}", f"`benchmarks/{name}.py`, {one.seconds:.0f} s. {_legend(one)}"]
        parts += [f"Why some take less time: {REASONS.get(name)}"] * (name in REASONS and _faster(one))
        throughput = name == "throughput"
        parts += [
            *[single_precision(one.rows)] * throughput,
            markdown(one.rows),
            *[plan(one.rows, growth)] * throughput,
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _faster(one: Benchmark) -> bool:
    """Whether a contestant takes less time than some way of this package in the same case."""
    own: dict[str, float] = {}
    for row in one.rows:
        if row.reference and row.figures is not None:
            own[row.case] = max(own.get(row.case, 0.0), row.figures.median)
    others = [row for row in one.rows if not row.reference and row.figures is not None]
    return any(row.figures.median < own.get(row.case, 0.0) for row in others if row.figures is not None)


def _legend(one: Benchmark) -> str:
    """What the figures of a benchmark are, and nothing that they are not."""
    words = ["**A quick run, worth little.**"] * one.quick
    several = any(row.figures is not None and row.figures.runs > 1 for row in one.rows)
    words.append(
        "Medians with their whole range over the runs; one number is one run." if several else "One run of each."
    )
    ratios = [row for row in one.rows if row.ratios is not None]
    if any(row.law for row in ratios):
        words.append("*Law over measured*: above 1 it grows less than the law.")
    elif ratios:
        words.append("*Times ours* is how many times as long as this package something takes for the same work")
        words[-1] += ": above 1 the package is ahead." if any(not row.reference for row in ratios) else "."
    return " ".join(words)


def single_precision(rows: Sequence[Row]) -> str:
    """How many times the samples of double precision single precision gives, over the shapes; empty without both."""
    own = {row.case: row.figures.median for row in rows if row.contestant == "ste_theory" and row.figures is not None}
    gains = [
        value / own[double]
        for case, value in own.items()
        if case.endswith(_SINGLE) and (double := case.removesuffix(_SINGLE) + _DOUBLE) in own
    ]
    if not gains:
        return ""
    span = " to ".join(f"{gain:.1f}" for gain in sorted({min(gains), max(gains)}))
    return (
        f"Single precision gives {span} times as many samples per second as double precision (ratios of the medians)."
    )


_SINGLE, _DOUBLE = "single precision", "double precision"


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "\\<").replace("*", "\\*").replace("_", "\\_")
