"""Sentences and their proofs on the page: formulas and words, so that a renderer needs no SymPy."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache, reduce

import sympy as sp

from ste_theory.claims.proof import (
    Assumed,
    Cases,
    CauchySchwarz,
    Counterexample,
    Decomposition,
    Evaluation,
    Fact,
    Identity,
    InRange,
    Justification,
    Known,
    Proof,
    RowSquares,
    Search,
    Sign,
    Square,
)
from ste_theory.claims.sentence import MODEL, Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.shown import ShownArgument, ShownLine, ShownProof, ShownRelation, ShownSentence
from ste_theory.model.symbols import k, m, theta
from ste_theory.notation.formula import Formula, Letter, Row, bracketed
from ste_theory.notation.letters import slugs
from ste_theory.notation.printer import formula, product_of

SIGNS = {
    Relation.EQUAL: Letter(" = ", " = "),
    Relation.AT_LEAST: Letter(r" \geq ", " ≥ "),
    Relation.ABOVE: Letter(" > ", " > "),
}
_AT_MOST, _BELOW, _IN = Letter(r" \leq ", " ≤ "), Letter(" < ", " < "), Letter(r" \in ", " ∈ ")
_REALS, _ZERO, _COMMA = Letter(r"\mathbb{R}", "R"), Letter("0", "0"), Letter(", ", ", ")
_DIFFERENCE = Letter(r"\text{left} - \text{right}", "left − right")


def shown_sentences(sentences: Sequence[Sentence]) -> tuple[ShownSentence, ...]:
    """The sentences of a statement on the page."""
    return tuple(shown_sentence(one, label) for one, label in zip(sentences, _labels(sentences), strict=True))


def _labels(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    return slugs([sentence.name for sentence in sentences])


def shown_sentence(sentence: Sentence, label: str = "") -> ShownSentence:
    """The sentence on the page."""
    over, angle = _over(sentence)
    return ShownSentence(
        name=sentence.name,
        label=label,
        words=sentence.words,
        over=over,
        constants=tuple(_range(variable) for variable in sentence.constants),
        ranges=(*angle, *(_range(variable) for variable in sentence.variables)),
        hypotheses=tuple(_assumed(hypothesis) for hypothesis in sentence.hypotheses),
        relation=ShownRelation(_written(sentence.left), SIGNS[sentence.relation], _written(sentence.right)),
        same=_written(sentence.left) == _written(sentence.right),
    )


def shown_proof(proof: Proof, sentences: Sequence[Sentence]) -> ShownProof:
    """How each lemma and each sentence of the statement is established."""
    known = {sentence.name: sentence for sentence in (*proof.lemmas, *sentences)}
    labels = dict(zip((sentence.name for sentence in sentences), _labels(sentences), strict=True))
    found = []
    for number, sentence in enumerate((*proof.lemmas, *sentences)):
        lemma = shown_sentence(sentence) if number < len(proof.lemmas) else None
        argument = _argument(sentence, proof.justifications.get(sentence.name), known, lemma)
        found.append(replace(argument, label=labels.get(sentence.name, "")))
    return ShownProof(tuple(found), proof.conclusion)


def expressions(sentences: Sequence[Sentence], proof: Proof | None) -> Iterator[sp.Basic]:
    """Every expression that stands on the page, for the legend."""
    for sentence in (*(proof.lemmas if proof else ()), *sentences):
        yield from (sentence.left, sentence.right, *(h.expression for h in sentence.hypotheses))
        yield from (end for variable in (*sentence.constants, *sentence.variables) for end in _ends(variable))
        how = proof.justifications.get(sentence.name) if proof else None
        if isinstance(how, Decomposition):
            facts = (*(fact for facts in how.terms for fact in facts), how.multiplier)
            yield from (x for fact in facts if fact for x in vars(fact).values() if isinstance(x, sp.Basic))


def variables(sentences: Sequence[Sentence], proof: Proof | None) -> tuple[str, ...]:
    """The letters that are variables of sentences, in the order of their appearance."""
    from ste_theory.claims.printing import text

    shown = (*(proof.lemmas if proof else ()), *sentences)
    return tuple(dict.fromkeys(text(v.symbol) for s in shown for v in (*s.constants, *s.variables)))


def _ends(variable: Variable) -> tuple[sp.Expr, sp.Expr]:
    return variable.lower, variable.upper


def _over(sentence: Sentence) -> tuple[str, tuple[Formula, ...]]:
    """What the letters of the model range over; an angle alone needs no network around it but has a range."""
    ends = [end for variable in (*sentence.constants, *sentence.variables) for end in _ends(variable)]
    parts = (sentence.left, sentence.right, *(h.expression for h in sentence.hypotheses), *ends)
    used = set().union(*(part.free_symbols for part in parts)) & MODEL
    if used == {theta}:
        return "", (_range(Variable(theta, sp.S.Zero, sp.pi)),)
    return "all networks" if used else "", ()


def _range(variable: Variable) -> Formula:
    letter, lower, upper = formula(variable.symbol), variable.lower, variable.upper
    if lower is -sp.oo and upper is sp.oo:
        return Row((letter, _IN, _REALS))
    if upper is sp.oo:
        return Row((letter, SIGNS[Relation.AT_LEAST], formula(lower)))
    below = () if lower is -sp.oo else (formula(lower), _AT_MOST)
    return Row((*below, letter, _AT_MOST, formula(upper)))


def _assumed(hypothesis: Hypothesis) -> ShownRelation:
    """x ≥ 0, as −x ≤ 0 where most terms of x are negative."""
    terms = sp.Add.make_args(hypothesis.expression)
    if 2 * sum(term.could_extract_minus_sign() for term in terms) > len(terms):
        return ShownRelation(_written(-hypothesis.expression), _BELOW if hypothesis.strict else _AT_MOST, _ZERO)
    return ShownRelation(_written(hypothesis.expression), SIGNS[hypothesis.relation], _ZERO)


def _argument(
    sentence: Sentence, how: Justification | None, known: dict[str, Sentence], lemma: ShownSentence | None
) -> ShownArgument:
    name = sentence.name
    match how:
        case Identity(because):
            return ShownArgument(name, "by exact algebra", because, lemma=lemma)
        case Decomposition(because=because):
            method = "left − right is a sum of products, none of which is negative"
            lines = tuple(_decomposed(sentence, how, known))
            return ShownArgument(name, method, because, lines, lemma, is_sum=True)
        case Cases(because=because):
            letter = sentence.variables[0].symbol if sentence.variables else theta
            return ShownArgument(name, "by cases", because, tuple(_cases(how, letter)), lemma)
        case Search(because):
            method = "by a search in balls over the whole range, its ends included, which leaves a certificate"
            return ShownArgument(name, method, because, lemma=lemma)
        case Evaluation(because):
            return ShownArgument(name, "by evaluation of both sides in balls", because, lemma=lemma)
        case Counterexample(because=because):
            every = " for every " + " and ".join(_text(c.symbol) for c in sentence.constants)
            method = "refuted by a counterexample" + (every if sentence.constants else "")
            return ShownArgument(name, method, because, tuple(_values(how)), lemma, refutes=True)
        case None:
            return ShownArgument(name, "nothing is said about it", "", lemma=lemma)


def _text(expression: sp.Basic) -> str:
    from ste_theory.claims.printing import text

    return text(expression)


def _decomposed(sentence: Sentence, how: Decomposition, known: dict[str, Sentence]) -> Iterator[ShownLine]:
    """left − right = first product + second product + ..., one per line with the reasons of its factors."""
    left: Formula = _DIFFERENCE
    if how.multiplier is not None:
        factors, _ = _fact(how.multiplier, sentence, known)
        left = Row((bracketed(product_of(factors)), Letter(r" \cdot (", "·("), _DIFFERENCE, Letter(")", ")")))
    for number, facts in enumerate(how.terms):
        shown = [_fact(fact, sentence, known) for fact in facts]
        sign = Letter(" = ", " = ") if number == 0 else Letter(" + ", " + ")
        note = "; ".join(dict.fromkeys(words for _, words in shown if words))
        written = product_of([_factored(factor) for factors, _ in shown for factor in factors])
        yield ShownLine(ShownRelation(left if number == 0 else Letter("", ""), sign, written), note)


def _fact(fact: Fact, sentence: Sentence, known: dict[str, Sentence]) -> tuple[tuple[sp.Expr, ...], str]:
    """The factors whose product is not negative, and why it is not, "" where everybody sees it."""
    match fact:
        case Square(base):
            return (sp.Pow(base, 2),), ""
        case Sign(expression):
            return (expression,), ""
        case Assumed(index):
            inside = index < len(sentence.hypotheses)
            return (sentence.hypotheses[index].expression if inside else sp.nan,), "by assumption"
        case InRange(symbol, upper, of):
            variable = next((v for v in (*sentence.constants, *sentence.variables) if v.symbol == symbol), None)
            end = of if of is not None else sp.nan if variable is None else variable.upper if upper else variable.lower
            return (end - symbol if upper else symbol - end,), f"by the range of {_text(symbol)}"
        case CauchySchwarz(x, y):
            return (_rows(x**2) * _rows(y**2) - _rows(x * y) ** 2,), "by the inequality of Cauchy and Schwarz"
        case RowSquares(x):
            return (_rows(x**2),), ""
        case Known(name, values):
            if name not in known:
                return (sp.nan,), f"by '{name}'"
            at = ", ".join(f"{_text(symbol)} = {_text(value)}" for symbol, value in values)
            difference = known[name].difference.subs(dict(values), simultaneous=True)
            return (difference,), f"by '{name}'" + (f" at {at}" if at else "")


def _written(expression: sp.Expr) -> Formula:
    """The formula with its denominators factored: sums over rows leave them multiplied out."""
    return formula(_factored(expression))


# Factoring is most of the time of a page; several forms of one claim show the same formulas.
@lru_cache(maxsize=4096)
def _factored(expression: sp.Expr) -> sp.Expr:
    return expression.replace(
        lambda node: isinstance(node, sp.Pow) and node.base.is_Add and node.exp.is_negative and node.free_symbols,
        lambda node: sp.Pow(sp.factor(node.base), node.exp),
    )


def _rows(summand: sp.Expr) -> sp.Expr:
    return sp.Sum(summand, (k, 1, m)) if summand.has(sp.Indexed) else m * summand


def _cases(how: Cases, letter: sp.Symbol) -> Iterator[ShownLine]:
    for case in how.cases:
        place = ShownRelation(formula(letter), SIGNS[Relation.EQUAL], formula(case.place))
        times = "" if case.factor == 1 else f", multiplied by {_text(case.factor)}"
        yield ShownLine(place, f"it is '{case.lemma}' at {_text(case.symbol)}{times}")


def _values(how: Counterexample) -> Iterator[ShownLine]:
    equal = SIGNS[Relation.EQUAL]
    if how.weights is not None:
        for letter, weights in zip((Letter("v", "v"), Letter("v^{*}", "v*")), how.weights, strict=True):
            yield ShownLine(ShownRelation(letter, equal, _vector(weights)))
    for symbol, value in how.values:
        yield ShownLine(ShownRelation(formula(symbol), equal, formula(value)))


def _vector(entries: Sequence[Fraction]) -> Formula:
    written = [formula(sp.Rational(x.numerator, x.denominator)) for x in entries]
    parts = reduce(lambda found, entry: [*found, _COMMA, entry], written[1:], written[:1])
    return Row((Letter("(", "("), *parts, Letter(")", ")")))
