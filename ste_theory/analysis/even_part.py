"""The even part of a surrogate: e(u) = μ′(u) + μ′(−u) for u > 0, the only part that the response sees.

M(x) = E μ′(xξ) = ∫₀^∞ e(u) φ(u/x)/x du.
"""

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb, fmpq

from ste_theory.model.errors import SteTheoryError
from ste_theory.model.expressions import ZERO, Algebra, Binary, Call, Formula, Name, Number, fold
from ste_theory.model.surrogates import Surrogate
from ste_theory.rigorous.balls import ball, precision, real
from ste_theory.rigorous.formulas import evaluate

_EVEN, _ODD = ("cos", "cosh"), ("sin", "tanh", "atan", "erf")


class Undecided(SteTheoryError):
    """A question about a surrogate that the methods at hand do not settle; the message is the reason."""


@dataclass(frozen=True)
class Half:
    """e(u) = formula on (lower, upper) with 0 ≤ lower; ``None`` is infinity."""

    lower: Fraction
    upper: Fraction | None
    formula: Formula


def mirrored(formula: Formula) -> tuple[Formula, int]:
    """(g, s) with formula(−x) = s·g(x), s = ±1: the parity of what is even or odd by its structure is seen."""
    match formula:
        case Name("x"):
            return formula, -1
        case Number(_) | Name(_):
            return formula, 1
        case Binary("^", base, exponent):
            inner, sign = mirrored(base)
            if sign < 0 and (power := exact_value(exponent)) is not None and power.denominator == 1:
                return Binary("^", inner, exponent), -1 if power % 2 else 1
            outer, turned = mirrored(exponent)
            return Binary("^", _signed(inner, sign), _signed(outer, turned)), 1
        case Binary(operator, left, right):
            (one, sign), (two, other) = mirrored(left), mirrored(right)
            if operator in "*/":
                return Binary(operator, one, two), sign * other
            if left == ZERO:
                sign = other
            elif right == ZERO:
                other = sign
            if sign == other:
                return Binary(operator, one, two), sign
            return Binary("-" if operator == "+" else "+", one, two), sign
        case Call(function, argument):
            inner, sign = mirrored(argument)
            if function in _EVEN:
                return Call(function, inner), 1
            if function in _ODD:
                return Call(function, inner), sign
            return Call(function, _signed(inner, sign)), 1


def _signed(formula: Formula, sign: int) -> Formula:
    return formula if sign > 0 else Binary("-", ZERO, formula)


def exact_value(formula: Formula, x: Fraction | None = None) -> Fraction | None:
    """The value at a rational place in exact arithmetic; None if the formula is not rational in x."""

    def power(base: Fraction, exponent: Fraction) -> Fraction:
        if exponent.denominator != 1 or abs(exponent) > 1000:
            raise ArithmeticError
        return base**exponent.numerator

    algebra: Algebra[Fraction] = Algebra(
        number=lambda value: value,
        operators={
            "+": lambda p, q: p + q,
            "-": lambda p, q: p - q,
            "*": lambda p, q: p * q,
            "/": lambda p, q: p / q,
            "^": power,
        },
        functions={},
        pi=Fraction(0),
    )
    if _has_pi(formula):
        return None
    try:
        return fold(formula, algebra, {} if x is None else {"x": x})
    except (KeyError, ArithmeticError):
        return None


def _has_pi(formula: Formula) -> bool:
    match formula:
        case Name(name):
            return name == "pi"
        case Binary(_, left, right):
            return _has_pi(left) or _has_pi(right)
        case Call(_, argument):
            return _has_pi(argument)
        case _:
            return False


def halves(surrogate: Surrogate) -> tuple[Half, ...]:
    """The even part of μ′, piece by piece from 0 outwards; identically zero pieces have the formula 0."""
    cuts = sorted({Fraction(0), *(abs(place) for place in surrogate.breakpoints)})
    found = []
    for lower, upper in itertools.pairwise([*cuts, None]):
        assert lower is not None
        inside = lower + 1 if upper is None else (lower + upper) / 2
        right, left = formula_at(surrogate, inside), formula_at(surrogate, -inside)
        total = _sum(right, *mirrored(left))
        found.append(Half(lower, upper, _settled(total, lower, upper)))
    return tuple(found)


def _settled(formula: Formula, lower: Fraction, upper: Fraction | None) -> Formula:
    """The formula, or the number that it is everywhere on the interval (0 for odd surrogates, 1 for that of GELU)."""
    if isinstance(formula, Number):
        return formula
    width = Fraction(1) if upper is None else upper - lower
    with precision(256):
        first, second = (
            real(evaluate(formula, acb(ball(lower + share * width)), analytic=False))
            for share in (Fraction(3, 11), Fraction(5, 7))
        )
        if not (first.is_finite() and second.is_finite() and first.overlaps(second)):
            return formula
        guess = Fraction(round(float(first) * 5040), 5040)
        if not first.contains(fmpq(guess.numerator, guess.denominator)):
            return formula
    number = Number(guess)
    return number if vanishes(Binary("-", formula, number), lower, upper) else formula


def formula_at(surrogate: Surrogate, x: Fraction) -> Formula:
    """The formula of μ′ on the piece around a place that is no breakpoint."""
    for piece in surrogate.pieces:
        if (piece.lower is None or piece.lower < x) and (piece.upper is None or x < piece.upper):
            return piece.formula
    raise Undecided(f"{x} is a breakpoint of {surrogate.name}")


def _sum(right: Formula, left: Formula, sign: int) -> Formula:
    if left == ZERO:
        return right
    if right == ZERO:
        return _signed(left, sign)
    if isinstance(right, Number) and isinstance(left, Number):
        return Number(right.value + sign * left.value)
    if right == left:
        return Binary("*", Number(Fraction(2)), right) if sign > 0 else ZERO
    return Binary("+" if sign > 0 else "-", right, left)


def vanishes(formula: Formula, lower: Fraction, upper: Fraction | None) -> bool:
    """Whether a formula is identically zero on an interval: a ball elsewhere than 0 says no, computer algebra yes.

    Raises ``Undecided`` where neither does.
    """
    if formula == ZERO or isinstance(formula, Number):
        return formula == ZERO
    width = Fraction(1) if upper is None else upper - lower
    with precision(256):
        for share in (Fraction(3, 11), Fraction(5, 7), Fraction(1, 23)):
            value = real(evaluate(formula, acb(ball(lower + share * width)), analytic=False))
            if not value.is_finite() or not value.contains(0):
                return False
    import sympy as sp

    x = sp.Symbol("x", real=True)
    expression = to_sympy(formula, x)
    if sp.simplify(sp.expand(expression.rewrite(sp.exp))) == 0:
        return True
    raise Undecided("a piece of the even part may vanish identically; neither balls nor computer algebra decide it")


def to_sympy(formula: Formula, x: Any) -> Any:
    """The formula as a SymPy expression in the symbol ``x``."""
    import operator

    import sympy as sp

    algebra: Algebra[Any] = Algebra(
        number=lambda value: sp.Rational(value.numerator, value.denominator),
        operators={
            "+": operator.add,
            "-": operator.sub,
            "*": operator.mul,
            "/": operator.truediv,
            "^": operator.pow,
        },
        functions={
            name: getattr(sp, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "cosh", "atan", "erf")
        },
        pi=sp.pi,
    )
    return fold(formula, algebra, {"x": x})
