"""Claims as Markdown with formulas in LaTeX: one file per claim and an index."""

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ste_theory.notation.formula import Formula, Letter
from ste_theory.notation.latex import EQUALS, latex, lines, width
from ste_theory.notation.prose import capitalized, spans
from ste_theory.render.argument import SAME, listed, quantified, reasons
from ste_theory.render.tex import related

if TYPE_CHECKING:
    from ste_theory.claims.shown import (
        ShownArgument,
        ShownDocument,
        ShownPart,
        ShownProof,
        ShownRelation,
        ShownSentence,
        ShownStep,
    )

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
    for argument in document.proof.arguments if document.proof is not None else ():
        if argument.refutes:
            blocks.append(f"False as printed: *{prose(argument.name)}* (counterexample below).")
    if claim.corrected_by:
        blocks.append(f"It is corrected by {' and '.join(_link(other, exported) for other in claim.corrected_by)}.")
    if claim.corrects:
        blocks.append(f"This is the corrected form of {_link(claim.corrects, exported)}.")
    blocks += ["## Statement", prose(claim.words)]
    blocks += [displayed(equation.left, equation.right) for equation in claim.equations]
    blocks += [block for sentence in claim.sentences for block in _sentence(sentence)]
    blocks += ["## Domain", prose(claim.domain)]
    if claim.degenerate:
        blocks.append(f"*Degenerate cases:* {prose(claim.degenerate)}")
    if claim.symbols:
        blocks += ["## Symbols", symbol_table(claim.symbols)]
    if claim.rests_on:
        blocks += ["## Rests on", "\n".join(f"- {_link(other, exported)}" for other in claim.rests_on)]
    if document.parts or document.proof is None:
        blocks.append("## Derivation")
    if not document.parts and document.proof is None:
        blocks.append("None: the claim is settled by its other witnesses.")
    for part in document.parts:
        blocks += _part(part, exported)
    if document.proof is not None:
        refuted = claim.expected == "REFUTED"
        blocks += ["## Refutation" if refuted else "## Proof", *_proof(document.proof)]
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


def _part(part: "ShownPart", exported: Collection[str]) -> list[str]:
    found = [f"### ${part.quantity.latex}$", f"{prose(part.meaning[:1].upper() + part.meaning[1:])}."]
    given = f"the result of {' and '.join(_link(other, exported) for other in part.origin)}" if part.origin else ""
    start = displayed(part.quantity, part.start)
    if not part.steps:
        return [*found, f"{capitalized(given) or 'What this claim rests on'} gives it at once:", start, *_end(part)]
    found += [f"It starts from {given}".strip(), start]
    return [*found, *(block for step in part.steps for block in _step(step)), *_end(part)]


def _end(part: "ShownPart") -> list[str]:
    """The derived formula against the stated one, which is repeated where it is written in another way."""
    end = part.comparison
    if end is None:
        return []
    if end.stated == (part.steps[-1].result if part.steps else part.start):
        return [f"This is what is stated ({end.grade}: {prose(end.argument)})."]
    return ["What is stated is", displayed(None, end.stated), f"*{end.grade.capitalize()}:* {prose(end.argument)}."]


def _sentence(sentence: "ShownSentence", *, title: str = "") -> list[str]:
    blocks = [f"**{prose(capitalized(title + sentence.name))}.** {prose(capitalized(sentence.words.rstrip('.')))}."]
    about = quantified(sentence, _inline)
    if sentence.hypotheses:
        rows = [row for hypothesis in sentence.hypotheses for row in related(hypothesis, _ROOM, flush=True)]
        blocks += [f"{about} with", _rows(rows), "the following holds:"]
    elif about:
        blocks.append(f"{about}:")
    blocks.append(_related(sentence.relation))
    return blocks + ([f"({SAME})"] if sentence.same else [])


def _proof(proof: "ShownProof") -> list[str]:
    blocks: list[str] = []
    for argument in proof.arguments:
        if argument.lemma is not None:
            blocks += [*_sentence(argument.lemma, title="lemma, "), f"*{_how(argument)}*"]
        else:
            blocks.append(f"**{prose(capitalized(argument.name))}:** *{_how(argument)}*")
        if argument.is_sum:
            rows = [row for line in argument.lines for row in related(line.relation, _ROOM, whole=False)]
            blocks.append(_rows(rows))
            blocks += [f"{capitalized(words)}." for words in [reasons(argument, prose)] if words]
        elif argument.lines:
            blocks.append(f"{listed(argument, _inline, prose)}.")
    return [*blocks, *([prose(proof.conclusion)] if proof.conclusion else [])]


def _how(argument: "ShownArgument") -> str:
    return prose(capitalized(argument.method) + (f": {argument.because}" if argument.because else "")) + "."


def _inline(formula: Formula) -> str:
    return f"${latex(formula)}$"


def _related(relation: "ShownRelation") -> str:
    return _rows(related(relation, _ROOM))


def _rows(rows: Sequence[str]) -> str:
    return "\n".join(["$$", r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}", "$$"])


def _step(step: "ShownStep") -> list[str]:
    return [
        f"**{step.number}. {prose(capitalized(step.rule))}.** {prose(step.reason)} *Rule:* {prose(step.says)}",
        displayed(None, step.result),
        f"*{step.grade.capitalize()}:* {prose(step.argument)}.",
    ]


def displayed(left: Letter | None, right: Formula) -> str:
    """``left = right`` as a display, broken into lines."""
    lead = EQUALS + (width(left) if left is not None else 0.0)
    found = lines(right, room=_ROOM - lead)
    first = f"{left.latex if left is not None else ''} &= {found[0].text}".strip()
    rows = [first, *(rf"&\hspace{{{line.indent}em}}{line.text}" for line in found[1:])]
    return "\n".join(["$$", r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}", "$$"])
