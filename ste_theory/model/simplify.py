"""Constants of a formula worked out exactly: 2*3 is 6, 1*f is f, and no power of numbers grows without bound.

What comes out has no operation between two numbers that could be carried out, so two texts of one formula that differ
in how they write their numbers give the same tree.
"""

from fractions import Fraction

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import ONE, ZERO, Binary, Call, Formula, Number

MAX_POWER, MAX_ROOT, MAX_BITS, LARGEST = 64, 10**20, 4000, 10**300


def simplify(formula: Formula) -> Formula:
    """The same function with its constants worked out. Raises ``InvalidInput`` for 1/0 and for powers out of bounds."""
    match formula:
        case Binary(operator, left, right):
            return combine(operator, simplify(left), simplify(right))
        case Call(function, argument):
            return apply(function, simplify(argument))
        case _:
            return formula


def apply(function: str, argument: Formula) -> Formula:
    """function(argument), at the points where it is rational for certain."""
    if isinstance(argument, Number):
        if argument == ZERO and function in ("exp", "cos", "cosh"):
            return ONE
        if argument == ZERO and function in ("sin", "tanh", "atan", "erf", "sqrt"):
            return ZERO
        if argument == ONE and function in ("log", "sqrt"):
            return ZERO if function == "log" else ONE
        if argument.value < 0 and function in ("log", "sqrt"):
            raise InvalidInput(f"formula: {function} of a negative number, {argument.value}")
        if argument == ZERO and function == "log":
            raise InvalidInput("formula: log of 0")
    return Call(function, argument)


def combine(operator: str, left: Formula, right: Formula) -> Formula:
    """left operator right, for simplified arguments."""
    if operator == "^":
        return _power(left, right)
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(bounded(_calculate(operator, left.value, right.value)))
    if operator == "/" and right == ZERO:
        raise InvalidInput("formula: division by 0")
    if (operator in "+-" and right == ZERO) or (operator in "*/" and right == ONE):
        return left
    if (operator == "+" and left == ZERO) or (operator == "*" and left == ONE):
        return right
    if (operator in "*/" and left == ZERO) or (operator == "*" and right == ZERO):
        return ZERO
    return _signed(operator, left, right)


def _signed(operator: str, left: Formula, right: Formula) -> Formula:
    """Minus signs brought to the front: a − (−b) is a + b, and (−a)b is −(ab). Exact in floating point too."""
    inner = Number(-right.value) if isinstance(right, Number) and right.value < 0 else _opposite(right)
    if operator in "*/" and isinstance(right, Number):
        inner = None
    if operator in "+-" and inner is not None:
        return inner if operator == "-" and left == ZERO else combine("+" if operator == "-" else "-", left, inner)
    if operator == "-" and left == ZERO and isinstance(right, Binary) and right.operator == "-":
        return combine("-", right.right, right.left)
    if operator in "*/":
        outer = _opposite(left)
        if outer is not None or inner is not None:
            product = combine(operator, left if outer is None else outer, right if inner is None else inner)
            return combine("-", ZERO, product) if (outer is None) != (inner is None) else product
    return Binary(operator, left, right)


def _opposite(formula: Formula) -> Formula | None:
    """f where the formula is −f."""
    match formula:
        case Binary("-", Number(zero), inner) if zero == 0:
            return inner
        case _:
            return None


def _calculate(operator: str, left: Fraction, right: Fraction) -> Fraction:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        raise InvalidInput("formula: division by 0")
    return left / right


def _power(base: Formula, exponent: Formula) -> Formula:
    if not isinstance(exponent, Number):
        if isinstance(base, Number) and base.value > 0:
            return Call("exp", combine("*", exponent, apply("log", base)))
        raise InvalidInput("formula: an exponent that is not a number; write f^g as exp(g*log(f))")
    power = exponent.value
    if abs(power) > MAX_POWER or power.denominator > MAX_ROOT:
        raise InvalidInput(f"formula: the exponent {_short(power)} is beyond {MAX_POWER}")
    if power == 0:
        return ONE
    if power == 1:
        return base
    if isinstance(base, Number):
        if base.value == 0 and power < 0:
            raise InvalidInput("formula: 0 to a negative power")
        if base.value < 0 and power.denominator > 1:
            raise InvalidInput(f"formula: a root of a negative number, {_short(base.value)}^({power})")
        if power.denominator == 1:
            size = base.value.numerator.bit_length() + base.value.denominator.bit_length()
            if size * abs(power) > MAX_BITS * 2:
                raise InvalidInput("formula: a number too large to be meant")
            return Number(bounded(base.value ** int(power)))
        if base in (ZERO, ONE):
            return base
    return Binary("^", base, exponent)


def bounded(value: Fraction) -> Fraction:
    """The number itself, unless it is too long or no float64 is near it."""
    if abs(value) >= LARGEST or value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise InvalidInput("formula: a number too large to be meant")
    return value


def _short(value: Fraction) -> str:
    size = value.numerator.bit_length() + value.denominator.bit_length()
    return str(value) if size < 200 else "(a large number)"
