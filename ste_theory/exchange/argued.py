"""How each sentence of a claim is established or refuted, with exact numbers at which it is looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp

from ste_theory.claims import registry
from ste_theory.claims.example import Illustrator
from ste_theory.claims.proof import Counterexample, Proof
from ste_theory.exchange.expressions import to_tree
from ste_theory.exchange.text import write
from ste_theory.exchange.tree import NotWritten

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim
    from ste_theory.claims.sentence import Sentence


@dataclass(frozen=True)
class ArguedSentence:
    """A sentence or lemma: its sides as exact text ("" where there is none), the method, and ``numbers`` by letters.

    ``numbers`` are a place of its domain, or what its counterexample chooses: formulas in its ``constants``, where it
    has some. ``weights`` are v and v* of the counterexample, as text.
    """

    name: str
    words: str
    is_lemma: bool
    left: str
    sign: str
    right: str
    method: str
    because: str
    numbers: Mapping[str, str]
    weights: str = ""
    constants: tuple[str, ...] = ()


def argued(claim: "Claim", *, progress: Callable[[str], None] = lambda _: None) -> tuple[ArguedSentence, ...]:
    """Lemmas first, then the sentences of the statement."""
    proof = claim.proof() if claim.proof is not None else Proof({})
    illustrator = next((witness for witness in registry.witnesses() if isinstance(witness, Illustrator)), None)
    found = []
    for sentence in (*proof.lemmas, *claim.statement.sentences):
        progress(f"{claim.id}: a place for {sentence.name}")
        how = proof.justifications.get(sentence.name)
        values: Mapping[sp.Symbol, sp.Expr] = {}
        if isinstance(how, Counterexample):
            values = dict(how.values)
        elif illustrator is not None and (shown := illustrator.illustrate(claim, sentence, how)) is not None:
            values = shown.values
        found.append(_argued(sentence, how, values, is_lemma=sentence in proof.lemmas))
    return tuple(found)


def _argued(
    sentence: "Sentence", how: object, values: Mapping[sp.Symbol, sp.Expr], *, is_lemma: bool
) -> ArguedSentence:
    try:
        left, right = (write(to_tree(side)) for side in (sentence.left, sentence.right))
    except NotWritten:
        left = right = ""
    return ArguedSentence(
        name=sentence.name,
        words=sentence.words,
        is_lemma=is_lemma,
        left=left,
        sign=str(sentence.relation),
        right=right,
        method=type(how).__name__ if how is not None else "",
        because=str(getattr(how, "because", "")),
        numbers={write(to_tree(letter)): write(to_tree(value)) for letter, value in values.items()},
        weights=repr(how.weights) if isinstance(how, Counterexample) and how.weights is not None else "",
        constants=tuple(write(to_tree(one.symbol)) for one in sentence.constants),
    )
