"""SymPy expression trees in balls.

``translate(expression, values)`` is a ball that contains the value of the expression wherever the symbols lie in the balls given for
them. Unknown nodes are refused by name; nothing is evaluated in floats.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

import sympy as sp
from flint import acb, arb

from ste_theory.model.errors import SteTheoryError
from ste_theory.rigorous.balls import ball, precision

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
            return acb(arb("nan"))
        return _FUNCTIONS[type(expression)](argument)
    if hasattr(expression, "definition"):
        return translate(expression.definition(), values, analytic=analytic)
    raise CannotTranslate(f"no meaning in balls: {type(expression).__name__} {sp.sstr(expression)[:80]}")


def _power(base: acb, exponent: sp.Expr, values: Values, analytic: bool) -> acb:
    if isinstance(exponent, sp.Integer):
        return base ** int(exponent)
    if analytic and base.imag.contains(0) and not base.real > 0:
        return acb(arb("nan"))
    if exponent == sp.Rational(1, 2):
        return base.sqrt()
    if exponent == sp.Rational(-1, 2):
        return 1 / base.sqrt()
    return (translate(exponent, values, analytic=analytic) * base.log()).exp()


def real_value(expression: sp.Expr, values: Mapping[sp.Basic, sp.Expr], *, bits: int = 200) -> arb:
    """The ball of a real expression where symbols have exact SymPy values (rationals, π).

    >>> x = sp.Symbol("x")
    >>> print(real_value(sp.sqrt(x), {x: sp.Integer(2)}).str(20, radius=False))
    1.4142135623730950488
    """
    with precision(bits):
        return translate(expression, {key: translate(value, {}) for key, value in values.items()}).real
