"""Symbols, numbers, result: what a statement says at one point of its domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import sympy as sp

from ste_theory.claims import registry
from ste_theory.claims.exposition import SIGNS
from ste_theory.claims.instance import assignment, concrete, value_at
from ste_theory.claims.presentation import without_squares
from ste_theory.claims.proof import Counterexample
from ste_theory.claims.sentence import Relation, Sentence
from ste_theory.claims.shown import ShownExample, ShownNumber, ShownValue
from ste_theory.model.errors import SteTheoryError
from ste_theory.model.problem import PlanePoint, Problem
from ste_theory.notation.formula import Formula, Letter
from ste_theory.notation.letters import letter_of_latex
from ste_theory.notation.numbers import number, with_numbers
from ste_theory.notation.printer import formula

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim
    from ste_theory.claims.proof import Justification

SEED, ROWS = 20190107, 2


@dataclass(frozen=True)
class Illustration:
    """Exact values of all letters of a sentence, and its two sides there, ± error."""

    values: Mapping[sp.Symbol, sp.Expr]
    left: float
    right: float
    error: float


@runtime_checkable
class Illustrator(Protocol):
    """The witness that can show a sentence at a place."""

    def illustrate(self, claim: "Claim", sentence: Sentence, how: "Justification | None") -> Illustration | None:
        """Values at which the hypotheses hold, and both sides there; ``None`` where there are none."""
        ...


def example(claim: "Claim") -> ShownExample | None:
    """The statement at one point, the same in every run: its equations for the first problem, else its first sentence
    that can be shown, if possible one whose sides are not both zero. ``None`` where nothing can be."""
    if claim.statement.equations:
        return _equations(claim) if claim.problems else None
    illustrator = next((witness for witness in registry.witnesses() if isinstance(witness, Illustrator)), None)
    if illustrator is None:
        return None
    proof = claim.proof() if claim.proof is not None else None
    first: ShownExample | None = None
    for sentence in claim.statement.sentences:
        if not sentence.difference.free_symbols:
            continue  # both sides are one number
        how = proof.justifications.get(sentence.name) if proof is not None else None
        shown = illustrator.illustrate(claim, sentence, how)
        if shown is None:
            continue
        found = _sentence(sentence, shown)
        if isinstance(how, Counterexample) or max(abs(shown.left), abs(shown.right)) > 2 * shown.error:
            return found
        first = first or found
    return first


def _equations(claim: "Claim") -> ShownExample | None:
    point = claim.domain.point(np.random.default_rng(SEED), rows=ROWS)
    problem = claim.problems[0]
    exact = assignment(point)
    lines = []
    try:
        for equation in claim.statement.equations:
            value = value_at(equation.formula, problem, point)
            at = without_squares(concrete(equation.formula, problem))
            left = letter_of_latex(equation.quantity.latex)
            numbers = with_numbers(formula(at), _letters(exact))
            lines.append(ShownNumber(left, SIGNS[Relation.EQUAL], formula(at), numbers, value.number, value.error))
    except SteTheoryError:  # a formula without a number there, such as an integral that does not converge
        return None
    used = set().union(*(concrete(eq.formula, problem).free_symbols for eq in claim.statement.equations))
    indexed = set().union(*(concrete(eq.formula, problem).atoms(sp.Indexed) for eq in claim.statement.equations))
    values = {symbol: value for symbol, value in exact.items() if symbol in used | indexed}
    return ShownExample(_where(problem, point), _shown(values), tuple(lines))


def _sentence(sentence: Sentence, at: Illustration) -> ShownExample:
    letters = _letters(at.values)
    left, right = formula(sentence.left), formula(sentence.right)
    line = ShownNumber(
        left,
        SIGNS[sentence.relation],
        right,
        with_numbers(right, letters),
        at.right,
        at.error,
        at.left,
        with_numbers(left, letters),
    )
    used = sentence.left.free_symbols | sentence.right.free_symbols
    return ShownExample(sentence.name, _shown({s: x for s, x in at.values.items() if s in used}), (line,))


def _letters(values: Mapping[sp.Expr, sp.Expr]) -> dict[Letter, Formula]:
    found = ((formula(symbol), number(value)) for symbol, value in values.items())
    return {letter: value for letter, value in found if isinstance(letter, Letter)}


def _shown(values: Mapping[sp.Expr, sp.Expr]) -> tuple[ShownValue, ...]:
    return tuple(ShownValue(formula(symbol), formula(value)) for symbol, value in values.items())


def _where(problem: Problem, point: PlanePoint) -> str:
    v, v_star = (", ".join(map(str, entries)) for entries in (point.v, point.v_star))
    return f"{problem.quantizer.name} × {problem.surrogate.name}, v = ({v}), v* = ({v_star}), entries at k = 1"
