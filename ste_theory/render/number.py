"""Numbers with their errors, as physicists print them."""

from decimal import Decimal
from math import isfinite


def with_error(value: float, error: float) -> str:
    """``value ± error`` with the error's two leading digits in parentheses, in units of the value's last digits.

    >>> with_error(0.314159, 0.00021), with_error(1234.5, 56.7), with_error(1.25e-7, 3e-9), with_error(0.5, 0)
    ('0.31416(21)', '1234(57)', '1.250(30)e-07', '0.5')
    >>> with_error(0.25, 1e-42)
    '0.25±1e-42'
    """
    if not isfinite(value) or not isfinite(error):
        return f"{value:.4g}±{error:.2g}"
    if error <= 0:
        return f"{value:.6g}"
    if error < 1e-16 * abs(value):  # a ball: a float shows no digit that its error would touch
        return f"{value:.10g}±{error:.0e}"
    size = Decimal(max(abs(value), error)).adjusted()
    if -5 < size < 6:
        return _fixed(Decimal(value), Decimal(error))
    # Decimals, because dividing floats would change the last of many digits.
    return f"{_fixed(Decimal(value).scaleb(-size), Decimal(error).scaleb(-size))}e{size:+03d}"


def _fixed(value: Decimal, error: Decimal) -> str:
    # Rounded first: 0.0996 has the two digits 0.10.
    digits = int(f"{error:.1e}".partition("e")[2])
    places = max(0, 1 - digits)
    rounded = f"{error:.{places}f}"
    return f"{value:.{places}f}({rounded if digits >= 0 else rounded.lstrip('0.')})"


def percent(fraction: float | None) -> str:
    """A relative size in percent, one digit; empty if unknown.

    >>> percent(0.0021), percent(0.05), percent(2e-7), percent(0.279), percent(None)
    ('0.2%', '5%', '2e-05%', '28%', '')
    """
    if fraction is None:
        return ""
    return f"{100 * fraction:.0f}%" if fraction >= 0.01 else f"{100 * fraction:.1g}%"


def pull(value: float | None) -> str:
    """How many standard errors lie between value and claim, with its sign.

    >>> pull(-0.349), pull(None), pull(123.4)
    ('-0.3', '', '+123')
    """
    if value is None or not isfinite(value):
        return "" if value is None else f"{value:+}"
    if abs(value) < 0.05:  # what rounds to 0 has no sign
        return "0.0"
    return f"{value:+.1f}" if abs(value) < 100 else f"{value:+.3g}"


def duration(seconds: float) -> str:
    """A time for people.

    >>> duration(0.0421), duration(12.34), duration(754)
    ('0.04 s', '12.3 s', '12 min 34 s')
    """
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
