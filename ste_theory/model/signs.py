"""Where a formula changes its sign: exactly, or not at all.

The sign of a formula is the product of the signs of *factors*, each a polynomial with rational coefficients:
sign(exp g) = 1, sign(tanh g) = sign(g), sign(pq) = sign(p) sign(q), sign(log g) = sign(g − 1).
"""

from fractions import Fraction

import numpy as np

from ste_theory.model.errors import InvalidInput
from ste_theory.model.expressions import FLOATS, ONE, Binary, Call, Formula, Name, Number, fold, names
from ste_theory.model.polynomials import Polynomial, TooLarge, add, multiply, real_roots, value
from ste_theory.model.text import write

X: Polynomial = (Fraction(0), Fraction(1))
UNIT: Polynomial = (Fraction(1),)
# A constant that is this near 0 in floating point is not decided.
UNDECIDED = 1e-9


def rational_function(formula: Formula) -> tuple[Polynomial, Polynomial] | None:
    """(numerator, denominator) if the formula is a quotient of polynomials with rational coefficients."""
    try:
        return _quotient(formula)
    except TooLarge:
        return None


def _quotient(formula: Formula) -> tuple[Polynomial, Polynomial] | None:
    match formula:
        case Number(number):
            return ((number,) if number else ()), UNIT
        case Name("x"):
            return X, UNIT
        case Binary("^", base, Number(power)) if power.denominator == 1:
            inner = _quotient(base)
            if inner is None:
                return None
            numerator, denominator = inner if power > 0 else inner[::-1]
            result = (UNIT, UNIT)
            for _ in range(abs(int(power))):
                result = (multiply(result[0], numerator), multiply(result[1], denominator))
            return result if result[1] else None
        case Binary(operator, left, right) if operator != "^":
            one, two = _quotient(left), _quotient(right)
            if one is None or two is None:
                return None
            (a, b), (c, d) = one, two
            if operator in "+-":
                top = add(multiply(a, d), multiply(c, b), 1 if operator == "+" else -1)
                return (top, UNIT) if b == d == UNIT else (top, multiply(b, d))
            if operator == "*":
                return multiply(a, c), multiply(b, d)
            return (multiply(a, d), multiply(b, c)) if c else None
        case _:
            return None


def factors(formula: Formula) -> list[Polynomial]:
    """Polynomials whose signs multiply to the sign of the formula. Raises ``InvalidInput`` where none are known."""
    quotient = rational_function(formula)
    if quotient is not None:
        return [quotient[0], quotient[1]] if quotient[1] != UNIT else [quotient[0]]
    if not names(formula):
        return [_constant_sign(formula)]
    match formula:
        case Binary("*" | "/", left, right):
            return factors(left) + factors(right)
        case Binary("-", Number(zero), right) if zero == 0:
            return [(Fraction(-1),), *factors(right)]
        case Binary("^", base, Number(power)):
            # A root has the sign of what it is taken of, where it exists; an even power that of the square.
            return factors(base) * (2 if power.numerator % 2 == 0 else 1)
        case Call("exp" | "cosh", _):
            return [UNIT]
        case Call("tanh" | "atan" | "erf" | "sqrt", argument):
            return factors(argument)
        case Call("log", argument):
            return factors(Binary("-", argument, ONE))
    raise InvalidInput(
        f"the sign of {_short(formula)} cannot be followed exactly: give the rational points where it changes, as in "
        "Piecewise((f, x < 1/2), (g, True))"
    )


def _constant_sign(formula: Formula) -> Polynomial:
    with np.errstate(all="ignore"):
        number = float(fold(formula, FLOATS, {}))
    if not np.isfinite(number) or abs(number) < UNDECIDED:
        raise InvalidInput(f"the sign of the constant {_short(formula)} is not decided; write a rational number")
    return (Fraction(1 if number > 0 else -1),)


def zeros(formula: Formula, low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    """The zeros and poles of the formula's factors inside (low, high).

    Raises ``InvalidInput`` if one of them is irrational, because pieces end at rational numbers.
    """
    found: set[Fraction] = set()
    for factor in factors(formula):
        if not factor:
            continue
        try:
            rational, irrational = real_roots(factor)
        except TooLarge:
            raise InvalidInput(
                f"the numbers in {_short(formula)} are too long to find where its sign changes"
            ) from None
        for left, right in irrational:
            if (high is None or left < high) and (low is None or right > low):
                left, right = _narrowed(factor, left, right)
                near = Fraction((left + right) / 2).limit_denominator(1000)
                raise InvalidInput(
                    f"{_short(formula)} changes its sign at an irrational number near {float(left):.6g}; pieces end at "
                    f"rational numbers: write the condition with one, such as {near}"
                )
        found.update(root for root in rational if (low is None or root > low) and (high is None or root < high))
    return sorted(found)


def _short(formula: Formula) -> str:
    text = write(formula)
    return text if len(text) <= 80 else text[:77] + "..."


def _narrowed(factor: Polynomial, left: Fraction, right: Fraction) -> tuple[Fraction, Fraction]:
    """A short interval around the one simple root in (left, right), by bisection."""
    below = value(factor, left) < 0
    for _ in range(40):
        middle = (left + right) / 2
        left, right = (middle, right) if (value(factor, middle) < 0) == below else (left, middle)
    return left, right


def sign_at(formula: Formula, x: Fraction) -> int:
    """The sign of the formula at a rational number: −1, 0 or 1."""
    result = 1
    for factor in factors(formula):
        number = value(factor, x)
        result *= (number > 0) - (number < 0)
    return result
