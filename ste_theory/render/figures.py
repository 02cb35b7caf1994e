"""The answer of ``replay``: every figure of every witness."""

from itertools import groupby
from typing import TYPE_CHECKING

from ste_theory.claims.verdict import Outcome
from ste_theory.render.failures import one_line
from ste_theory.render.number import percent, pull, with_error
from ste_theory.render.page import wrapped
from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.claims.replay import Replay
    from ste_theory.claims.witness import Figure, WitnessResult


def render(again: "Replay") -> str:
    """Per witness its outcome and its figures: value, claimed value, pull, smallest relative error it sees."""
    lines = [f"{again.claim_id}, level {again.level}, seed {again.seed}"]
    for result in again.results:
        lines += _witness(result)
    if not again.results:
        lines.append("no witness looked at it")
    return "\n".join(lines) + "\n"


def _witness(result: "WitnessResult") -> list[str]:
    outcome = "not run" if result.outcome is Outcome.NOT_SELECTED else str(result.outcome).upper()
    lines = wrapped(f"{outcome} {result.kind}: {one_line(result.detail)}", 0, 4)
    if result.counterexample and one_line(result.counterexample) not in one_line(result.detail):
        lines += wrapped(f"counterexample: {one_line(result.counterexample)}", 4, 8)
    if result.figures:
        lines += _figures(result.figures)
    return lines


def _figures(figures: "tuple[Figure, ...]") -> list[str]:
    """A table of all figures, with a line wherever problem and place change: they would make every row too long."""
    rows: list[tuple[str, ...]] = [("  figure", "value", "claimed", "pull", "sees")]
    titles: dict[int, str] = {}
    for (used, place), group in groupby(figures, key=lambda figure: (problem(figure), figure.place)):
        if used or place:
            titles[len(rows)] = ", ".join(part for part in (used, one_line(place)) if part)
        rows += [_row(figure) for figure in group]
    lines = []
    for number, line in enumerate(columns(rows, right=[3, 4])):
        lines += wrapped(f"at {titles[number]}", 2, 5) if number in titles else []
        lines.append(line)
    for other in dict.fromkeys(figure.against for figure in figures if figure.against):
        note = (
            f"A sampler is compared with {other}, which is what is claimed; brackets hold the error of the difference."
        )
        lines += wrapped(note, 2, 2)
    return lines


def _row(figure: "Figure") -> tuple[str, ...]:
    value = with_error(figure.value, figure.error)
    return (
        f"    {one_line(component(figure))}",
        value,
        f"{figure.claimed:.9g}",
        pull(figure.pull),
        percent(figure.detectable),
    )


def component(figure: "Figure") -> str:
    """What was compared: the label without the problem that ends it."""
    return figure.label.removesuffix(f" ({problem(figure)})")


def problem(figure: "Figure") -> str:
    """The quantizer and surrogate that end a label such as ``loss (binary/relu)``; "" without."""
    name, bracket, found = figure.label.removesuffix(")").partition(" (")
    return found if bracket and figure.label.endswith(")") and name else ""
