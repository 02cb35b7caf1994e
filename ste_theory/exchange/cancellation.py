"""Where the terms of a formula cancel in floats, and exact rewritings in which they do so less.

The rounding of a sum is measured by the sum of its terms' absolute values, so size/|value| is the factor by which
cancellation spoils the relative error. The size of a function's value (√, exp, erf, ...) is that value: what cancels
inside of one shows as an error.
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import sympy as sp
from flint import acb, arb

from ste_theory.exchange.expressions import to_expression, to_tree
from ste_theory.exchange.tree import Name, Node, Number, Tree, is_negative, names, negated
from ste_theory.rigorous.balls import real
from ste_theory.rigorous.translate import translate

_MINUS_ONE = Number(Fraction(-1))


def forms(expression: sp.Expr) -> tuple[Tree, ...]:
    """The formula as it is and, where it is another one, multiplied out with T·exp(u) − T as T·expm1(u)."""
    given = to_tree(expression)
    other = _paired(to_tree(sp.expand(expression)))
    return (given,) if other == given else (given, other)


def _paired(tree: Tree) -> Tree:
    """A sum with each pair of terms T·exp(u), −T as one term T·expm1(u), in the place of the first."""
    if not (isinstance(tree, Node) and tree.head == "sum"):
        return tree
    terms: list[Tree | None] = list(tree.arguments)
    for place, term in enumerate(terms):
        if term is None:
            continue
        for factor in _factors(term):
            if not (isinstance(factor, Node) and factor.head == "exp"):
                continue
            wanted = _key(term, without=factor, sign=-1)
            partner = next((n for n, other in enumerate(terms) if other is not None and _key(other) == wanted), None)
            if partner is not None:
                terms[place] = _exchanged(term, factor, Node("expm1", factor.arguments))
                terms[partner] = None
                break
    kept = tuple(term for term in terms if term is not None)
    return kept[0] if len(kept) == 1 else Node("sum", kept)


def _factors(term: Tree) -> tuple[Tree, ...]:
    return term.arguments if isinstance(term, Node) and term.head == "product" else (term,)


def _key(term: Tree, *, without: Tree | None = None, sign: int = 1) -> tuple[Fraction, frozenset[tuple[Tree, int]]]:
    """Coefficient and other factors, in no order."""
    number, others = Fraction(sign), Counter[Tree]()
    for factor in _factors(term):
        if isinstance(factor, Number):
            number *= factor.value
        else:
            others[factor] += 1
    if without is not None:
        others[without] -= 1
    return number, frozenset((+others).items())


def _exchanged(term: Tree, old: Tree, new: Tree) -> Tree:
    if term == old:
        return new
    assert isinstance(term, Node)
    return Node("product", tuple(new if factor == old else factor for factor in term.arguments))


def size(tree: Tree, values: Mapping[str, arb]) -> arb:
    """The sum of the absolute values of the terms, through sums and products; 0 only where all of them are."""
    match tree:
        case Node("sum", terms):
            total = arb(0)
            for term in terms:
                total += size(negated(term) if is_negative(term) else term, values)
            return total
        case Node("product", factors):
            product = arb(1)
            for factor in factors:
                product *= size(factor, values)
            return product
        case Node("power", (base, Number(exponent))) if exponent > 0 and exponent.denominator == 1:
            return size(base, values) ** int(exponent)
    return abs(evaluate(tree, values))


def evaluate(tree: Tree, values: Mapping[str, arb]) -> arb:
    """The tree in balls. Raises ``NotWritten`` for what is no arithmetic."""
    known = dict.fromkeys(names(tree), ("real",))
    symbols = {sp.Symbol(name, real=True): acb(value) for name, value in values.items() if name in known}
    return real(translate(to_expression(_spelled(tree), known), symbols))


def _spelled(tree: Tree) -> Tree:
    """expm1(u) as exp(u) − 1: balls have digits enough."""
    match tree:
        case Node("expm1", arguments):
            return Node("sum", (Node("exp", tuple(map(_spelled, arguments))), _MINUS_ONE))
        case Node(head, arguments):
            return Node(head, tuple(map(_spelled, arguments)))
        case Number() | Name():
            return tree
