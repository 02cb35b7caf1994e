"""Quantizers written as text, and the signed uniform quantizer."""

from fractions import Fraction

import numpy as np
import pytest

from ste_theory.model import quantizers
from ste_theory.model.errors import InvalidInput, UnknownName
from ste_theory.model.quantizers import Staircase
from ste_theory.model.specification import parse_quantizer

WRITTEN = {
    "binary": quantizers.binary(),
    "sign()": quantizers.sign(),
    "ternary(1/2)": quantizers.ternary("1/2"),
    "ternary(threshold=0.5)": quantizers.ternary("1/2"),
    "uniform_relu(2, rounding=round)": quantizers.uniform_relu(2, rounding="round"),
    "uniform_relu(3, 1/4, floor)": quantizers.uniform_relu(3, Fraction(1, 4), "floor"),
    "uniform_signed(2, step=1/2)": quantizers.uniform_signed(2, Fraction(1, 2)),
    "staircase([-1, 0.5], [1, 1/3], offset=-2)": quantizers.staircase([-1, "1/2"], [1, "1/3"], -2),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_specification_is_the_call_it_looks_like(text: str) -> None:
    """Would have caught arguments in the wrong places, or a fraction that is rounded."""
    assert parse_quantizer(text) == WRITTEN[text]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("uniform_sined(2)", "did you mean uniform_signed"),
        ("", "begins with its family"),
        ("ternary", "threshold is missing"),
        ("ternary(1, 2)", "too many arguments"),
        ("ternary(threshold=1, threshold=2)", "given twice"),
        ("ternary(level=1)", "no argument 'level'"),
        ("ternary(0)", "must be positive"),
        ("ternary(1/0)", "division by 0"),
        ("ternary([1])", "one value"),
        ("uniform_relu(1/2)", "whole number"),
        ("uniform_relu(99)", "from 1 to 16"),
        ("uniform_relu(2, rounding=up)", "one of ceil, round, floor"),
        ("uniform_relu(bits=2, 1)", "without a name after"),
        ("staircase([1, 0], [1, 1])", "must increase"),
        ("staircase(1, 2)", "a list such as"),
        ("binary)", "unexpected"),
        ("binary(", "ends too early"),
        ("ternary(__import__)", "must be a number"),
    ],
)
def test_wrong_specifications_get_one_line(text: str, message: str) -> None:
    """Would have caught a TypeError of the function behind a specification."""
    with pytest.raises((InvalidInput, UnknownName), match=message):
        parse_quantizer(text)


@pytest.mark.parametrize("bits", [1, 2, 3, 8])
def test_the_signed_quantizer_rounds_and_clips(bits: int) -> None:
    """Would have caught a level too many, or thresholds that are not half way."""
    quantizer: Staircase = quantizers.uniform_signed(bits, Fraction(1, 4))
    x = np.linspace(-40, 40, 4001) + 1e-3
    expected = np.clip(np.round(x / 0.25), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1) * 0.25
    np.testing.assert_array_equal(quantizer(x), expected)
    assert len(np.unique(expected)) == 2**bits
