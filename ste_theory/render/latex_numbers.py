r"""The numbers of a claim as LaTeX macros, ``\stenumber{id:name}``: what a program counted or computed, the values of
counterexamples, and every number in a sentence. Numbers inside formulas belong to the formula.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ste_theory.notation.formula import Formula
from ste_theory.notation.latex import latex
from ste_theory.notation.letters import slugs
from ste_theory.notation.prose import spans
from ste_theory.notation.unicode import text
from ste_theory.render.tex import plain

if TYPE_CHECKING:
    from ste_theory.claims.shown import ShownDocument, ShownExample

# An unknown name is an error and not an empty space.
DEFINITIONS = "\n".join(
    [
        r"\providecommand{\stedefine}[2]{\expandafter\def\csname ste@#1\endcsname{#2}}",
        r"\providecommand{\stenumber}[1]{\ifcsname ste@#1\endcsname\csname ste@#1\endcsname",
        r"\else\errmessage{ste-theory: there is no number #1}\fi}",
    ]
)


# A number by itself: no part of an id (yin2019.relu-2), of a word or of a range of them.
_NUMBER = re.compile(r"(?<![\w.\-])\d+(?:\.\d+)?(?![\w\-]|\.\w)")


class Named:
    """The numbers of a text under names, found while it is written."""

    def __init__(self, claim_id: str) -> None:
        self.claim_id = claim_id
        self.found: dict[str, str] = {}

    def prose(self, sentence: str, place: str) -> str:
        """A sentence as LaTeX in which each number is its macro: ``id:place-1`` is the first."""
        count = 0

        def named(match: re.Match[str]) -> str:
            nonlocal count
            count += 1
            return self._macro(f"{place}-{count}", match[0])

        return "".join(
            f"${span.text}$" if span.is_formula else _NUMBER.sub(named, plain(span.text)) for span in spans(sentence)
        )

    def value(self, value: Formula, name: str) -> str:
        """The value as its macro, for text and for formulas."""
        return self._macro(name, rf"\ensuremath{{{latex(value)}}}")

    def _macro(self, name: str, value: str) -> str:
        full = f"{self.claim_id}:{name}"
        if self.found.setdefault(full, value) != value:
            raise ValueError(f"two numbers have the name {full}")
        return rf"\stenumber{{{full}}}"


def numbers(document: "ShownDocument", example: "ShownExample | None") -> dict[str, str]:
    """Names and numbers: counts of the derivation, the proof and the planted errors, and one point with its results.

    ``at-X`` is the value of the letter X, ``value-Q`` what the equation for Q gives
    there, ``left`` and ``right`` the two sides of a sentence.
    """
    claim, proof = document.claim, document.proof
    counts = {
        "equations": len(claim.equations),
        "sentences": len(claim.sentences),
        "derived": len(document.parts),
        "steps": sum(len(part.steps) for part in document.parts),
        "arguments": len(proof.arguments) if proof is not None else 0,
        "lemmas": sum(argument.lemma is not None for argument in proof.arguments) if proof is not None else 0,
        "planted": len(claim.planted),
    }
    found = {f"{claim.id}:{name}": str(count) for name, count in counts.items()}
    if example is None:
        return found
    letters = [_cased(text(entry.letter)) for entry in example.values]
    for name, entry in zip(letters, example.values, strict=True):
        found[f"{claim.id}:at-{name}"] = text(entry.value).replace("−", "-").replace("π", r"\ensuremath{\pi}")
    equations = [line for line in example.lines if line.expected is None]
    for name, line in zip(slugs([text(line.left) for line in equations]), equations, strict=True):
        found[f"{claim.id}:value-{name}"] = number(line.result)
    for line in example.lines:
        if line.expected is not None:  # the one sentence that is shown
            found |= {f"{claim.id}:left": number(line.expected), f"{claim.id}:right": number(line.result)}
    return found


def _cased(letter: str) -> str:
    """The letter as a word; V and v are two."""
    (word,) = slugs([letter])
    return word.capitalize() if letter[:1].isascii() and letter[:1].isupper() else word


def number(value: float) -> str:
    """Twelve digits; the minus sign and the power of ten as mathematics, in text and in formulas."""
    mantissa, _, exponent = f"{value:.12g}".partition("e")
    written = mantissa + (rf"\cdot 10^{{{int(exponent)}}}" if exponent else "")
    return rf"\ensuremath{{{written}}}"


def definitions(found: Mapping[str, str]) -> list[str]:
    """One line per number."""
    return [rf"\stedefine{{{name}}}{{{value}}}" for name, value in found.items()]


def summary(claim_id: str, document: "ShownDocument") -> str:
    """The counts of a claim as a sentence in which every number is its macro."""
    said = []
    if document.parts:
        said.append(rf"\stenumber{{{claim_id}:steps}} steps for \stenumber{{{claim_id}:derived}} derived formulas")
    if document.proof is not None:
        said.append(
            rf"\stenumber{{{claim_id}:arguments}} arguments, \stenumber{{{claim_id}:lemmas}} of them for lemmas"
        )
    said.append(rf"\stenumber{{{claim_id}:planted}} planted errors")
    return "; ".join(said) + "."


def totals(documents: "Sequence[ShownDocument]") -> dict[str, str]:
    """What the document as a whole counts."""
    expected = [document.claim.expected for document in documents]
    return {
        "claims": str(len(documents)),
        "confirmed": str(expected.count("CONFIRMED")),
        "refuted": str(expected.count("REFUTED")),
        "steps": str(sum(len(part.steps) for document in documents for part in document.parts)),
    }
