"""Planted errors: wrong versions of a statement, each with the witness that must catch it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import sympy as sp

from ste_theory.calculus.clipped import ClippedIntegral
from ste_theory.calculus.expectation import Expectation
from ste_theory.claims.claim import PlantedError, Statement
from ste_theory.claims.sentence import Relation, Sentence
from ste_theory.claims.verdict import Level, WitnessKind
from ste_theory.model.quantities import Quantity
from ste_theory.model.symbols import D, S, S_star, V, V_star, rho, rho_star, theta, v, v_star

LIMIT_PER_EQUATION = {Level.QUICK: 2, Level.STANDARD: 12, Level.FULL: 100}


def substitution(name: str, quantity: Quantity, old: sp.Expr, new: sp.Expr, caught_by: WitnessKind) -> PlantedError:
    """``old`` is mistaken for ``new`` in the formula of ``quantity``."""
    return PlantedError(name, lambda statement: statement.replacing(quantity, lambda f: f.subs(old, new)), caught_by)


def exchange(name: str, quantity: Quantity, one: sp.Expr, other: sp.Expr, caught_by: WitnessKind) -> PlantedError:
    """``one`` and ``other`` are exchanged in the formula of ``quantity``."""
    return PlantedError(
        name,
        lambda statement: statement.replacing(quantity, lambda f: f.subs({one: other, other: one}, simultaneous=True)),
        caught_by,
    )


def scaled(name: str, quantity: Quantity, factor: sp.Expr | int, caught_by: WitnessKind) -> PlantedError:
    """The formula of ``quantity`` is off by a constant factor."""
    return PlantedError(name, lambda statement: statement.replacing(quantity, lambda f: f * factor), caught_by)


def shifted(name: str, quantity: Quantity, amount: sp.Expr, caught_by: WitnessKind) -> PlantedError:
    """A term is added to the formula of ``quantity``."""
    return PlantedError(name, lambda statement: statement.replacing(quantity, lambda f: f + amount), caught_by)


def resentenced(name: str, sentence: Sentence, *, caught_by: WitnessKind, **changes: Any) -> PlantedError:
    """A sentence of the statement with some of its parts (left, right, hypotheses, variables ...) exchanged."""
    return PlantedError(
        name, lambda statement: statement.rewording(sentence.name, lambda found: replace(found, **changes)), caught_by
    )


def systematic(statement: Statement, level: Level = Level.STANDARD) -> tuple[PlantedError, ...]:
    """Mutants of the expression trees: dropped and negated terms, wrong constants, exchanged letters and functions.

    All must be caught by the derivation, which compares expressions exactly; at most ``LIMIT_PER_EQUATION`` per
    equation, chosen evenly from all that there are. A mutant equal to the original is listed by the planted witness
    with the proof of equality.
    """
    found = [_off_by_five_percent()] if any(eq.formula != 0 for eq in statement.equations) else []
    for equation in statement.equations:
        mutants = list(_mutants(equation.formula))
        stride = max(1, -(-len(mutants) // LIMIT_PER_EQUATION[level]))
        for what, mutant in mutants[::stride]:
            found.append(
                PlantedError(
                    f"{equation.quantity}: {what}",
                    _replacement(equation.quantity, mutant),
                    WitnessKind.DERIVATION,
                    True,
                )
            )
    return (*found, *(mutant for sentence in statement.sentences for mutant in _mutated_sentences(sentence)))


def _mutated_sentences(sentence: Sentence) -> Iterator[PlantedError]:
    """An inequality turned round, an equation off by a little; a false sentence has none: it would become true."""
    if sentence.constants:
        return
    if sentence.relation is not Relation.EQUAL:
        changes: dict[str, Any] = {"left": sentence.right, "right": sentence.left}
        what = "turned round"
    else:
        changes, what = {"left": sentence.left + sp.Rational(1, 10**20)}, "off by 1e-20"
    error = resentenced(f"{sentence.name}: {what}", sentence, caught_by=WitnessKind.PROOF, **changes)
    yield replace(error, systematic=True)


def _off_by_five_percent() -> PlantedError:
    """Every formula is 5 % too large: what the simulation claims to see several times over."""

    def mutate(statement: Statement) -> Statement:
        for equation in statement.equations:
            statement = statement.replacing(equation.quantity, lambda f: f * sp.Rational(105, 100))
        return statement

    return PlantedError("all formulas 5 % too large", mutate, WitnessKind.SAMPLING, True)


def _replacement(quantity: Quantity, mutant: sp.Expr) -> Callable[[Statement], Statement]:
    return lambda statement: statement.replacing(quantity, lambda _: mutant)


_LETTERS = ((S, S_star), (V, V_star), (D, S), (rho, rho_star))


def _mutants(formula: sp.Expr) -> Iterator[tuple[str, sp.Expr]]:
    expanded = sp.expand(formula)
    terms = sp.Add.make_args(expanded)
    if formula == 0:
        yield "D in place of 0", D
        return
    for number, term in enumerate(terms, 1):
        yield f"term {number} negated", expanded - 2 * term
        if len(terms) > 1:
            yield f"term {number} dropped", expanded - term
        yield f"term {number} twice as large", expanded + term
    for one, other in _LETTERS:
        if formula.has(one):
            yield f"{other} in place of {one}", formula.subs(one, other)
    for index in formula.atoms(sp.Indexed):
        if index.base == v_star:
            yield "student's weight in place of the teacher's", formula.subs(index, v[index.indices[0]])
    if formula.has(theta):
        if not formula.has(ClippedIntegral):  # q(π − θ) = q(θ), which only its closed form shows
            yield "π − θ in place of θ", formula.subs(theta, sp.pi - theta)
        yield "θ/2 in place of θ", formula.subs(theta, theta / 2)
    if formula.has(sp.cos(theta)) and not formula.has(Expectation):
        yield "sine in place of cosine", formula.subs(sp.cos(theta), sp.sin(theta))
    if formula.has(sp.sin(theta)) and not formula.has(Expectation):
        yield "cosine in place of sine", formula.subs(sp.sin(theta), sp.cos(theta))
