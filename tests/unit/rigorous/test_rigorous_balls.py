"""Scoped precision, three-valued answers, exact text."""

import math
from fractions import Fraction

import pytest
from flint import acb, arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from ste_theory.model.errors import InvalidInput
from ste_theory.rigorous.balls import (
    Truth,
    ball,
    digits,
    from_text,
    is_positive,
    is_zero,
    precision,
    radius,
    real,
    to_text,
)

WIDE = arb(0, 1)


def test_precision_is_restored_after_an_exception() -> None:
    """Would have caught a missing ``finally``: one failed enclosure would lower the precision of all later ones."""
    before = ctx.prec
    with pytest.raises(ZeroDivisionError), precision(before + 280):
        _ = 1 // (ctx.prec - before - 280)
    assert ctx.prec == before


def test_precision_nests() -> None:
    """Would have caught restoring a constant instead of the precision found."""
    with precision(100):
        with precision(200):
            assert ctx.prec == 200
        assert ctx.prec == 100


@pytest.mark.parametrize("bits", [0, -5, 10**9, 64.0, True, "64"])
def test_precision_refuses_nonsense(bits: int) -> None:
    """Would have caught a precision of 1 bit taken from a mistyped option: every residual would contain 0."""
    with pytest.raises(InvalidInput, match="bits"), precision(bits):
        pass


@given(st.fractions(min_value=-(10**6), max_value=10**6))
def test_a_fraction_lies_in_its_ball(value: Fraction) -> None:
    """Would have caught a conversion through float: the ball of 1/3 would not contain 1/3."""
    with precision(64):
        difference = ball(value) * value.denominator - value.numerator
        assert difference.contains(0)
        assert radius(ball(value)) <= abs(float(value)) * 2.0**-60


@pytest.mark.parametrize(
    ("x", "zero", "positive"),
    [
        (arb(0), Truth.YES, Truth.NO),
        (arb(2), Truth.NO, Truth.YES),
        (arb(-2), Truth.NO, Truth.NO),
        (WIDE, Truth.UNKNOWN, Truth.UNKNOWN),
        (arb(1, 1), Truth.UNKNOWN, Truth.UNKNOWN),
        (arb(-2, 1), Truth.NO, Truth.NO),
        (arb("nan"), Truth.UNKNOWN, Truth.UNKNOWN),
        (arb("inf"), Truth.UNKNOWN, Truth.UNKNOWN),
    ],
)
def test_answers_have_three_values(x: arb, zero: Truth, positive: Truth) -> None:
    """Would have caught 'not certainly zero' read as 'certainly not zero', and a NaN that answers anything."""
    assert is_zero(x) is zero
    assert is_positive(x) is positive


@pytest.mark.parametrize("bits", [64, 500])
def test_text_keeps_every_bit(bits: int) -> None:
    """Would have caught sending decimals to a worker, or reading back at the worker's own, lower precision."""
    with precision(bits):
        x = (arb(1) / 7).exp()
    with precision(53):
        back = from_text(to_text(x))
        assert back.mid() == x.mid()
        assert back.rad() >= x.rad()
        assert radius(back) <= radius(x) * (1 + 1e-8)


@pytest.mark.parametrize("text", ["", "not finite", "1 2 3", "a 0 0 0", "1 9999999999 0 0", "1.5 0 0 0"])
def test_text_that_is_no_ball_is_refused(text: str) -> None:
    """Would have caught a truncated certificate read as some number, and an exponent that fills the memory."""
    with pytest.raises(InvalidInput):
        from_text(text)


def test_digits_are_correct_to_one_unit() -> None:
    """Would have caught printing 30 digits of a ball that proves 10."""
    with precision(200):
        assert digits(arb.pi(), 30) == "3.14159265358979323846264338328"
        coarse = digits(arb.pi() + WIDE / 10**10)
        assert abs(Fraction(coarse) - Fraction("3.14159265358979323846")) < Fraction(2, 10**9)
        assert len(coarse) < 14
    assert digits(arb("nan")) == "not finite"


def test_radius_is_an_upper_bound() -> None:
    """Would have caught rounding the radius down, and a radius of 0 for a ball that is not finite."""
    with precision(80):
        x = arb(1) / 3
        assert arb(radius(x)) >= x.rad()
    assert radius(arb("nan")) == math.inf


def test_a_ball_without_real_numbers_has_no_real_part() -> None:
    """Would have caught √(−2) counted as the real number 0 = Re √(−2)."""
    assert is_zero(real(acb(-2).sqrt())) is Truth.UNKNOWN
    assert real(acb(arb(3), WIDE)) == 3
