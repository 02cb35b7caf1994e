"""Numbers with their uncertainty in the usual short form: 1.0057(64) is 1.0057 ± 0.0064."""

import math

from ste_theory.model.numbers import Vector


def shorthand(value: float, standard_error: float) -> str:
    """``value`` rounded to two digits of its standard error, which follow in parentheses in units of the last place.

    >>> shorthand(1.00571, 0.00638), shorthand(-1234.5, 56.7), shorthand(0.5, 0.0)
    ('1.0057(64)', '-1234(57)', '0.5(0)')
    """
    if standard_error == 0 or not math.isfinite(standard_error):
        return f"{value:.6g}({standard_error:g})"
    places = 1 - math.floor(math.log10(standard_error))
    if round(standard_error * 10.0**places) == 100:
        places -= 1
    if places <= 0:
        return f"{value:.0f}({standard_error:.0f})"
    return f"{value:.{places}f}({round(standard_error * 10.0**places)})"


def shorthands(values: Vector, standard_errors: Vector, *, most: int = 6) -> str:
    """A list in short form; of a long one the first few entries."""
    shown = [shorthand(float(x), float(e)) for x, e in zip(values[:most], standard_errors[:most], strict=True)]
    return f"[{', '.join(shown + ['…'] * (len(values) > most))}]"
