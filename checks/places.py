"""Places: exact values of all letters of a sentence, drawn or given, and what balls say of the sentence there."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy as sp
from flint import arb

from ste_theory.calculus.equality import exactly_equal
from ste_theory.claims.claim import Domain
from ste_theory.claims.instance import assignment
from ste_theory.claims.sentence import MODEL, Relation, Sentence, Variable
from ste_theory.model.problem import PlanePoint
from ste_theory.model.symbols import D, S, S_star, V, V_star, m
from ste_theory.rigorous.balls import Truth, is_positive, is_zero, radius
from ste_theory.rigorous.translate import CannotTranslate, real_value

Values = Mapping[sp.Symbol, sp.Expr]


@dataclass(frozen=True)
class Place:
    """Exact values (rationals, or numbers that balls understand) of all letters, and the network they come from."""

    values: Values
    network: PlanePoint | None = None

    def __str__(self) -> str:
        own = [f"{symbol} = {value}" for symbol, value in self.values.items() if symbol not in MODEL]
        if self.network is not None:
            own.insert(0, str(self.network))
        return ", ".join(own) or str(dict(self.values))


def sums(v: tuple[Fraction, ...], v_star: tuple[Fraction, ...]) -> dict[sp.Symbol, sp.Expr]:
    """V, S, D, V*, S*, m of given weights."""
    pairs = list(zip(v, v_star, strict=True))
    exact: dict[sp.Symbol, Fraction | int] = {
        V: sum(x * x for x in v),
        S: sum(v),
        D: sum(x * y for x, y in pairs),
        V_star: sum(y * y for y in v_star),
        S_star: sum(v_star),
        m: len(v),
    }
    return {symbol: sp.Rational(Fraction(value)) for symbol, value in exact.items()}


def drawn(sentence: Sentence, domain: Domain, rng: np.random.Generator) -> Place | None:
    """A place in the ranges of the sentence, often at an end of a range; ``None`` if a hypothesis is not certain."""
    place = anywhere((*sentence.constants, *sentence.variables), domain, rng, network=sentence.needs_network)
    if place is None or not all(_certain(h.expression, place.values, strict=h.strict) for h in sentence.hypotheses):
        return None
    return place


def anywhere(
    variables: tuple[Variable, ...], domain: Domain, rng: np.random.Generator, *, network: bool
) -> Place | None:
    """A place in the ranges of letters, and a network; ``None`` if a range is empty there."""
    point = domain.point(rng) if network else None
    values: dict[sp.Symbol, sp.Expr] = {}
    if point is not None:
        values = {symbol: value for symbol, value in assignment(point).items() if symbol in MODEL}
    for variable in variables:
        chosen = _inside(variable, values, rng)
        if chosen is None:
            return None
        values[variable.symbol] = chosen
    return Place(values, point)


def _certain(expression: sp.Expr, values: Values, *, strict: bool) -> bool:
    return sign(expression, values, strict=strict, exact=False) is Truth.YES


def _inside(variable: Variable, values: Values, rng: np.random.Generator) -> sp.Rational | None:
    """A rational number of the range: often at (or just inside) one of its ends; ``None`` if the range is empty, or an
    end is not finite, which a hypothesis excludes."""
    if variable.lower is -sp.oo:
        if variable.upper is sp.oo:
            return sp.Rational(int(rng.integers(-64, 65)), 8)
        upper = _rational(variable.upper, values, up=False)
        return upper if upper is None or not rng.integers(4) else upper - sp.Rational(int(rng.integers(1, 65)), 8)
    lower = _rational(variable.lower, values, up=True)
    end = int(rng.integers(4))
    if lower is None or variable.upper is sp.oo:
        far = sp.Rational(int(rng.integers(1, 65)), int(rng.choice([8, 64, 1])))
        return lower if lower is None or end == 0 else lower + far
    upper = _rational(variable.upper, values, up=False)
    if upper is None or upper < lower:
        return None
    inside = lower + (upper - lower) * sp.Rational(int(rng.integers(1, 64)), 64)
    return {0: lower, 1: upper}.get(end, inside)


def _rational(end: sp.Expr, values: Values, *, up: bool) -> sp.Rational | None:
    """The end itself, or a rational number within 1e-12 of it inside the range."""
    at = _at(end, values)
    if at.is_Rational:
        return sp.Rational(at)
    ball = real_value(end, values)
    if not ball.is_finite():
        return None
    mantissa, exponent = (ball.upper() if up else ball.lower()).man_exp()
    exact = Fraction(int(mantissa)) * Fraction(2) ** int(exponent) * 10**12
    return sp.Rational(math.ceil(exact) if up else math.floor(exact), 10**12)


def _at(end: sp.Expr, values: Values) -> sp.Expr:
    """The end with the values put in, as SymPy would. It thinks long about the larger of two roots: balls do not."""
    if isinstance(end, (sp.Max, sp.Min)):
        parts = [_at(part, values) for part in end.args]
        balls = [real_value(part, {}) for part in parts]
        for part, ball in zip(parts, balls, strict=True):
            others = [other for other in balls if other is not ball]
            if all((ball > other) if isinstance(end, sp.Max) else (ball < other) for other in others):
                return part
        return end.func(*parts)
    if end.has(sp.Max, sp.Min):
        return end.func(*(_at(part, values) for part in end.args))
    return end.subs({symbol: values[symbol] for symbol in end.free_symbols if symbol in values})


def admitted(sentence: Sentence, values: Values, *, exact: bool = True) -> Truth:
    """Whether all hypotheses hold at exact values of the letters."""
    found = [sign(h.expression, values, strict=h.strict, exact=exact) for h in sentence.hypotheses]
    if Truth.NO in found:
        return Truth.NO
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.YES


def in_ranges(sentence: Sentence, values: Values) -> bool:
    """Whether every variable certainly lies in its range."""
    for variable in (*sentence.constants, *sentence.variables):
        ends = [(variable.lower, 1), (variable.upper, -1)]
        for end, direction in ends:
            if end.is_infinite:
                continue
            if sign(direction * (variable.symbol - end), values, strict=False) is not Truth.YES:
                return False
    return True


def holds(sentence: Sentence, values: Values, *, exact: bool = True) -> Truth:
    """Whether the two sides compare as stated, hypotheses apart; without ``exact`` by balls alone, which is quick."""
    if sentence.relation is not Relation.EQUAL:
        return sign(sentence.difference, values, strict=sentence.relation is Relation.ABOVE, exact=exact)
    answer = is_zero(real_value(sentence.difference, values))
    if answer is not Truth.UNKNOWN or not exact:
        return answer
    return _exactly(sentence.difference, values, zero=Truth.YES)


def residual(sentence: Sentence, values: Values) -> float:
    """The radius of the ball around left − right, for an equation."""
    return radius(real_value(sentence.difference, values))


def sign(expression: sp.Expr, values: Values, *, strict: bool, exact: bool = True) -> Truth:
    """Whether an expression is ≥ 0 (``strict``: > 0) at exact values: by balls, and exactly where it is zero."""
    try:
        said = sign_of(real_value(expression, values), strict=strict)
    except CannotTranslate:
        return Truth.UNKNOWN
    if said is Truth.UNKNOWN and exact:
        return _exactly(expression, values, zero=Truth.NO if strict else Truth.YES)
    return said


def sign_of(ball: arb, *, strict: bool) -> Truth:
    """Whether the number in a ball is ≥ 0 (``strict``: > 0), by the ball alone."""
    if (decided := is_positive(ball)) is Truth.YES:
        return Truth.YES
    if decided is Truth.NO and not ball.contains(0):
        return Truth.NO
    if is_zero(ball) is Truth.YES:
        return Truth.NO if strict else Truth.YES
    return Truth.UNKNOWN


def _exactly(expression: sp.Expr, values: Values, *, zero: Truth) -> Truth:
    """``zero`` if the value is exactly 0, else undecided: the ball contains 0 and this method cannot exclude it."""
    exact = expression.subs(values, simultaneous=True)
    return zero if exactly_equal(exact, sp.S.Zero) is True else Truth.UNKNOWN
