"""Numbers read from floats: the simplest rational in an interval, and rational multiples of π and its roots."""

import math
from fractions import Fraction

# Constants that surrogates carry beside rationals, with their text in the formula language.
CONSTANTS = (
    (1.0, "1"),
    (math.pi, "pi"),
    (1 / math.pi, "(1/pi)"),
    (1 / math.sqrt(math.pi), "(1/sqrt(pi))"),
    (1 / math.sqrt(2 * math.pi), "(1/sqrt(2*pi))"),
    (math.pi**2, "pi^2"),
    (math.sqrt(math.pi), "sqrt(pi)"),
    (1 / math.sqrt(2), "(1/sqrt(2))"),
)
SMALL = 1000


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The rational of smallest denominator in [low, high].

    >>> simplest(Fraction(333, 1000), Fraction(334, 1000))
    Fraction(1, 3)
    """
    if low > high:
        raise ValueError(f"empty interval [{low}, {high}]")
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = math.floor(low)
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))


def small_rational(low: float, high: float, largest: int = SMALL) -> Fraction | None:
    """The simplest rational in [low, high] if its denominator is at most ``largest``, else ``None``."""
    found = simplest(Fraction(low), Fraction(high))
    return found if found.denominator <= largest else None


def identified(value: float, relative: float) -> tuple[Fraction, str, float] | None:
    """(q, text, constant) with value = q·constant to the ``relative`` accuracy, q of small numerator and denominator.

    The constants are tried in turn, so a plain rational wins; ``None`` if none fits.
    """
    if not math.isfinite(value):
        return None
    for constant, text in CONSTANTS:
        ratio = value / constant
        width = abs(ratio) * relative
        found = small_rational(ratio - width, ratio + width)
        if found is not None and abs(found.numerator) <= 100 * SMALL:
            return found, text, constant
    return None
