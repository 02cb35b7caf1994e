r"""Claims as LaTeX: one fragment per claim for ``\input``, and an article that holds them all.

A fragment needs amsmath and amssymb, has no preamble, and ``\ref`` finds it by the claim's id; its equations are
labelled ``id:name``. Formulas are broken for a text of 345 pt at 10 pt, the width of LaTeX's article.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ste_theory.notation.formula import Formula, Letter
from ste_theory.notation.latex import EQUALS, lines, width
from ste_theory.notation.prose import capitalized, spans

if TYPE_CHECKING:
    from ste_theory.claims.presentation import ShownClaim, ShownDocument, ShownEquation, ShownPart, ShownStep

# Beside a statement stands its number; steps are indented by a list.
_STATEMENT, _START, _STEP = 300.0, 335.0, 310.0
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    character: "\\" + character for character in "&%$#_{}"
}
# A claim's id with a reference to its section where there is one.
_REFERENCE = (
    r"\providecommand{\steclaim}[2]{\texttt{#2}\ifcsname r@#1\endcsname\ (Section~\ref{#1})\fi}"
    " % a claim and, where it is in the document, its section"
)


def escaped(text: str) -> str:
    """Text in which no character has a meaning to TeX."""
    return "".join(_SPECIAL.get(character, character) for character in text)


def prose(sentence: str) -> str:
    """A sentence with formulas in Unicode as LaTeX."""
    return "".join(f"${span.text}$" if span.is_formula else escaped(_quoted(span.text)) for span in spans(sentence))


def _quoted(text: str) -> str:
    return text.replace("′", "'").replace("−", "-")


def fragment(document: "ShownDocument") -> str:
    """One claim: heading and label, statement, domain, symbols, what it rests on, and its derivation."""
    claim = document.claim
    source = f"Source: {prose(claim.source)}" + (f" ({prose(claim.remark)})" if claim.remark else "")
    blocks = [
        f"% {claim.id}: {claim.title}",
        _REFERENCE,
        rf"\subsection{{{prose(claim.title)}}}\label{{{claim.id}}}",
        r"\begingroup\allowdisplaybreaks[1]\emergencystretch=3em",
        # An equation stays with the sentence before it and with what is said about it below.
        r"\predisplaypenalty=10000 \postdisplaypenalty=10000\relax",
        rf"\noindent {_identifier(claim.id)}, {escaped(claim.kind)}. {source}.",
        *_warnings(document),
        *_paragraph("Statement", prose(claim.words)),
        *(_statement(claim.id, equation) for equation in claim.equations),
        *_paragraph("Domain", prose(claim.domain)),
        *([rf"\emph{{Degenerate cases:}} {prose(claim.degenerate)}"] if claim.degenerate else []),
        *_paragraph("Symbols", rf"{{\small {_symbols(claim.symbols)}\par}}" if claim.symbols else ""),
        *_paragraph(
            "Rests on", ", ".join(reference(other) for other in claim.rests_on) + "." if claim.rests_on else ""
        ),
        *(block for part in document.parts for block in _part(part)),
    ]
    if not document.parts:
        blocks += _paragraph("Derivation", "None: the claim is settled by its other witnesses.")
    return "\n".join([*blocks, r"\par\endgroup"]) + "\n"


def _warnings(document: "ShownDocument") -> list[str]:
    claim = document.claim
    found = []
    if claim.expected != "CONFIRMED":
        found.append(rf"\textbf{{Documented verdict: {escaped(claim.expected.lower())}.}}")
    if claim.corrects:
        found.append(f"This is the corrected form of {reference(claim.corrects)}.")
    return found


def _identifier(claim_id: str) -> str:
    return rf"\texttt{{{_breakable(claim_id)}}}"


def reference(claim_id: str) -> str:
    """The claim's id, followed by the number of its section where the document has it."""
    return rf"\steclaim{{{claim_id}}}{{{_breakable(claim_id)}}}"


def _breakable(claim_id: str) -> str:
    return escaped(claim_id).replace(".", r".\allowbreak{}").replace("-", r"-\allowbreak{}")


def _paragraph(title: str, text: str) -> list[str]:
    return ["", rf"\paragraph{{{title}.}} {text}"] if text else []


def _symbols(symbols: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{prose(letters)}: {prose(meaning)}" for letters, meaning in symbols) + "."


def _statement(claim_id: str, equation: "ShownEquation") -> str:
    body = _aligned(equation.left, equation.right, _STATEMENT, end="")
    return "\n".join(
        [
            rf"\begin{{equation}}\label{{{claim_id}:{equation.name}}}",
            r"\begin{split}",
            *body,
            r"\end{split}",
            r"\end{equation}",
        ]
    )


def _aligned(left: Letter | None, right: Formula, room: float, *, end: str) -> list[str]:
    """``left = right`` in lines aligned at the sign of equality."""
    lead = EQUALS + (width(left) if left is not None else 0.0)
    # Further lines begin where the right side does.
    found = lines(right, room=room - lead)
    first = f"{left.latex if left is not None else ''} &= {found[0].text}".strip()
    rest = [rf"&\hspace{{{line.indent}em}}{line.text}" for line in found[1:]]
    rows = [first, *rest]
    return [f"  {row}{end}" + (r" \\" if number < len(rows) - 1 else "") for number, row in enumerate(rows)]


def _part(part: "ShownPart") -> list[str]:
    found = ["", rf"\paragraph{{Derivation of ${part.quantity.latex}$:}} {prose(part.meaning)}."]
    if not part.steps:
        return [*found, "What this claim rests on gives it at once:", *_display(part.quantity, part.start, _START)]
    found += ["It starts from", *_display(part.quantity, part.start, _START), r"\begin{enumerate}"]
    found.append(rf"\setcounter{{enumi}}{{{part.steps[0].number - 1}}}")
    for step in part.steps:
        found += _step(step)
    return [*found, r"\end{enumerate}"]


def _display(left: Letter | None, right: Formula, room: float) -> list[str]:
    return [r"\begin{flalign*}", *_aligned(left, right, room, end=" &&"), r"\end{flalign*}"]


def _step(step: "ShownStep") -> list[str]:
    return [
        rf"\item \textbf{{{prose(capitalized(step.rule))}.}} {prose(step.reason)}",
        rf"  \emph{{Rule:}} {prose(step.says)}",
        *_display(None, step.result, _STEP),
        rf"  {{\footnotesize {escaped(step.grade).capitalize()}: {prose(step.argument)}.\par}}",
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
        _PREAMBLE + r"\begin{document}",
        r"\title{Statements about straight-through estimators and their derivations}",
        r"\author{ste\_theory}",
        r"\date{}",
        r"\maketitle",
        "Each claim is stated with its source, its domain and its derivation from the model. A step names its rule;"
        " the line below the equation says how the step was decided again from its two sides alone, by which argument."
        " Short letters stand for what the following table says.",
        "",
        r"\begin{center}\small",
        r"\begin{tabular}{@{}ll@{}}",
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
