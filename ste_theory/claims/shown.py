"""A claim on the page: formulas, words and numbers, as data.

``claims.presentation`` makes them from a claim and its derivation; renderers read them, also from a file
(``claims.stored``).
"""

from dataclasses import dataclass

from ste_theory.claims.origin import Origin
from ste_theory.notation.formula import Formula, Letter


@dataclass(frozen=True)
class ShownRelation:
    """``left sign right``, the sign with space around it."""

    left: Formula
    sign: Letter
    right: Formula


@dataclass(frozen=True)
class ShownSentence:
    """ "There are ``constants`` such that for all ``ranges`` with ``hypotheses``: relation".

    ``over`` says which networks are meant, "" if no letter of the model occurs. ``same``: rows summed, both sides are
    the same expression. ``label`` is the name as one word.
    """

    name: str
    label: str
    words: str
    over: str
    constants: tuple[Formula, ...]
    ranges: tuple[Formula, ...]
    hypotheses: tuple[ShownRelation, ...]
    relation: ShownRelation
    same: bool = False


@dataclass(frozen=True)
class ShownLine:
    """One display of an argument: a relation or a term of a sum, and what is said about it."""

    relation: ShownRelation
    note: str = ""


@dataclass(frozen=True)
class ShownArgument:
    """How a sentence is established (or refuted): the method, why in words, and its displays in order.

    ``lemma`` is the sentence itself where it does not stand in the statement; ``is_sum``: the displays are the terms of
    one sum.
    """

    name: str
    method: str
    because: str
    lines: tuple[ShownLine, ...] = ()
    lemma: ShownSentence | None = None
    refutes: bool = False
    is_sum: bool = False
    label: str = ""


@dataclass(frozen=True)
class ShownProof:
    """The arguments in their order, lemmas first, and the words that join them."""

    arguments: tuple[ShownArgument, ...]
    conclusion: str = ""


@dataclass(frozen=True)
class ShownEquation:
    """``left = right``; ``name`` distinguishes the equations of a claim, ``meaning`` says what the left side is."""

    name: str
    left: Letter
    right: Formula
    meaning: str


@dataclass(frozen=True)
class ShownStep:
    """One step: what was done by which rule, why, both sides, and how well the re-check established their equality.

    Steps are numbered through the whole derivation.
    """

    number: int
    rule: str
    says: str
    reason: str
    before: Formula
    result: Formula
    grade: str
    argument: str


@dataclass(frozen=True)
class ShownComparison:
    """The end of a derivation: the stated formula, and whether and by which argument the derived one equals it."""

    stated: Formula
    grade: str
    argument: str


@dataclass(frozen=True)
class ShownPart:
    """The derivation of one quantity: its letter and meaning, where it starts, and the steps.

    ``origin`` are the claims whose results it starts from, none if it starts from the definition; ``comparison`` is
    missing where the claim states nothing about the quantity.
    """

    quantity: Letter
    meaning: str
    start: Formula
    steps: tuple[ShownStep, ...]
    origin: tuple[str, ...] = ()
    comparison: ShownComparison | None = None


@dataclass(frozen=True)
class ShownClaim:
    """A claim without its derivation. ``equations`` are what it states, vectors first; ``components`` what follows.

    ``required`` groups levels that require the same, ``symbols`` is the legend of all formulas. ``corrected_by`` are
    the claims that state what is true instead; ``origin`` says whether it is published, corrected, ours or
    reconstructed.
    """

    id: str
    title: str
    kind: str
    expected: str
    work: str
    source: str
    remark: str
    words: str
    equations: tuple[ShownEquation, ...]
    components: tuple[ShownEquation, ...]
    domain: str
    degenerate: str
    problems: tuple[str, ...]
    required: tuple[tuple[str, str], ...]
    statement_uses: tuple[str, ...]
    proof_uses: tuple[str, ...]
    planted: tuple[tuple[str, str], ...]
    corrects: str | None
    symbols: tuple[tuple[str, str], ...]
    sentences: tuple[ShownSentence, ...] = ()
    corrected_by: tuple[str, ...] = ()
    origin: str = Origin.PUBLISHED

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The ids of all claims it uses, once each."""
        return tuple(dict.fromkeys(self.statement_uses + self.proof_uses))


@dataclass(frozen=True)
class ShownDocument:
    """A claim with its derivation and the proof of its sentences; no parts, no proof where it is settled without."""

    claim: ShownClaim
    parts: tuple[ShownPart, ...]
    proof: ShownProof | None = None


@dataclass(frozen=True)
class ShownValue:
    """A letter and its value."""

    letter: Formula
    value: Formula


@dataclass(frozen=True)
class ShownNumber:
    """``left sign right`` with letters, the same right side with numbers in their place, and what comes out, ± error.

    ``expected`` is the left side's own number where it has one (in a sentence), with its error; ``left_numbers`` is
    then the left side with numbers in the place of letters.
    """

    left: Formula
    sign: Letter
    right: Formula
    numbers: Formula
    result: float
    error: float
    expected: float | None = None
    left_numbers: Formula | None = None


@dataclass(frozen=True)
class ShownExample:
    """Symbols, numbers, result at one point: the network, the values of all letters, and what the statement gives."""

    where: str
    values: tuple[ShownValue, ...]
    lines: tuple[ShownNumber, ...]


@dataclass(frozen=True)
class Page:
    """All that is shown of one claim besides what its witnesses found."""

    document: ShownDocument
    example: ShownExample | None = None
