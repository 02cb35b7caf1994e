r"""Sentences and their proofs as LaTeX. A sentence of the statement is labelled ``id:name``, a lemma is not."""

from typing import TYPE_CHECKING

from ste_theory.notation.formula import Formula
from ste_theory.notation.latex import latex
from ste_theory.notation.letters import slug, slugs
from ste_theory.notation.prose import capitalized
from ste_theory.notation.unicode import text
from ste_theory.render.argument import SAME, listed, quantified, reasons
from ste_theory.render.latex_numbers import Named
from ste_theory.render.tex import breakable, ended, numbered, prose, related

if TYPE_CHECKING:
    from ste_theory.claims.shown import ShownArgument, ShownProof, ShownSentence

# Beside a sentence stands its number.
_SENTENCE, _TEXT = 300.0, 330.0


def sentence_blocks(sentence: "ShownSentence", named: Named) -> list[str]:
    """Name, words, what it is about, its hypotheses, and the relation under its number."""
    return [
        *_introduced(sentence, "", named),
        *numbered(related(sentence.relation, _SENTENCE), f"{named.claim_id}:{sentence.label}"),
        *([f"({SAME})"] if sentence.same else []),
    ]


def proof_blocks(proof: "ShownProof", named: Named) -> list[str]:
    """The arguments in their order and the words that join them."""
    blocks = [
        block
        for argument, label in zip(proof.arguments, _labels(proof), strict=True)
        for block in _argument(argument, label, named)
    ]
    return [*blocks, "", named.prose(proof.conclusion, "conclusion")] if proof.conclusion else blocks


def _labels(proof: "ShownProof") -> tuple[str, ...]:
    """A name of its own for each argument."""
    return slugs([f"proof {argument.name}" for argument in proof.arguments])


def _introduced(sentence: "ShownSentence", title: str, named: Named) -> list[str]:
    about = quantified(sentence, _inline)
    words = named.prose(capitalized(sentence.words.rstrip(".")), sentence.label or slug(title + sentence.name))
    blocks = [
        "",
        rf"\paragraph{{{prose(capitalized(title + sentence.name))}.}} {words}.",
        "",
        r"\noindent",
    ]
    if sentence.hypotheses:
        rows = [row for hypothesis in sentence.hypotheses for row in related(hypothesis, _TEXT, flush=True)]
        return [*blocks, f"{about} with", *_display(rows), "the following holds:"]
    return [*blocks, f"{about}:" if about else "Always:"]


def _argument(argument: "ShownArgument", label: str, named: Named) -> list[str]:
    blocks = ["", rf"\paragraph{{{'Counterexample to' if argument.refutes else 'Proof of'} {prose(argument.name)}.}}"]
    if argument.lemma is not None:
        blocks = [*_introduced(argument.lemma, "lemma, ", named), *_display(related(argument.lemma.relation, _TEXT))]
        blocks += [f"({SAME})"] if argument.lemma.same else []
    else:
        blocks[-1] += rf" (\ref{{{named.claim_id}:{argument.label}}})"
    because = f": {named.prose(argument.because, label)}" if argument.because else ""
    blocks.append(rf"\emph{{{prose(capitalized(argument.method))}}}{because}.")
    if argument.is_sum:
        blocks += _display([row for line in argument.lines for row in related(line.relation, _TEXT, whole=False)])
        blocks += [rf"{{\small {capitalized(words)}.\par}}" for words in [reasons(argument, prose)] if words]
    elif argument.refutes and argument.lines:
        shown = []
        for line, letter in zip(
            argument.lines, slugs([text(line.relation.left) for line in argument.lines]), strict=True
        ):
            value = named.value(line.relation.right, f"{label}-at-{letter}")
            note = f": {named.prose(line.note, f'{label}-at-{letter}-note')}" if line.note else ""
            shown.append(f"{_inline(line.relation.left)} = {value}{note}")
        blocks.append("; ".join(shown) + ".")
    elif argument.lines:
        blocks.append(f"{listed(argument, _inline, prose)}.")
    if "certificate" in argument.method:
        blocks.append(rf"Its certificate: \texttt{{ste-theory certify {breakable(named.claim_id)}}}.")
    return blocks


def _inline(formula: Formula) -> str:
    return f"${latex(formula)}$"


def _display(rows: list[str]) -> list[str]:
    return [r"\begin{flalign*}", *ended(rows, " &&"), r"\end{flalign*}"]
