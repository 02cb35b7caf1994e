"""Numbers as people print them."""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ste_theory.render.number import duration, percent, pull, with_error


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.314159, 0.00021, "0.31416(21)"),
        (0.0001, 0.0012, "0.0001(12)"),
        (-2.0, 0.0996, "-2.00(10)"),  # the error gains a digit when it is rounded
        (12.34, 1.26, "12.3(1.3)"),
        (1234.5, 56.7, "1234(57)"),
        (1.25e-7, 3e-9, "1.250(30)e-07"),
        (2.5e9, 1e7, "2.500(10)e+09"),
        (0.0, 1e-9, "0.0(1.0)e-09"),
        (0.25, 0.0, "0.25"),
        (0.2154288314, 3e-55, "0.2154288314±3e-55"),  # not 55 digits of a float's noise
        (math.nan, 1.0, "nan±1"),
        (1.0, math.inf, "1±inf"),
    ],
)
def test_value_with_error(value: float, error: float, text: str) -> None:
    """Would have caught: an error in the wrong decimals, which is off by a factor of ten and looks fine."""
    assert with_error(value, error) == text


@given(st.floats(-1e12, 1e12), st.floats(1e-12, 1e9))
def test_the_text_means_the_numbers(value: float, error: float) -> None:
    """Would have caught: a text from which another value or error is read than was printed."""
    assume(error >= 1e-16 * abs(value))
    match = re.fullmatch(r"(-?\d+(?:\.(\d+))?)\(([\d.]+)\)(e[+-]\d+)?", with_error(value, error))
    assert match is not None
    scale = Fraction(f"1{match[4] or 'e0'}")
    unit = Fraction(1) if "." in match[3] or match[2] is None else Fraction(1, 10 ** len(match[2]))
    # Half a unit of the last digit: about 5 % of an error with two digits, or less.
    assert abs(Fraction(match[3]) * unit * scale - Fraction(error)) <= Fraction(error) / 19
    assert abs(Fraction(match[1]) * scale - Fraction(value)) <= Fraction(error) / 19


def test_pull_percent_duration() -> None:
    """Would have caught: a pull without its sign, NaN that breaks the table, or "−0.0"."""
    assert [pull(value) for value in (None, 0.04, -0.04, -12.34, 1234.5, math.nan, math.inf)] == [
        "",
        "0.0",
        "0.0",
        "-12.3",
        "+1.23e+03",
        "+nan",
        "+inf",
    ]
    assert [percent(value) for value in (None, 0.0149, 1.0, math.inf)] == ["", "1%", "100%", "inf%"]
    assert [duration(value) for value in (0.001, 59.94, 60, 3725)] == ["0.00 s", "59.9 s", "1 min 00 s", "62 min 05 s"]
