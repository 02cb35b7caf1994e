"""What `ste-theory estimate` prints, from numbers alone."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from ste_theory.render.number import with_error

MOST = 12  # components of a vector that are printed


@dataclass(frozen=True)
class Row:
    """One component: its vector and index, its value and its standard error."""

    vector: str
    index: int
    value: float
    error: float


@dataclass(frozen=True)
class Promise:
    """The guarantee of an estimate, or what is only assumed (``finite_sample`` false), in numbers and words."""

    radius: float
    confidence: float
    sampler: str
    rule: str
    assumption: str
    finite_sample: bool
    rests_on: tuple[str, ...]


def text(
    rows: Sequence[Row],
    draws: int,
    seconds: float,
    again: str,
    promise: Promise | None,
    *,
    asked: int | None = None,
) -> str:
    """The table of the components, what is promised about them and how to repeat it; ``asked``: how many samples were
    wanted, if draws are made in whole blocks."""
    shown = [row for row in rows if row.index < MOST]
    names = [f"{row.vector}[{row.index}]" for row in shown]
    width = max(map(len, names))
    lines = [f"{name:{width}s}  {with_error(row.value, row.error)}" for name, row in zip(names, shown, strict=True)]
    if len(shown) < len(rows):
        lines.append(f"... of {len(rows)} components; --json FILE has all")
    lines.append("")
    if promise is None:
        lines.append(f"standard errors in parentheses; {draws:.3g} samples, {seconds:.2g} s; nothing is assumed")
        if asked is not None and asked != draws:
            lines.append(f"{draws:,} samples, which are whole blocks, for the {asked:,} that were asked for")
    else:
        condition = "" if promise.finite_sample else "no guarantee; if what is assumed is true: "
        lines += _wrapped(
            f"{condition}every component of ∂f/∂v and E g within {promise.radius:.2g}, together with probability "
            f"{promise.confidence:.9g}"
        )
        kind = "for finitely many draws" if promise.finite_sample else "as a limit theorem"
        lines += _wrapped(f"sampler {promise.sampler}, {draws:.3g} draws, {seconds:.2g} s; {promise.rule} ({kind})")
        lines += _wrapped(f"assumed: {promise.assumption}")
        if promise.rests_on:
            lines += _wrapped(f"rests on {', '.join(promise.rests_on)} (ste-theory why CLAIM)")
    lines.append(f"again: {again}")
    return "\n".join(lines) + "\n"


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, 80, subsequent_indent="    ")
