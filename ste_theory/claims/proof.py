"""Proofs of sentences: for each sentence how it is established, as data that a witness checks.

A proof fixes nothing about the truth: an identity is decided exactly, a decomposition is multiplied out, a search is
run in balls, a counterexample is certified. What links one sentence to the next is said in words, for people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import sympy as sp

from ste_theory.claims.sentence import Sentence


@dataclass(frozen=True)
class Identity:
    """left = right by exact algebra."""

    because: str


@dataclass(frozen=True)
class Square:
    """base² ≥ 0."""

    base: sp.Expr


@dataclass(frozen=True)
class Sign:
    """An expression whose sign is visible from its factors and the signs of its letters."""

    expression: sp.Expr


@dataclass(frozen=True)
class Assumed:
    """The hypothesis number ``index`` of the sentence."""

    index: int


@dataclass(frozen=True)
class InRange:
    """A variable of the sentence is not below its lower end (``upper``: not above its upper end).

    ``of`` picks one argument of an end that is a maximum (or, above, a minimum).
    """

    symbol: sp.Symbol
    upper: bool = False
    of: sp.Expr | None = None


@dataclass(frozen=True)
class CauchySchwarz:
    """(Σ_k x_k²)(Σ_k y_k²) − (Σ_k x_k y_k)² ≥ 0 for two row expressions in v[k], v*[k]."""

    x: sp.Expr
    y: sp.Expr


@dataclass(frozen=True)
class RowSquares:
    """Σ_k x_k² ≥ 0 for a row expression."""

    x: sp.Expr


@dataclass(frozen=True)
class Known:
    """left − right ≥ 0 of a sentence established before, at other values of its variables (within their ranges)."""

    name: str
    values: tuple[tuple[sp.Symbol, sp.Expr], ...] = ()


Fact = Square | Sign | Assumed | InRange | CauchySchwarz | RowSquares | Known


@dataclass(frozen=True)
class Decomposition:
    """left − right = Σ of products of facts, each of which is not negative; multiplied out exactly by the witness.

    ``multiplier`` is a fact, positive, by which left − right is multiplied first (``None``: by nothing).
    """

    terms: tuple[tuple[Fact, ...], ...]
    because: str
    multiplier: Fact | None = None


@dataclass(frozen=True)
class Case:
    """A part of the range of the one variable of a sentence: it is ``place`` of a lemma's variable.

    There ``factor`` times left − right of the sentence is left − right of the lemma, factor > 0.
    """

    lemma: str
    symbol: sp.Symbol
    place: sp.Expr
    factor: sp.Expr


@dataclass(frozen=True)
class Cases:
    """The range of a sentence's one variable (θ, or its own) is covered by those of lemmas, mapped affinely."""

    cases: tuple[Case, ...]
    because: str


@dataclass(frozen=True)
class Search:
    """Branch and bound in balls over the whole range, its ends included; leaves a certificate."""

    because: str


@dataclass(frozen=True)
class Evaluation:
    """Both sides are numbers, which balls tell apart: for a sentence without letters, as about one trajectory."""

    because: str


@dataclass(frozen=True)
class Counterexample:
    """Values at which every hypothesis holds and the sentence fails.

    ``values`` gives every variable of the sentence, ρ and θ where they occur; in a sentence with constants they may
    depend on these: then the sentence fails for every constant. ``weights`` are v and v*.
    """

    values: tuple[tuple[sp.Symbol, sp.Expr], ...]
    because: str
    weights: tuple[tuple[Fraction, ...], tuple[Fraction, ...]] | None = None


Justification = Identity | Decomposition | Cases | Search | Evaluation | Counterexample


@dataclass(frozen=True)
class Proof:
    """Lemmas first, then how each lemma and each sentence of the statement is established, by name."""

    justifications: Mapping[str, Justification]
    lemmas: tuple[Sentence, ...] = ()
    conclusion: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "justifications", MappingProxyType(dict(self.justifications)))
