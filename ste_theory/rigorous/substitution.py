"""Ranges made rational and bounded: x = πt, x = a + (b − a)t, or x = a − 1 + 1/t with the end t = 0 in the range.

Where 1/t has a pole, the expression is multiplied by the power of t that removes it: for t > 0 that changes no sign.
Each root that occurs is a statement of its own (what stands under it is not negative), because the certificate reads
``sqrt(u)`` as the root of max(u, 0).
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil

import sympy as sp

from ste_theory.rigorous.inequality import Inequality, Variable

# Names that would not be read as a variable, or that stand for a new one.
_RESERVED = re.compile(
    r"t[0-9]+|pi|(a?tan|sqrt|sin|cos|exp|log|erf|abs)\w*|[^A-Za-z].*|.*[^A-Za-z_0-9].*|.{41,}", re.ASCII
)


class exp_ratio(sp.Function):
    """exp(−p/q), and 0 for q ≤ 0 < p."""


class erf_ratio(sp.Function):
    """erf(p/q), and 1 for q ≤ 0 < p."""


class atan_ratio(sp.Function):
    """The angle of the point (q, p): atan(p/q) for q > 0, π/2 for q = 0 < p."""


@dataclass(frozen=True)
class Range:
    """A bounded rational range of a new symbol, its ends that are limits only, and the old variable in its terms."""

    symbol: sp.Symbol
    lower: Fraction
    upper: Fraction
    open: tuple[str, ...]
    old: sp.Symbol
    meaning: sp.Expr


@dataclass(frozen=True)
class Case:
    """A statement with rational ranges; ``original`` is false for a side condition (a root must exist)."""

    ranges: tuple[Range, ...]
    expression: sp.Expr
    hypotheses: tuple[sp.Expr, ...]
    strict: bool
    original: bool


def cases(inequality: Inequality) -> tuple[Case, ...]:
    """Statements that together say what the inequality says."""
    found: list[Case] = []
    for ranges in product(*(_pieces(variable, place) for place, variable in enumerate(inequality.variables))):
        meanings = {part.old: part.meaning for part in ranges}
        poles = [part.symbol for part in ranges if part.open]
        hypotheses = tuple(_regular(h.xreplace(meanings), poles) for h in map(sp.sympify, inequality.hypotheses))
        main = _regular(sp.sympify(inequality.expression).xreplace(meanings), poles)
        # A hypothesis must have a meaning everywhere, the expression where the hypotheses hold.
        for given, expressions in (((), hypotheses), (hypotheses, (main,))):
            under = {base for expression in expressions for base in _radicands(expression)}
            found += [Case(ranges, base, given, False, False) for base in sorted(under, key=sp.default_sort_key)]
        found.append(Case(ranges, main, hypotheses, inequality.strict, True))
    return tuple(found)


def describe(case: Case) -> str:
    """The substitution in words."""
    new = [part for part in case.ranges if sp.sstr(part.meaning) != part.old.name]
    kind = "" if case.original else "what stands under a root; "
    return kind + (", ".join(f"{part.old} = {sp.sstr(part.meaning)}" for part in new) or "no substitution")


def _pieces(variable: Variable, place: int) -> tuple[Range, ...]:
    old, lower, upper = variable.symbol, variable.lower, variable.upper
    name = f"t{place + 1}"
    t, s = sp.Symbol(name, positive=True), sp.Symbol(name, real=True)
    if lower.is_infinite and upper.is_infinite:
        left, right = Variable(old, lower, sp.S.Zero), Variable(old, sp.S.Zero, upper)
        return _pieces(left, place) + _pieces(right, place)
    if upper.is_infinite:
        return (Range(t, Fraction(0), Fraction(1), ("lower",), old, lower - 1 + 1 / t),)
    if lower.is_infinite:
        return (Range(t, Fraction(0), Fraction(1), ("lower",), old, upper + 1 - 1 / t),)
    if lower.is_Rational and upper.is_Rational:
        same = s if _RESERVED.fullmatch(old.name) else sp.Symbol(old.name, real=True)
        return (Range(same, _fraction(lower), _fraction(upper), (), old, same),)
    if all((end / sp.pi).is_Rational for end in (lower, upper)):
        return (Range(s, _fraction(lower / sp.pi), _fraction(upper / sp.pi), (), old, sp.pi * s),)
    return (Range(s, Fraction(0), Fraction(1), (), old, lower + (upper - lower) * s),)


def _fraction(value: sp.Expr) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _regular(expression: sp.Expr, poles: list[sp.Symbol]) -> sp.Expr:
    """The expression times the powers of the symbols that make it finite where they are 0, as far as that is seen."""
    if not any(expression.has(t) for t in poles):
        return expression
    rewritten = expression.replace(
        lambda node: isinstance(node, (sp.atan, sp.exp, sp.erf, sp.Pow)) and node.has(*poles),
        lambda node: _at_infinity(node, poles),
    )
    for t in poles:
        rewritten = sp.together(sp.expand_power_base(rewritten))
        numerator, denominator = sp.fraction(rewritten)
        powers = (factor.as_base_exp() for factor in sp.Mul.make_args(denominator))
        power = sum(exponent for base, exponent in powers if base == t)
        # A half power of t is brought to a whole one, so that no root touches 0.
        rewritten = numerator / (denominator / t**power) * t ** (ceil(power) - power) if power > 0 else rewritten
    return rewritten


def _at_infinity(node: sp.Expr, poles: list[sp.Symbol]) -> sp.Expr:
    """A function of a quotient that has a pole at t = 0 in a form that is finite there."""
    if isinstance(node, sp.Pow) and not (node.exp.is_Rational and not node.exp.is_Integer):
        return node
    argument = node.base if isinstance(node, sp.Pow) else node.args[0]
    p, q = sp.fraction(sp.cancel(sp.together(argument)))
    if q.subs(dict.fromkeys(poles, 0)) != 0:
        return node.func(p / q, *node.args[1:])
    monomial, rest = sp.S.One, sp.S.One
    for factor in sp.Mul.make_args(sp.factor(q)):
        if factor.as_base_exp()[0] in poles or factor.is_positive:
            monomial *= factor
        else:
            rest *= factor
    if monomial == 1:
        return node
    p = p / rest
    if isinstance(node, sp.Pow):
        return p**node.exp / monomial**node.exp
    sign = _sign_at_pole(p, poles)
    if sign == 0:
        return node
    if isinstance(node, sp.atan):
        return sign * atan_ratio(sign * p, monomial)
    if isinstance(node, sp.erf):
        return sign * erf_ratio(sign * p, monomial)
    return exp_ratio(-p, monomial) if sign < 0 else node


def _sign_at_pole(p: sp.Expr, poles: list[sp.Symbol]) -> int:
    """The sign of p where the symbols are 0."""
    value = p.subs(dict.fromkeys(poles, 0))
    return 1 if value.is_positive else -1 if value.is_negative else 0


def _radicands(expression: sp.Expr) -> set[sp.Expr]:
    return {
        node.base
        for node in sp.preorder_traversal(expression)
        if isinstance(node, sp.Pow) and node.exp.is_Rational and node.exp.q == 2 and node.base.free_symbols
    }
