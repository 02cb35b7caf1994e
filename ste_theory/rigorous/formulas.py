"""The model's formulas in balls: analytic evaluation on complex balls, and growth bounds for tails.

A growth bound of f is (C, k, α) with |f(x)| ≤ C(1 + |x|)^k e^{α|x|} for all real x with |x| ≥ T on one side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from flint import acb, arb

from ste_theory.model.errors import SteTheoryError
from ste_theory.model.expressions import Algebra, Binary, Call, Formula, Name, Number, fold, names
from ste_theory.rigorous.balls import ball
from ste_theory.rigorous.gaussian import Analytic


class NoBound(SteTheoryError):
    """No growth bound is found for a formula; its tail cannot be enclosed."""


def outside_reals(z: acb) -> bool:
    """Whether z is certainly a negative real number: a root or logarithm of it is not a real value of a formula."""
    return bool(z.imag == 0 and z.real < 0)


def _not_finite() -> acb:
    return acb(arb("nan"))


def evaluate(formula: Formula, x: acb, *, analytic: bool) -> acb:
    """The formula at a complex ball; not finite where ``analytic`` is required and a branch cut or pole is in the ball.

    Not finite either for a root or logarithm of a negative real number.
    """
    return compiled(formula)(x, analytic)


def compiled(formula: Formula) -> Analytic:
    """``evaluate`` as a function of x and ``analytic``, with the numbers of the formula as balls of the current
    precision: for integrands, which are asked for thousands of values."""
    return fold(formula, _algebra(), {"x": lambda x, _: x})


def _algebra() -> Algebra[Analytic]:
    pi = acb(arb.pi())
    return Algebra(number=_number, operators=_OPERATORS, functions=_FUNCTIONS, pi=lambda _, __: pi)


def _number(value: Fraction) -> Analytic:
    number = acb(ball(value))
    return lambda _, __: number


def _power(base: acb, exponent: acb, analytic: bool) -> acb:
    value = exponent.real
    if exponent.imag == 0 and value.is_integer():
        return base ** value.fmpz()
    if (analytic and base.imag.contains(0) and not base.real > 0) or outside_reals(base):
        return _not_finite()
    return (exponent * base.log()).exp()


def _cut(z: acb, analytic: bool) -> bool:
    """Whether a logarithm or root is not to be had on the ball."""
    return (analytic and z.imag.contains(0) and not z.real > 0) or outside_reals(z)


def _arctangent(z: acb, analytic: bool) -> acb:
    if analytic and z.real.contains(0) and not abs(z.imag) < 1:
        return _not_finite()
    return z.atan()


_OPERATORS: dict[str, Callable[[Analytic, Analytic], Analytic]] = {
    "+": lambda p, q: lambda x, analytic: p(x, analytic) + q(x, analytic),
    "-": lambda p, q: lambda x, analytic: p(x, analytic) - q(x, analytic),
    "*": lambda p, q: lambda x, analytic: p(x, analytic) * q(x, analytic),
    "/": lambda p, q: lambda x, analytic: p(x, analytic) / q(x, analytic),
    "^": lambda p, q: lambda x, analytic: _power(p(x, analytic), q(x, analytic), analytic),
}
_VALUES: dict[str, Analytic] = {
    "exp": lambda z, _: z.exp(),
    "log": lambda z, analytic: _not_finite() if _cut(z, analytic) else z.log(),
    "sqrt": lambda z, analytic: _not_finite() if _cut(z, analytic) else z.sqrt(),
    "sin": lambda z, _: z.sin(),
    "cos": lambda z, _: z.cos(),
    "tanh": lambda z, _: z.tanh(),
    "cosh": lambda z, _: z.cosh(),
    "atan": _arctangent,
    "erf": lambda z, _: z.erf(),
}


def _called(function: Analytic) -> Callable[[Analytic], Analytic]:
    return lambda p: lambda x, analytic: function(p(x, analytic), analytic)


_FUNCTIONS = {name: _called(function) for name, function in _VALUES.items()}


@dataclass(frozen=True)
class Growth:
    """|f(x)| ≤ scale·(1 + |x|)^degree·e^{rate·|x|} on the tail, and the range of f there (``None``: unbounded)."""

    scale: arb
    degree: int
    rate: arb
    lower: arb | None
    upper: arb | None


def growth(formula: Formula, start: arb, *, positive: bool) -> Growth:
    """The growth bound of ``formula`` for x ≥ start > 0 (``positive``) or x ≤ −start. Raises ``NoBound``."""
    if not names(formula):
        fixed = evaluate(formula, acb(0), analytic=False).real
        if not fixed.is_finite():
            raise NoBound("a constant that is not a real number")
        return Growth(abs(fixed).upper(), 0, arb(0), fixed, fixed)
    match formula:
        case Number(value):
            number = ball(value)
            return Growth(abs(number).upper(), 0, arb(0), number, number)
        case Name("pi"):
            return Growth(arb.pi().upper(), 0, arb(0), arb.pi(), arb.pi())
        case Name(_):
            return Growth(arb(1), 1, arb(0), start, None) if positive else Growth(arb(1), 1, arb(0), None, -start)
        case Binary(operator, left, right):
            if operator == "^":
                return _power_growth(growth(left, start, positive=positive), right)
            one, two = growth(left, start, positive=positive), growth(right, start, positive=positive)
            return {"+": _add, "-": lambda p, q: _add(p, _negated(q)), "*": _multiply, "/": _divide}[operator](one, two)
        case Call(function, argument):
            return _call(function, growth(argument, start, positive=positive))


def _negated(g: Growth) -> Growth:
    lower = None if g.upper is None else -g.upper
    upper = None if g.lower is None else -g.lower
    return Growth(g.scale, g.degree, g.rate, lower, upper)


def _add(p: Growth, q: Growth) -> Growth:
    lower = None if p.lower is None or q.lower is None else p.lower + q.lower
    upper = None if p.upper is None or q.upper is None else p.upper + q.upper
    return Growth(p.scale + q.scale, max(p.degree, q.degree), p.rate.max(q.rate), lower, upper)


def _multiply(p: Growth, q: Growth) -> Growth:
    lower = upper = None
    if p.lower is not None and p.upper is not None and q.lower is not None and q.upper is not None:
        products = [x * y for x in (p.lower, p.upper) for y in (q.lower, q.upper)]
        lower, upper = products[0], products[0]
        for product in products[1:]:
            lower, upper = lower.min(product), upper.max(product)
    elif p.lower is not None and q.lower is not None and p.lower >= 0 and q.lower >= 0:
        lower = p.lower * q.lower
        upper = None if p.upper is None or q.upper is None else p.upper * q.upper
    elif p.upper is not None and q.upper is not None and p.upper <= 0 and q.upper <= 0:
        return _multiply(_negated(p), _negated(q))
    elif p.lower is not None and p.lower >= 0 and q.upper is not None and q.upper <= 0:
        return _negated(_multiply(p, _negated(q)))
    elif q.lower is not None and q.lower >= 0 and p.upper is not None and p.upper <= 0:
        return _negated(_multiply(_negated(p), q))
    return Growth(p.scale * q.scale, p.degree + q.degree, p.rate + q.rate, lower, upper)


def _divide(p: Growth, q: Growth) -> Growth:
    if q.upper is not None and q.upper < 0:
        return _negated(_divide(p, _negated(q)))
    if q.lower is None or not q.lower > 0:
        raise NoBound("a denominator is not bounded away from 0 on the tail")
    inverse = Growth(1 / q.lower, 0, arb(0), arb(0) if q.upper is None else 1 / q.upper, 1 / q.lower)
    return _multiply(p, inverse)


def _power_growth(base: Growth, exponent: Formula) -> Growth:
    value = _constant(exponent)
    if value.denominator == 1 and 0 <= value <= 64:
        result = Growth(arb(1), 0, arb(0), arb(1), arb(1))
        for _ in range(int(value)):
            result = _multiply(result, base)
        if value % 2 == 0 and value > 0 and (result.lower is None or not result.lower >= 0):
            result = Growth(result.scale, result.degree, result.rate, arb(0), result.upper)
        return result
    if value.denominator == 1 and -64 <= value < 0:
        return _divide(Growth(arb(1), 0, arb(0), arb(1), arb(1)), _power_growth(base, Number(-value)))
    if value.denominator == 2:
        return _power_growth(_root(base), Number(2 * value))
    raise NoBound("a power that is not an integer or half of one")


def _root(g: Growth) -> Growth:
    """√g for g ≥ 0, with a whole degree."""
    if g.lower is None or not g.lower >= 0:
        raise NoBound("a root of what may be negative on the tail")
    upper = None if g.upper is None else g.upper.sqrt()
    return Growth(g.scale.sqrt(), (g.degree + 1) // 2, g.rate / 2, g.lower.sqrt(), upper)


def _constant(formula: Formula) -> Fraction:
    match formula:
        case Number(value):
            return value
        case Binary("-", Number(zero), Number(value)) if zero == 0:
            return -value
        case _:
            raise NoBound("an exponent that is not a number")


def _call(function: str, g: Growth) -> Growth:
    if function == "exp":
        if g.upper is not None:
            return Growth(g.upper.exp(), 0, arb(0), arb(0) if g.lower is None else g.lower.exp(), g.upper.exp())
        if g.degree <= 1 and g.rate == 0:
            return Growth(g.scale.exp(), 0, g.scale, arb(0), None)
        raise NoBound("an exponential that grows faster than any Gaussian allows")
    if function == "cosh":
        one, two = _call("exp", g), _call("exp", _negated(g))
        lowest = arb(1)
        for end in (g.lower, None if g.upper is None else -g.upper):
            if end is not None and end > 0:
                lowest = lowest.max(end.cosh())
        total = _add(one, two)
        return Growth(total.scale, total.degree, total.rate, lowest, None)
    if function in ("sin", "cos", "tanh", "erf"):
        return Growth(arb(1), 0, arb(0), arb(-1), arb(1))
    if function == "atan":
        return Growth(arb(2), 0, arb(0), arb(-2), arb(2))
    if function == "sqrt":
        return _root(g)
    raise NoBound(f"no growth bound for {function}")
