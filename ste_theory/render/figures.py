"""The answer of ``replay``: every figure of every witness."""

from typing import TYPE_CHECKING

from ste_theory.render.failures import one_line
from ste_theory.render.number import percent, pull, with_error
from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.claims.replay import Replay
    from ste_theory.claims.witness import WitnessResult


def render(again: "Replay") -> str:
    """Per witness its outcome and its figures: value, claimed value, pull, smallest relative error it sees."""
    lines = [f"{again.claim_id}, level {again.level}, seed {again.seed}"]
    for result in again.results:
        lines += _witness(result)
    if not again.results:
        lines.append("no witness looked at it")
    return "\n".join(lines) + "\n"


def _witness(result: "WitnessResult") -> list[str]:
    lines = [f"{str(result.outcome).upper()} {result.kind}: {one_line(result.detail)}"]
    if result.counterexample:
        lines.append(f"    counterexample: {one_line(result.counterexample)}")
    if result.figures:
        rows = [("    figure", "value", "claimed", "pull", "sees")]
        rows += [
            (
                f"    {one_line(figure.label)}",
                with_error(figure.value, figure.error),
                f"{figure.claimed:.9g}",
                pull(figure.pull),
                percent(figure.detectable),
            )
            for figure in result.figures
        ]
        lines += columns(rows, right=[3, 4], gap="  ")
    return lines
