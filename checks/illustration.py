"""One place at which a sentence is shown in numbers: the counterexample of one that is false, else a drawn one."""

import numpy as np
import sympy as sp

from ste_theory.checks.places import Values, admitted, drawn, in_ranges, sums
from ste_theory.claims.claim import Claim
from ste_theory.claims.example import Illustration
from ste_theory.claims.proof import Counterexample, Justification
from ste_theory.claims.sentence import Sentence
from ste_theory.model.errors import SteTheoryError
from ste_theory.rigorous.balls import Truth, radius
from ste_theory.rigorous.translate import real_value

SEED, TRIES = 20190107, 100
SHOWN = 8  # different places evaluated: where both sides are zero at each of them, they are so at most others


def illustrated(claim: Claim, sentence: Sentence, how: Justification | None) -> Illustration | None:
    """The values of all letters and both sides there, or ``None`` where no place is found: a counterexample that
    depends on a constant, hypotheses that no drawn place satisfies, sides that balls cannot evaluate."""
    if isinstance(how, Counterexample):
        values = _counterexample(sentence, how)
        found = None if values is None else _sides(sentence, values)
        return None if found is None else found[0]
    first: Illustration | None = None
    for values in _drawn(claim, sentence):
        if (found := _sides(sentence, values)) is None:
            continue
        shown, zero = found
        if not zero:
            return shown
        first = first or shown
    return first  # both sides are zero wherever it was drawn


def _sides(sentence: Sentence, values: Values) -> tuple[Illustration, bool] | None:
    """Both sides at a place, and whether both may be zero; ``None`` if balls cannot evaluate them."""
    try:
        sides = [real_value(side, values) for side in (sentence.left, sentence.right)]
    except SteTheoryError:
        return None
    if not all(side.is_finite() for side in sides):
        return None
    left, right = (float(side.mid()) for side in sides)
    shown = Illustration(values, left, right, max(radius(side) for side in sides))
    return shown, all(side.contains(0) for side in sides)


def _counterexample(sentence: Sentence, how: Counterexample) -> Values | None:
    values: dict[sp.Symbol, sp.Expr] = dict(how.values) | (sums(*how.weights) if how.weights is not None else {})
    if sentence.constants or sentence.difference.free_symbols - set(values):
        return None
    return values if in_ranges(sentence, values) and admitted(sentence, values) is Truth.YES else None


def _drawn(claim: Claim, sentence: Sentence) -> list[Values]:
    """The places drawn: numbers that people can follow come before others, the first of them first."""
    if not sentence.drawable:
        return []
    rng = np.random.default_rng(SEED)
    places = [place.values for _ in range(TRIES) if (place := drawn(sentence, claim.domain, rng)) is not None]
    distinct = {tuple(values.items()): values for values in places}  # ends of ranges are drawn again and again
    return sorted(distinct.values(), key=_size)[:SHOWN]


def _size(values: Values) -> int:
    """The largest denominator."""
    return max((int(value.q) for value in values.values() if value.is_Rational), default=1)
