"""A claim and its derivation for reading: what ``show`` prints."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.render.colour import paint

if TYPE_CHECKING:
    from ste_theory.claims.presentation import ShownClaim, ShownPart, ShownStep

WIDTH = 100


def render_text(claim: "ShownClaim", parts: "Sequence[ShownPart]" = (), *, colour: bool = False) -> str:
    """Statement, domain, source, witnesses and derivation as text with numbered steps."""
    lines = [paint(f"{claim.id}: {claim.title}", "bold", colour=colour)]
    about = f"{claim.kind}, from {claim.source}, documented verdict {claim.expected}"
    lines += _wrap(about + (f", corrects {claim.corrects}" if claim.corrects else ""), 2)
    lines += _wrap(claim.remark, 2)
    lines += _section("Statement", [*_wrap(claim.words, 2), *_equations(claim)], colour)
    domain = _wrap(claim.domain, 2)
    if claim.degenerate:
        domain += _wrap(f"degenerate cases: {claim.degenerate}", 2)
    lines += _section("Domain", domain, colour)
    lines += _section("Instances checked", [f"  {problem}" for problem in claim.problems], colour)
    lines += _section("Witnesses required", [f"  {levels}: {kinds}" for levels, kinds in claim.required], colour)
    rests = [f"  statement uses: {', '.join(claim.statement_uses)}"] if claim.statement_uses else []
    rests += [f"  proof uses: {', '.join(claim.proof_uses)}"] if claim.proof_uses else []
    lines += _section("Rests on", rests or ["  nothing"], colour)
    planted = [f"  {name} (must be caught by {witness})" for name, witness in claim.planted]
    lines += _section("Planted errors", planted, colour)
    derivation = [line for part in parts for line in _part(part)]
    lines += _section("Derivation", derivation or ["  none: settled by the other witnesses"], colour)
    return "\n".join(lines) + "\n"


def _equations(claim: "ShownClaim") -> list[str]:
    lines = [line for name, formula in claim.vectors for line in _wrap(f"{name} = {formula}", 4, 8)]
    for quantity, formula, meaning in claim.equations:
        lines += _wrap(f"{quantity} = {formula}", 4, 8)
        lines += _wrap(f"where {quantity} is {meaning}", 8)
    return lines


def _part(part: "ShownPart") -> list[str]:
    lines = _wrap(f"{part.quantity}: {part.meaning}", 2)
    lines += _wrap(f"= {part.start}", 5, 9)
    for number, step in enumerate(part.steps, 1):
        lines += _step(number, step)
    return lines


def _step(number: int, step: "ShownStep") -> list[str]:
    label = f"{number}. "
    return [
        *_wrap(f"{label}{step.rule}: {step.reason}", 2, 2 + len(label)),
        *_wrap(f"= {step.result}", 5, 9),
        *_wrap(f"[{step.grade}: {step.argument}]", 5, 6),
    ]


def _section(title: str, body: list[str], colour: bool) -> list[str]:
    return ["", paint(title, "bold", colour=colour), *body] if body else []


def _wrap(text: str, indent: int, further: int | None = None) -> list[str]:
    following = " " * (indent if further is None else further)
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def render_latex(claim: "ShownClaim", parts: "Sequence[ShownPart]" = ()) -> str:
    """Statement and derivation as LaTeX (amsmath), the strings of ``claim`` and ``parts`` being LaTeX already."""
    lines = [f"% {claim.id}: {claim.title}", f"% {claim.source}", r"\begin{align*}"]
    sides = [*claim.vectors, *((quantity, formula) for quantity, formula, _ in claim.equations)]
    lines.append(" \\\\\n".join(f"  {left} &= {right}" for left, right in sides))
    lines.append(r"\end{align*}")
    for part in parts:
        lines += [f"% {part.meaning}", r"\begin{align*}", rf"  {part.quantity} &= {part.start}"]
        for step in part.steps:
            lines[-1] += r" \\"
            lines.append(rf"  &= {step.result} && \text{{{_plain(step.rule)} ({_plain(step.grade)})}}")
        lines.append(r"\end{align*}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text in which no character has a meaning to TeX."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    special |= {character: "\\" + character for character in "&%$#_{}"}
    return "".join(special.get(character, character) for character in text)
