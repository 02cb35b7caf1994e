"""Polynomials over the rationals, exactly: their real roots, and which of them are rational.

A polynomial is the tuple of its coefficients, constant first; () is 0.
"""

from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

Polynomial = tuple[Fraction, ...]
MAX_DEGREE, MAX_BITS = 16, 20_000


class TooLarge(ArithmeticError):
    """A degree or a coefficient beyond what is worked with."""


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
    chain = _sturm(p)
    bound = 1 + max(abs(c / p[-1]) for c in p[:-1])
    leading = abs(p[-1])
    rational: list[Fraction] = []
    irrational: list[tuple[Fraction, Fraction]] = []
    stack = [(-bound, bound)]
    while stack:
        low, high = stack.pop()
        count = _changes(chain, low) - _changes(chain, high)  # roots in (low, high]
        if count == 0:
            continue
        if count == 1 and (high - low) * leading < 1:
            candidate = Fraction(round(high * leading), leading)
            if not low < candidate <= high:
                candidate = Fraction(round(low * leading), leading)
            if low < candidate <= high and value(p, candidate) == 0:
                rational.append(candidate)
            else:
                irrational.append((low, high))
            continue
        middle = (low + high) / 2
        stack += [(low, middle), (middle, high)]
    return tuple(sorted(rational)), tuple(sorted(irrational))


def _primitive(p: Polynomial) -> Polynomial:
    """A positive multiple with integer coefficients that have no common divisor."""
    if not p:
        return p
    scale = lcm(*(c.denominator for c in p))
    divisor = gcd(*(int(c * scale) for c in p))
    return tuple(c * scale / divisor for c in p)


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
