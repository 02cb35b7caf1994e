"""Numbers in the place of letters: the same formula at one point."""

from collections.abc import Mapping
from dataclasses import replace

import sympy as sp

from ste_theory.notation.formula import (
    DOT,
    Big,
    Call,
    Cases,
    Formula,
    Group,
    Letter,
    Power,
    Product,
    Quotient,
    Root,
    Row,
    Term,
    Terms,
)
from ste_theory.notation.printer import formula
from ste_theory.notation.unicode import text

Values = Mapping[Letter, Formula]


def number(value: sp.Expr) -> Formula:
    """An exact number; in brackets where it is negative."""
    written = formula(value)
    return Group("(", written) if isinstance(written, Terms) else written


def with_numbers(written: Formula, values: Values) -> Formula:
    """The formula with the values of its letters.

    Inside a sum over rows an entry such as v_k stays a letter: there k runs.

    >>> from ste_theory.notation.unicode import text
    >>> x = Letter("x", "x")
    >>> text(with_numbers(Power(x, Letter("2", "2")), {x: number(sp.Rational(-1, 3))}))
    '(−1/3)²'
    """

    def inner(part: Formula) -> Formula:
        return with_numbers(part, values)

    match written:
        case Letter():
            return values.get(written, written)
        case Terms(terms):
            return Terms(tuple(Term(term.negative, inner(term.body)) for term in terms))
        case Product(factors):
            return Product(_apart([inner(factor) for factor in factors]))
        case Row(parts):
            return Row(tuple(map(inner, parts)))
        case Quotient(top, bottom):
            return Quotient(inner(top), inner(bottom))
        case Power(base, exponent):
            raised = inner(base)
            closed = Group("(", raised) if isinstance(raised, Quotient) else raised
            return Power(closed, inner(exponent))
        case Root(inside):
            return Root(inner(inside))
        case Group(left, inside):
            value = inner(inside)
            if left == "(" and isinstance(value, Letter) and value.text.isdigit():
                return value
            return value if left == "(" and isinstance(value, Group) and value.left == "(" else Group(left, value)
        case Call(function, arguments, bare):
            found = tuple(map(inner, arguments))
            return Call(_function(function, values), found, bare and found == arguments)
        case Big(_, lower, upper, body, tail):
            free = {letter: value for letter, value in values.items() if "_" not in letter.text}
            ends = with_numbers(lower, free), None if upper is None else with_numbers(upper, free)
            return replace(written, lower=ends[0], upper=ends[1], body=with_numbers(body, free), tail=tail)
        case Cases(branches):
            return Cases(tuple((inner(value), None if when is None else inner(when)) for value, when in branches))


def _apart(factors: list[Formula]) -> tuple[Formula, ...]:
    """A dot before every factor that begins with a digit: 2·3/4 is not 23/4."""
    found = factors[:1]
    for factor in factors[1:]:
        if text(factor)[:1].isdigit() and DOT not in (found[-1], factor):
            found.append(DOT)
        found.append(factor)
    return tuple(found)


def _function(function: Formula, values: Values) -> Formula:
    """sin² of a number is the square of a function: its name stays."""
    return Power(function.base, with_numbers(function.exponent, values)) if isinstance(function, Power) else function
