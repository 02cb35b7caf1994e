"""Balls: scoped precision, exact input, three-valued comparison, text.

The precision of python-flint is one number per process. Every computation of this package runs inside
``precision(bits)``, which puts the old value back whatever happens; so do not use threads for balls, use processes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from fractions import Fraction

from flint import acb, arb, ctx, fmpq

from ste_theory.model.errors import InvalidInput


class Truth(Enum):
    """The answer to a question about a ball: certain either way, or not decided by it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Compute with ``bits`` bits inside the block; the precision before it is restored also if it raises.

    >>> from flint import ctx
    >>> before = ctx.prec
    >>> with precision(200):
    ...     inside = ctx.prec
    >>> inside, ctx.prec == before
    (200, True)
    """
    if isinstance(bits, bool) or not isinstance(bits, int) or not 16 <= bits <= 100_000:
        raise InvalidInput(f"bits must be an integer from 16 to 100000, got {bits!r}")
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def ball(value: Fraction | int | arb) -> arb:
    """The ball of an exact number at the current precision; balls are passed through."""
    if isinstance(value, arb):
        return value
    exact = Fraction(value)
    return arb(fmpq(exact.numerator, exact.denominator))


def is_zero(x: arb) -> Truth:
    """Whether the number in the ball is zero: NO is a proof that it is not, YES that it is exactly."""
    if not x.is_finite():
        return Truth.UNKNOWN
    if x == 0:
        return Truth.YES
    return Truth.UNKNOWN if x.contains(0) else Truth.NO


def is_positive(x: arb) -> Truth:
    """Whether the number in the ball is positive."""
    if not x.is_finite():
        return Truth.UNKNOWN
    if x > 0:
        return Truth.YES
    return Truth.NO if x <= 0 else Truth.UNKNOWN


def radius(x: arb) -> float:
    """An upper bound of the radius, as a float; infinite for a ball that is not finite."""
    return float(arb(x.rad()).upper()) * (1 + 2.0**-50) if x.is_finite() else float("inf")


def digits(x: arb, count: int = 30) -> str:
    """The number with the digits that the ball proves, at most ``count``: all printed but the last are correct."""
    return str(x.str(count, radius=False)) if x.is_finite() else "not finite"


def to_text(x: arb) -> str:
    """The exact ball as text (an ``arb`` does not pickle): mantissas and exponents of midpoint and radius."""
    if not x.is_finite():
        return "not finite"
    (middle, middle_exponent), (spread, spread_exponent) = arb(x.mid()).man_exp(), arb(x.rad()).man_exp()
    return f"{middle} {middle_exponent} {spread} {spread_exponent}"


def from_text(text: str) -> arb:
    """The ball that ``to_text`` wrote. Raises ``InvalidInput`` for anything else."""
    parts = text.split()
    if len(parts) != 4 or not all(part.lstrip("-").isdigit() for part in parts):
        raise InvalidInput(f"not a ball: {text[:60]!r}")
    middle, middle_exponent, spread, spread_exponent = (int(part) for part in parts)
    if max(abs(middle_exponent), abs(spread_exponent)) > 10**6:
        raise InvalidInput(f"exponent out of range: {text[:60]!r}")
    bits = max(64, middle.bit_length() + 8, spread.bit_length() + 8)
    with precision(bits):
        return arb(middle) * arb(2) ** middle_exponent + arb(0, 1) * (arb(spread) * arb(2) ** spread_exponent)


def real(z: acb) -> arb:
    """The real part of a complex ball that encloses a real number; not finite if the ball contains no real number."""
    return z.real if z.imag.contains(0) else arb("nan")
