"""What a proof's facts are worth: identities and decompositions of sentences, decided exactly."""

from collections.abc import Mapping

import sympy as sp

from ste_theory.calculus.identity import identical
from ste_theory.calculus.row_sums import row_sum
from ste_theory.claims.proof import (
    Assumed,
    Cases,
    CauchySchwarz,
    Decomposition,
    Fact,
    InRange,
    Known,
    RowSquares,
    Sign,
    Square,
)
from ste_theory.claims.sentence import MODEL, Relation, Sentence
from ste_theory.model.symbols import theta


class NotEstablished(Exception):
    """A justification does not establish its sentence; says nothing about the sentence."""


# θ ∈ [0, π]: its symbol is assumed positive, the ends are part of every sentence.
_ANGLE = sp.Dummy("theta", nonnegative=True)


def not_negative(expression: sp.Expr) -> bool:
    """Whether the sign is visible: sums and products of squares, letters of known sign, 1 ± sin and 1 ± cos."""
    if expression.xreplace({theta: _ANGLE}).is_nonnegative:
        return True
    for candidate in dict.fromkeys((expression, sp.factor(expression))):
        if candidate.is_nonnegative:
            return True
        if isinstance(candidate, sp.Mul) and all(not_negative(factor) for factor in candidate.args):
            return True
        if isinstance(candidate, sp.Add) and (
            _one_and_wave(candidate) or _modulus(candidate) or all(not_negative(term) for term in candidate.args)
        ):
            return True
        if isinstance(candidate, sp.Pow) and candidate.exp.is_Integer and candidate.base.is_real:
            return bool(candidate.exp.is_even) or not_negative(candidate.base)
        if candidate in (sp.sin(theta), sp.sin(theta / 2), sp.cos(theta / 2), sp.pi - theta):  # 0 ≤ θ ≤ π
            return True
    return False


def positive(expression: sp.Expr) -> bool:
    """Whether the expression is visibly positive, also at θ = 0 and π."""
    expression = expression.xreplace({theta: _ANGLE})
    if expression.is_positive:
        return True
    factored = sp.factor(expression)
    if isinstance(factored, sp.Mul):
        return all(positive(factor) for factor in factored.args)
    if isinstance(factored, sp.Add):
        terms = [term.xreplace({_ANGLE: theta}) for term in factored.args]
        return all(not_negative(term) for term in terms) and any(positive(term) for term in terms)
    return bool(factored.is_positive)


def _one_and_wave(expression: sp.Expr) -> bool:
    """1 ± sin x or 1 ± cos x."""
    rest = expression - 1
    wave = -rest if rest.could_extract_minus_sign() else rest
    return isinstance(wave, (sp.sin, sp.cos)) and bool(wave.args[0].is_real)


def _modulus(expression: sp.Expr) -> bool:
    """|x| ± x for a real x."""
    return any(
        node.args[0].is_real and (expression - node in (node.args[0], -node.args[0]))
        for node in expression.args
        if isinstance(node, sp.Abs)
    )


def check_decomposition(sentence: Sentence, proof: Decomposition, known: Mapping[str, Sentence]) -> str:
    """The argument in a line, if the decomposition establishes the sentence; else ``NotEstablished``."""
    if sentence.relation is Relation.EQUAL:
        raise NotEstablished("a decomposition shows an inequality, the sentence is an equation")
    multiplier, above = (sp.S.One, True) if proof.multiplier is None else _value(proof.multiplier, sentence, known)
    if not above:
        raise NotEstablished("the multiplier is not known to be positive")
    total, strict = sp.S.Zero, False
    for facts in proof.terms:
        product, above = sp.S.One, True
        for fact in facts:
            value, is_strict = _value(fact, sentence, known)
            product, above = product * value, above and is_strict
        total, strict = total + product, strict or above
    if not identical(multiplier * sentence.difference, total):
        raise NotEstablished("left − right is not the sum of the facts")
    if sentence.relation is Relation.ABOVE and not strict:
        raise NotEstablished("no term of the decomposition is positive, so it shows ≥ and not >")
    return f"left − right is a sum of {len(proof.terms)} products of what is not negative"


def _value(fact: Fact, sentence: Sentence, known: Mapping[str, Sentence]) -> tuple[sp.Expr, bool]:
    """The expression that is not negative, and whether it is positive."""
    match fact:
        case Square(base):
            return _real(base) ** 2, bool(base.xreplace({theta: _ANGLE}).is_nonzero)
        case Sign(expression):
            if not not_negative(expression):
                raise NotEstablished(f"the sign of {expression} is not visible")
            return expression, positive(expression)
        case Assumed(index):
            if index >= len(sentence.hypotheses):
                raise NotEstablished(f"the sentence has no hypothesis number {index}")
            return sentence.hypotheses[index].expression, sentence.hypotheses[index].strict
        case InRange():
            return _distance(fact, sentence), False
        case CauchySchwarz(x, y):
            return row_sum(_real(x) ** 2) * row_sum(_real(y) ** 2) - row_sum(x * y) ** 2, False
        case RowSquares(x):
            return row_sum(_real(x) ** 2), False
        case Known():
            return _instance(fact, sentence, known)


def _real(expression: sp.Expr) -> sp.Expr:
    """The expression, if it is visibly real: only then is its square not negative."""
    if not expression.is_real:
        raise NotEstablished(f"{expression} is not visibly real")
    return expression


def _distance(fact: InRange, sentence: Sentence) -> sp.Expr:
    for variable in (*sentence.constants, *sentence.variables):
        if variable.symbol == fact.symbol:
            end = variable.upper if fact.upper else variable.lower
            if fact.of is not None:
                # x ≥ max(p, q) gives x ≥ p.
                if not (isinstance(end, sp.Min if fact.upper else sp.Max) and fact.of in end.args):
                    raise NotEstablished(f"{fact.of} does not bound {fact.symbol}")
                end = fact.of
            if end.is_infinite:
                raise NotEstablished(f"{fact.symbol} has no such end")
            return end - fact.symbol if fact.upper else fact.symbol - end
    raise NotEstablished(f"{fact.symbol} is no variable of the sentence")


def _instance(fact: Known, sentence: Sentence, known: Mapping[str, Sentence]) -> tuple[sp.Expr, bool]:
    if fact.name not in known:
        raise NotEstablished(f"{fact.name!r} is not established before")
    lemma, values = known[fact.name], dict(fact.values)
    if lemma.relation is Relation.EQUAL or lemma.constants:
        raise NotEstablished(f"{fact.name!r} is an equation or speaks of constants: no inequality for all values")
    if set(values) - {variable.symbol for variable in lemma.variables}:
        raise NotEstablished(f"{fact.name!r} is used at other values of letters that are not its variables")
    for variable in lemma.variables:
        value = values.setdefault(variable.symbol, variable.symbol)
        for end, sign in ((variable.lower, 1), (variable.upper, -1)):
            distance = sign * (value - end.subs(values, simultaneous=True))
            if not end.is_infinite and not _within(distance, value, sentence):
                raise NotEstablished(f"{fact.name!r} at {variable.symbol} = {value}: not visibly within its range")
    for hypothesis in lemma.hypotheses:
        needed = hypothesis.expression.subs(values, simultaneous=True)
        if not any(h.expression == needed and h.strict >= hypothesis.strict for h in sentence.hypotheses):
            raise NotEstablished(f"{fact.name!r} needs a hypothesis that the sentence does not have")
    return lemma.difference.subs(values, simultaneous=True), lemma.relation is Relation.ABOVE


def _within(distance: sp.Expr, value: sp.Expr, sentence: Sentence) -> bool:
    """Whether a value keeps its distance from an end: visibly, as the angle θ ∈ [0, π], or as a variable whose own
    range says so."""
    if not_negative(distance) or (value == theta and distance in (theta, sp.pi - theta)):
        return True
    for variable in (*sentence.constants, *sentence.variables):
        if variable.symbol == value:
            # The distance is ±(x − end): over an interval it is smallest at one of the interval's ends.
            slope = sp.diff(distance, value)
            nearest = variable.lower if slope == 1 else variable.upper
            return slope in (1, -1) and not nearest.is_infinite and not_negative(distance.subs(value, nearest))
    return False


def check_cases(sentence: Sentence, proof: Cases, known: Mapping[str, Sentence]) -> None:
    """Raise ``NotEstablished`` unless the lemmas' ranges, mapped to the sentence's variable, cover its whole range."""
    if sentence.relation is Relation.EQUAL or sentence.hypotheses or sentence.constants:
        raise NotEstablished("cases are for an inequality in one variable without hypotheses")
    letter, start, stop = _only_variable(sentence)
    covered = []
    for case in proof.cases:
        if case.lemma not in known:
            raise NotEstablished(f"{case.lemma!r} is not established before")
        lemma = known[case.lemma]
        symbol, lower, upper = _only_variable(lemma)
        slope = sp.diff(case.place, case.symbol)
        if symbol != case.symbol or lemma.hypotheses or slope.free_symbols or slope == 0 or not positive(case.factor):
            raise NotEstablished(f"the case {case.lemma!r} is no affine piece of the range")
        weaker = lemma.relation is Relation.AT_LEAST and sentence.relation is Relation.ABOVE
        if lemma.relation is Relation.EQUAL or weaker:
            raise NotEstablished(f"{case.lemma!r} shows less than the sentence")
        scaled = case.factor * sentence.difference.subs(letter, case.place)
        if not identical(scaled, lemma.difference):
            raise NotEstablished(f"{case.lemma!r} is not the sentence at {letter} = {case.place}")
        ends = [case.place.subs(symbol, end) for end in (lower, upper)]
        covered.append(tuple(ends if slope > 0 else reversed(ends)))
    reached = start
    for low, high in sorted(covered, key=lambda ends: float(ends[0])):
        if not (low - reached).is_nonpositive:
            raise NotEstablished(f"nothing covers {letter} between {reached} and {low}")
        reached = high if (high - reached).is_positive else reached
    if not (reached - stop).is_nonnegative:
        raise NotEstablished(f"nothing covers {letter} between {reached} and {stop}")


def _only_variable(sentence: Sentence) -> tuple[sp.Symbol, sp.Expr, sp.Expr]:
    """The one letter of a sentence, with its range; θ has [0, π]."""
    ranges = [(variable.symbol, variable.lower, variable.upper) for variable in sentence.variables]
    model = sentence.difference.free_symbols & MODEL
    if theta in model:
        ranges.append((theta, sp.S.Zero, sp.pi))
    if len(ranges) != 1 or model - {theta}:
        raise NotEstablished(f"{sentence.name!r} has more than one variable")
    return ranges[0]
