r"""Claims as LaTeX: one fragment per claim for ``\input``, and an article that holds them all.

A fragment needs amsmath and amssymb, has no preamble, and ``\ref`` finds it by the claim's id; its equations are
labelled ``id:name``, its numbers are macros (``latex_numbers``). Formulas are broken for a text of 345 pt at 10 pt, the
width of LaTeX's article.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ste_theory.notation.prose import capitalized
from ste_theory.render.latex_argument import proof_blocks, sentence_blocks
from ste_theory.render.latex_numbers import DEFINITIONS, Named, definitions, numbers, summary, totals
from ste_theory.render.tex import breakable, display, escaped, numbered, prose, reference, rows

if TYPE_CHECKING:
    from ste_theory.claims.shown import (
        ShownClaim,
        ShownDocument,
        ShownEquation,
        ShownExample,
        ShownPart,
        ShownStep,
    )

__all__ = ["article", "escaped", "fragment", "prose"]

# Beside a statement stands its number; steps are indented by a list.
_STATEMENT, _START, _STEP = 300.0, 335.0, 310.0
# A claim's id with a reference to its section where there is one.
_REFERENCE = (
    r"\providecommand{\steclaim}[2]{\texttt{#2}\ifcsname r@#1\endcsname\ (Section~\ref{#1})\fi}"
    " % a claim and, where it is in the document, its section"
)


def fragment(
    document: "ShownDocument",
    example: "ShownExample | None" = None,
    *,
    found: Mapping[str, str] | None = None,
    about: Sequence[str] = (),
) -> str:
    """One claim: heading and label, statement, domain, symbols, what it rests on, and its derivation.

    ``example`` adds the macros of its numbers, ``found`` those of a run, ``about`` comments before them.
    """
    claim = document.claim
    source = f"Source: {prose(claim.source)}" + (f" ({prose(claim.remark)})" if claim.remark else "")
    named = Named(claim.id)
    body = [
        r"\begingroup\allowdisplaybreaks[1]\emergencystretch=6em",
        # An equation stays with the sentence before it and with what is said about it below.
        r"\predisplaypenalty=10000 \postdisplaypenalty=10000\relax",
        rf"\subsection{{{prose(claim.title)}}}\label{{{claim.id}}}",
        rf"\noindent \texttt{{{breakable(claim.id)}}}, {escaped(claim.kind)}. {source}.",
        *_warnings(document),
        *_paragraph("Statement", named.prose(claim.words, "words")),
        *(_statement(claim.id, equation) for equation in claim.equations),
        *(block for sentence in claim.sentences for block in sentence_blocks(sentence, named)),
        *_paragraph("Domain", named.prose(claim.domain, "domain")),
        *([rf"\emph{{Degenerate cases:}} {named.prose(claim.degenerate, 'degenerate')}"] if claim.degenerate else []),
        *_paragraph("Symbols", rf"{{\small {_symbols(claim.symbols)}\par}}" if claim.symbols else ""),
        *_paragraph(
            "Rests on", ", ".join(reference(other) for other in claim.rests_on) + "." if claim.rests_on else ""
        ),
        *_paragraph("Counted", summary(claim.id, document)),
        *(block for part in document.parts for block in _part(part, named)),
    ]
    if document.proof is not None:
        body += proof_blocks(document.proof, named)
    elif not document.parts:
        body += _paragraph("Derivation", "None: the claim is settled by its other witnesses.")
    defined = [*definitions({**numbers(document, example), **named.found}), *about, *definitions(found or {})]
    head = [f"% {claim.id}: {claim.title}", _REFERENCE, DEFINITIONS, *defined]
    return "\n".join([*head, *body, r"\par\endgroup"]) + "\n"


def _warnings(document: "ShownDocument") -> list[str]:
    claim = document.claim
    found = []
    if claim.expected != "CONFIRMED":
        found.append(rf"\textbf{{Documented verdict: {escaped(claim.expected.lower())}.}}")
        for argument in document.proof.arguments if document.proof is not None else ():
            if argument.refutes:
                found.append(rf"False as printed: \emph{{{prose(argument.name)}}} (counterexample below).")
    if claim.corrected_by:
        found.append(f"It is corrected by {' and '.join(map(reference, claim.corrected_by))}.")
    if claim.corrects:
        found.append(f"This is the corrected form of {reference(claim.corrects)}.")
    return found


def _paragraph(title: str, text: str) -> list[str]:
    return ["", rf"\paragraph{{{title}.}} {text}"] if text else []


def _symbols(symbols: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{prose(letters)}: {prose(meaning)}" for letters, meaning in symbols) + "."


def _statement(claim_id: str, equation: "ShownEquation") -> str:
    return "\n".join(numbered(rows(equation.left, equation.right, _STATEMENT), f"{claim_id}:{equation.name}"))


def _part(part: "ShownPart", named: Named) -> list[str]:
    found = ["", rf"\paragraph{{Derivation of ${part.quantity.latex}$:}} {prose(part.meaning)}."]
    start = display(part.quantity, part.start, _START)
    given = f"the result of {' and '.join(map(reference, part.origin))}" if part.origin else ""
    if not part.steps:
        return [*found, f"{capitalized(given) or 'What this claim rests on'} gives it at once:", *start, *_end(part)]
    found += [f"It starts from {given}".strip(), *start, r"\begin{enumerate}"]
    found.append(rf"\setcounter{{enumi}}{{{part.steps[0].number - 1}}}")
    for step in part.steps:
        found += _step(step, named)
    return [*found, r"\end{enumerate}", *_end(part)]


def _end(part: "ShownPart") -> list[str]:
    """The derived formula against the stated one, which is repeated where it is written in another way."""
    end = part.comparison
    if end is None:
        return []
    if end.stated == (part.steps[-1].result if part.steps else part.start):
        return [rf"This is what is stated ({escaped(end.grade)}: {prose(end.argument)})."]
    return [
        "What is stated is",
        *display(None, end.stated, _START),
        f"{escaped(end.grade).capitalize()}: {prose(end.argument)}.",
    ]


def _step(step: "ShownStep", named: Named) -> list[str]:
    place = f"step-{step.number}"
    argument = named.prose(step.argument, f"{place}-check")
    return [
        rf"\item \textbf{{{prose(capitalized(step.rule))}.}} {named.prose(step.reason, place)}",
        rf"  \emph{{Rule:}} {prose(step.says)}",
        *display(None, step.result, _STEP),
        rf"  {{\footnotesize {escaped(step.grade).capitalize()}: {argument}.\par}}",
    ]


_PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath,amssymb}
\usepackage{microtype}
\usepackage[hidelinks]{hyperref}
"""


def article(documents: Sequence["ShownDocument"], symbols: Sequence[tuple[str, str]]) -> str:
    """The article that inputs the fragments of ``documents``, one section per folder of claims.

    A section is named after the work its first claim comes from.
    """
    groups: dict[str, list[ShownClaim]] = {}
    for document in documents:
        groups.setdefault(document.claim.id.partition(".")[0], []).append(document.claim)
    body = [
        _PREAMBLE + DEFINITIONS,
        *definitions(totals(documents)),
        r"\begin{document}",
        r"\title{Statements about straight-through estimators and their derivations}",
        r"\author{ste\_theory}",
        r"\date{}",
        r"\maketitle",
        "Each claim is stated with its source, its domain and its derivation from the model. A step names its rule;"
        " the line below the equation says how the step was decided again from its two sides alone, by which argument."
        " Short letters stand for what the following table says. Of the \\stenumber{claims} claims"
        " \\stenumber{confirmed} are documented as confirmed and \\stenumber{refuted} as refuted; the derivations have"
        " \\stenumber{steps} steps.",
        "",
        r"\begin{center}\small",
        r"\begin{tabular}{@{}lp{270pt}@{}}",
        *(rf"{prose(letters)} & {prose(meaning)} \\" for letters, meaning in symbols),
        r"\end{tabular}",
        r"\end{center}",
        r"\tableofcontents",
    ]
    for claims in groups.values():
        work = claims[0].work
        body += ["", rf"\section{{{prose(work[:1].upper() + work[1:])}}}"]
        body += [rf"\input{{{claim.id}}}" for claim in claims]
    return "\n".join([*body, "", r"\end{document}"]) + "\n"
