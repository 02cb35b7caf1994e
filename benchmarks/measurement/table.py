"""Tables of results, for a terminal and for the documentation."""

from collections.abc import Sequence
from itertools import groupby

from measurement.baseline import Stored, behind
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
    """Rows by case, one table each."""
    blocks = []
    for case, group in groupby(rows, key=lambda row: row.case):
        found = list(group)
        lines = [
            f"**{case}**",
            "",
            f"| | {_cell(found[0].unit)} | times ours | runs | |",
            "|---|---|---|---|---|",
        ]
        for row in found:
            runs = "" if row.figures is None else str(row.figures.runs)
            ratio = "" if row.ratios is None else spread(row.ratios)
            lines.append(f"| {_cell(row.contestant)} | {spread(row.figures)} | {ratio} | {runs} | {_cell(row.note)} |")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def page(results: Stored) -> str:
    """All of it, as a page of the documentation: machine, versions, tables."""
    parts = [
        "# Benchmarks",
        "Made by `make bench ARGS=--rewrite` from `benchmarks/baseline.json`, its stored results. Medians with their "
        "whole range over the rounds; all contestants take turns in every round. *Times ours* is how many times as "
        "long as this package the contestant takes for the same work, round by round: above 1 the package is ahead.",
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
    for name, one in results.benchmarks.items():
        parts += [f"## {_cell(one.title)}", f"`benchmarks/{name}.py`, {one.seconds:.0f} s.", markdown(one.rows)]
    return "\n\n".join(parts) + "\n"


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "\\<").replace("*", "\\*").replace("_", "\\_")
