"""Sentences at drawn points, in 30-digit numbers: what the properties witness looks at where nothing is an equation."""

from collections.abc import Callable

import mpmath as mp
import sympy as sp

from ste_theory.checks.model_properties import Counterexample
from ste_theory.claims.claim import Claim
from ste_theory.claims.instance import assignment
from ste_theory.claims.sentence import MODEL, Relation, Sentence, Variable
from ste_theory.model.problem import PlanePoint

DIGITS = 30
Chosen = tuple[PlanePoint, bytes]


def searchable(claim: Claim) -> tuple[Sentence, ...]:
    """The sentences that a drawn point can contradict: none that begins with "there is a constant"."""
    return tuple(found for found in claim.statement.sentences if found.drawable and not found.constants)


def search(sentence: Sentence) -> Callable[[Chosen], bool]:
    """A function of a network and of bytes that place the sentence's own letters; raises ``Counterexample``.

    It returns whether the place satisfies the hypotheses: elsewhere the sentence says nothing.
    """
    letters = [*sorted(MODEL, key=str), *(variable.symbol for variable in sentence.variables)]
    sides = _compiled(letters, sentence.left), _compiled(letters, sentence.right)
    ends = [(_compiled(letters, v.lower), _compiled(letters, v.upper)) for v in sentence.variables]
    assumed = [(_compiled(letters, h.expression), h.strict) for h in sentence.hypotheses]

    def holds(chosen: Chosen) -> bool:
        try:
            return look(chosen, DIGITS)
        except Counterexample:
            return look(chosen, 4 * DIGITS)  # weights over six decades cancel more digits than thirty leave

    def look(chosen: Chosen, digits: int) -> bool:
        point, data = chosen
        with mp.workdps(digits):
            values = {symbol: _number(value) for symbol, value in assignment(point).items() if symbol in MODEL}
            values |= dict.fromkeys((variable.symbol for variable in sentence.variables), mp.mpf(0))
            for variable, (lower, upper), byte in zip(sentence.variables, ends, data, strict=True):
                at = [values[letter] for letter in letters]
                try:
                    placed = _place(variable, lower, upper, at, byte)
                except ZeroDivisionError:
                    return False  # a range without an end here: a hypothesis excludes the place
                if placed is None:
                    return False
                values[variable.symbol] = placed
            at = [values[letter] for letter in letters]
            if not all(f(*at) > 0 if strict else f(*at) >= 0 for f, strict in assumed):
                return False
            try:
                left, right = (side(*at) for side in sides)
            except ZeroDivisionError:
                raise Counterexample(f"{sentence.name}: has no value at {_words(values)}") from None
            if not _compare(left, right, sentence.relation):
                raise Counterexample(f"{sentence.name}: {left} {sentence.relation} {right} fails at {_words(values)}")
        return True

    return holds


def _compiled(letters: list[sp.Symbol], expression: sp.Expr) -> Callable[..., mp.mpf]:
    names = {letter: sp.Dummy(f"x{index}") for index, letter in enumerate(letters)}
    compiled: Callable[..., mp.mpf] = sp.lambdify(list(names.values()), expression.xreplace(names), "mpmath")
    return compiled


def _number(value: sp.Expr) -> mp.mpf:
    return mp.mpf(int(value.p)) / int(value.q) if isinstance(value, sp.Rational) else +mp.pi


def _place(
    variable: Variable, lower: Callable[..., mp.mpf], upper: Callable[..., mp.mpf], at: list[mp.mpf], byte: int
) -> mp.mpf | None:
    """A number of the range: an end for the smallest and largest bytes, where inequalities are tight, else inside.

    ``None`` for a range that is empty here.
    """
    part = mp.mpf(min(max(byte - 8, 0), 240)) / 240
    if variable.lower is -sp.oo:
        return (byte - 128) / mp.mpf(16) if variable.upper is sp.oo else upper(*at) - 8 * part
    if variable.upper is sp.oo:
        return lower(*at) + 8 * part
    low, high = lower(*at), upper(*at)
    return low + part * (high - low) if low <= high else None


def _compare(left: mp.mpf, right: mp.mpf, relation: Relation) -> bool:
    """Up to rounding: two thirds of the digits of the larger side, of which cancellation may have taken the rest."""
    slack = mp.mpf(10) ** (-2 * mp.mp.dps // 3) * (1 + abs(left) + abs(right))
    return bool(abs(left - right) <= slack if relation is Relation.EQUAL else left - right >= -slack)


def _words(values: dict[sp.Symbol, mp.mpf]) -> str:
    return ", ".join(f"{symbol} = {mp.nstr(value, 12)}" for symbol, value in values.items())
