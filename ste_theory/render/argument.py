"""Sentences and their proofs as text of 80 columns."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ste_theory.notation.formula import Formula
from ste_theory.notation.unicode import columns, text
from ste_theory.render.page import WIDTH, displayed, wrapped

if TYPE_CHECKING:
    from ste_theory.claims.shown import ShownArgument, ShownDocument, ShownProof, ShownRelation, ShownSentence

_TIE = "\N{NO-BREAK SPACE}"
Writer = Callable[[Formula], str]
SAME = "written out and simplified, both sides are this one expression: exact algebra decides the sentence"


def quantified(sentence: "ShownSentence", write: Writer) -> str:
    """ "There is A such that for all networks and all x", "" if the sentence is about nothing that varies."""
    existing = f"there is {_list(sentence.constants, write)} such that" if sentence.constants else ""
    ranges = f"all {_list(sentence.ranges, write)}" if sentence.ranges else ""
    over = " and ".join(part for part in (sentence.over, ranges) if part)
    found = " ".join(part for part in (existing, f"for {over}" if over else "") if part)
    return found[:1].upper() + found[1:]


def sentence_lines(sentence: "ShownSentence", indent: int, *, title: str = "") -> list[str]:
    """Name, words, and the formal sentence: what it is about, its hypotheses, both sides."""
    lines = ["", *wrapped(f"{title}{sentence.name}: {sentence.words}", indent, indent + 2)]
    inside = indent + 2
    about = quantified(sentence, lambda formula: _tied(text(formula), WIDTH - inside - len(" with")))
    if about:
        about += " with" if sentence.hypotheses else ":"
        lines += [line.replace(_TIE, " ") for line in wrapped(about, inside, inside + 2)]
    for number, hypothesis in enumerate(sentence.hypotheses):
        ending = ":" if number == len(sentence.hypotheses) - 1 else ","
        found = relation_lines(hypothesis, inside + 4)
        lines += [*found[:-1], found[-1] + ending]
    lines += relation_lines(sentence.relation, inside + 2)
    return lines + (wrapped(f"({SAME})", inside + 2) if sentence.same else [])


def _tied(formula: str, room: int) -> str:
    """Not broken where it fits on a line; a longer range is broken at its signs only."""
    tied = formula.replace(" ", _TIE)
    return tied if columns(formula) <= room else tied.replace(f"{_TIE}≤{_TIE}", f" ≤{_TIE}")


def relation_lines(relation: "ShownRelation", indent: int, *, whole: bool = True) -> list[str]:
    """``left sign right`` on a line if it fits (unless not ``whole``), else the right side below the left one."""
    sign = relation.sign.text.strip()
    line = " " * indent + " ".join(part for part in (text(relation.left), sign, text(relation.right)) if part)
    if whole and columns(line) <= WIDTH - 1:
        return [line]
    left = displayed("", relation.left, indent, sign="") if text(relation.left) else []
    return [*left, *displayed("", relation.right, indent, sign=f"{sign} ")]


def proof_lines(proof: "ShownProof", claim_id: str) -> list[str]:
    """The arguments in their order and the words that join them."""
    lines = [line for argument in proof.arguments for line in _argument(argument, 2)]
    if proof.conclusion:
        lines += ["", *wrapped(proof.conclusion, 2)]
    if any("certificate" in argument.method for argument in proof.arguments):
        lines += ["", *wrapped(f"The certificates: ste-theory certify {claim_id}", 2)]
    return lines[1:]


def refutation_lines(document: "ShownDocument") -> list[str]:
    """For a statement that is documented as false: the counterexamples, and the claim that corrects it."""
    lines = []
    for argument in document.proof.arguments if document.proof is not None else ():
        if argument.refutes:
            lines += wrapped(f"false: {argument.name}. Counterexample: {counterexample(argument, text)}", 2, 4)
    if document.claim.corrected_by:
        lines += wrapped(f"corrected by {' and '.join(document.claim.corrected_by)}", 2, 4)
    return lines


def counterexample(argument: "ShownArgument", write: Writer) -> str:
    """The values of a counterexample on one line, and what happens there."""
    values = ", ".join(f"{write(at.relation.left)} = {write(at.relation.right)}" for at in argument.lines)
    return values + (f" ({argument.because})" if argument.because else "")


def listed(argument: "ShownArgument", write: Writer, prose: Callable[[str], str]) -> str:
    """The displays of an argument that is no sum, in one line."""
    shown = (
        f"{write(line.relation.left)} = {write(line.relation.right)}" + (f": {prose(line.note)}" if line.note else "")
        for line in argument.lines
    )
    return "; ".join(shown)


def reasons(argument: "ShownArgument", prose: Callable[[str], str]) -> str:
    """Which term of a sum is not negative for a reason that is not seen from its factors."""
    notes: dict[str, list[str]] = {}
    for number, line in enumerate(argument.lines):
        if line.note:
            notes.setdefault(line.note, []).append(str(number + 1))
    return "; ".join(f"term{'s' * (len(at) > 1)} {', '.join(at)}: {prose(note)}" for note, at in notes.items())


def _argument(argument: "ShownArgument", indent: int) -> list[str]:
    inside = indent + 2
    lines = ["", *wrapped(argument.name, indent)]
    if argument.lemma:
        lines = sentence_lines(argument.lemma, indent, title="lemma, ")
    because = f": {argument.because}" if argument.because else ""
    lines += wrapped(f"[{argument.method}{because}]", inside, inside + 1)
    for line in argument.lines:
        lines += relation_lines(line.relation, inside + 2, whole=not argument.is_sum)
        lines += wrapped(f"({line.note})", inside + 6, inside + 7) if line.note else []
    return lines


def _list(formulas: Sequence[Formula], write: Writer) -> str:
    return ", ".join(write(formula) for formula in formulas)
