"""Polynomials over the rationals, exactly: their real roots, and which of them are rational.

A polynomial is the tuple of its coefficients, constant first; () is 0.
"""

from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

Polynomial = tuple[Fraction, ...]
MAX_DEGREE, MAX_BITS = 16, 1000


class TooLarge(ArithmeticError):
    """A degree beyond what is worked with, or coefficients with more than a few hundred digits."""


def trim(coefficients: list[Fraction]) -> Polynomial:
    """Without leading zeros."""
    while coefficients and coefficients[-1] == 0:
        coefficients.pop()
    if len(coefficients) > MAX_DEGREE + 1:
        raise TooLarge
    if any(c.numerator.bit_length() + c.denominator.bit_length() > MAX_BITS for c in coefficients):
        raise TooLarge
    return tuple(coefficients)


def add(p: Polynomial, q: Polynomial, sign: int = 1) -> Polynomial:
    """p + sign·q."""
    zero = Fraction(0)
    size = max(len(p), len(q))
    return trim([(p[i] if i < len(p) else zero) + sign * (q[i] if i < len(q) else zero) for i in range(size)])


def multiply(p: Polynomial, q: Polynomial) -> Polynomial:
    """p·q."""
    if not p or not q:
        return ()
    if len(p) + len(q) - 1 > MAX_DEGREE + 1:
        raise TooLarge
    result = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] += a * b
    return trim(result)


def value(p: Polynomial, x: Fraction) -> Fraction:
    """p(x), by Horner's rule."""
    result = Fraction(0)
    for coefficient in reversed(p):
        result = result * x + coefficient
    return result


def real_roots(p: Polynomial) -> tuple[tuple[Fraction, ...], tuple[tuple[Fraction, Fraction], ...]]:
    """The rational roots of p ≠ 0, and an interval around each of its irrational real roots; both increasing.

    Sturm's theorem isolates the roots; a rational root has a denominator that divides the leading coefficient a, so an
    interval shorter than 1/a holds one candidate, which is tried exactly.

    >>> real_roots((Fraction(-2), Fraction(0), Fraction(1)))[0]
    ()
    """
    p = _primitive(_square_free(p))
    if len(p) < 2:
        return (), ()
    if sum(c.numerator.bit_length() for c in p) > MAX_BITS * 2:
        raise TooLarge
    bound = 1 + max(abs(c / p[-1]) for c in p[:-1])
    rational: list[Fraction] = []
    irrational: list[tuple[Fraction, Fraction]] = []
    for low, high in _isolated(p, bound):
        root = _rational_root(p, low, high)
        if isinstance(root, Fraction):
            rational.append(root)
        else:
            irrational.append(root)
    return tuple(sorted(rational)), tuple(sorted(irrational))


def _isolated(p: Polynomial, bound: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Intervals (low, high] that hold one root each, all roots together."""
    chain = _sturm(p)
    found, stack = [], [(-bound, bound)]
    while stack:
        low, high = stack.pop()
        count = _changes(chain, low) - _changes(chain, high)
        if count == 1:
            found.append((low, high))
        elif count > 1:
            middle = (low + high) / 2
            stack += [(low, middle), (middle, high)]
    return found


def _rational_root(p: Polynomial, low: Fraction, high: Fraction) -> Fraction | tuple[Fraction, Fraction]:
    """The root of p in (low, high] if it is rational, else a short interval around it.

    p has one simple root there, so it has the sign of p(high) to the right of it and the other one to the left.
    """
    if value(p, high) == 0:
        return high
    leading, above = abs(p[-1]), value(p, high) > 0
    while (high - low) * leading >= 1:
        middle = (low + high) / 2
        number = value(p, middle)
        if number == 0:
            return middle
        low, high = (low, middle) if (number > 0) == above else (middle, high)
    candidate = Fraction(round(high * leading), leading)
    for other in (candidate, Fraction(round(low * leading), leading)):
        if low < other <= high and value(p, other) == 0:
            return other
    return low, high


def _primitive(p: Polynomial) -> Polynomial:
    """A positive multiple with integer coefficients that have no common divisor."""
    if not p:
        return p
    scale = lcm(*(c.denominator for c in p))
    whole = [c.numerator * (scale // c.denominator) for c in p]
    divisor = gcd(*whole)
    return tuple(Fraction(number // divisor) for number in whole)


def _remainder(p: Polynomial, q: Polynomial) -> Polynomial:
    rest = list(p)
    while len(rest) >= len(q):
        factor = rest[-1] / q[-1]
        shift = len(rest) - len(q)
        for index, coefficient in enumerate(q):
            rest[shift + index] -= factor * coefficient
        rest.pop()
        while rest and rest[-1] == 0:
            rest.pop()
    return tuple(rest)


def _quotient(p: Polynomial, q: Polynomial) -> Polynomial:
    rest, result = list(p), [Fraction(0)] * max(len(p) - len(q) + 1, 0)
    for shift in range(len(result) - 1, -1, -1):
        result[shift] = rest[shift + len(q) - 1] / q[-1]
        for index, coefficient in enumerate(q):
            rest[shift + index] -= result[shift] * coefficient
    return tuple(result)


def _derivative(p: Polynomial) -> Polynomial:
    return tuple(index * coefficient for index, coefficient in enumerate(p))[1:]


def _square_free(p: Polynomial) -> Polynomial:
    """p divided by its multiple factors: the same roots, each once."""
    a, b = p, _primitive(_derivative(p))
    while b:
        a, b = b, _primitive(_remainder(a, b))
    return _quotient(p, a) if len(a) > 1 else p


def _sturm(p: Polynomial) -> list[Polynomial]:
    chain = [p, _primitive(_derivative(p))]
    while len(chain[-1]) > 1:
        chain.append(tuple(-c for c in _primitive(_remainder(chain[-2], chain[-1]))))
    return chain


def _changes(chain: list[Polynomial], x: Fraction) -> int:
    signs = [number > 0 for number in (value(p, x) for p in chain) if number != 0]
    return sum(a != b for a, b in pairwise(signs))
