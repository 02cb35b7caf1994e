"""A claim, its derivation and its proof for reading: what ``show`` prints."""

from typing import TYPE_CHECKING

from ste_theory.render.argument import proof_lines, refutation_lines, sentence_lines
from ste_theory.render.colour import paint
from ste_theory.render.page import displayed, wrapped

if TYPE_CHECKING:
    from ste_theory.claims.shown import ShownClaim, ShownDocument, ShownEquation, ShownPart, ShownStep


def render_text(document: "ShownDocument", *, colour: bool = False) -> str:
    """The claim with its derivation and proof as text with numbered steps, at most 80 columns wide."""
    claim = document.claim
    lines = [paint(line, "bold", colour=colour) for line in wrapped(f"{claim.id}: {claim.title}", 0)]
    about = f"{claim.kind}, from {claim.source}, documented verdict {claim.expected}"
    lines += wrapped(about + (f", corrects {claim.corrects}" if claim.corrects else ""), 2)
    lines += wrapped(claim.remark, 2)
    if claim.expected == "REFUTED":
        lines += _section("As printed; documented verdict REFUTED", refutation_lines(document), colour)
    stated = [*wrapped(claim.words, 2), *_equations(claim)]
    stated += [line for sentence in claim.sentences for line in sentence_lines(sentence, 2)]
    lines += _section("Statement", stated, colour)
    domain = wrapped(claim.domain, 2)
    if claim.degenerate:
        domain += wrapped(f"degenerate cases: {claim.degenerate}", 2)
    symbols = [line for letters, meaning in claim.symbols for line in wrapped(f"{letters}: {meaning}", 2, 4)]
    lines += _section("Symbols", symbols, colour)
    lines += _section("Domain", domain, colour)
    lines += _section("Instances checked", [f"  {problem}" for problem in claim.problems], colour)
    lines += _section(
        "Witnesses required",
        [line for levels, kinds in claim.required for line in wrapped(f"{levels}: {kinds}", 2, 4)],
        colour,
    )
    rests = wrapped(f"statement uses: {', '.join(claim.statement_uses)}", 2, 4) if claim.statement_uses else []
    rests += wrapped(f"proof uses: {', '.join(claim.proof_uses)}", 2, 4) if claim.proof_uses else []
    lines += _section("Rests on", rests or ["  nothing"], colour)
    planted = [
        line for name, witness in claim.planted for line in wrapped(f"{name} (must be caught by {witness})", 2, 4)
    ]
    lines += _section("Planted errors", planted, colour)
    derivation = [line for part in document.parts for line in _part(part)]
    if document.proof is None and not derivation:
        derivation = ["  none: settled by the other witnesses"]
    lines += _section("Derivation", derivation, colour)
    if document.proof is not None:
        title = "Refutation" if claim.expected == "REFUTED" else "Proof"
        lines += _section(title, proof_lines(document.proof, claim.id), colour)
    return "\n".join(lines) + "\n"


def _equations(claim: "ShownClaim") -> list[str]:
    lines = [line for equation in claim.equations for line in _equation(equation)]
    if claim.components:
        lines += wrapped("with the components", 2)
        lines += [line for equation in claim.components for line in _equation(equation)]
    return lines


def _equation(equation: "ShownEquation") -> list[str]:
    lines = displayed(equation.left.text, equation.right, 4)
    return lines + (wrapped(f"where {equation.left.text} is {equation.meaning}", 8) if equation.meaning else [])


def _part(part: "ShownPart") -> list[str]:
    lines = wrapped(f"{part.quantity.text}: {part.meaning}", 2)
    if part.origin:
        lines += wrapped(f"from the result of {' and '.join(part.origin)}", 5, 6)
    lines += displayed("", part.start, 5)
    for step in part.steps:
        lines += _step(step)
    if (end := part.comparison) is not None:
        lines += wrapped("what is stated:", 5)
        lines += displayed("", end.stated, 5)
        lines += wrapped(f"[{end.grade}: {end.argument}]", 5, 6)
    return lines


def _step(step: "ShownStep") -> list[str]:
    label = f"{step.number}. "
    return [
        *wrapped(f"{label}{step.rule}: {step.reason}", 2, 2 + len(label)),
        *displayed("", step.result, 5),
        *wrapped(f"[{step.grade}: {step.argument}]", 5, 6),
    ]


def _section(title: str, body: list[str], colour: bool) -> list[str]:
    return ["", paint(title, "bold", colour=colour), *body] if body else []
