"""Claims as Markdown with formulas in LaTeX: one file per claim and an index."""

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ste_theory.notation.formula import Formula, Letter
from ste_theory.notation.latex import EQUALS, lines, width
from ste_theory.notation.prose import capitalized, spans

if TYPE_CHECKING:
    from ste_theory.claims.presentation import ShownDocument, ShownPart, ShownStep

_ROOM = 440.0


def escaped(text: str) -> str:
    """Text in which no character has a meaning to Markdown."""
    return re.sub(r"([\\`*_<>|$\[\]])", r"\\\1", text)


def prose(sentence: str) -> str:
    """A sentence with formulas in Unicode as Markdown."""
    return "".join(f"${span.text}$" if span.is_formula else escaped(span.text) for span in spans(sentence))


def page(document: "ShownDocument", exported: Collection[str]) -> str:
    """One claim: heading, statement, domain, symbols, what it rests on (linked where exported), and its derivation."""
    claim = document.claim
    source = f"Source: {prose(claim.source)}" + (f" ({prose(claim.remark)})" if claim.remark else "")
    blocks = [f"# {prose(claim.title)}", f"`{claim.id}`, {claim.kind}. {source}."]
    if claim.expected != "CONFIRMED":
        blocks.append(f"**Documented verdict: {claim.expected.lower()}.**")
    if claim.corrects:
        blocks.append(f"This is the corrected form of {_link(claim.corrects, exported)}.")
    blocks += ["## Statement", prose(claim.words)]
    blocks += [_display(equation.left, equation.right) for equation in claim.equations]
    blocks += ["## Domain", prose(claim.domain)]
    if claim.degenerate:
        blocks.append(f"*Degenerate cases:* {prose(claim.degenerate)}")
    if claim.symbols:
        blocks += ["## Symbols", symbol_table(claim.symbols)]
    if claim.rests_on:
        blocks += ["## Rests on", "\n".join(f"- {_link(other, exported)}" for other in claim.rests_on)]
    blocks.append("## Derivation")
    if not document.parts:
        blocks.append("None: the claim is settled by its other witnesses.")
    for part in document.parts:
        blocks += _part(part)
    return "\n\n".join(blocks) + "\n"


def index(documents: Sequence["ShownDocument"]) -> str:
    """The list of the exported claims with links."""
    rows = ["| claim | title | source | documented verdict |", "|---|---|---|---|"]
    for document in documents:
        claim = document.claim
        cells = [f"[{claim.id}]({claim.id}.md)", prose(claim.title), prose(claim.source), claim.expected]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n\n".join(["# Statements about straight-through estimators", "\n".join(rows)]) + "\n"


def symbol_table(symbols: Sequence[tuple[str, str]]) -> str:
    """The legend as a table."""
    rows = [f"| {prose(letters)} | {prose(meaning)} |" for letters, meaning in symbols]
    return "\n".join(["| symbol | meaning |", "|---|---|", *rows])


def _link(claim_id: str, exported: Collection[str]) -> str:
    return f"[{claim_id}]({claim_id}.md)" if claim_id in exported else f"`{claim_id}`"


def _part(part: "ShownPart") -> list[str]:
    found = [f"### ${part.quantity.latex}$", f"{prose(part.meaning[:1].upper() + part.meaning[1:])}."]
    if not part.steps:
        return [*found, "What this claim rests on gives it at once:", _display(part.quantity, part.start)]
    found += ["It starts from", _display(part.quantity, part.start)]
    return found + [block for step in part.steps for block in _step(step)]


def _step(step: "ShownStep") -> list[str]:
    return [
        f"**{step.number}. {prose(capitalized(step.rule))}.** {prose(step.reason)} *Rule:* {prose(step.says)}",
        _display(None, step.result),
        f"*{step.grade.capitalize()}:* {prose(step.argument)}.",
    ]


def _display(left: Letter | None, right: Formula) -> str:
    lead = EQUALS + (width(left) if left is not None else 0.0)
    found = lines(right, room=_ROOM - lead)
    first = f"{left.latex if left is not None else ''} &= {found[0].text}".strip()
    rows = [first, *(rf"&\hspace{{{line.indent}em}}{line.text}" for line in found[1:])]
    return "\n".join(["$$", r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}", "$$"])
