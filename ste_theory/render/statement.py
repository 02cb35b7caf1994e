"""A claim and its derivation for reading: what ``show`` prints."""

import textwrap
from typing import TYPE_CHECKING

from ste_theory.notation import unicode
from ste_theory.notation.unicode import columns
from ste_theory.render.colour import paint

if TYPE_CHECKING:
    from ste_theory.claims.presentation import ShownClaim, ShownDocument, ShownEquation, ShownPart, ShownStep
    from ste_theory.notation.formula import Formula

WIDTH = 80


def render_text(document: "ShownDocument", *, colour: bool = False) -> str:
    """Statement, domain, source, witnesses and derivation as text with numbered steps, at most 80 columns wide."""
    claim = document.claim
    lines = [paint(line, "bold", colour=colour) for line in _wrap(f"{claim.id}: {claim.title}", 0)]
    about = f"{claim.kind}, from {claim.source}, documented verdict {claim.expected}"
    lines += _wrap(about + (f", corrects {claim.corrects}" if claim.corrects else ""), 2)
    lines += _wrap(claim.remark, 2)
    lines += _section("Statement", [*_wrap(claim.words, 2), *_equations(claim)], colour)
    domain = _wrap(claim.domain, 2)
    if claim.degenerate:
        domain += _wrap(f"degenerate cases: {claim.degenerate}", 2)
    symbols = [line for letters, meaning in claim.symbols for line in _wrap(f"{letters}: {meaning}", 2, 4)]
    lines += _section("Symbols", symbols, colour)
    lines += _section("Domain", domain, colour)
    lines += _section("Instances checked", [f"  {problem}" for problem in claim.problems], colour)
    lines += _section(
        "Witnesses required",
        [line for levels, kinds in claim.required for line in _wrap(f"{levels}: {kinds}", 2, 4)],
        colour,
    )
    rests = _wrap(f"statement uses: {', '.join(claim.statement_uses)}", 2, 4) if claim.statement_uses else []
    rests += _wrap(f"proof uses: {', '.join(claim.proof_uses)}", 2, 4) if claim.proof_uses else []
    lines += _section("Rests on", rests or ["  nothing"], colour)
    planted = [line for name, witness in claim.planted for line in _wrap(f"{name} (must be caught by {witness})", 2, 4)]
    lines += _section("Planted errors", planted, colour)
    derivation = [line for part in document.parts for line in _part(part)]
    lines += _section("Derivation", derivation or ["  none: settled by the other witnesses"], colour)
    return "\n".join(lines) + "\n"


def _equations(claim: "ShownClaim") -> list[str]:
    lines = [line for equation in claim.equations for line in _equation(equation)]
    if claim.components:
        lines += _wrap("with the components", 2)
        lines += [line for equation in claim.components for line in _equation(equation)]
    return lines


def _equation(equation: "ShownEquation") -> list[str]:
    lines = _formula(equation.left.text, equation.right, 4)
    return lines + (_wrap(f"where {equation.left.text} is {equation.meaning}", 8) if equation.meaning else [])


def _formula(left: str, right: "Formula", indent: int) -> list[str]:
    """``left = right``, broken at its sums; further lines are indented below the first."""
    before = " " * indent + (f"{left} " if left else "") + "= "
    broken = unicode.lines(right, room=WIDTH - indent - 2, lead=columns(before) - indent - 2)
    return [
        before + broken[0].text,
        *(" " * (indent + 2) + "  " * line.indent + line.text for line in broken[1:]),
    ]


def _part(part: "ShownPart") -> list[str]:
    lines = _wrap(f"{part.quantity.text}: {part.meaning}", 2)
    if part.origin:
        lines += _wrap(f"from the result of {' and '.join(part.origin)}", 5, 6)
    lines += _formula("", part.start, 5)
    for step in part.steps:
        lines += _step(step)
    if (end := part.comparison) is not None:
        lines += _wrap("what is stated:", 5)
        lines += _formula("", end.stated, 5)
        lines += _wrap(f"[{end.grade}: {end.argument}]", 5, 6)
    return lines


def _step(step: "ShownStep") -> list[str]:
    label = f"{step.number}. "
    return [
        *_wrap(f"{label}{step.rule}: {step.reason}", 2, 2 + len(label)),
        *_formula("", step.result, 5),
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
