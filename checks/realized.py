"""Statements about a model of their own: sentences at values that the model's quantities have, exactly, in balls, in
batches of estimates.

The values must satisfy ranges, hypotheses and conclusion. What it cannot see: cases that are not drawn.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import numpy as np
import sympy as sp
from flint import acb, arb
from hypothesis.errors import UnsatisfiedAssumption

from ste_theory.checks.model_properties import Counterexample
from ste_theory.claims.claim import Claim
from ste_theory.claims.sentence import Relation, Sentence
from ste_theory.claims.trial import Balls, Batches, Contradiction, Enclosed, Exact, Trial
from ste_theory.claims.verdict import Level, Outcome, WitnessKind
from ste_theory.claims.witness import Context, WitnessResult
from ste_theory.model.errors import SteTheoryError
from ste_theory.montecarlo.decide import critical_value
from ste_theory.rigorous.balls import Truth, ball, digits, is_positive, is_zero, precision, radius
from ste_theory.rigorous.balls import real as real_part
from ste_theory.rigorous.translate import translate

CASES = {Level.QUICK: 2, Level.STANDARD: 4, Level.FULL: 20}
# A case about which the statement says nothing is drawn again, so often.
ATTEMPTS = 12
BITS = 128
# Two balls of an equation overlap; together they must be this narrow, relative to the larger side.
WIDEST = 1e-8


def exactly(claim: Claim, trial: Trial, case: Any) -> None:
    """Raise ``Counterexample`` unless every sentence that the trial realizes holds, hypotheses included."""
    try:
        found = trial.realized(case)
    except Contradiction as failure:
        raise Counterexample(f"{trial.name}: {failure} at {case}") from None
    if found is None:
        raise UnsatisfiedAssumption  # another case is drawn
    for name, letters in found:
        sentence = claim.statement.sentence(name)
        if violated := _violated(sentence, letters):
            raise Counterexample(f"{trial.name}: {name}: {violated} at {case}")


def _conditions(sentence: Sentence) -> list[tuple[str, sp.Expr, Relation]]:
    """(what, expression, how it compares with 0): ranges, hypotheses, the conclusion last."""
    found = []
    for variable in (*sentence.constants, *sentence.variables):
        ends = ((variable.lower, 1), (variable.upper, -1))
        found += [
            (f"the range of {variable.symbol}", sign * (variable.symbol - end), Relation.AT_LEAST)
            for end, sign in ends
            if not end.is_infinite
        ]
    found += [(f"the hypothesis {h.expression}", h.expression, h.relation) for h in sentence.hypotheses]
    return [*found, ("", sentence.difference, sentence.relation)]


_conditions_of = lru_cache(maxsize=1024)(_conditions)


def _violated(sentence: Sentence, letters: Exact) -> str:
    values = {symbol: Fraction(value) for symbol, value in letters.items()}
    for what, expression, relation in _conditions_of(sentence):
        number = _rational(expression)(values)
        answer = {Relation.EQUAL: number == 0, Relation.AT_LEAST: number >= 0, Relation.ABOVE: number > 0}[relation]
        if not answer:
            said = what or f"{sentence.left} {sentence.relation} {sentence.right}"
            return f"{said} fails for {_words(letters)}"
    return ""


@lru_cache(maxsize=4096)
def _rational(expression: sp.Expr) -> Callable[[Mapping[sp.Symbol, Fraction]], Fraction]:
    """The expression as a function in rational arithmetic; SymPy's own substitution is a hundred times slower.

    Raises ``SteTheoryError`` for a node whose value need not be rational.
    """
    if isinstance(expression, sp.Rational):
        constant = Fraction(int(expression.p), int(expression.q))
        return lambda values: constant
    if isinstance(expression, sp.Symbol):
        return lambda values: values[expression]
    parts = [_rational(part) for part in expression.args]
    match expression:
        case sp.Add():
            return lambda values: sum((part(values) for part in parts), Fraction(0))
        case sp.Mul():
            return lambda values: math.prod((part(values) for part in parts), start=Fraction(1))
        case sp.Pow() if isinstance(expression.exp, sp.Integer):
            base, exponent = parts[0], int(expression.exp)
            return lambda values: base(values) ** exponent
        case sp.Abs():
            return lambda values: abs(parts[0](values))
        case sp.Max() | sp.Min():
            choose = max if isinstance(expression, sp.Max) else min
            return lambda values: choose(part(values) for part in parts)
    raise SteTheoryError(f"{expression} is not rational in its letters")


def _words(letters: Mapping[sp.Symbol, Any]) -> str:
    return ", ".join(f"{symbol} = {value}" for symbol, value in letters.items())


def in_balls(claim: Claim, context: Context) -> WitnessResult:
    """PASS iff every sentence certainly holds (or, for equations, in narrow balls) in every case drawn; a conclusion
    that certainly fails where the hypotheses certainly hold is a certified failure."""
    kind, count, widest = WitnessKind.ENCLOSURE, 0, 0.0
    undecided: list[str] = []
    for enclosed in claim.enclosed:
        before = count
        for number in range(CASES[context.level]):
            rng = np.random.default_rng([context.seed, 20210101, number])
            context.progress(f"enclosing {enclosed.name}, case {number + 1}")
            key = ("enclosed", claim.id, enclosed.name, number)
            try:
                found = context.remember(key, partial(_drawn, enclosed, rng))
            except SteTheoryError as error:
                return WitnessResult(kind, Outcome.INCONCLUSIVE, f"{enclosed.name}: {error}", count)
            except Contradiction as failure:
                return WitnessResult(kind, Outcome.FAIL, f"{enclosed.name}: {failure}", count + 1)
            for name, letters in found:
                sentence = claim.statement.sentence(name)
                answer, width, violated = _in_balls(sentence, letters)
                count += 1
                widest = max(widest, width)
                where = ", ".join(f"{s} = {digits(v, 8) if isinstance(v, arb) else v}" for s, v in letters.items())
                if answer is Truth.NO:
                    # Values outside the sentence contradict what is said of the model, and refute nothing.
                    detail = f"{enclosed.name}: {name}: {violated or 'the conclusion'} fails at {where}"
                    own = not violated
                    return WitnessResult(kind, Outcome.FAIL, detail, count, certified=own, counterexample=where)
                if answer is Truth.UNKNOWN:
                    undecided.append(f"{enclosed.name}: {name} is not decided at {where}")
        if count == before:
            undecided.append(f"{enclosed.name}: no case drawn says anything")
    if undecided or not count:
        detail = undecided[0] if undecided else "nothing is enclosed"
        return WitnessResult(kind, Outcome.INCONCLUSIVE, detail, count)
    detail = f"{count} sentences certain in balls around the integrals" + (f", widest {widest:.1e}" if widest else "")
    return WitnessResult(kind, Outcome.PASS, detail, count)


def _drawn(enclosed: Enclosed, rng: np.random.Generator) -> Sequence[tuple[str, Balls]]:
    for _ in range(ATTEMPTS):
        if found := enclosed.realized(rng):
            return found
    return []


def _in_balls(sentence: Sentence, letters: Balls) -> tuple[Truth, float, str]:
    """Whether ranges, hypotheses and conclusion certainly hold, the width of an equation, and what is violated if it is
    not the conclusion."""
    with precision(BITS):
        values = {symbol: acb(ball(value)) for symbol, value in letters.items()}
        for what, expression, relation in _conditions_of(sentence):
            number, width = real_part(translate(expression, values)), 0.0
            if relation is Relation.EQUAL:
                size = abs(float(real_part(translate(sentence.left, values))))
                width = radius(number) / max(size, 1e-300)
                zero = is_zero(number)
                answer = Truth.YES if zero is Truth.UNKNOWN and width < WIDEST else zero
            elif relation is Relation.AT_LEAST:
                answer = Truth.YES if number >= 0 else Truth.NO if number < 0 else Truth.UNKNOWN
            else:
                answer = is_positive(number)
            if answer is not Truth.YES or not what:
                return answer, width, what
    raise AssertionError("a sentence has a conclusion")


def in_batches(claim: Claim, context: Context) -> WitnessResult:
    """PASS iff for every sentence the means over the batches violate no range, no hypothesis and not the conclusion by
    more standard errors than the run's false-alarm rate allows."""
    kind, count, worst = WitnessKind.SAMPLING, 0, math.inf
    for simulated in claim.simulated:
        context.progress(f"simulating {simulated.name}")
        key = ("simulated", claim.id, simulated.name)
        for name, letters in context.remember(key, partial(simulated.realized, context.seed)):
            count += 1
            conditions = _conditions_of(claim.statement.sentence(name))
            limit = critical_value(context.false_alarm, len(conditions))
            for what, expression, relation in conditions:
                pull = _pull(expression, relation, letters)
                worst = min(worst, pull)
                if pull < -limit:
                    where = f"{simulated.name}: {name}: {what or 'the conclusion'}"
                    return WitnessResult(kind, Outcome.FAIL, f"{where} is off by {-pull:.1f} standard errors", count)
    detail = f"{count} sentences in batches of the program, least distance {worst:+.1f} standard errors"
    return WitnessResult(kind, Outcome.PASS, detail, count)


def _pull(expression: sp.Expr, relation: Relation, letters: Batches) -> float:
    """How many standard errors the mean is on the right side of 0; for an equation minus its distance from 0."""
    symbols = tuple(sorted(letters, key=str))
    value = _compiled(expression, symbols)(*(np.asarray(letters[symbol], dtype=np.float64) for symbol in symbols))
    values = np.atleast_1d(np.asarray(value, dtype=np.float64))
    error = float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    # Rounding of a sum of a few terms of the size of the result; it decides only where nothing varies.
    error = max(error, 1e-12 * float(np.abs(values).max()), 1e-300)
    pull = float(values.mean()) / error
    return -abs(pull) if relation is Relation.EQUAL else pull


@lru_cache(maxsize=256)
def _compiled(expression: sp.Expr, symbols: tuple[sp.Symbol, ...]) -> Any:
    return sp.lambdify(symbols, expression, "numpy")
