"""Taylor coefficients of a formula on a ball, and its exact sign at a rational place."""

from fractions import Fraction

import flint
from flint import acb, arb, arb_series

from ste_theory.analysis.even_part import exact_value, to_sympy
from ste_theory.model.expressions import Algebra, Formula, fold
from ste_theory.rigorous.balls import ball, precision, real
from ste_theory.rigorous.formulas import evaluate


def value(formula: Formula, x: arb) -> arb:
    """The formula on a real ball; not finite where it is not enclosed."""
    return real(evaluate(formula, acb(x), analytic=False))


def coefficients(formula: Formula, x: arb, order: int) -> list[arb]:
    """f⁽ᵏ⁾(x)/k! for k = 0, …, order, on a ball; not finite where there is no power series."""
    length = order + 1

    def power(base: arb_series, exponent: arb_series) -> arb_series:
        number = exponent[0]
        if exponent.length() <= 1 and number.is_integer() and abs(number) <= 1000:
            count = int(number.fmpz())
            result = constant(arb(1))
            for _ in range(abs(count)):
                result = result * base
            return constant(arb(1)) / result if count < 0 else result
        return (exponent * base.log()).exp()

    def constant(number: arb) -> arb_series:
        return arb_series([number], prec=length)

    def tanh(z: arb_series) -> arb_series:
        # Of the sign that keeps the exponential small.
        sign = -1 if z[0] > 0 else 1
        grown = (2 * sign * z).exp()
        return -sign * ((1 - grown) / (1 + grown))

    algebra: Algebra[arb_series] = Algebra(
        number=lambda number: constant(ball(number)),
        operators={
            "+": lambda p, q: p + q,
            "-": lambda p, q: p - q,
            "*": lambda p, q: p * q,
            "/": lambda p, q: p / q,
            "^": power,
        },
        functions={
            "exp": lambda z: z.exp(),
            "log": lambda z: z.log(),
            "sqrt": lambda z: z.sqrt(),
            "sin": lambda z: z.sin(),
            "cos": lambda z: z.cos(),
            "tanh": tanh,
            "cosh": lambda z: (z.exp() + (-z).exp()) / 2,
            "atan": lambda z: z.atan(),
            "erf": lambda z: z.erf(),
        },
        pi=constant(arb.pi()),
    )
    before, flint.ctx.cap = flint.ctx.cap, length
    try:
        series = fold(formula, algebra, {"x": arb_series([x, 1], prec=length)})
        return [series[k] for k in range(length)]
    except (KeyError, ValueError, ZeroDivisionError):
        return [arb("nan")] * length
    finally:
        flint.ctx.cap = before


def derivative_vanishes(formula: Formula, x: Fraction, order: int) -> bool:
    """Whether the derivative of this order is exactly zero at a rational place, by computer algebra."""
    if order == 0 and (exact := exact_value(formula, x)) is not None:
        return exact == 0
    with precision(400):
        if not coefficients(formula, ball(x), order)[order].contains(0):
            return False
    import sympy as sp

    symbol = sp.Symbol("x", real=True)
    found = sp.diff(to_sympy(formula, symbol), symbol, order).subs(symbol, sp.Rational(x.numerator, x.denominator))
    return bool(sp.simplify(found) == 0)


def sign_at(formula: Formula, x: Fraction) -> int | None:
    """−1, 0 or 1 at a rational place; None if not decided."""
    exact = exact_value(formula, x)
    if exact is not None:
        return (exact > 0) - (exact < 0)
    for bits in (64, 256):
        with precision(bits):
            found = value(formula, ball(x))
            if found > 0 or found < 0:
                return 1 if found > 0 else -1
    return 0 if value(formula, ball(x)).is_finite() and derivative_vanishes(formula, x, 0) else None
