"""Exact constants: rational functions of √π, of the variables and of other constants, with rational coefficients.

A tie is a coefficient that is zero, which no ball with a radius can show. A numerator without terms is zero for all
values of the variables, whatever those are, so that this needs no theorem about π.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import isqrt

from flint import arb, fmpq


@dataclass
class Generators:
    """The balls of √π, of the variables and of constants such as √2, and the squares that are known to be rational.

    ``constants``: the rational numbers so far, each with its ball, which would be computed at every use otherwise.
    """

    balls: list[arb]
    squares: dict[int, Fraction] = field(default_factory=dict)
    constants: dict[Fraction | int, "Exact"] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.balls)


Polynomial = dict[tuple[int, ...], Fraction]
MAX_TERMS, MAX_BITS = 40, 10_000


@dataclass(frozen=True, eq=False)
class Exact:
    """numerator/denominator in generators whose balls are given; the first is √π."""

    top: Polynomial
    bottom: Polynomial
    generators: Generators

    @cached_property
    def ball(self) -> arb:
        """A ball that contains the value."""
        return _evaluate(self.top, self.generators) / _evaluate(self.bottom, self.generators)

    @property
    def rational(self) -> Fraction | None:
        """The value, if it is a rational number that can be read off."""
        zero = (0,) * len(self.generators)
        if not self.top:
            return Fraction(0)
        if self.top.keys() == self.bottom.keys() == {zero}:
            return self.top[zero] / self.bottom[zero]
        return None


Number = Exact | arb


def ball(x: Number) -> arb:
    """The ball of a number."""
    return x.ball if isinstance(x, Exact) else x


def constant(value: Fraction | int, generators: Generators) -> Exact:
    """A rational number."""
    if value not in generators.constants:
        zero = (0,) * len(generators)
        top = {zero: Fraction(value)} if value else {}
        generators.constants[value] = Exact(top, {zero: Fraction(1)}, generators)
    return generators.constants[value]


def generator(index: int, generators: Generators, power: int = 1) -> Exact:
    """A power of a generator."""
    exponents = tuple(power if place == index else 0 for place in range(len(generators)))
    return Exact({exponents: Fraction(1)}, {(0,) * len(generators): Fraction(1)}, generators)


def is_zero(x: Number) -> bool:
    """Whether a number is zero, certainly."""
    return not x.top if isinstance(x, Exact) else bool(x == 0)


def rational_multiple(x: Number) -> Fraction | None:
    """q where x = qπ exactly and it can be read off; else None."""
    if not isinstance(x, Exact) or len(x.top) != 1 or len(x.bottom) != 1:
        return None
    (((power, *others), numerator),) = x.top.items()
    (((lower, *more), denominator),) = x.bottom.items()
    return numerator / denominator if power - lower == 2 and others == more else None


def plus(x: Number, y: Number) -> Number:
    """x + y."""
    if isinstance(x, Exact) and isinstance(y, Exact):
        if x.bottom == y.bottom:
            return _bounded(Exact(_sum(x.top, y.top), x.bottom, x.generators))
        top = _sum(_product(x.top, y.bottom, x.generators), _product(y.top, x.bottom, x.generators))
        return _bounded(Exact(top, _product(x.bottom, y.bottom, x.generators), x.generators))
    return ball(x) + ball(y)


def times(x: Number, y: Number) -> Number:
    """x·y; an exact zero stays one, unless the other factor is not finite."""
    if isinstance(x, Exact) and isinstance(y, Exact):
        return _bounded(
            Exact(_product(x.top, y.top, x.generators), _product(x.bottom, y.bottom, x.generators), x.generators)
        )
    for zero, other in ((x, y), (y, x)):
        if isinstance(zero, Exact) and not zero.top and isinstance(other, arb) and other.is_finite():
            return zero
    return ball(x) * ball(y)


def over(x: Number, y: Number) -> Number:
    """x/y; not finite if y may be zero."""
    if ball(y).contains(0) or not ball(y).is_finite():
        return arb("nan")
    if isinstance(y, Exact):
        return times(x, Exact(y.bottom, y.top, y.generators))
    return ball(x) / y


def root(x: Number) -> Number:
    """√max(x, 0): exact for the square of a rational number times an even power of √π."""
    if isinstance(x, Exact) and len(x.top) == len(x.bottom) == 1:
        (((power, *others), numerator),) = x.top.items()
        (((lower, *more), denominator),) = x.bottom.items()
        value, exponent = numerator / denominator, power - lower
        found = Fraction(isqrt(abs(value.numerator)), isqrt(value.denominator))
        if found * found == value and exponent >= 0 and exponent % 2 == 0 and not any(others) and not any(more):
            return times(constant(found, x.generators), generator(0, x.generators, exponent // 2))
    if is_zero(x):
        return x
    value_ball = ball(x)
    if value_ball > 0 or not value_ball.is_finite():
        return value_ball.sqrt()
    highest = arb(value_ball.upper())
    return (highest.sqrt() / 2) * arb(1, 1) if highest > 0 else arb(0)


def _bounded(x: Exact) -> Number:
    """A ball instead of an expression that has grown too large."""
    terms = (*x.top.values(), *x.bottom.values())
    large = any(max(v.numerator.bit_length(), v.denominator.bit_length()) > MAX_BITS for v in terms)
    return x.ball if len(terms) > MAX_TERMS or large else x


def _sum(p: Polynomial, q: Polynomial) -> Polynomial:
    total = dict(p)
    for exponents, coefficient in q.items():
        total[exponents] = total.get(exponents, Fraction(0)) + coefficient
    return {exponents: coefficient for exponents, coefficient in total.items() if coefficient}


def _product(p: Polynomial, q: Polynomial, generators: Generators) -> Polynomial:
    total: Polynomial = {}
    for first, a in p.items():
        for second, b in q.items():
            exponents = tuple(i + j for i, j in zip(first, second, strict=True))
            coefficient = a * b
            for index, square in generators.squares.items():
                coefficient *= square ** (exponents[index] // 2)
                exponents = (*exponents[:index], exponents[index] % 2, *exponents[index + 1 :])
            total[exponents] = total.get(exponents, Fraction(0)) + coefficient
    return {exponents: coefficient for exponents, coefficient in total.items() if coefficient}


def _evaluate(p: Polynomial, generators: Generators) -> arb:
    total = arb(0)
    for exponents, coefficient in p.items():
        term = arb(fmpq(coefficient.numerator, coefficient.denominator))
        for base, power in zip(generators.balls, exponents, strict=True):
            if power:
                term *= base**power
        total += term
    return total
