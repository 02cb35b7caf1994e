"""SymPy expression trees in balls.

``translate(expression, values)`` is a ball that contains the value of the expression wherever the symbols lie in the
balls given for them. Unknown nodes are refused by name; nothing is evaluated in floats. A root, logarithm or inverse
function of a real number outside its domain is not finite, so that it cannot agree with anything.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

import sympy as sp
from flint import acb, arb

from ste_theory.model.errors import SteTheoryError
from ste_theory.model.iteration import Iterated
from ste_theory.rigorous.balls import Truth, ball, is_positive, is_zero, precision, real
from ste_theory.rigorous.formulas import outside_reals

Values = Mapping[sp.Basic, acb]


class CannotTranslate(SteTheoryError):
    """A node of the expression has no meaning in balls; the message names it."""


_FUNCTIONS: dict[type[sp.Basic], Callable[[acb], acb]] = {
    sp.exp: lambda z: z.exp(),
    sp.log: lambda z: z.log(),
    sp.sin: lambda z: z.sin(),
    sp.cos: lambda z: z.cos(),
    sp.tan: lambda z: z.tan(),
    sp.cot: lambda z: z.cot(),
    sp.sec: lambda z: z.sec(),
    sp.csc: lambda z: z.csc(),
    sp.acos: lambda z: z.acos(),
    sp.asin: lambda z: z.asin(),
    sp.atan: lambda z: z.atan(),
    sp.tanh: lambda z: z.tanh(),
    sp.cosh: lambda z: z.cosh(),
    sp.erf: lambda z: z.erf(),
    sp.erfc: lambda z: z.erfc(),
    sp.gamma: lambda z: z.gamma(),
}


def translate(expression: sp.Expr, values: Values, *, analytic: bool = False) -> acb:
    """The complex ball of an expression at complex balls; not finite where ``analytic`` fails to hold on the ball.

    Raises ``CannotTranslate`` for a symbol without a value, a float, or a function that is not in the table and has no
    ``definition()``.
    """
    if expression in values:
        return values[expression]
    if isinstance(expression, sp.Rational):
        return acb(ball(Fraction(int(expression.p), int(expression.q))))
    if expression is sp.pi:
        return acb(arb.pi())
    if expression is sp.E:
        return acb(1).exp()
    if isinstance(expression, (sp.Add, sp.Mul)):
        terms = [translate(argument, values, analytic=analytic) for argument in expression.args]
        total = terms[0]
        for term in terms[1:]:
            total = total + term if isinstance(expression, sp.Add) else total * term
        return total
    if isinstance(expression, sp.Pow):
        return _power(translate(expression.base, values, analytic=analytic), expression.exp, values, analytic)
    if type(expression) in _FUNCTIONS:
        argument = translate(expression.args[0], values, analytic=analytic)
        if analytic and isinstance(expression, (sp.log, sp.acos, sp.asin, sp.atan)) and not argument.real > 0:
            return _not_finite()
        if _outside_domain(expression, argument):
            return _not_finite()
        return _FUNCTIONS[type(expression)](argument)
    if isinstance(expression, sp.Abs):
        return translate(expression.args[0], values, analytic=analytic).real_abs(analytic=analytic)
    if isinstance(expression, (sp.Min, sp.Max)):
        candidates = [translate(argument, values, analytic=analytic) for argument in expression.args]
        extreme = candidates[0]
        for other in candidates[1:]:
            larger = isinstance(expression, sp.Max)
            extreme = (
                extreme.real_max(other, analytic=analytic) if larger else extreme.real_min(other, analytic=analytic)
            )
        return extreme
    if isinstance(expression, sp.Piecewise):
        return translate(_branch(expression, values), values, analytic=analytic)
    if isinstance(expression, Iterated):
        return _iterated(expression)
    if hasattr(expression, "definition"):
        return translate(expression.definition(), values, analytic=analytic)
    raise CannotTranslate(f"no meaning in balls: {type(expression).__name__} {sp.sstr(expression)[:80]}")


def settled(expression: sp.Expr, variable: sp.Symbol, values: Values) -> Values:
    """``values`` and, at the current precision, the balls of the parts of ``expression`` that are free of ``variable``.

    What ``translate`` finds there it does not compute again at each of thousands of values of ``variable``.
    """
    known = dict(values)

    def settle(node: sp.Expr) -> None:
        if node in known:
            return
        if not node.has(variable):
            known[node] = translate(node, values)
        elif isinstance(node, sp.Pow):
            settle(node.base)
        elif isinstance(node, (sp.Add, sp.Mul)) or type(node) in _FUNCTIONS:
            for argument in node.args:
                settle(argument)

    settle(expression)
    return known


def _iterated(expression: Iterated) -> acb:
    """Step by step in balls, from exact numbers: rounding alone widens them."""
    _, quantity, letters, step, start, count = expression.args
    values = {letter: translate(first, {}) for letter, first in zip(letters, start, strict=True)}
    for _ in range(int(count)):
        values = {letter: translate(next_, values) for letter, next_ in zip(letters, step, strict=True)}
    return translate(quantity, values)


def _power(base: acb, exponent: sp.Expr, values: Values, analytic: bool) -> acb:
    if isinstance(exponent, sp.Integer):
        return base ** int(exponent)
    if (analytic and base.imag.contains(0) and not base.real > 0) or outside_reals(base):
        return _not_finite()
    if exponent == sp.Rational(1, 2):
        return base.sqrt()
    if exponent == sp.Rational(-1, 2):
        return 1 / base.sqrt()
    return (translate(exponent, values, analytic=analytic) * base.log()).exp()


def _not_finite() -> acb:
    return acb(arb("nan"))


def _outside_domain(expression: sp.Expr, argument: acb) -> bool:
    if isinstance(expression, sp.log):
        return outside_reals(argument)
    return isinstance(expression, (sp.acos, sp.asin)) and bool(argument.imag == 0 and abs(argument.real) > 1)


def _branch(expression: sp.Piecewise, values: Values) -> sp.Expr:
    """The branch that certainly applies. Raises ``CannotTranslate`` where the balls do not decide which one that is."""
    for branch, condition in expression.args:
        truth = _holds(condition, values)
        if truth is Truth.YES:
            return branch
        if truth is Truth.UNKNOWN:
            raise CannotTranslate(f"the balls do not decide the condition {sp.sstr(condition)[:80]}")
    raise CannotTranslate(f"no branch applies: {sp.sstr(expression)[:80]}")


def _holds(condition: sp.Basic, values: Values) -> Truth:
    if condition in (sp.true, sp.false):
        return Truth.YES if condition is sp.true else Truth.NO
    opposite = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}
    if isinstance(condition, sp.Not):
        return opposite[_holds(condition.args[0], values)]
    if isinstance(condition, (sp.And, sp.Or)):
        found = {_holds(part, values) for part in condition.args}
        decisive = Truth.NO if isinstance(condition, sp.And) else Truth.YES
        if decisive in found:
            return decisive
        return Truth.UNKNOWN if Truth.UNKNOWN in found else opposite[decisive]
    if not isinstance(condition, sp.core.relational.Relational):
        raise CannotTranslate(f"no meaning in balls: {type(condition).__name__} {sp.sstr(condition)[:80]}")
    difference = translate(condition.lhs - condition.rhs, values)
    if difference.imag != 0:
        return Truth.UNKNOWN
    match condition:
        case sp.Eq():
            return is_zero(difference.real)
        case sp.Ne():
            return opposite[is_zero(difference.real)]
        case sp.StrictGreaterThan():
            return is_positive(difference.real)
        case sp.StrictLessThan():
            return is_positive(-difference.real)
        case sp.GreaterThan():
            return opposite[is_positive(-difference.real)]
        case _:
            return opposite[is_positive(difference.real)]


def real_value(expression: sp.Expr, values: Mapping[sp.Basic, sp.Expr], *, bits: int = 200) -> arb:
    """The ball of a real expression where symbols have exact SymPy values (rationals, π).

    >>> x = sp.Symbol("x")
    >>> print(real_value(sp.sqrt(x), {x: sp.Integer(2)}).str(20, radius=False))
    1.4142135623730950488
    """
    with precision(bits):
        return real(translate(expression, {key: translate(value, {}) for key, value in values.items()}))
